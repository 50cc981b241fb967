/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "session-probe.h"

#include <gio/gunixsocketaddress.h>
#include <glib/gi18n-lib.h>

#include "base-backoff.h"
#include "session-advice.h"
#include "session-attempt.h"
#include "session-reach.h"
#include "session-resolution.h"
#include "session-sample.h"
#include "session-trail.h"

#define AGAIN_AFTER_PASS_MS 15000
/* A sample is many requests, which the mesh's own figures count as well. */
#define AGAIN_AFTER_SAMPLE_MS 60000

/* Until endpoints and the mesh's rules follow what a command has done. What did not pass before may
 * be asked at once. */
#define CHANGE_ARRIVES_MS 2000

/* Of what was just seen to be changed it is seen soon whether it is in force. */
#define HURRY_MS 5000
#define AGAIN_IN_HURRY_MS 700
/* requests of a sample count, and so do the versions that answer them */
#define FIRST_SAMPLE_MS 500

/* Where a try takes longer, it is asked elsewhere whether there is such a name: not every place
 * tells while it tries, nor when it has tried in vain. */
#define PATIENCE_MS 700

/**
 * SessionProbe:
 *
 * Whether a service can be reached from where the place is. Where its address is, and the way
 * there, is found by a SessionReach.
 */
struct _SessionProbe {
  GObject parent_instance;

  CourseCheck *check;
  SessionTrail *trail;
  SessionLab *lab;           /* (nullable) (weak) */
  SessionReach *reach;       /* (nullable): while started */
  SessionResolution *name;   /* (nullable): while started */
  GCancellable *cancellable; /* (nullable): of the attempt under way */
  BaseBackoff backoff;
  gint64 begun_at;    /* monotonic: the last attempt */
  gint64 hurry_until; /* monotonic */
  gint64 doubt_until; /* monotonic: what passes sooner may be of before the change */

  SessionFinding *finding; /* never NULL */
  gboolean fresh;
};

G_DEFINE_FINAL_TYPE (SessionProbe, session_probe, G_TYPE_OBJECT)

enum {
  PROP_0,
  PROP_RESULT,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

/* There is an address, by name or by number. */
static void
begin_trail (SessionProbe *self)
{
  session_trail_begin (self->trail, session_reach_get_address (self->reach),
                       session_resolution_get_said (self->name) == SESSION_NAME_KNOWN);
}

/* What is tried from now on. */
static void
address_cb (SessionProbe *self)
{
  const char *address = session_reach_get_address (self->reach);

  session_resolution_set_name (self->name, g_hostname_is_ip_address (address) ? NULL : address);
  session_resolution_ask_after (self->name, PATIENCE_MS);
  begin_trail (self);
}

static void
seen_cb (CourseStage stage, gpointer user_data)
{
  session_trail_pass (SESSION_PROBE (user_data)->trail, stage);
}

/* Takes @finding. */
static void
set_finding (SessionProbe *self, SessionFinding *finding)
{
  g_autoptr (SessionFinding) old = g_steal_pointer (&self->finding);
  gboolean same = self->fresh && session_finding_equal (old, finding);

  self->finding = finding;
  self->fresh = finding->result != SESSION_ATTEMPT_PASSED || self->begun_at >= self->doubt_until;
  if (self->fresh)
    session_trail_end (self->trail, finding);
  if (!same)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_RESULT]);
}

static void
set_unasked (SessionProbe *self, SessionSymptom symptom, const char *words)
{
  set_finding (self, session_finding_new_unreached (self->check, symptom, words));
}

/* @error: (nullable): why nobody was asked */
static void
set_unknown (SessionProbe *self, const GError *error)
{
  g_autoptr (GError) advised = error != NULL ? session_advice_add (g_error_copy (error)) : NULL;

  set_finding (self, session_finding_new (SESSION_ATTEMPT_UNKNOWN, SESSION_SYMPTOM_NONE,
                                          advised != NULL ? advised->message : NULL));
}

static gboolean
is_traffic (SessionProbe *self)
{
  return course_check_get_check_type (self->check) == COURSE_CHECK_TRAFFIC;
}

/* Whoever was told of the result may have stopped us. */
static void
schedule_again (SessionProbe *self)
{
  guint after_pass = is_traffic (self) ? AGAIN_AFTER_SAMPLE_MS : AGAIN_AFTER_PASS_MS;
  guint delay = AGAIN_IN_HURRY_MS;

  if (self->reach == NULL)
    return;
  if (self->fresh && g_get_monotonic_time () >= self->hurry_until)
    delay = self->finding->result == SESSION_ATTEMPT_PASSED ? after_pass
                                                            : base_backoff_next (&self->backoff);
  session_reach_look_after (self->reach, delay);
}

static gboolean
concerns_name (SessionSymptom symptom)
{
  return symptom == SESSION_SYMPTOM_SILENT || symptom == SESSION_SYMPTOM_NAMELESS ||
         symptom == SESSION_SYMPTOM_UNRESOLVED;
}

/* Takes @finding, and returns it with what the place's name servers have said. */
static SessionFinding *
refine (SessionProbe *self, SessionFinding *finding)
{
  g_autoptr (SessionFinding) old = finding;
  SessionName said = session_resolution_get_said (self->name);

  if (concerns_name (old->symptom) && said == SESSION_NAME_UNKNOWN)
    return session_finding_new_nameless (self->check);
  if (concerns_name (old->symptom) && said == SESSION_NAME_UNANSWERED)
    return session_finding_new_unresolved (self->check);
  return g_steal_pointer (&old);
}

/* It is known whether there is such a name. */
static void
told_cb (SessionProbe *self)
{
  SessionName said = session_resolution_get_said (self->name);
  SessionSymptom symptom = self->finding->symptom;

  if (said == SESSION_NAME_KNOWN)
    session_trail_pass (self->trail, COURSE_STAGE_DNS);
  if (said == SESSION_NAME_KNOWN && concerns_name (symptom) && symptom != SESSION_SYMPTOM_SILENT)
    session_probe_retry (self);
  else if (self->cancellable == NULL && self->fresh)
    set_finding (self, refine (self, session_finding_copy (self->finding)));
}

/* Takes @found. That there was such a name may be so no more where it leads nowhere. */
static void
take_finding (SessionProbe *self, SessionFinding *found)
{
  SessionFinding *finding = NULL;

  g_clear_object (&self->cancellable);
  if ((found->symptom == SESSION_SYMPTOM_NAMELESS ||
       found->symptom == SESSION_SYMPTOM_UNRESOLVED) &&
      session_resolution_get_said (self->name) == SESSION_NAME_KNOWN)
    session_resolution_forget (self->name);
  finding = refine (self, found);
  if (concerns_name (finding->symptom))
    session_resolution_ask_after (self->name, 0);
  if (finding->result == SESSION_ATTEMPT_PASSED)
    base_backoff_reset (&self->backoff);
  set_finding (self, finding);
  schedule_again (self);
}

static void
attempted_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SessionProbe) self = user_data;
  g_autoptr (SessionFinding) finding =
    is_traffic (self) ? session_sample_finish (result) : session_attempt_finish (result);

  if (!g_cancellable_is_cancelled (g_task_get_cancellable (G_TASK (result))))
    take_finding (self, g_steal_pointer (&finding));
}

/* Where a place leads there by a socket, it has made sure that something answers; the socket itself
 * would not show that nothing does. */
static SessionFinding *
judge_unreached (SessionProbe *self, const GError *error)
{
  if (!jump_error_is_unreachable (error))
    return session_finding_new (SESSION_ATTEMPT_UNKNOWN, SESSION_SYMPTOM_NONE, error->message);
  return session_finding_new_failure (self->check, error);
}

/* Where a place leads there by a socket, it has made a connection to the port, as
 * jump_place_reach_async() says; to connect to the socket tells nothing new. */
static void
attempt (SessionProbe *self)
{
  GSocketConnectable *way = session_reach_get_way (self->reach);
  const char *address = session_reach_get_address (self->reach);

  if (G_IS_UNIX_SOCKET_ADDRESS (way))
    session_trail_pass (self->trail, COURSE_STAGE_PORT);
  self->cancellable = g_cancellable_new ();
  self->begun_at = g_get_monotonic_time ();
  if (is_traffic (self))
    session_sample_async (self->check, way, address, seen_cb, self->cancellable, attempted_cb,
                          g_object_ref (self));
  else
    session_attempt_async (self->check, way, address, seen_cb, self->cancellable, attempted_cb,
                           g_object_ref (self));
}

/* An attempt at what counts no more is given up. */
static void
cancel (SessionProbe *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
}

static void
reach_cb (SessionProbe *self)
{
  const GError *error = session_reach_get_error (self->reach);

  cancel (self);
  switch (session_reach_get_state (self->reach)) {
    case SESSION_REACH_FOUND:
      begin_trail (self);
      attempt (self);
      break;
    case SESSION_REACH_FAILED:
      begin_trail (self);
      take_finding (self, judge_unreached (self, error));
      break;
    case SESSION_REACH_NO_SERVICE:
      set_unasked (self, SESSION_SYMPTOM_NO_SERVICE, _ ("there is no such service yet"));
      break;
    case SESSION_REACH_NO_ADDRESS:
      set_unasked (self, SESSION_SYMPTOM_NO_ADDRESS,
                   _ ("the service has no address from outside yet"));
      break;
    case SESSION_REACH_OFFLINE:
      set_unknown (self, self->lab != NULL ? session_lab_get_error (self->lab) : NULL);
      break;
    case SESSION_REACH_UNKNOWN:
      set_unknown (self, session_reach_get_list_error (self->reach));
      break;
    case SESSION_REACH_LOOKING:
    default:
      break;
  }
}

static const char *
get_namespace (SessionProbe *self)
{
  const char *namespace_ = course_check_get_namespace (self->check);

  return namespace_ != NULL ? namespace_
                            : course_course_get_namespace (session_lab_get_course (self->lab));
}

static void
session_probe_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  SessionProbe *self = SESSION_PROBE (object);

  switch (id) {
    case PROP_RESULT:
      g_value_set_enum (value, session_probe_get_state (self));
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

  g_clear_pointer (&self->trail, session_trail_free);
  g_clear_pointer (&self->finding, session_finding_free);
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
  self->finding = session_finding_new (SESSION_ATTEMPT_UNKNOWN, SESSION_SYMPTOM_NONE, NULL);
}

SessionProbe *
session_probe_new (CourseCheck *check, SessionLab *lab, SessionChain *chain)
{
  SessionProbe *self = g_object_new (SESSION_TYPE_PROBE, NULL);

  self->check = g_object_ref (check);
  self->trail = session_trail_new (check, chain);
  g_set_weak_pointer (&self->lab, lab);
  return self;
}

void
session_probe_start (SessionProbe *self)
{
  g_return_if_fail (SESSION_IS_PROBE (self));
  g_return_if_fail (self->reach == NULL && self->lab != NULL);

  base_backoff_reset (&self->backoff);
  self->reach =
    session_reach_new (self->lab, get_namespace (self), course_check_get_service (self->check),
                       course_check_get_port (self->check));
  g_signal_connect_object (self->reach, "notify::state", G_CALLBACK (reach_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->reach, "notify::address", G_CALLBACK (address_cb), self,
                           G_CONNECT_SWAPPED);
  self->name = session_resolution_new (self->lab);
  g_signal_connect_object (self->name, "told", G_CALLBACK (told_cb), self, G_CONNECT_SWAPPED);
  session_reach_start (self->reach);
}

void
session_probe_stop (SessionProbe *self)
{
  g_return_if_fail (SESSION_IS_PROBE (self));

  cancel (self);
  if (self->reach != NULL) {
    g_signal_handlers_disconnect_by_data (self->reach, self);
    session_reach_stop (self->reach);
  }
  g_clear_object (&self->reach);
  if (self->name != NULL) {
    g_signal_handlers_disconnect_by_data (self->name, self);
    session_resolution_stop (self->name);
  }
  g_clear_object (&self->name);
}

void
session_probe_retry (SessionProbe *self)
{
  g_return_if_fail (SESSION_IS_PROBE (self));

  if (self->reach == NULL)
    return;
  cancel (self);
  self->fresh = FALSE;
  base_backoff_reset (&self->backoff);
  session_reach_look_after (
    self->reach, self->finding->result == SESSION_ATTEMPT_PASSED ? CHANGE_ARRIVES_MS : 0);
}

void
session_probe_hurry (SessionProbe *self)
{
  gint64 now = g_get_monotonic_time ();

  g_return_if_fail (SESSION_IS_PROBE (self));

  if (self->reach == NULL)
    return;
  cancel (self);
  if (self->finding->result == SESSION_ATTEMPT_PASSED)
    self->doubt_until = now + CHANGE_ARRIVES_MS * G_TIME_SPAN_MILLISECOND;
  self->hurry_until = now + HURRY_MS * G_TIME_SPAN_MILLISECOND;
  self->fresh = FALSE;
  base_backoff_reset (&self->backoff);
  session_reach_look_after (self->reach, is_traffic (self) ? FIRST_SAMPLE_MS : 0);
}

/**
 * session_probe_state_of:
 *
 * Returns: what the result of an attempt is for a check
 */
SessionCheckState
session_probe_state_of (SessionAttemptResult result)
{
  switch (result) {
    case SESSION_ATTEMPT_PASSED:
      return SESSION_CHECK_PASSED;
    case SESSION_ATTEMPT_FAILED:
      return SESSION_CHECK_WAITING;
    case SESSION_ATTEMPT_UNKNOWN:
    default:
      return SESSION_CHECK_UNKNOWN;
  }
}

SessionCheckState
session_probe_get_state (SessionProbe *self)
{
  g_return_val_if_fail (SESSION_IS_PROBE (self), SESSION_CHECK_UNKNOWN);

  return session_probe_state_of (self->finding->result);
}

gboolean
session_probe_get_fresh (SessionProbe *self)
{
  g_return_val_if_fail (SESSION_IS_PROBE (self), FALSE);

  return self->fresh;
}

const SessionFinding *
session_probe_get_finding (SessionProbe *self)
{
  g_return_val_if_fail (SESSION_IS_PROBE (self), NULL);

  return self->finding;
}
