/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "session-series.h"

#include "session-trial.h"

typedef struct {
  SessionStep *step;
  char *text;     /* (nullable) */
  gboolean mends; /* it was done before, and is there to mend what is no longer so */
} Turn;

struct _SessionSeries {
  GObject parent_instance;

  SessionPty *pty;
  GPtrArray *turns; /* of Turn */
  guint position;
  guint patience_ms;
  char *notice; /* (nullable) */
};

G_DEFINE_FINAL_TYPE (SessionSeries, session_series, G_TYPE_OBJECT)

enum {
  PROP_0,
  PROP_POSITION,
  PROP_NOTICE,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

static void play (GTask *task);

static void
turn_free (gpointer data)
{
  Turn *turn = data;

  g_clear_object (&turn->step);
  g_free (turn->text);
  g_free (turn);
}

static void
notice_cb (const char *sentence, gpointer data)
{
  SessionSeries *self = SESSION_SERIES (data);

  if (g_strcmp0 (self->notice, sentence) == 0)
    return;
  g_free (self->notice);
  self->notice = g_strdup (sentence);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_NOTICE]);
}

static void
played_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  SessionSeries *self = g_task_get_source_object (task);
  SessionFailure *failure = NULL;
  g_autoptr (GError) error = NULL;

  notice_cb (NULL, self); /* whatever it waited for */
  if (!session_trial_finish (result, &failure, &error)) {
    g_task_return_error (task, g_steal_pointer (&error));
    return;
  }
  if (failure != NULL) {
    g_task_return_pointer (task, failure, (GDestroyNotify)session_failure_free);
    return;
  }
  self->position++;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_POSITION]);
  play (task);
}

/* What a step has made that came before may have mended it already. */
static gboolean
is_mended (const Turn *turn)
{
  return turn->mends && session_step_get_done (turn->step) &&
         session_step_get_n_fallen (turn->step) == 0;
}

static void
skip_mended (SessionSeries *self)
{
  guint position = self->position;

  while (self->position < self->turns->len &&
         is_mended (g_ptr_array_index (self->turns, self->position)))
    self->position++;
  if (self->position != position)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_POSITION]);
}

static void
play (GTask *task)
{
  SessionSeries *self = g_task_get_source_object (task);
  const SessionTrialListener listener = { self->patience_ms, notice_cb, self };
  Turn *turn = NULL;

  skip_mended (self);
  if (self->position == self->turns->len) {
    g_task_return_pointer (task, NULL, NULL);
    return;
  }
  turn = g_ptr_array_index (self->turns, self->position);
  session_trial_async (turn->step, self->pty, turn->text, &listener, g_task_get_cancellable (task),
                       played_cb, g_object_ref (task));
}

static void
session_series_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  switch (id) {
    case PROP_POSITION:
      g_value_set_uint (value, SESSION_SERIES (object)->position);
      break;
    case PROP_NOTICE:
      g_value_set_string (value, SESSION_SERIES (object)->notice);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
session_series_finalize (GObject *object)
{
  SessionSeries *self = SESSION_SERIES (object);

  g_clear_object (&self->pty);
  g_clear_pointer (&self->turns, g_ptr_array_unref);
  g_clear_pointer (&self->notice, g_free);
  G_OBJECT_CLASS (session_series_parent_class)->finalize (object);
}

static void
session_series_class_init (SessionSeriesClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = session_series_get_property;
  object_class->finalize = session_series_finalize;

  properties[PROP_POSITION] =
    g_param_spec_uint ("position", NULL, NULL, 0, G_MAXUINT, 0,
                       G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  properties[PROP_NOTICE] =
    g_param_spec_string ("notice", NULL, NULL, NULL,
                         G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
session_series_init (SessionSeries *self)
{
  self->turns = g_ptr_array_new_with_free_func (turn_free);
}

/**
 * session_series_new:
 * @pty: where the steps are typed; its shell has what their section wants of it
 * @patience_ms: a program that asks something for so long is not waited for; after six times that
 *   it is said that one prints nothing
 *
 * Returns: (transfer full): a series without a step
 */
SessionSeries *
session_series_new (SessionPty *pty, guint patience_ms)
{
  SessionSeries *self = NULL;

  g_return_val_if_fail (SESSION_IS_PTY (pty), NULL);

  self = g_object_new (SESSION_TYPE_SERIES, NULL);
  self->pty = g_object_ref (pty);
  self->patience_ms = patience_ms;
  return self;
}

/**
 * session_series_add:
 * @step: the next one
 * @text: (nullable): what to type instead of the form that fits
 *
 * To be called before it is played. One that is no longer so is left out where that is mended by
 * then.
 */
void
session_series_add (SessionSeries *self, SessionStep *step, const char *text)
{
  Turn *turn = NULL;

  g_return_if_fail (SESSION_IS_SERIES (self));
  g_return_if_fail (SESSION_IS_STEP (step));

  turn = g_new0 (Turn, 1);
  turn->step = g_object_ref (step);
  turn->text = g_strdup (text);
  turn->mends = session_step_get_n_fallen (step) > 0;
  g_ptr_array_add (self->turns, turn);
}

guint
session_series_get_n_steps (SessionSeries *self)
{
  g_return_val_if_fail (SESSION_IS_SERIES (self), 0);

  return self->turns->len;
}

guint
session_series_get_position (SessionSeries *self)
{
  g_return_val_if_fail (SESSION_IS_SERIES (self), 0);

  return self->position;
}

/**
 * session_series_get_step:
 *
 * Returns: (nullable) (transfer none): the step that is played, or at which it has stopped
 */
SessionStep *
session_series_get_step (SessionSeries *self)
{
  g_return_val_if_fail (SESSION_IS_SERIES (self), NULL);

  return self->position < self->turns->len
           ? ((Turn *)g_ptr_array_index (self->turns, self->position))->step
           : NULL;
}

/**
 * session_series_get_notice:
 *
 * Returns: (nullable) (transfer none): what the step waits for that is played, in a sentence
 */
const char *
session_series_get_notice (SessionSeries *self)
{
  g_return_val_if_fail (SESSION_IS_SERIES (self), NULL);

  return self->notice;
}

/**
 * session_series_play_async:
 *
 * To be run once. Where it is cancelled, what runs in the terminal runs on, and nothing more is
 * typed.
 */
void
session_series_play_async (SessionSeries *self,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (SESSION_IS_SERIES (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, session_series_play_async);
  play (task);
}

/**
 * session_series_play_finish:
 * @failure: (out) (nullable) (transfer full): why the step that it is at did not pass; NULL where
 *   all have
 *
 * Returns: FALSE with an error where it was cancelled
 */
gboolean
session_series_play_finish (SessionSeries *self,
                            GAsyncResult *result,
                            SessionFailure **failure,
                            GError **error)
{
  GError *local_error = NULL;

  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  *failure = g_task_propagate_pointer (G_TASK (result), &local_error);
  if (local_error == NULL)
    return TRUE;
  g_propagate_error (error, local_error);
  return FALSE;
}
