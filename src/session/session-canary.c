/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "session-canary-private.h"

#include <glib/gi18n-lib.h>

G_DEFINE_FINAL_TYPE (SessionCanary, session_canary, G_TYPE_OBJECT)

G_DEFINE_ENUM_TYPE (SessionCanaryState,
                    session_canary_state,
                    G_DEFINE_ENUM_VALUE (SESSION_CANARY_IDLE, "idle"),
                    G_DEFINE_ENUM_VALUE (SESSION_CANARY_SHIFTING, "shifting"),
                    G_DEFINE_ENUM_VALUE (SESSION_CANARY_WATCHING, "watching"),
                    G_DEFINE_ENUM_VALUE (SESSION_CANARY_PAUSED, "paused"),
                    G_DEFINE_ENUM_VALUE (SESSION_CANARY_RETURNING, "returning"),
                    G_DEFINE_ENUM_VALUE (SESSION_CANARY_DONE, "done"),
                    G_DEFINE_ENUM_VALUE (SESSION_CANARY_ABORTED, "aborted"),
                    G_DEFINE_ENUM_VALUE (SESSION_CANARY_STOPPED, "stopped"))

enum {
  PROP_0,
  PROP_STATE,
  PROP_STATUS,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

/* Takes @text, which the log keeps, too. */
void
session_canary_set_state (SessionCanary *self, SessionCanaryState state, char *text)
{
  self->state = state;
  g_free (self->status);
  self->status = text;
  session_canary_log_add (self->log, text);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATUS]);
}

const char *
session_canary_get_name (SessionCanary *self)
{
  return kube_object_get_name (self->object);
}

guint
session_canary_get_percent (SessionCanary *self)
{
  return self->plan.steps[self->step];
}

MeshHistory *
session_canary_get_history (SessionCanary *self)
{
  return session_sampler_get_history (self->sampler, SESSION_LANE_ANONYMOUS);
}

/* Nothing more is to be heard of the run. */
static void
let_go (SessionCanary *self)
{
  g_clear_handle_id (&self->timer, g_source_remove);
  if (self->editor != NULL)
    g_signal_handlers_disconnect_by_data (self->editor, self);
  if (self->object != NULL)
    g_signal_handlers_disconnect_by_data (self->object, self);
  g_signal_handlers_disconnect_by_data (session_canary_get_history (self), self);
}

/* Takes @text. */
void
session_canary_stop (SessionCanary *self, SessionCanaryState state, char *text)
{
  let_go (self);
  session_canary_log_note (self->log, NULL);
  session_canary_set_state (self, state, text);
}

/* Takes @text. The weights are neither where they were nor where they were to be, and nobody
 * watches: the next start says so, too. */
void
session_canary_strand (SessionCanary *self, char *text)
{
  let_go (self);
  session_canary_set_state (self, SESSION_CANARY_STOPPED, text);
}

/* Should the program be cut off. */
static void
note (SessionCanary *self)
{
  g_autofree char *text = NULL;

  text = g_strdup_printf (
    /* Translators: a VirtualService's name, a percentage, a version, and weights such as "v1 100 %"
     */
    _ ("%s: the last canary did not get to its end: %u %% to %s. Before it: %s. Look at the "
       "weights."),
    session_canary_get_name (self), session_canary_get_percent (self), self->subset,
    session_canary_route_get_before (self->route));
  session_canary_log_note (self->log, text);
}

/* Sends the weights of the step. */
void
session_canary_shift (SessionCanary *self)
{
  g_clear_handle_id (&self->timer, g_source_remove);
  note (self);
  session_canary_set_state (self, SESSION_CANARY_SHIFTING,
                            /* Translators: a VirtualService's name, a percentage and a version */
                            g_strdup_printf (_ ("%s: shifting %u %% to %s."),
                                             session_canary_get_name (self),
                                             session_canary_get_percent (self), self->subset));
  session_canary_route_shift (self->route, self->editor, session_canary_get_percent (self));
  if (!mesh_editor_get_pending (self->editor))
    /* Translators: a VirtualService's name */
    session_canary_stop (
      self, SESSION_CANARY_STOPPED,
      g_strdup_printf (_ ("%s: stopped. The weights cannot be written while a slider is held."),
                       session_canary_get_name (self)));
}

void
session_canary_go_back (SessionCanary *self, const char *reason)
{
  g_clear_handle_id (&self->timer, g_source_remove);
  session_canary_set_state (
    self, SESSION_CANARY_RETURNING,
    /* Translators: a VirtualService's name, a reason, and weights such as "v1 100 %" */
    g_strdup_printf (_ ("%s: %s Going back to %s."), session_canary_get_name (self), reason,
                     session_canary_route_get_before (self->route)));
  session_canary_route_return (self->route, self->editor);
}

static void
written (SessionCanary *self)
{
  if (self->state == SESSION_CANARY_RETURNING)
    session_canary_stop (self, SESSION_CANARY_ABORTED,
                         /* Translators: a VirtualService's name, and weights such as "v1 100 %" */
                         g_strdup_printf (_ ("%s: back to %s."), session_canary_get_name (self),
                                          session_canary_route_get_before (self->route)));
  else if (self->state == SESSION_CANARY_SHIFTING)
    session_canary_watch (self);
}

/* A write that failed is told by "failed". */
static void
pending_cb (SessionCanary *self)
{
  if (!mesh_editor_get_pending (self->editor) &&
      session_canary_route_is_reached (self->route, self->object))
    written (self);
}

/* Somebody else, or who moves the sliders: the weights are theirs. The editor has heard first. */
static void
changed_cb (SessionCanary *self)
{
  g_autofree char *now = NULL;

  if (mesh_editor_get_pending (self->editor) ||
      session_canary_route_is_reached (self->route, self->object))
    return;
  now = session_canary_route_dup_now (self->route, self->object);
  /* Translators: a VirtualService's name, and weights such as "v1 100 %" */
  session_canary_stop (self, SESSION_CANARY_STOPPED,
                       g_strdup_printf (_ ("%s: stopped. The weights were changed meanwhile: %s."),
                                        session_canary_get_name (self), now));
}

static void
conflict_cb (MeshEditor *editor, GParamSpec *pspec, SessionCanary *self)
{
  g_autofree char *conflict = g_strdup (mesh_editor_get_conflict (editor));

  if (conflict == NULL)
    return;
  session_canary_stop (
    self, SESSION_CANARY_STOPPED,
    /* Translators: a VirtualService's name, and a sentence */
    g_strdup_printf (_ ("%s: stopped. %s"), session_canary_get_name (self), conflict));
  mesh_editor_take_theirs (editor);
}

static void
failed_cb (MeshEditor *editor, const GError *error, SessionCanary *self)
{
  if (self->state == SESSION_CANARY_RETURNING)
    session_canary_strand (
      self, g_strdup_printf (
              /* Translators: a VirtualService's name, weights such as "v1 100 %", a reason */
              _ ("%s: could not go back to %s. %s"), session_canary_get_name (self),
              session_canary_route_get_before (self->route), error->message));
  else
    session_canary_stop (
      self, SESSION_CANARY_STOPPED,
      g_strdup_printf (_ ("%s: stopped. %s"), session_canary_get_name (self), error->message));
}

/* The user was asked, or took it back, before it was sent. */
static void
dropped_cb (SessionCanary *self)
{
  if (self->state == SESSION_CANARY_SHIFTING)
    session_canary_stop (self, SESSION_CANARY_STOPPED,
                         /* Translators: a VirtualService's name, a percentage and a version */
                         g_strdup_printf (_ ("%s: stopped. %u %% to %s was not sent."),
                                          session_canary_get_name (self),
                                          session_canary_get_percent (self), self->subset));
}

static void
session_canary_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  SessionCanary *self = SESSION_CANARY (object);

  switch (id) {
    case PROP_STATE:
      g_value_set_enum (value, self->state);
      break;
    case PROP_STATUS:
      g_value_set_string (value, self->status);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
session_canary_dispose (GObject *object)
{
  SessionCanary *self = SESSION_CANARY (object);

  session_canary_leave (self);
  G_OBJECT_CLASS (session_canary_parent_class)->dispose (object);
}

static void
session_canary_finalize (GObject *object)
{
  SessionCanary *self = SESSION_CANARY (object);

  g_clear_object (&self->sampler);
  g_clear_object (&self->log);
  g_clear_object (&self->editor);
  g_clear_object (&self->object);
  g_clear_pointer (&self->route, session_canary_route_free);
  g_clear_pointer (&self->subset, g_free);
  g_clear_pointer (&self->status, g_free);
  G_OBJECT_CLASS (session_canary_parent_class)->finalize (object);
}

static void
session_canary_class_init (SessionCanaryClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = session_canary_get_property;
  object_class->dispose = session_canary_dispose;
  object_class->finalize = session_canary_finalize;

  properties[PROP_STATE] =
    g_param_spec_enum ("state", NULL, NULL, SESSION_TYPE_CANARY_STATE, SESSION_CANARY_IDLE, flags);
  properties[PROP_STATUS] = g_param_spec_string ("status", NULL, NULL, NULL, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
session_canary_init (SessionCanary *self)
{
}

/**
 * session_canary_new:
 * @sampler: who asks the page; it is started where it is paused
 * @log: where it says what it did
 *
 * Returns: (transfer full): at rest
 */
SessionCanary *
session_canary_new (SessionSampler *sampler, SessionCanaryLog *log)
{
  SessionCanary *self = NULL;

  g_return_val_if_fail (SESSION_IS_SAMPLER (sampler), NULL);
  g_return_val_if_fail (SESSION_IS_CANARY_LOG (log), NULL);

  self = g_object_new (SESSION_TYPE_CANARY, NULL);
  self->sampler = g_object_ref (sampler);
  self->log = g_object_ref (log);
  return self;
}

/**
 * session_canary_start:
 * @editor: the writer of @virtual_service
 * @virtual_service: kept up to date by its list
 * @subset: where the requests of everyone are to go
 * @plan: copied
 *
 * Returns: whether it has begun; else @error says why not
 */
gboolean
session_canary_start (SessionCanary *self,
                      MeshEditor *editor,
                      KubeObject *virtual_service,
                      const char *subset,
                      const SessionCanaryPlan *plan,
                      GError **error)
{
  SessionCanaryRoute *route = NULL;

  g_return_val_if_fail (SESSION_IS_CANARY (self), FALSE);
  g_return_val_if_fail (!session_canary_is_active (self), FALSE);
  g_return_val_if_fail (plan->n_steps > 0, FALSE);

  route = session_canary_route_new (virtual_service, subset, error);
  if (route == NULL)
    return FALSE;
  g_clear_pointer (&self->route, session_canary_route_free);
  self->route = route;
  self->plan = *plan;
  self->step = 0;
  g_set_object (&self->editor, editor);
  g_set_object (&self->object, virtual_service);
  g_free (self->subset);
  self->subset = g_strdup (subset);
  g_signal_connect_object (editor, "notify::pending", G_CALLBACK (pending_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (editor, "notify::conflict", G_CALLBACK (conflict_cb), self, 0);
  g_signal_connect_object (editor, "failed", G_CALLBACK (failed_cb), self, 0);
  g_signal_connect_object (editor, "dropped", G_CALLBACK (dropped_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (virtual_service, "changed", G_CALLBACK (changed_cb), self,
                           G_CONNECT_SWAPPED | G_CONNECT_AFTER);
  g_signal_connect_object (session_canary_get_history (self), "changed",
                           G_CALLBACK (session_canary_evaluate), self, G_CONNECT_SWAPPED);
  session_sampler_start (self->sampler);
  session_canary_shift (self);
  return TRUE;
}

SessionCanaryState
session_canary_get_state (SessionCanary *self)
{
  g_return_val_if_fail (SESSION_IS_CANARY (self), SESSION_CANARY_IDLE);

  return self->state;
}

/**
 * session_canary_is_active:
 *
 * Returns: whether a run has begun and not ended
 */
gboolean
session_canary_is_active (SessionCanary *self)
{
  g_return_val_if_fail (SESSION_IS_CANARY (self), FALSE);

  return self->state == SESSION_CANARY_SHIFTING || self->state == SESSION_CANARY_WATCHING ||
         self->state == SESSION_CANARY_PAUSED || self->state == SESSION_CANARY_RETURNING;
}

/**
 * session_canary_get_status:
 *
 * Returns: (nullable) (transfer none): what it does, or has done last
 */
const char *
session_canary_get_status (SessionCanary *self)
{
  g_return_val_if_fail (SESSION_IS_CANARY (self), NULL);

  return self->status;
}
