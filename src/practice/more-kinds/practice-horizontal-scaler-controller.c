/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-horizontal-scaler-controller.h"

#include <string.h>

#include "base-condition.h"
#include "base-json.h"
#include "base-metadata.h"
#include "practice-age.h"
#include "practice-event-recorder.h"
#include "practice-horizontal-scaler-conversion.h"
#include "practice-kinds.h"
#include "practice-object.h"

#define SCALERS "autoscaling/horizontalpodautoscalers"
#define COMPONENT "horizontal-pod-autoscaler"

/* What a cluster without metrics says. */
#define NO_METRICS                                                                                 \
  "failed to get cpu utilization: unable to get metrics for resource cpu: unable to fetch "        \
  "metrics "                                                                                       \
  "from resource metrics API: the server could not find the requested resource (get "              \
  "pods.metrics.k8s.io)"

/**
 * PracticeHorizontalScalerController:
 *
 * Keeps the replicas of a HorizontalPodAutoscaler's target between its bounds. This cluster has no
 * metrics, so that within them nothing moves, and it says so as a real one without metrics does
 * (https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/).
 */
struct _PracticeHorizontalScalerController {
  PracticeController parent_instance;
};

G_DEFINE_FINAL_TYPE (PracticeHorizontalScalerController,
                     practice_horizontal_scaler_controller,
                     PRACTICE_TYPE_CONTROLLER)

/* One look at one autoscaler. */
typedef struct {
  PracticeStore *store; /* (unowned) */
  JsonNode *scaler;     /* (unowned): as it is stored */
  JsonNode *next;       /* (owned): a copy of it, of autoscaling/v2 */
} Look;

static void
look_clear (Look *self)
{
  g_clear_pointer (&self->next, json_node_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Look, look_clear)

/* One that is stored since before there was a v2 is one of v2 from now on. */
static void
look_init (Look *self, PracticeStore *store, JsonNode *scaler)
{
  self->store = store;
  self->scaler = scaler;
  self->next = practice_horizontal_scaler_conversion_to_v2 (base_json_copy (scaler));
}

/* TRUE: it was another one before. */
static gboolean
set_condition (
  Look *self, const char *type, gboolean is_true, const char *reason, const char *message)
{
  JsonNode *old = base_condition_find (self->next, type);
  gboolean is_new = g_strcmp0 (base_json_get_string (old, "reason", NULL), reason) != 0 ||
                    g_strcmp0 (base_json_get_string (old, "message", NULL), message) != 0;

  practice_object_set_condition (self->next, type, is_true, reason, message);
  return is_new;
}

static void
save (Look *self)
{
  practice_store_update (self->store, SCALERS, g_steal_pointer (&self->next), NULL, NULL);
}

/* (nullable): what the autoscaler names, where it has a scale. */
static const PracticeKind *
find_kind (JsonNode *scaler)
{
  const char *name = base_json_get_string (scaler, "spec", "scaleTargetRef", "kind", NULL);
  const char *version = base_json_get_string (scaler, "spec", "scaleTargetRef", "apiVersion", NULL);
  const char *slash = version != NULL ? strchr (version, '/') : NULL;
  g_autofree char *group = slash != NULL ? g_strndup (version, slash - version) : g_strdup ("");
  const PracticeKind *const *kinds = practice_kinds_get ();

  for (guint i = 0; kinds[i] != NULL; i++)
    if (kinds[i]->has_scale && g_strcmp0 (kinds[i]->kind, name) == 0 &&
        g_str_equal (kinds[i]->group, group))
      return kinds[i];

  return NULL;
}

static char *
dup_resource (const PracticeKind *kind)
{
  return g_strdup_printf ("%s/%s", kind->group, kind->plural);
}

static void
fail_to_get_scale (Look *self, const char *why)
{
  g_autofree char *message =
    g_strdup_printf ("the HPA controller was unable to get the target's current scale: %s", why);

  if (set_condition (self, "AbleToScale", FALSE, "FailedGetScale", message))
    practice_event_recorder_record (self->store, self->scaler, COMPONENT, "FailedGetScale", "%s",
                                    why);
  save (self);
}

/* (nullable): what is scaled; what is wrong is said where there is none. */
static JsonNode *
find_target (Look *self, const PracticeKind *kind)
{
  const char *name = base_json_get_string (self->scaler, "spec", "scaleTargetRef", "name", NULL);
  g_autofree char *resource = kind != NULL ? dup_resource (kind) : NULL;
  g_autofree char *why = NULL;
  JsonNode *target = NULL;

  if (kind != NULL)
    target =
      practice_store_get (self->store, resource, base_metadata_get_namespace (self->scaler), name);
  if (target != NULL)
    return target;
  why = kind == NULL ? g_strdup_printf ("no matches for kind \"%s\" in group \"\"",
                                        base_json_get_string (self->scaler, "spec",
                                                              "scaleTargetRef", "kind", NULL))
                     : g_strdup_printf ("%s%s%s \"%s\" not found", kind->plural,
                                        *kind->group != '\0' ? "." : "", kind->group, name);
  fail_to_get_scale (self, why);

  return NULL;
}

static void
set_replicas (Look *self, gint64 current, gint64 desired)
{
  JsonObject *status = practice_object_ensure (self->next, "status", NULL);
  g_autofree char *now = practice_age_dup_now ();

  json_object_set_int_member (status, "currentReplicas", current);
  json_object_set_int_member (status, "desiredReplicas", desired);
  if (current != desired)
    json_object_set_string_member (status, "lastScaleTime", now);
}

static void
rescale (Look *self, const PracticeKind *kind, JsonNode *target, gint64 desired, const char *reason)
{
  gint64 current = base_json_get_int (target, 1, "spec", "replicas", NULL);
  g_autofree char *resource = dup_resource (kind);
  g_autofree char *message = g_strdup_printf (
    "the HPA controller was able to update the target scale to %" G_GINT64_FORMAT, desired);
  g_autoptr (JsonNode) next = base_json_copy (target);

  json_object_set_int_member (practice_object_ensure (next, "spec", NULL), "replicas", desired);
  json_object_set_int_member (practice_object_ensure (next, "metadata", NULL), "generation",
                              base_json_get_int (target, 0, "metadata", "generation", NULL) + 1);
  practice_store_update (self->store, resource, g_steal_pointer (&next), NULL, NULL);
  practice_event_recorder_record (self->store, self->scaler, COMPONENT, "SuccessfulRescale",
                                  "New size: %" G_GINT64_FORMAT "; reason: %s", desired, reason);
  set_condition (self, "AbleToScale", TRUE, "SucceededRescale", message);
  set_replicas (self, current, desired);
  save (self);
}

/* Between its bounds only metrics could say what to do. */
static void
leave (Look *self, gint64 replicas)
{
  if (set_condition (self, "ScalingActive", FALSE, "FailedGetResourceMetric",
                     "the HPA was unable to compute the replica count: " NO_METRICS)) {
    practice_event_recorder_record (self->store, self->scaler, COMPONENT, "FailedGetResourceMetric",
                                    "%s", NO_METRICS);
    practice_event_recorder_record (
      self->store, self->scaler, COMPONENT, "FailedComputeMetricsReplicas",
      "invalid metrics (1 invalid out of 1), first error is: %s", NO_METRICS);
  }
  set_replicas (self, replicas, replicas);
  save (self);
}

static void
stay_off (Look *self)
{
  set_condition (self, "ScalingActive", FALSE, "ScalingDisabled",
                 "scaling is disabled since the replica count of the target is zero");
  set_replicas (self, 0, 0);
  save (self);
}

static void
practice_horizontal_scaler_controller_reconcile (PracticeController *controller,
                                                 const char *namespace_,
                                                 const char *name,
                                                 JsonNode *stored)
{
  g_autoptr (JsonNode) scaler = stored != NULL ? json_node_ref (stored) : NULL;
  gint64 least = base_json_get_int (scaler, 1, "spec", "minReplicas", NULL);
  gint64 most = base_json_get_int (scaler, 1, "spec", "maxReplicas", NULL);
  const PracticeKind *kind;
  g_auto (Look) look = { 0 };
  JsonNode *target;
  gint64 replicas;

  if (scaler == NULL)
    return;
  look_init (&look, practice_controller_get_store (controller), scaler);
  kind = find_kind (scaler);
  target = find_target (&look, kind);
  if (target == NULL)
    return;
  set_condition (&look, "AbleToScale", TRUE, "SucceededGetScale",
                 "the HPA controller was able to get the target's current scale");
  replicas = base_json_get_int (target, 1, "spec", "replicas", NULL);
  if (replicas == 0)
    stay_off (&look);
  else if (replicas > most)
    rescale (&look, kind, target, most, "Current number of replicas above Spec.MaxReplicas");
  else if (replicas < least)
    rescale (&look, kind, target, least, "Current number of replicas below Spec.MinReplicas");
  else
    leave (&look, replicas);
}

static void
practice_horizontal_scaler_controller_related (PracticeController *controller,
                                               PracticeEventType type,
                                               const char *resource,
                                               JsonNode *object,
                                               JsonNode *old)
{
  if (old == NULL || type == PRACTICE_EVENT_DELETED ||
      base_json_get_int (object, 1, "spec", "replicas", NULL) !=
        base_json_get_int (old, 1, "spec", "replicas", NULL))
    practice_controller_enqueue_all (controller, base_metadata_get_namespace (object));
}

static void
practice_horizontal_scaler_controller_class_init (PracticeHorizontalScalerControllerClass *klass)
{
  static const char *const also[] = { "apps/deployments", "apps/replicasets", "apps/statefulsets",
                                      "/replicationcontrollers", NULL };
  PracticeControllerClass *controller_class = PRACTICE_CONTROLLER_CLASS (klass);

  controller_class->resource = SCALERS;
  controller_class->also_watches = also;
  controller_class->reconcile = practice_horizontal_scaler_controller_reconcile;
  controller_class->related = practice_horizontal_scaler_controller_related;
}

static void
practice_horizontal_scaler_controller_init (PracticeHorizontalScalerController *self)
{
}

/**
 * practice_horizontal_scaler_controller_new:
 * @store: the cluster's objects
 *
 * Returns: (transfer full): the controller, not yet started
 */
PracticeController *
practice_horizontal_scaler_controller_new (PracticeStore *store)
{
  return g_object_new (PRACTICE_TYPE_HORIZONTAL_SCALER_CONTROLLER, "store", store, NULL);
}
