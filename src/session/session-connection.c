/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "session-connection.h"

#include <glib/gi18n-lib.h>

#include "base-backoff.h"
#include "session-advice.h"
#include "session-link.h"

/**
 * SessionConnection:
 *
 * Connects when it is told to; and again by itself when the place is back, or when the API server
 * may be, until it is told to leave.
 */
struct _SessionConnection {
  GObject parent_instance;

  JumpPlace *place;
  char *context_name; /* (nullable) */

  SessionLabState state;
  GError *error;         /* (nullable) */
  gboolean wanted;       /* by the user */
  GCancellable *attempt; /* (nullable): connecting is under way */
  GPtrArray *waiting;    /* of GTask: for its end */
  guint retry_timer;
  BaseBackoff backoff;
  SessionLink *link; /* (nullable): the last one */
  GStrv exec_argv;   /* (nullable) */
  GStrv approved;    /* (nullable) */
};

G_DEFINE_FINAL_TYPE (SessionConnection, session_connection, G_TYPE_OBJECT)

enum {
  PROP_0,
  PROP_STATE,
  PROP_ERROR,
  PROP_CLIENT,
  PROP_EXEC_ARGV,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

static void attempt (SessionConnection *self);

static void
notify (SessionConnection *self, guint property)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[property]);
}

/* @error (nullable): copied */
static void
set_state (SessionConnection *self, SessionLabState state, const GError *error)
{
  GError *copy = error != NULL ? g_error_copy (error) : NULL;
  gboolean error_changed = self->error != NULL || copy != NULL;
  gboolean state_changed = self->state != state;

  g_clear_error (&self->error);
  self->error = copy;
  self->state = state;
  if (error_changed)
    notify (self, PROP_ERROR);
  if (state_changed)
    notify (self, PROP_STATE);
}

static void
set_exec_argv (SessionConnection *self, GStrv argv)
{
  gboolean changed = self->exec_argv != NULL || argv != NULL;

  g_strfreev (self->exec_argv);
  self->exec_argv = argv;
  if (changed)
    notify (self, PROP_EXEC_ARGV);
}

static void
answer_waiting (SessionConnection *self, const GError *error)
{
  g_autoptr (GPtrArray) waiting = g_steal_pointer (&self->waiting);

  self->waiting = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < waiting->len; i++) {
    if (error != NULL)
      g_task_return_error (g_ptr_array_index (waiting, i), g_error_copy (error));
    else
      g_task_return_boolean (g_ptr_array_index (waiting, i), TRUE);
  }
}

static gboolean
retry_cb (gpointer user_data)
{
  SessionConnection *self = SESSION_CONNECTION (user_data);

  self->retry_timer = 0;
  attempt (self);
  return G_SOURCE_REMOVE;
}

/* A place that is lost is for the place, and its user, to get back. */
static void
schedule_retry (SessionConnection *self, const GError *error)
{
  if (!self->wanted || !session_advice_is_passing (error) ||
      jump_place_get_state (self->place) != JUMP_PLACE_CONNECTED)
    return;
  g_clear_handle_id (&self->retry_timer, g_source_remove);
  self->retry_timer = g_timeout_add (base_backoff_next (&self->backoff), retry_cb, self);
}

/* (transfer full): why the place is not connected */
static GError *
dup_place_error (SessionConnection *self)
{
  GError *error = NULL;

  g_object_get (self->place, "error", &error, NULL);
  if (error == NULL)
    error = g_error_new_literal (JUMP_ERROR, JUMP_ERROR_NOT_CONNECTED,
                                 _ ("The connection was lost. Connect again."));
  return error;
}

/* Takes @link. */
static void
take_link (SessionConnection *self, SessionLink *link)
{
  gboolean same = self->link == link;

  g_clear_object (&self->link);
  self->link = link;
  if (!same)
    notify (self, PROP_CLIENT);
}

static void
linked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SessionConnection) self = user_data;
  g_auto (GStrv) exec_argv = NULL;
  g_autoptr (GError) error = NULL;
  SessionLink *link = session_link_connect_finish (result, &exec_argv, &error);

  if (g_task_get_cancellable (G_TASK (result)) != self->attempt) {
    g_clear_object (&link);
    return;
  }
  g_clear_object (&self->attempt);
  set_exec_argv (self, g_steal_pointer (&exec_argv));
  if (link != NULL) {
    base_backoff_reset (&self->backoff);
    take_link (self, link);
    if (jump_place_get_state (self->place) != JUMP_PLACE_CONNECTED)
      error = dup_place_error (self);
  } else {
    error = session_advice_add (g_steal_pointer (&error));
  }
  set_state (self, error == NULL ? SESSION_LAB_ONLINE : SESSION_LAB_OFFLINE, error);
  if (error != NULL)
    schedule_retry (self, error);
  answer_waiting (self, error);
}

/* Connects, where that is not under way already. */
static void
attempt (SessionConnection *self)
{
  if (self->attempt != NULL)
    return;
  g_clear_handle_id (&self->retry_timer, g_source_remove);
  self->attempt = g_cancellable_new ();
  set_state (self, SESSION_LAB_CONNECTING, NULL);
  session_link_connect_async (self->place, self->context_name, (const char *const *)self->approved,
                              self->link, self->attempt, linked_cb, g_object_ref (self));
}

static void
place_state_cb (JumpPlace *place, GParamSpec *pspec, SessionConnection *self)
{
  gboolean connected = jump_place_get_state (place) == JUMP_PLACE_CONNECTED;

  if (self->attempt != NULL || !self->wanted)
    return;
  if (connected && self->state != SESSION_LAB_ONLINE) {
    attempt (self);
  } else if (!connected && self->state == SESSION_LAB_ONLINE) {
    g_autoptr (GError) error = dup_place_error (self);

    set_state (self, SESSION_LAB_OFFLINE, error);
  }
}

static void
session_connection_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  SessionConnection *self = SESSION_CONNECTION (object);

  switch (id) {
    case PROP_STATE:
      g_value_set_enum (value, self->state);
      break;
    case PROP_ERROR:
      g_value_set_boxed (value, self->error);
      break;
    case PROP_CLIENT:
      g_value_set_object (value, session_connection_get_client (self));
      break;
    case PROP_EXEC_ARGV:
      g_value_set_boxed (value, self->exec_argv);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
session_connection_dispose (GObject *object)
{
  SessionConnection *self = SESSION_CONNECTION (object);

  g_clear_handle_id (&self->retry_timer, g_source_remove);
  g_cancellable_cancel (self->attempt);
  g_clear_object (&self->attempt);
  g_clear_object (&self->link);
  G_OBJECT_CLASS (session_connection_parent_class)->dispose (object);
}

static void
session_connection_finalize (GObject *object)
{
  SessionConnection *self = SESSION_CONNECTION (object);

  g_clear_object (&self->place);
  g_clear_error (&self->error);
  g_clear_pointer (&self->waiting, g_ptr_array_unref);
  g_strfreev (self->exec_argv);
  g_strfreev (self->approved);
  g_free (self->context_name);
  G_OBJECT_CLASS (session_connection_parent_class)->finalize (object);
}

static void
session_connection_class_init (SessionConnectionClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = session_connection_get_property;
  object_class->dispose = session_connection_dispose;
  object_class->finalize = session_connection_finalize;

  properties[PROP_STATE] =
    g_param_spec_enum ("state", NULL, NULL, SESSION_TYPE_LAB_STATE, SESSION_LAB_OFFLINE, flags);
  properties[PROP_ERROR] = g_param_spec_boxed ("error", NULL, NULL, G_TYPE_ERROR, flags);
  properties[PROP_CLIENT] = g_param_spec_object ("client", NULL, NULL, KUBE_TYPE_CLIENT, flags);
  properties[PROP_EXEC_ARGV] = g_param_spec_boxed ("exec-argv", NULL, NULL, G_TYPE_STRV, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
session_connection_init (SessionConnection *self)
{
  self->waiting = g_ptr_array_new_with_free_func (g_object_unref);
  self->backoff = (BaseBackoff)BASE_BACKOFF_INIT (1000, 30000, 0.2);
}

SessionConnection *
session_connection_new (JumpPlace *place, const char *context_name)
{
  SessionConnection *self = g_object_new (SESSION_TYPE_CONNECTION, NULL);

  self->place = g_object_ref (place);
  self->context_name = g_strdup (context_name);
  g_signal_connect_object (place, "notify::state", G_CALLBACK (place_state_cb), self, 0);
  return self;
}

/**
 * session_connection_connect_async:
 * @cancellable: (nullable): ends the attempt, also for others who wait for it
 *
 * An attempt that is under way is shared. After a failure that may be over by itself it is tried
 * again, without end, until session_connection_disconnect().
 */
void
session_connection_connect_async (SessionConnection *self,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data)
{
  GTask *task = NULL;

  g_return_if_fail (SESSION_IS_CONNECTION (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, session_connection_connect_async);
  g_ptr_array_add (self->waiting, task);
  self->wanted = TRUE;
  base_backoff_reset (&self->backoff);
  attempt (self);
  if (cancellable != NULL)
    g_signal_connect_object (cancellable, "cancelled", G_CALLBACK (g_cancellable_cancel),
                             self->attempt, G_CONNECT_SWAPPED);
}

gboolean
session_connection_connect_finish (SessionConnection *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

void
session_connection_disconnect (SessionConnection *self)
{
  g_autoptr (GError) error = NULL;

  g_return_if_fail (SESSION_IS_CONNECTION (self));

  self->wanted = FALSE;
  g_clear_handle_id (&self->retry_timer, g_source_remove);
  g_cancellable_cancel (self->attempt);
  g_clear_object (&self->attempt);
  error = g_error_new_literal (JUMP_ERROR, JUMP_ERROR_NOT_CONNECTED,
                               _ ("You are not connected. Connect to go on."));
  set_state (self, SESSION_LAB_OFFLINE, error);
  jump_place_disconnect (self->place);
  answer_waiting (self, error);
}

/**
 * session_connection_fail:
 * @error: why the server, that answered before, is of no use any more
 */
void
session_connection_fail (SessionConnection *self, const GError *error)
{
  g_return_if_fail (SESSION_IS_CONNECTION (self));

  if (self->state == SESSION_LAB_ONLINE)
    set_state (self, SESSION_LAB_OFFLINE, error);
}

/**
 * session_connection_approve_exec:
 *
 * The user has agreed to the very command line of session_connection_get_exec_argv().
 */
void
session_connection_approve_exec (SessionConnection *self)
{
  g_return_if_fail (SESSION_IS_CONNECTION (self));
  g_return_if_fail (self->exec_argv != NULL);

  g_strfreev (self->approved);
  self->approved = g_strdupv (self->exec_argv);
  set_exec_argv (self, NULL);
  session_connection_connect_async (self, NULL, NULL, NULL);
}

SessionLabState
session_connection_get_state (SessionConnection *self)
{
  g_return_val_if_fail (SESSION_IS_CONNECTION (self), SESSION_LAB_OFFLINE);

  return self->state;
}

/**
 * session_connection_get_error:
 *
 * Returns: (nullable) (transfer none): why it is offline, in a sentence that says what to do
 */
const GError *
session_connection_get_error (SessionConnection *self)
{
  g_return_val_if_fail (SESSION_IS_CONNECTION (self), NULL);

  return self->error;
}

/**
 * session_connection_get_client:
 *
 * Returns: (nullable) (transfer none): the last client; it stays while the connection is lost
 */
KubeClient *
session_connection_get_client (SessionConnection *self)
{
  g_return_val_if_fail (SESSION_IS_CONNECTION (self), NULL);

  return self->link != NULL ? session_link_get_client (self->link) : NULL;
}

const char *const *
session_connection_get_exec_argv (SessionConnection *self)
{
  g_return_val_if_fail (SESSION_IS_CONNECTION (self), NULL);

  return (const char *const *)self->exec_argv;
}
