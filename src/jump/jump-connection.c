/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "base-backoff.h"
#include "jump-connection.h"

/**
 * JumpConnection:
 *
 * The part of a #JumpPlace that is the same wherever it is. A subclass says how to open and to
 * close; this class keeps state and reason, lets several callers share one attempt, and, after a
 * connection that stood was lost, tries again with growing pauses until it stands, fails for a
 * reason that time does not mend, or the user disconnects.
 */

/* A pause is at least a second, at most half a minute; about two hours of trying. */
#define RETRY_FLOOR_MS 1000
#define RETRY_CEILING_MS 30000
#define RETRY_JITTER 0.2
#define MAX_RETRIES 240
/* A connection that is lost sooner counts as one more failure, or a program that ends as soon as it
 * has started would be started again and again without a pause. */
#define STABLE_SECONDS 60

typedef struct {
  GTask *task;
  GSource *cancelled; /* (nullable) (owned) */
} Waiter;

typedef struct {
  JumpPlaceState state;
  GError *error; /* (nullable) (owned) */
  char *title;   /* (nullable) (owned) */
  char *notice;  /* (nullable) (owned) */

  GCancellable *attempt; /* (nullable) (owned): of the attempt that callers wait for */
  gboolean opening;      /* whether an open_async() is out, be it one that was given up */
  gboolean automatic;    /* whether the attempt was begun without a caller */
  GPtrArray *waiters;    /* (element-type Waiter): who waits for it */

  guint retry_source;
  guint retries;
  BaseBackoff backoff;
  gint64 connected_at;
  gboolean watches_network;
} JumpConnectionPrivate;

static void jump_connection_place_init (JumpPlaceInterface *iface);

G_DEFINE_ABSTRACT_TYPE_WITH_CODE (JumpConnection,
                                  jump_connection,
                                  G_TYPE_OBJECT,
                                  G_ADD_PRIVATE (JumpConnection)
                                    G_IMPLEMENT_INTERFACE (JUMP_TYPE_PLACE,
                                                           jump_connection_place_init))

enum {
  PROP_0,
  PROP_STATE,
  PROP_ERROR,
  PROP_TITLE,
  PROP_NOTICE,
};

static void start_attempt (JumpConnection *self, gboolean automatic);
static void schedule_retry (JumpConnection *self);

static void
waiter_free (Waiter *self)
{
  if (self->cancelled != NULL)
    g_source_destroy (self->cancelled);
  g_clear_pointer (&self->cancelled, g_source_unref);
  g_clear_object (&self->task);
  g_free (self);
}

static GPtrArray *
steal_waiters (JumpConnectionPrivate *priv)
{
  GPtrArray *waiters = g_steal_pointer (&priv->waiters);

  priv->waiters = g_ptr_array_new_with_free_func ((GDestroyNotify)waiter_free);
  return waiters;
}

static void
answer_waiters (GPtrArray *waiters, const GError *error)
{
  for (guint i = 0; i < waiters->len; i++) {
    Waiter *waiter = g_ptr_array_index (waiters, i);

    if (error != NULL)
      g_task_return_error (waiter->task, g_error_copy (error));
    else
      g_task_return_boolean (waiter->task, TRUE);
  }
}

static void
set_state (JumpConnection *self, JumpPlaceState state, const GError *error)
{
  JumpConnectionPrivate *priv = jump_connection_get_instance_private (self);

  g_object_freeze_notify (G_OBJECT (self));
  if (error != priv->error) {
    g_autoptr (GError) old = g_steal_pointer (&priv->error);

    priv->error = error != NULL ? g_error_copy (error) : NULL;
    g_object_notify (G_OBJECT (self), "error");
  }
  if (priv->state != state) {
    priv->state = state;
    g_object_notify (G_OBJECT (self), "state");
  }
  g_object_thaw_notify (G_OBJECT (self));
}

static void
set_text (JumpConnection *self, char **field, const char *text, const char *property)
{
  if (g_strcmp0 (*field, text) == 0)
    return;
  g_free (*field);
  *field = g_strdup (text);
  g_object_notify (G_OBJECT (self), property);
}

/* Whether the next attempt may go better with nobody doing anything. */
static gboolean
time_may_mend (const GError *error)
{
  return g_error_matches (error, JUMP_ERROR, JUMP_ERROR_UNREACHABLE) ||
         g_error_matches (error, JUMP_ERROR, JUMP_ERROR_FAILED);
}

static gboolean
retry_cb (gpointer user_data)
{
  JumpConnection *self = user_data;
  JumpConnectionPrivate *priv = jump_connection_get_instance_private (self);

  priv->retry_source = 0;
  priv->retries++;
  start_attempt (self, TRUE);
  return G_SOURCE_REMOVE;
}

static void
network_changed_cb (JumpConnection *self)
{
  JumpConnectionPrivate *priv = jump_connection_get_instance_private (self);

  if (priv->retry_source == 0)
    return;
  base_backoff_reset (&priv->backoff);
  schedule_retry (self);
}

static void
schedule_retry (JumpConnection *self)
{
  JumpConnectionPrivate *priv = jump_connection_get_instance_private (self);

  g_clear_handle_id (&priv->retry_source, g_source_remove);
  if (priv->retries >= MAX_RETRIES)
    return;
  if (!priv->watches_network) {
    g_signal_connect_object (g_network_monitor_get_default (), "network-changed",
                             G_CALLBACK (network_changed_cb), self, G_CONNECT_SWAPPED);
    priv->watches_network = TRUE;
  }
  priv->retry_source = g_timeout_add (base_backoff_next (&priv->backoff), retry_cb, self);
  g_source_set_name_by_id (priv->retry_source, "jump-connection: connect again");
}

/* The attempt was given up, and is only now out of the way. */
static void
forget_attempt (JumpConnection *self, gboolean opened)
{
  JumpConnectionPrivate *priv = jump_connection_get_instance_private (self);

  if (opened)
    JUMP_CONNECTION_GET_CLASS (self)->close (self);
  if (priv->waiters->len > 0)
    start_attempt (self, FALSE);
}

static void
opened_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  JumpConnection *self = JUMP_CONNECTION (object);
  JumpConnectionPrivate *priv = jump_connection_get_instance_private (self);
  g_autoptr (GCancellable) attempt = user_data;
  g_autoptr (GPtrArray) waiters = NULL;
  g_autoptr (GError) error = NULL;

  JUMP_CONNECTION_GET_CLASS (self)->open_finish (self, result, &error);
  priv->opening = FALSE;
  if (priv->attempt != attempt) {
    forget_attempt (self, error == NULL);
    return;
  }

  g_clear_object (&priv->attempt);
  waiters = steal_waiters (priv);
  if (error == NULL) {
    priv->connected_at = g_get_monotonic_time ();
    set_state (self, JUMP_PLACE_CONNECTED, NULL);
  } else {
    if (priv->automatic && time_may_mend (error))
      schedule_retry (self);
    set_state (self, JUMP_PLACE_DISCONNECTED, error);
  }
  answer_waiters (waiters, error);
}

static void
start_attempt (JumpConnection *self, gboolean automatic)
{
  JumpConnectionPrivate *priv = jump_connection_get_instance_private (self);

  g_clear_handle_id (&priv->retry_source, g_source_remove);
  priv->automatic = automatic;
  priv->attempt = g_cancellable_new ();
  priv->opening = TRUE;
  JUMP_CONNECTION_GET_CLASS (self)->open_async (self, priv->attempt, opened_cb,
                                                g_object_ref (priv->attempt));
  /* While it tries by itself, the reason for which it has to stays on the screen. */
  set_state (self, JUMP_PLACE_CONNECTING, automatic ? priv->error : NULL);
}

static void
give_up_attempt (JumpConnection *self)
{
  JumpConnectionPrivate *priv = jump_connection_get_instance_private (self);
  g_autoptr (GCancellable) attempt = g_steal_pointer (&priv->attempt);

  g_cancellable_cancel (attempt);
}

static gboolean
waiter_cancelled_cb (GCancellable *cancellable, gpointer user_data)
{
  g_autoptr (GTask) task = g_object_ref (user_data);
  JumpConnection *self = g_task_get_source_object (task);
  JumpConnectionPrivate *priv = jump_connection_get_instance_private (self);

  for (guint i = 0; i < priv->waiters->len; i++) {
    if (((Waiter *)g_ptr_array_index (priv->waiters, i))->task == task) {
      g_ptr_array_remove_index (priv->waiters, i);
      break;
    }
  }
  if (priv->waiters->len == 0 && !priv->automatic) {
    give_up_attempt (self);
    set_state (self, JUMP_PLACE_DISCONNECTED, NULL);
  }
  g_task_return_error_if_cancelled (task);
  return G_SOURCE_REMOVE;
}

static void
add_waiter (JumpConnection *self, GTask *task)
{
  JumpConnectionPrivate *priv = jump_connection_get_instance_private (self);
  Waiter *waiter = g_new0 (Waiter, 1);

  waiter->task = task;
  if (g_task_get_cancellable (task) != NULL) {
    waiter->cancelled = g_cancellable_source_new (g_task_get_cancellable (task));
    g_source_set_callback (waiter->cancelled, G_SOURCE_FUNC (waiter_cancelled_cb), task, NULL);
    g_source_attach (waiter->cancelled, g_main_context_get_thread_default ());
  }
  g_ptr_array_add (priv->waiters, waiter);
}

static void
jump_connection_connect_async (JumpPlace *place,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data)
{
  JumpConnection *self = JUMP_CONNECTION (place);
  JumpConnectionPrivate *priv = jump_connection_get_instance_private (self);
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, jump_connection_connect_async);
  g_task_set_check_cancellable (task, FALSE);
  if (g_task_return_error_if_cancelled (task))
    return;
  if (priv->state == JUMP_PLACE_CONNECTED) {
    g_task_return_boolean (task, TRUE);
    return;
  }

  add_waiter (self, g_steal_pointer (&task));
  if (!priv->opening) {
    priv->retries = 0;
    base_backoff_reset (&priv->backoff);
    start_attempt (self, FALSE);
  } else {
    /* Joins the attempt under way, or waits until one that was given up is out of the way. */
    set_state (self, JUMP_PLACE_CONNECTING, priv->error);
  }
}

static gboolean
jump_connection_connect_finish (JumpPlace *place, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
jump_connection_disconnect (JumpPlace *place)
{
  JumpConnection *self = JUMP_CONNECTION (place);
  JumpConnectionPrivate *priv = jump_connection_get_instance_private (self);
  g_autoptr (GPtrArray) waiters = steal_waiters (priv);
  g_autoptr (GError) cancelled = NULL;

  g_clear_handle_id (&priv->retry_source, g_source_remove);
  give_up_attempt (self);
  JUMP_CONNECTION_GET_CLASS (self)->close (self);
  set_state (self, JUMP_PLACE_DISCONNECTED, NULL);

  cancelled = g_error_new (G_IO_ERROR, G_IO_ERROR_CANCELLED, "%s", _ ("The connection was ended."));
  answer_waiters (waiters, cancelled);
}

/* Ours, with the terminal type that VTE is, whatever terminal we were started from. */
static GStrv
jump_connection_dup_terminal_environment (JumpPlace *place)
{
  GStrv environment = g_get_environ ();

  environment = g_environ_setenv (environment, "TERM", "xterm-256color", TRUE);
  return g_environ_setenv (environment, "COLORTERM", "truecolor", TRUE);
}

static gboolean
jump_connection_has_prompt_marks (JumpPlace *place)
{
  return FALSE;
}

static void
jump_connection_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  JumpConnectionPrivate *priv = jump_connection_get_instance_private (JUMP_CONNECTION (object));

  switch (prop_id) {
    case PROP_STATE:
      g_value_set_enum (value, priv->state);
      break;
    case PROP_ERROR:
      g_value_set_boxed (value, priv->error);
      break;
    case PROP_TITLE:
      g_value_set_string (value, priv->title);
      break;
    case PROP_NOTICE:
      g_value_set_string (value, priv->notice);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
  }
}

static void
jump_connection_dispose (GObject *object)
{
  JumpConnection *self = JUMP_CONNECTION (object);
  JumpConnectionPrivate *priv = jump_connection_get_instance_private (self);

  g_clear_handle_id (&priv->retry_source, g_source_remove);
  give_up_attempt (self);
  JUMP_CONNECTION_GET_CLASS (self)->close (self);

  G_OBJECT_CLASS (jump_connection_parent_class)->dispose (object);
}

static void
jump_connection_finalize (GObject *object)
{
  JumpConnectionPrivate *priv = jump_connection_get_instance_private (JUMP_CONNECTION (object));

  g_clear_pointer (&priv->waiters, g_ptr_array_unref);
  g_clear_error (&priv->error);
  g_clear_pointer (&priv->title, g_free);
  g_clear_pointer (&priv->notice, g_free);

  G_OBJECT_CLASS (jump_connection_parent_class)->finalize (object);
}

static void
jump_connection_place_init (JumpPlaceInterface *iface)
{
  iface->connect_async = jump_connection_connect_async;
  iface->connect_finish = jump_connection_connect_finish;
  iface->disconnect = jump_connection_disconnect;
  iface->dup_terminal_environment = jump_connection_dup_terminal_environment;
  iface->has_prompt_marks = jump_connection_has_prompt_marks;
}

static void
jump_connection_class_init (JumpConnectionClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = jump_connection_get_property;
  object_class->dispose = jump_connection_dispose;
  object_class->finalize = jump_connection_finalize;

  g_object_class_override_property (object_class, PROP_STATE, "state");
  g_object_class_override_property (object_class, PROP_ERROR, "error");
  g_object_class_override_property (object_class, PROP_TITLE, "title");
  g_object_class_override_property (object_class, PROP_NOTICE, "notice");
}

static void
jump_connection_init (JumpConnection *self)
{
  JumpConnectionPrivate *priv = jump_connection_get_instance_private (self);

  priv->waiters = g_ptr_array_new_with_free_func ((GDestroyNotify)waiter_free);
  priv->backoff = (BaseBackoff)BASE_BACKOFF_INIT (RETRY_FLOOR_MS, RETRY_CEILING_MS, RETRY_JITTER);
}

void
jump_connection_set_title (JumpConnection *self, const char *title)
{
  JumpConnectionPrivate *priv = jump_connection_get_instance_private (self);

  set_text (self, &priv->title, title, "title");
}

/**
 * jump_connection_set_notice:
 * @notice: (nullable): a sentence that lasts, such as that something works less well here
 */
void
jump_connection_set_notice (JumpConnection *self, const char *notice)
{
  JumpConnectionPrivate *priv = jump_connection_get_instance_private (self);

  set_text (self, &priv->notice, notice, "notice");
}

/**
 * jump_connection_is_automatic:
 *
 * Returns: whether nobody waits for the attempt under way, so that nobody should be asked anything
 */
gboolean
jump_connection_is_automatic (JumpConnection *self)
{
  JumpConnectionPrivate *priv = jump_connection_get_instance_private (self);

  g_return_val_if_fail (JUMP_IS_CONNECTION (self), TRUE);

  return priv->waiters->len == 0;
}

/**
 * jump_connection_lose:
 * @error: why
 *
 * For a subclass whose open connection has ended by itself. Closes what is left of it, tells, and
 * tries again after a pause where @error is of the kind that passes.
 */
void
jump_connection_lose (JumpConnection *self, const GError *error)
{
  JumpConnectionPrivate *priv = jump_connection_get_instance_private (self);

  g_return_if_fail (JUMP_IS_CONNECTION (self));
  g_return_if_fail (error != NULL);

  if (priv->state != JUMP_PLACE_CONNECTED)
    return;
  JUMP_CONNECTION_GET_CLASS (self)->close (self);
  if (g_get_monotonic_time () - priv->connected_at > STABLE_SECONDS * G_TIME_SPAN_SECOND) {
    base_backoff_reset (&priv->backoff);
    priv->retries = 0;
  }
  if (time_may_mend (error))
    schedule_retry (self);
  set_state (self, JUMP_PLACE_DISCONNECTED, error);
}
