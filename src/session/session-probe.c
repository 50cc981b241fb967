/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "session-probe.h"

#include <glib/gi18n-lib.h>

#include "base-backoff.h"
#include "base-json.h"
#include "session-attempt.h"
#include "session-sample.h"

#define AGAIN_AFTER_PASS_MS 15000
/* A sample is many requests, which the mesh's own figures count as well. */
#define AGAIN_AFTER_SAMPLE_MS 60000

/**
 * SessionProbe:
 *
 * Whether a service can be reached from where the place is. The service's address comes from the
 * lab's list of services, the way to it from the place.
 */
struct _SessionProbe {
  GObject parent_instance;

  CourseCheck *check;
  SessionLab *lab;           /* (nullable) (weak) */
  SessionResource *services; /* (nullable): held while started */
  GCancellable *cancellable; /* (nullable): of the try under way */
  guint timer;
  BaseBackoff backoff;
  char *address; /* (nullable): that was tried last */

  SessionCheckState state;
  char *detail; /* (nullable) */
};

G_DEFINE_FINAL_TYPE (SessionProbe, session_probe, G_TYPE_OBJECT)

enum {
  PROP_0,
  PROP_RESULT,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

static gboolean try_cb (gpointer user_data);

static void
set_result (SessionProbe *self, SessionCheckState state, const char *detail)
{
  g_autofree char *old = NULL;

  if (self->state == state && g_strcmp0 (self->detail, detail) == 0)
    return;
  old = g_steal_pointer (&self->detail);
  self->state = state;
  self->detail = g_strdup (detail);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_RESULT]);
}

static void
schedule (SessionProbe *self, guint delay_ms)
{
  g_clear_handle_id (&self->timer, g_source_remove);
  self->timer = g_timeout_add (delay_ms, try_cb, self);
  g_source_set_name_by_id (self->timer, "[session] probe");
}

static gboolean
is_traffic (SessionProbe *self)
{
  return course_check_get_check_type (self->check) == COURSE_CHECK_TRAFFIC;
}

static void
schedule_again (SessionProbe *self)
{
  guint after_pass = is_traffic (self) ? AGAIN_AFTER_SAMPLE_MS : AGAIN_AFTER_PASS_MS;

  schedule (self,
            self->state == SESSION_CHECK_PASSED ? after_pass : base_backoff_next (&self->backoff));
}

/* (nullable) (transfer full) */
static char *
dup_address (SessionProbe *self)
{
  const char *namespace_ = course_check_get_namespace (self->check);
  KubeObject *service = NULL;
  g_autoptr (JsonNode) json = NULL;
  JsonArray *ingress = NULL;
  JsonNode *first = NULL;
  const char *address = NULL;

  if (namespace_ == NULL)
    namespace_ = course_course_get_namespace (session_lab_get_course (self->lab));
  service =
    session_resource_find (self->services, namespace_, course_check_get_service (self->check));
  if (service == NULL)
    return NULL;
  json = kube_object_ref_json (service);
  ingress = base_json_get_array (json, "status", "loadBalancer", "ingress", NULL);
  if (ingress == NULL || json_array_get_length (ingress) == 0)
    return NULL;
  first = json_array_get_element (ingress, 0);
  address = base_json_get_string (first, "hostname", NULL);
  if (address == NULL)
    address = base_json_get_string (first, "ip", NULL);
  return g_strdup (address);
}

/* One try on its way to the address. By its end the probe may be at another one. */
typedef struct {
  SessionProbe *probe;
  GCancellable *cancellable;
} Try;

static void
try_free (Try *self)
{
  g_clear_object (&self->probe);
  g_clear_object (&self->cancellable);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Try, try_free)

static void
take_outcome (SessionProbe *self, SessionAttemptResult outcome, const char *detail)
{
  g_clear_object (&self->cancellable);
  switch (outcome) {
    case SESSION_ATTEMPT_PASSED:
      set_result (self, SESSION_CHECK_PASSED, NULL);
      base_backoff_reset (&self->backoff);
      break;
    case SESSION_ATTEMPT_FAILED:
      set_result (self, SESSION_CHECK_WAITING, detail);
      break;
    case SESSION_ATTEMPT_UNKNOWN:
    default:
      set_result (self, SESSION_CHECK_UNKNOWN, detail);
      break;
  }
  schedule_again (self);
}

static void
attempted_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SessionProbe) self = user_data;
  g_autofree char *detail = NULL;
  SessionAttemptResult outcome = is_traffic (self) ? session_sample_finish (result, &detail)
                                                   : session_attempt_finish (result, &detail);

  if (!g_cancellable_is_cancelled (g_task_get_cancellable (G_TASK (result))))
    take_outcome (self, outcome, detail);
}

/* Where a place leads there by a socket, it has made sure that something answers; the socket itself
 * would not show that nothing does. */
static SessionAttemptResult
judge_unreached (SessionProbe *self, const GError *error)
{
  if (!g_error_matches (error, JUMP_ERROR, JUMP_ERROR_UNREACHABLE))
    return SESSION_ATTEMPT_UNKNOWN;
  return course_check_get_check_type (self->check) == COURSE_CHECK_REACH &&
             course_check_get_expect_blocked (self->check)
           ? SESSION_ATTEMPT_PASSED
           : SESSION_ATTEMPT_FAILED;
}

static void
reached_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Try) one = user_data;
  SessionProbe *self = one->probe;
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocketConnectable) connectable =
    jump_place_reach_finish (JUMP_PLACE (source), result, &error);

  if (g_cancellable_is_cancelled (one->cancellable))
    return;
  if (connectable == NULL)
    take_outcome (self, judge_unreached (self, error), error->message);
  else if (is_traffic (self))
    session_sample_async (self->check, connectable, self->address, one->cancellable, attempted_cb,
                          g_object_ref (self));
  else
    session_attempt_async (self->check, connectable, self->address, one->cancellable, attempted_cb,
                           g_object_ref (self));
}

static gboolean
try_cb (gpointer user_data)
{
  SessionProbe *self = SESSION_PROBE (user_data);
  Try *one = NULL;

  self->timer = 0;
  g_clear_pointer (&self->address, g_free);
  if (self->lab == NULL || session_lab_get_state (self->lab) != SESSION_LAB_ONLINE) {
    set_result (self, SESSION_CHECK_UNKNOWN, NULL);
    return G_SOURCE_REMOVE;
  }
  self->address = dup_address (self);
  if (self->address == NULL) {
    /* The list tells when there is one. */
    if (session_resource_get_synced_at (self->services) == 0)
      set_result (self, SESSION_CHECK_UNKNOWN, NULL);
    else
      set_result (self, SESSION_CHECK_WAITING, _ ("the service has no address from outside yet"));
    return G_SOURCE_REMOVE;
  }
  self->cancellable = g_cancellable_new ();
  one = g_new0 (Try, 1);
  one->probe = g_object_ref (self);
  one->cancellable = g_object_ref (self->cancellable);
  jump_place_reach_async (session_lab_get_place (self->lab), JUMP_TARGET_SERVICE, self->address,
                          course_check_get_port (self->check), self->cancellable, reached_cb, one);
  return G_SOURCE_REMOVE;
}

static void
services_updated_cb (SessionResource *services, SessionProbe *self)
{
  g_autofree char *address = self->lab != NULL ? dup_address (self) : NULL;

  if (g_strcmp0 (address, self->address) != 0 || self->state == SESSION_CHECK_UNKNOWN)
    session_probe_retry (self);
}

static void
lab_state_cb (SessionLab *lab, GParamSpec *pspec, SessionProbe *self)
{
  session_probe_retry (self);
}

static void
session_probe_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  SessionProbe *self = SESSION_PROBE (object);

  switch (id) {
    case PROP_RESULT:
      g_value_set_enum (value, self->state);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
session_probe_dispose (GObject *object)
{
  SessionProbe *self = SESSION_PROBE (object);

  session_probe_stop (self);
  g_clear_weak_pointer (&self->lab);
  g_clear_object (&self->check);
  G_OBJECT_CLASS (session_probe_parent_class)->dispose (object);
}

static void
session_probe_finalize (GObject *object)
{
  SessionProbe *self = SESSION_PROBE (object);

  g_clear_pointer (&self->detail, g_free);
  g_clear_pointer (&self->address, g_free);
  G_OBJECT_CLASS (session_probe_parent_class)->finalize (object);
}

static void
session_probe_class_init (SessionProbeClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = session_probe_get_property;
  object_class->dispose = session_probe_dispose;
  object_class->finalize = session_probe_finalize;

  properties[PROP_RESULT] =
    g_param_spec_enum ("result", NULL, NULL, SESSION_TYPE_CHECK_STATE, SESSION_CHECK_UNKNOWN,
                       G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
session_probe_init (SessionProbe *self)
{
  self->backoff = (BaseBackoff)BASE_BACKOFF_INIT (500, 15000, 0.2);
}

SessionProbe *
session_probe_new (CourseCheck *check, SessionLab *lab)
{
  SessionProbe *self = g_object_new (SESSION_TYPE_PROBE, NULL);

  self->check = g_object_ref (check);
  g_set_weak_pointer (&self->lab, lab);
  return self;
}

void
session_probe_start (SessionProbe *self)
{
  g_return_if_fail (SESSION_IS_PROBE (self));
  g_return_if_fail (self->services == NULL && self->lab != NULL);

  self->services = g_object_ref (session_lab_get_resource (self->lab, "services"));
  session_resource_hold (self->services);
  g_signal_connect_object (self->services, "updated", G_CALLBACK (services_updated_cb), self, 0);
  g_signal_connect_object (self->lab, "notify::state", G_CALLBACK (lab_state_cb), self, 0);
  session_probe_retry (self);
}

void
session_probe_stop (SessionProbe *self)
{
  g_return_if_fail (SESSION_IS_PROBE (self));

  g_clear_handle_id (&self->timer, g_source_remove);
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  if (self->services != NULL) {
    g_signal_handlers_disconnect_by_data (self->services, self);
    session_resource_release (self->services);
  }
  g_clear_object (&self->services);
  if (self->lab != NULL)
    g_signal_handlers_disconnect_by_data (self->lab, self);
}

void
session_probe_retry (SessionProbe *self)
{
  g_return_if_fail (SESSION_IS_PROBE (self));

  if (self->services == NULL)
    return;
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  base_backoff_reset (&self->backoff);
  schedule (self, 0);
}

SessionCheckState
session_probe_get_state (SessionProbe *self)
{
  g_return_val_if_fail (SESSION_IS_PROBE (self), SESSION_CHECK_UNKNOWN);

  return self->state;
}

const char *
session_probe_get_detail (SessionProbe *self)
{
  g_return_val_if_fail (SESSION_IS_PROBE (self), NULL);

  return self->detail;
}
