/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "session-trial.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "session-address-wait.h"
#include "session-proof.h"
#include "session-pty-private.h"
#include "session-standstill.h"
#include "session-step-private.h"

/* How long a command may take beyond what its checks may. */
#define EXTRA_S 60
#define SHORTEST_S 120

/* They hold the terminal until somebody leaves them. */
static const char *const editors[] = {
  "vi", "vim", "nvim", "view", "nano", "pico", "emacs", "ed", "editor", NULL,
};

typedef struct {
  SessionStep *step;
  SessionPty *pty;
  char *text; /* to type */
  SessionTrialListener listener;
  SessionStandstill *standstill; /* (nullable): while the command runs, and somebody listens */
  int status;                    /* of the command; -1: not known */
  GTask *held;                   /* (nullable): the task, until it is returned */
  guint limit_source;
  GSource *cancel_source;  /* (nullable) */
  SessionFailure *failure; /* (nullable) */
} Trial;

static void
trial_free (gpointer data)
{
  Trial *self = data;

  g_clear_object (&self->step);
  g_clear_object (&self->pty);
  g_clear_object (&self->standstill);
  g_free (self->text);
  g_clear_pointer (&self->failure, session_failure_free);
  g_free (self);
}

static Trial *
get_trial (GTask *task)
{
  return g_task_get_task_data (task);
}

static void
notice (Trial *self, const char *sentence)
{
  if (self->listener.notice != NULL && self->held != NULL)
    self->listener.notice (sentence, self->listener.data);
}

static guint
get_longest_within (Trial *self)
{
  GPtrArray *checks = session_step_get_checks (self->step);
  guint longest = 0;

  for (guint i = 0; i < checks->len; i++)
    longest = MAX (
      longest, course_check_get_within (session_check_get_check (g_ptr_array_index (checks, i))));
  return longest;
}

static SessionFailure *
new_check_failure (Trial *self, SessionCheck *check)
{
  return session_failure_new_check (course_check_get_says (session_check_get_check (check)),
                                    session_check_get_detail (check), self->status);
}

static void
stop_watching (GTask *task)
{
  Trial *self = get_trial (task);
  GPtrArray *checks = session_step_get_checks (self->step);

  g_clear_handle_id (&self->limit_source, g_source_remove);
  g_clear_object (&self->standstill);
  if (self->cancel_source != NULL)
    g_source_destroy (self->cancel_source);
  g_clear_pointer (&self->cancel_source, g_source_unref);
  for (guint i = 0; i < checks->len; i++)
    g_signal_handlers_disconnect_by_data (g_ptr_array_index (checks, i), task);
}

/* Returns the task. Takes @failure (nullable). */
static void
end (GTask *task, SessionFailure *failure)
{
  Trial *self = get_trial (task);
  g_autoptr (GTask) held = g_steal_pointer (&self->held);

  stop_watching (held);
  self->failure = failure;
  g_task_return_boolean (held, TRUE);
}

static gboolean
look_at_checks (GTask *task, gboolean time_is_over)
{
  Trial *self = get_trial (task);
  GPtrArray *checks = session_step_get_checks (self->step);
  SessionCheck *waiting = session_proof_find (checks, SESSION_CHECK_WAITING);
  SessionCheck *unknown = session_proof_find (checks, SESSION_CHECK_UNKNOWN);
  SessionCheck *late = session_proof_find_late (checks);

  if (late == NULL && time_is_over)
    late = waiting != NULL ? waiting : unknown;
  if (late == NULL && time_is_over)
    late = session_proof_find (checks, SESSION_CHECK_OVERDUE);
  if (late != NULL)
    end (task, new_check_failure (self, late));
  else if (session_proof_is_complete (checks)) /* its command may have undone what passed before */
    end (task, NULL);
  else
    return FALSE;
  return TRUE;
}

static void
check_cb (SessionCheck *check, GParamSpec *pspec, GTask *task)
{
  look_at_checks (task, FALSE);
}

static gboolean
limit_cb (gpointer user_data)
{
  GTask *task = user_data;
  g_autoptr (GTask) hold = g_object_ref (task);

  /* One that has to pass again is being tried, and each attempt ends. */
  if (!look_at_checks (task, TRUE))
    return G_SOURCE_CONTINUE;
  return G_SOURCE_REMOVE;
}

static gboolean
cancelled_cb (GCancellable *cancellable, gpointer user_data)
{
  end (user_data, NULL);
  return G_SOURCE_REMOVE;
}

static void
watch_checks (GTask *task)
{
  Trial *self = get_trial (task);
  GPtrArray *checks = session_step_get_checks (self->step);

  if (look_at_checks (task, FALSE))
    return;
  for (guint i = 0; i < checks->len; i++)
    g_signal_connect_object (g_ptr_array_index (checks, i), "notify::proven", G_CALLBACK (check_cb),
                             task, 0);
  /* The checks know their time themselves, but for those that cannot be looked at. */
  self->limit_source = g_timeout_add_seconds (get_longest_within (self) + 1, limit_cb, task);
}

static void
played (GTask *task)
{
  Trial *self = get_trial (task);

  if (session_step_get_checks (self->step)->len > 0)
    watch_checks (task);
  else
    end (task, self->status > 0 ? session_failure_new_status (self->status) : NULL);
}

/* The step has been run, or could not be. Nobody waits for it where it was cancelled before. */
static void
take_end_of_run (GTask *task, gboolean done, const GError *error)
{
  if (get_trial (task)->held == NULL)
    return;
  if (done)
    played (task);
  else
    end (task, session_failure_new (error->message));
}

static void
edited_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  gboolean done = session_step_edit_finish (SESSION_STEP (source), result, &error);

  take_end_of_run (task, done, error);
}

static gboolean
has_edit (Trial *self)
{
  return session_step_get_edit (self->step) != NULL;
}

/* Whether the step's text opens an editor: that is how a student makes the step's
 * edit by hand, and nobody is there to type. */
static gboolean
is_by_hand (Trial *self)
{
  g_auto (GStrv) lines = g_strsplit (self->text, "\n", -1);

  for (guint i = 0; lines[i] != NULL; i++) {
    const char *line = lines[i] + strspn (lines[i], " \t");
    g_autofree char *word = g_strndup (line, strcspn (line, " \t"));

    if (g_strv_contains (editors, word))
      return TRUE;
  }
  return FALSE;
}

/* The change of a file stands below the command, and is made after it. */
static void
ran_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Trial *self = get_trial (task);
  g_autoptr (GError) error = NULL;
  gboolean done = session_step_run_finish (self->step, result, &self->status, &error);

  notice (self, NULL);
  g_clear_object (&self->standstill);
  if (done && self->held != NULL && has_edit (self))
    session_step_edit_async (self->step, NULL, edited_cb, g_steal_pointer (&task));
  else
    take_end_of_run (task, done, error);
}

/* The shell's own prompt asks nothing. */
static void
asks_cb (SessionStandstill *standstill, const char *line, GTask *task)
{
  if (session_pty_get_busy (get_trial (task)->pty))
    end (task, session_failure_new_question (line));
}

static void
silent_cb (SessionStandstill *standstill, gboolean is_silent, GTask *task)
{
  notice (get_trial (task),
          is_silent ? _ ("It has printed nothing for a while. Where it waits for you, type "
                         "in the terminal.")
                    : NULL);
}

/* What is to be typed into the program is typed by the step itself. */
static void
watch_standstill (GTask *task)
{
  Trial *self = get_trial (task);
  GPtrArray *inputs = course_step_get_inputs (session_step_get_step (self->step));

  if (self->listener.notice == NULL || (inputs != NULL && inputs->len > 0))
    return;
  self->standstill =
    session_standstill_new (session_pty_get_shell (self->pty), self->listener.patience_ms);
  g_signal_connect_object (self->standstill, "asks", G_CALLBACK (asks_cb), task, 0);
  g_signal_connect_object (self->standstill, "silent", G_CALLBACK (silent_cb), task, 0);
}

/* Nobody listens to a trial that has ended, be its wait a moment longer. */
static void
waits_cb (const char *sentence, gpointer data)
{
  notice (get_trial (data), sentence);
}

static void
waited_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Trial *self = get_trial (task);
  g_autofree char *reason = NULL;
  g_autoptr (GError) error = NULL;
  guint limit_s = MAX (get_longest_within (self) + EXTRA_S, SHORTEST_S);

  if (!session_address_wait_finish (result, &reason, &error) || self->held == NULL)
    return;
  if (reason != NULL) {
    end (task, session_failure_new (reason));
    return;
  }
  watch_standstill (task);
  session_step_run_async (self->step, self->pty, self->text, limit_s * 1000, NULL, ran_cb,
                          g_steal_pointer (&task));
}

static void
watch_cancellable (GTask *task)
{
  Trial *self = get_trial (task);
  GCancellable *cancellable = g_task_get_cancellable (task);

  if (cancellable == NULL)
    return;
  self->cancel_source = g_cancellable_source_new (cancellable);
  g_source_set_callback (self->cancel_source, G_SOURCE_FUNC (cancelled_cb), task, NULL);
  g_source_attach (self->cancel_source, g_main_context_get_thread_default ());
}

/**
 * session_trial_async:
 * @step: in a section that is open
 * @pty: where it is typed
 * @text: (nullable): what to type instead of the step's form that fits
 * @listener: (nullable): who sits before it; NULL: nobody. It is copied; its data has to live until
 *   @callback is called, and is not used after that.
 * @cancellable: (nullable): ends the waiting at once; what runs in the terminal runs on
 */
void
session_trial_async (SessionStep *step,
                     SessionPty *pty,
                     const char *text,
                     const SessionTrialListener *listener,
                     GCancellable *cancellable,
                     GAsyncReadyCallback callback,
                     gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  const SessionTrialListener waiting = { .notice = waits_cb, .data = task };
  Trial *self = g_new0 (Trial, 1);

  g_task_set_source_tag (task, session_trial_async);
  g_task_set_task_data (task, self, trial_free);
  self->step = g_object_ref (step);
  self->pty = g_object_ref (pty);
  self->text = text != NULL ? g_strdup (text) : session_step_dup_fitting_text (step);
  if (listener != NULL)
    self->listener = *listener;
  self->held = g_object_ref (task);
  watch_cancellable (task);
  if (has_edit (self) && is_by_hand (self)) {
    session_step_edit_async (step, NULL, edited_cb, g_steal_pointer (&task));
    return;
  }
  session_address_wait_async (session_step_get_lab (step), self->text, &waiting, cancellable,
                              waited_cb, g_steal_pointer (&task));
}

/**
 * session_trial_finish:
 * @failure: (out) (nullable) (transfer full): why it did not pass
 *
 * Returns: FALSE with an error only where it was cancelled
 */
gboolean
session_trial_finish (GAsyncResult *result, SessionFailure **failure, GError **error)
{
  GTask *task = G_TASK (result);

  *failure = NULL;
  if (!g_task_propagate_boolean (task, error))
    return FALSE;
  *failure = g_steal_pointer (&get_trial (task)->failure);
  return TRUE;
}
