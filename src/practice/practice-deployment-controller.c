/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-deployment-controller.h"

#include "base-condition.h"
#include "base-json.h"
#include "base-metadata.h"
#include "practice-event-recorder.h"
#include "practice-object.h"
#include "practice-rollout.h"

#define DEPLOYMENTS "apps/deployments"
#define REPLICA_SETS "apps/replicasets"
#define COMPONENT "deployment-controller"
#define HASH_LABEL "pod-template-hash"
#define REVISION "deployment.kubernetes.io/revision"
#define LAST_APPLIED "kubectl.kubernetes.io/last-applied-configuration"

/**
 * PracticeDeploymentController:
 *
 * Keeps one ReplicaSet for each pod template that a Deployment has had, and moves the
 * replicas to that of the present one
 * (https://kubernetes.io/docs/concepts/workloads/controllers/deployment/).
 */
struct _PracticeDeploymentController {
  PracticeController parent_instance;
};

G_DEFINE_FINAL_TYPE (PracticeDeploymentController,
                     practice_deployment_controller,
                     PRACTICE_TYPE_CONTROLLER)

/* A Deployment's ReplicaSets at one moment. */
typedef struct {
  PracticeStore *store; /* (unowned) */
  JsonNode *deployment; /* (unowned) */
  JsonNode *current;    /* (owned) (nullable): of the present template */
  GPtrArray *old;       /* (owned): all others, oldest first */
} Rollout;

static void
rollout_clear (Rollout *self)
{
  g_clear_pointer (&self->current, json_node_unref);
  g_clear_pointer (&self->old, g_ptr_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Rollout, rollout_clear)

static guint
get_spec_replicas (JsonNode *object)
{
  return base_json_get_int (object, 1, "spec", "replicas", NULL);
}

static guint
get_status_count (JsonNode *object, const char *name)
{
  return base_json_get_int (object, 0, "status", name, NULL);
}

static gint64
get_revision (JsonNode *replica_set)
{
  const char *text = base_metadata_get_annotation (replica_set, REVISION);

  return text != NULL ? g_ascii_strtoll (text, NULL, 10) : 0;
}

static int
compare_revisions (gconstpointer a, gconstpointer b)
{
  gint64 first = get_revision (*(JsonNode *const *)a);
  gint64 second = get_revision (*(JsonNode *const *)b);

  return (first > second) - (first < second);
}

static void
rollout_init (Rollout *self, PracticeStore *store, JsonNode *deployment)
{
  const char *uid = base_metadata_get_uid (deployment);
  g_autoptr (GPtrArray) all =
    practice_store_list (store, REPLICA_SETS, base_metadata_get_namespace (deployment));

  self->store = store;
  self->deployment = deployment;
  self->current = NULL;
  self->old = g_ptr_array_new_with_free_func ((GDestroyNotify)json_node_unref);

  for (guint i = 0; i < all->len; i++) {
    JsonNode *replica_set = g_ptr_array_index (all, i);

    if (g_strcmp0 (practice_object_get_controller_uid (replica_set), uid) != 0)
      continue;
    if (self->current == NULL && practice_rollout_is_of_template (replica_set, deployment))
      self->current = json_node_ref (replica_set);
    else
      g_ptr_array_add (self->old, json_node_ref (replica_set));
  }

  g_ptr_array_sort (self->old, compare_revisions);
}

static gint64
rollout_get_newest_revision (Rollout *self)
{
  return self->old->len > 0 ? get_revision (g_ptr_array_index (self->old, self->old->len - 1)) : 0;
}

static guint
rollout_count (Rollout *self, const char *status_member)
{
  guint count = self->current != NULL ? get_status_count (self->current, status_member) : 0;

  for (guint i = 0; i < self->old->len; i++)
    count += get_status_count (g_ptr_array_index (self->old, i), status_member);

  return count;
}

static guint
rollout_count_asked (Rollout *self)
{
  guint count = self->current != NULL ? get_spec_replicas (self->current) : 0;

  for (guint i = 0; i < self->old->len; i++)
    count += get_spec_replicas (g_ptr_array_index (self->old, i));

  return count;
}

/* Returns: (transfer full): the ReplicaSet as it is stored then. */
static JsonNode *
rollout_scale (Rollout *self, JsonNode *replica_set, guint replicas)
{
  guint before = get_spec_replicas (replica_set);
  g_autoptr (JsonNode) next = NULL;
  JsonObject *metadata;
  JsonNode *stored;

  if (before == replicas)
    return json_node_ref (replica_set);

  next = base_json_copy (replica_set);
  metadata = practice_object_ensure (next, "metadata", NULL);
  json_object_set_int_member (practice_object_ensure (next, "spec", NULL), "replicas", replicas);
  json_object_set_int_member (metadata, "generation",
                              base_json_get_int (next, 1, "metadata", "generation", NULL) + 1);
  stored = practice_store_update (self->store, REPLICA_SETS, g_steal_pointer (&next), NULL, NULL);
  if (stored == NULL)
    return json_node_ref (replica_set);

  practice_event_recorder_record (
    self->store, self->deployment, COMPONENT, "ScalingReplicaSet", "Scaled %s replica set %s to %u",
    replicas > before ? "up" : "down", base_metadata_get_name (replica_set), replicas);

  return json_node_ref (stored);
}

static void
copy_annotations (JsonNode *deployment, JsonNode *replica_set, gint64 revision)
{
  JsonObject *from = base_json_get_object (deployment, "metadata", "annotations", NULL);
  JsonObject *to = practice_object_ensure (replica_set, "metadata", "annotations", NULL);
  g_autofree char *text = g_strdup_printf ("%" G_GINT64_FORMAT, revision);
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;

  if (from != NULL) {
    json_object_iter_init (&iter, from);
    while (json_object_iter_next (&iter, &name, &value))
      if (!g_str_equal (name, LAST_APPLIED))
        json_object_set_member (to, name, base_json_copy (value));
  }
  json_object_set_string_member (to, REVISION, text);
}

static JsonNode *
new_replica_set (JsonNode *deployment, const char *name, const char *hash, guint replicas)
{
  JsonNode *replica_set =
    practice_object_new ("apps/v1", "ReplicaSet", base_metadata_get_namespace (deployment), name);
  JsonObject *spec = practice_object_ensure (replica_set, "spec", NULL);
  JsonNode *labels = base_json_get (deployment, "spec", "template", "metadata", "labels", NULL);

  json_object_set_int_member (spec, "replicas", replicas);
  json_object_set_member (spec, "selector",
                          base_json_copy (base_json_get (deployment, "spec", "selector", NULL)));
  json_object_set_member (spec, "template",
                          base_json_copy (base_json_get (deployment, "spec", "template", NULL)));
  if (labels != NULL)
    json_object_set_member (practice_object_ensure (replica_set, "metadata", NULL), "labels",
                            base_json_copy (labels));

  json_object_set_string_member (practice_object_ensure (replica_set, "metadata", "labels", NULL),
                                 HASH_LABEL, hash);
  json_object_set_string_member (
    practice_object_ensure (replica_set, "spec", "selector", "matchLabels", NULL), HASH_LABEL,
    hash);
  json_object_set_string_member (
    practice_object_ensure (replica_set, "spec", "template", "metadata", "labels", NULL),
    HASH_LABEL, hash);

  json_object_set_int_member (practice_object_ensure (replica_set, "metadata", NULL), "generation",
                              1);
  practice_object_set_owner (replica_set, deployment);

  return replica_set;
}

/* Stores the ReplicaSet of the present template. */
static JsonNode *
create_replica_set (
  PracticeStore *store, JsonNode *deployment, gint64 revision, guint replicas, GError **error)
{
  const char *namespace_ = base_metadata_get_namespace (deployment);

  for (guint collision = 0;; collision++) {
    g_autofree char *hash = practice_rollout_dup_template_hash (deployment, collision);
    g_autofree char *name = g_strdup_printf ("%s-%s", base_metadata_get_name (deployment), hash);
    g_autoptr (JsonNode) replica_set = NULL;
    JsonNode *stored;

    if (practice_store_get (store, REPLICA_SETS, namespace_, name) != NULL)
      continue;
    replica_set = new_replica_set (deployment, name, hash, replicas);
    copy_annotations (deployment, replica_set, revision);
    stored = practice_store_create (store, REPLICA_SETS, g_steal_pointer (&replica_set), error);
    return stored != NULL ? json_node_ref (stored) : NULL;
  }
}

static void
rollout_create_current (Rollout *self)
{
  guint replicas = practice_rollout_scale_up (self->deployment, 0, rollout_count_asked (self));

  self->current = create_replica_set (self->store, self->deployment,
                                      rollout_get_newest_revision (self) + 1, replicas, NULL);
  if (self->current == NULL)
    return;
  practice_event_recorder_record (self->store, self->deployment, COMPONENT, "ScalingReplicaSet",
                                  "Scaled up replica set %s to %u",
                                  base_metadata_get_name (self->current), replicas);
}

/* Going back to an older template gives its ReplicaSet the newest revision. */
static void
rollout_update_revision (Rollout *self)
{
  gint64 newest = rollout_get_newest_revision (self);
  g_autoptr (JsonNode) next = NULL;
  JsonNode *stored;

  if (get_revision (self->current) > newest)
    return;

  next = base_json_copy (self->current);
  copy_annotations (self->deployment, next, newest + 1);
  stored = practice_store_update (self->store, REPLICA_SETS, g_steal_pointer (&next), NULL, NULL);
  if (stored != NULL) {
    json_node_unref (self->current);
    self->current = json_node_ref (stored);
  }
}

static void
rollout_scale_current (Rollout *self, guint replicas)
{
  g_autoptr (JsonNode) before = self->current;

  self->current = rollout_scale (self, before, replicas);
}

static void
rollout_scale_old (Rollout *self, guint budget)
{
  for (guint i = 0; i < self->old->len && budget > 0; i++) {
    JsonNode *replica_set = g_ptr_array_index (self->old, i);
    guint asked = get_spec_replicas (replica_set);
    guint taken = MIN (asked, budget);

    if (taken == 0)
      continue;
    self->old->pdata[i] = rollout_scale (self, replica_set, asked - taken);
    json_node_unref (replica_set);
    budget -= taken;
  }
}

static void
rollout_move (Rollout *self)
{
  guint replicas = get_spec_replicas (self->deployment);
  const char *strategy = base_json_get_string (self->deployment, "spec", "strategy", "type", NULL);
  guint unavailable;

  if (g_strcmp0 (strategy, "Recreate") == 0) {
    rollout_scale_old (self, G_MAXUINT);
    for (guint i = 0; i < self->old->len; i++)
      if (get_status_count (g_ptr_array_index (self->old, i), "replicas") > 0)
        return;
    rollout_scale_current (self, replicas);
    return;
  }

  rollout_scale_current (self, practice_rollout_scale_up (self->deployment,
                                                          get_spec_replicas (self->current),
                                                          rollout_count_asked (self)));
  unavailable =
    get_spec_replicas (self->current) -
    MIN (get_spec_replicas (self->current), get_status_count (self->current, "availableReplicas"));
  rollout_scale_old (self, practice_rollout_get_scale_down (
                             self->deployment, rollout_count_asked (self), unavailable));
}

/* Old ReplicaSets that nobody can go back to any more. */
static void
rollout_clean_up (Rollout *self)
{
  gint64 limit = base_json_get_int (self->deployment, 10, "spec", "revisionHistoryLimit", NULL);

  for (guint i = 0; i < self->old->len && self->old->len - i > MAX (limit, 0); i++) {
    JsonNode *replica_set = g_ptr_array_index (self->old, i);

    if (get_spec_replicas (replica_set) == 0 && get_status_count (replica_set, "replicas") == 0)
      practice_store_delete (self->store, REPLICA_SETS, base_metadata_get_namespace (replica_set),
                             base_metadata_get_name (replica_set), NULL);
  }
}

static void
set_conditions (Rollout *self, JsonNode *next, guint available, guint updated)
{
  guint replicas = get_spec_replicas (self->deployment);
  guint unavailable = practice_rollout_get_unavailable (self->deployment);
  gboolean is_enough = available + unavailable >= replicas || available >= replicas;
  gboolean is_complete =
    updated == replicas && available == replicas && rollout_count (self, "replicas") == replicas;
  g_autofree char *message =
    g_strdup_printf ("ReplicaSet \"%s\" %s.", base_metadata_get_name (self->current),
                     is_complete ? "has successfully progressed" : "is progressing");

  practice_object_set_condition (next, "Available", is_enough,
                                 is_enough ? "MinimumReplicasAvailable"
                                           : "MinimumReplicasUnavailable",
                                 is_enough ? "Deployment has minimum availability."
                                           : "Deployment does not have minimum availability.");
  practice_object_set_condition (next, "Progressing", TRUE,
                                 is_complete ? "NewReplicaSetAvailable" : "ReplicaSetUpdated",
                                 message);
}

/* A pod of its own was refused. */
static void
copy_failure (Rollout *self, JsonNode *next)
{
  JsonNode *failure = base_condition_find (self->current, "ReplicaFailure");

  if (failure != NULL)
    practice_object_set_condition (next, "ReplicaFailure", TRUE,
                                   base_json_get_string (failure, "reason", NULL),
                                   base_json_get_string (failure, "message", NULL));
  else
    practice_object_remove_condition (next, "ReplicaFailure");
}

static void
rollout_write_status (Rollout *self)
{
  g_autoptr (JsonNode) next = base_json_copy (self->deployment);
  JsonObject *status = practice_object_ensure (next, "status", NULL);
  guint replicas = get_spec_replicas (self->deployment);
  guint available = rollout_count (self, "availableReplicas");
  guint updated = get_status_count (self->current, "replicas");
  g_autofree char *revision = g_strdup_printf ("%" G_GINT64_FORMAT, get_revision (self->current));

  json_object_set_string_member (practice_object_ensure (next, "metadata", "annotations", NULL),
                                 REVISION, revision);
  json_object_set_int_member (
    status, "observedGeneration",
    base_json_get_int (self->deployment, 1, "metadata", "generation", NULL));
  practice_object_set_count (status, "replicas", rollout_count (self, "replicas"));
  practice_object_set_count (status, "updatedReplicas", updated);
  practice_object_set_count (status, "readyReplicas", rollout_count (self, "readyReplicas"));
  practice_object_set_count (status, "availableReplicas", available);
  practice_object_set_count (status, "unavailableReplicas",
                             replicas > available ? replicas - available : 0);
  set_conditions (self, next, available, updated);
  copy_failure (self, next);

  practice_store_update (self->store, DEPLOYMENTS, g_steal_pointer (&next), NULL, NULL);
}

static void
practice_deployment_controller_reconcile (PracticeController *controller,
                                          const char *namespace_,
                                          const char *name,
                                          JsonNode *deployment)
{
  g_auto (Rollout) rollout = { 0 };

  if (deployment == NULL ||
      base_json_get_string (deployment, "metadata", "deletionTimestamp", NULL) != NULL)
    return;

  rollout_init (&rollout, practice_controller_get_store (controller), deployment);
  if (base_json_get_boolean (deployment, FALSE, "spec", "paused", NULL)) {
    if (rollout.current != NULL)
      rollout_write_status (&rollout);
    return;
  }

  if (rollout.current == NULL)
    rollout_create_current (&rollout);
  if (rollout.current == NULL)
    return;

  rollout_update_revision (&rollout);
  rollout_move (&rollout);
  rollout_clean_up (&rollout);
  rollout_write_status (&rollout);
}

static void
practice_deployment_controller_related (PracticeController *controller,
                                        PracticeEventType type,
                                        const char *resource,
                                        JsonNode *replica_set,
                                        JsonNode *old)
{
  JsonArray *owners = base_json_get_array (replica_set, "metadata", "ownerReferences", NULL);
  guint n_owners = base_json_get_length (owners);

  for (guint i = 0; i < n_owners; i++)
    practice_controller_enqueue (
      controller, base_metadata_get_namespace (replica_set),
      base_json_get_string (json_array_get_element (owners, i), "name", NULL));
}

static void
practice_deployment_controller_class_init (PracticeDeploymentControllerClass *klass)
{
  static const char *const also[] = { REPLICA_SETS, NULL };
  PracticeControllerClass *controller_class = PRACTICE_CONTROLLER_CLASS (klass);

  controller_class->resource = DEPLOYMENTS;
  controller_class->also_watches = also;
  controller_class->reconcile = practice_deployment_controller_reconcile;
  controller_class->related = practice_deployment_controller_related;
}

static void
practice_deployment_controller_init (PracticeDeploymentController *self)
{
}

/**
 * practice_deployment_controller_new:
 * @store: the cluster's objects
 *
 * Returns: (transfer full): the controller, not yet started
 */
PracticeController *
practice_deployment_controller_new (PracticeStore *store)
{
  return g_object_new (PRACTICE_TYPE_DEPLOYMENT_CONTROLLER, "store", store, NULL);
}

/**
 * practice_deployment_controller_create_replica_set:
 * @store: the cluster's objects
 * @deployment: a Deployment that has no ReplicaSet yet
 * @replicas: how many pods it shall ask for
 * @error: return location
 *
 * Does the controller's first step at once.
 *
 * Returns: (transfer full) (nullable): the ReplicaSet; %NULL with a %PRACTICE_STORE_ERROR
 */
JsonNode *
practice_deployment_controller_create_replica_set (PracticeStore *store,
                                                   JsonNode *deployment,
                                                   guint replicas,
                                                   GError **error)
{
  g_return_val_if_fail (PRACTICE_IS_STORE (store), NULL);

  return create_replica_set (store, deployment, 1, replicas, error);
}
