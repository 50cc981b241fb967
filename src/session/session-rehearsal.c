/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "session-rehearsal.h"

#include "session-album.h"
#include "session-plan.h"
#include "session-report.h"
#include "session-terminal.h"
#include "session-trial.h"
#include "session-waits.h"

/**
 * SessionRehearsal:
 *
 * A student who does every step, one after the other, in a real terminal of the place. It ticks off
 * steps in the lab's progress, so give the lab one that is kept in memory only. Where a single
 * section is to be played in the practice cluster, the sections that it needs come first, and
 * are spoken of only where they fail.
 */
struct _SessionRehearsal {
  GObject parent_instance;

  SessionLab *lab;
  char *section_id;    /* (nullable): all */
  SessionAlbum *album; /* (nullable) */
  char **absent;       /* (nullable): what the place does not have */

  /* in progress */
  GPtrArray *steps; /* (nullable): of SessionStep */
  guint n_needed;   /* of them, that only bring the cluster to the section's start */
  guint next;
  SessionTerminal *terminal; /* (nullable) */
  gboolean is_ready;         /* the terminal, for steps */
  gint64 begun_at;
  double seconds; /* that the present step took, while a picture of its failure is taken */
  char *reason;   /* (nullable): of that */

  /* output */
  SessionReport *report;
};

G_DEFINE_FINAL_TYPE (SessionRehearsal, session_rehearsal, G_TYPE_OBJECT)

enum {
  LINE,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static void play_next (GTask *task);

static SessionStep *
get_present_step (SessionRehearsal *self)
{
  return g_ptr_array_index (self->steps, self->next);
}

static void
emit_line (SessionRehearsal *self, const char *section, const char *step, const char *reason)
{
  g_autofree char *line = reason == NULL
                            ? g_strdup_printf ("ok %s/%s", section, step)
                            : g_strdup_printf ("FAIL %s/%s: %s", section, step, reason);

  g_signal_emit (self, signals[LINE], 0, line);
}

static SessionScreen *
get_screen (SessionRehearsal *self)
{
  return self->terminal != NULL ? session_terminal_get_screen (self->terminal) : NULL;
}

/* The present step came to an end; @reason (nullable): why it failed; @picture (nullable): of that.
 */
static void
record (SessionRehearsal *self, double seconds, const char *reason, const char *picture)
{
  SessionStep *step = get_present_step (self);
  const char *section = course_section_get_id (session_step_get_section (step));
  const char *id = course_step_get_id (session_step_get_step (step));
  g_autofree char *waits =
    session_waits_dup_report (session_step_get_checks (step), self->begun_at);
  g_autofree char *output =
    reason != NULL && self->terminal != NULL ? session_terminal_dup_text (self->terminal) : NULL;

  if (self->next >= self->n_needed || reason != NULL) {
    session_report_add (self->report, section, id, seconds, reason, waits, output, picture);
    emit_line (self, section, id, reason);
  }
}

/* What was not even tried is not to be seen in a window. */
static void
record_untried (SessionRehearsal *self, const char *reason)
{
  g_autofree char *picture =
    self->album != NULL
      ? session_album_draw (self->album, get_present_step (self), reason, get_screen (self))
      : NULL;

  record (self, 0, reason, picture);
}

static void
record_left_out (SessionRehearsal *self, const char *absent)
{
  SessionStep *step = get_present_step (self);
  const char *section = course_section_get_id (session_step_get_section (step));
  const char *id = course_step_get_id (session_step_get_step (step));
  g_autofree char *reason = g_strdup_printf ("requires %s", absent);
  g_autofree char *line = g_strdup_printf ("skip %s/%s: %s", section, id, reason);

  session_report_add_skipped (self->report, section, id, reason);
  g_signal_emit (self, signals[LINE], 0, line);
}

static double
get_seconds (SessionRehearsal *self)
{
  return (double)(g_get_monotonic_time () - self->begun_at) / G_USEC_PER_SEC;
}

static void
leave_terminal (SessionRehearsal *self)
{
  if (self->terminal != NULL)
    session_terminal_close (self->terminal);
  g_clear_object (&self->terminal);
}

static void
finish (GTask *task)
{
  SessionRehearsal *self = g_task_get_source_object (task);

  leave_terminal (self);
  session_lab_set_open_section (self->lab, NULL);
  g_task_return_boolean (task, session_report_get_n_failures (self->report) == 0);
}

static void
recovered_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  SessionRehearsal *self = g_task_get_source_object (task);

  /* A terminal in which a program will not end is of no use to the next step. */
  if (!session_terminal_recover_finish (SESSION_TERMINAL (source), result, NULL))
    leave_terminal (self);
  play_next (task);
}

/* After a failure. A terminal that could not be made ready is of no use, either. */
static void
go_on (GTask *task)
{
  SessionRehearsal *self = g_task_get_source_object (task);

  if (self->is_ready) {
    session_terminal_recover_async (self->terminal, g_task_get_cancellable (task), recovered_cb,
                                    g_object_ref (task));
  } else {
    leave_terminal (self);
    play_next (task);
  }
}

static void
taken_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  SessionRehearsal *self = g_task_get_source_object (task);
  g_autofree char *picture = session_album_take_finish (SESSION_ALBUM (source), result);
  g_autofree char *reason = g_steal_pointer (&self->reason);

  record (self, self->seconds, reason, picture);
  self->next++;
  go_on (task);
}

/* The picture is taken while all is as it was when the step failed. */
static void
fail (GTask *task, const char *reason)
{
  SessionRehearsal *self = g_task_get_source_object (task);

  if (self->album == NULL) {
    record (self, get_seconds (self), reason, NULL);
    self->next++;
    go_on (task);
    return;
  }
  self->seconds = get_seconds (self);
  self->reason = g_strdup (reason);
  session_album_take_async (self->album, get_present_step (self), reason, get_screen (self),
                            g_task_get_cancellable (task), taken_cb, g_object_ref (task));
}

static void
played_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  SessionRehearsal *self = g_task_get_source_object (task);
  g_autoptr (SessionFailure) failure = NULL;
  g_autofree char *reason = NULL;
  g_autoptr (GError) error = NULL;

  if (!session_trial_finish (result, &failure, &error)) {
    g_task_return_error (task, g_steal_pointer (&error));
    return;
  }
  if (failure != NULL) {
    reason = session_failure_dup_line (failure);
    fail (task, reason);
    return;
  }
  record (self, get_seconds (self), NULL, NULL);
  self->next++;
  play_next (task);
}

static void
play (GTask *task)
{
  SessionRehearsal *self = g_task_get_source_object (task);

  session_terminal_forget_text (self->terminal);
  session_trial_async (get_present_step (self), session_terminal_get_pty (self->terminal), NULL,
                       NULL, g_task_get_cancellable (task), played_cb, g_object_ref (task));
}

static void
opened_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  SessionRehearsal *self = g_task_get_source_object (task);
  g_autoptr (GError) error = NULL;

  self->is_ready = session_terminal_open_finish (SESSION_TERMINAL (source), result, &error);
  if (self->is_ready)
    play (task);
  else if (!g_task_return_error_if_cancelled (task))
    fail (task, error->message);
}

/* (nullable): why there is no sense in trying */
static const char *
get_obstacle (SessionRehearsal *self)
{
  const GError *error = session_lab_get_error (self->lab);

  if (session_lab_get_state (self->lab) == SESSION_LAB_ONLINE)
    return NULL;
  return error != NULL ? error->message : "the connection is lost";
}

/* (transfer full) (nullable): what the present step requires and the place does not have */
static char *
dup_absent (SessionRehearsal *self)
{
  CourseFacts facts = { 0 };

  session_lab_get_facts (self->lab, &facts);
  return course_form_dup_absent (
    course_step_pick_form (session_step_get_step (get_present_step (self)), &facts),
    (const char *const *)self->absent);
}

/* Whether the present step is not to be played, which is told; those that are only needed are left
 * out without a word. */
static gboolean
pass_over (SessionRehearsal *self)
{
  g_autofree char *absent = dup_absent (self);
  const char *obstacle = get_obstacle (self);

  if (absent != NULL && self->next >= self->n_needed)
    record_left_out (self, absent);
  else if (absent == NULL && obstacle != NULL)
    record_untried (self, obstacle);
  return absent != NULL || obstacle != NULL;
}

/* A student opens a fresh terminal for each section, and where the old one has ended. */
static gboolean
needs_terminal (SessionRehearsal *self, CourseSection *section)
{
  return self->terminal == NULL || session_terminal_get_section (self->terminal) != section ||
         !session_pty_get_alive (session_terminal_get_pty (self->terminal));
}

static void
play_next (GTask *task)
{
  SessionRehearsal *self = g_task_get_source_object (task);
  CourseSection *section = NULL;

  if (g_task_return_error_if_cancelled (task))
    return;
  self->begun_at = g_get_monotonic_time ();
  while (self->next < self->steps->len && pass_over (self))
    self->next++;
  if (self->next == self->steps->len) {
    finish (task);
    return;
  }
  section = session_step_get_section (get_present_step (self));
  session_lab_set_open_section (self->lab, section);
  if (!needs_terminal (self, section)) {
    play (task);
    return;
  }
  leave_terminal (self);
  self->terminal = session_terminal_new (self->lab, section);
  session_terminal_open_async (self->terminal, g_task_get_cancellable (task), opened_cb,
                               g_object_ref (task));
}

static void
connected_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  if (session_lab_connect_finish (SESSION_LAB (source), result, &error))
    play_next (task);
  else
    g_task_return_error (task, error);
}

static void
session_rehearsal_dispose (GObject *object)
{
  SessionRehearsal *self = SESSION_REHEARSAL (object);

  leave_terminal (self);
  g_clear_object (&self->album);
  g_clear_pointer (&self->steps, g_ptr_array_unref);
  if (self->lab != NULL)
    session_lab_set_open_section (self->lab, NULL);
  g_clear_object (&self->lab);
  G_OBJECT_CLASS (session_rehearsal_parent_class)->dispose (object);
}

static void
session_rehearsal_finalize (GObject *object)
{
  SessionRehearsal *self = SESSION_REHEARSAL (object);

  g_clear_pointer (&self->report, session_report_free);
  g_free (self->section_id);
  g_free (self->reason);
  g_strfreev (self->absent);
  G_OBJECT_CLASS (session_rehearsal_parent_class)->finalize (object);
}

static void
session_rehearsal_class_init (SessionRehearsalClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = session_rehearsal_dispose;
  object_class->finalize = session_rehearsal_finalize;

  /**
   * SessionRehearsal::line:
   * @line: "ok SECTION/STEP", "FAIL SECTION/STEP: reason" or "skip SECTION/STEP: requires WORDS",
   * no newline
   */
  signals[LINE] = g_signal_new ("line", SESSION_TYPE_REHEARSAL, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
session_rehearsal_init (SessionRehearsal *self)
{
  self->report = session_report_new ();
}

/**
 * session_rehearsal_new:
 * @lab: with a progress of its own, kept in memory
 * @section_id: (nullable): the only section to play, NULL: the whole course
 */
SessionRehearsal *
session_rehearsal_new (SessionLab *lab, const char *section_id)
{
  SessionRehearsal *self = NULL;

  g_return_val_if_fail (SESSION_IS_LAB (lab), NULL);

  self = g_object_new (SESSION_TYPE_REHEARSAL, NULL);
  self->lab = g_object_ref (lab);
  self->section_id = g_strdup (section_id);
  return self;
}

/**
 * session_rehearsal_set_pictures:
 * @folder: (nullable): where a picture of each step that fails is written; the report names it
 * @camera: (nullable): what takes it, of the window; NULL: it is drawn
 */
void
session_rehearsal_set_pictures (SessionRehearsal *self, const char *folder, SessionCamera *camera)
{
  g_return_if_fail (SESSION_IS_REHEARSAL (self));

  g_clear_object (&self->album);
  if (folder != NULL)
    self->album = session_album_new (folder, camera);
}

/**
 * session_rehearsal_set_absent:
 * @words: (nullable): what the place does not have, in the course's words
 *
 * Steps that require one of them are left out, and told of as such.
 */
void
session_rehearsal_set_absent (SessionRehearsal *self, const char *const *words)
{
  g_return_if_fail (SESSION_IS_REHEARSAL (self));

  g_strfreev (self->absent);
  self->absent = g_strdupv ((char **)words);
}

/**
 * session_rehearsal_run_async:
 *
 * Connects the lab where it is not, then plays step after step; a step that fails does not stop it.
 * To be run once.
 */
void
session_rehearsal_run_async (SessionRehearsal *self,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  GError *error = NULL;

  g_return_if_fail (SESSION_IS_REHEARSAL (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, session_rehearsal_run_async);
  g_clear_pointer (&self->steps, g_ptr_array_unref);
  self->steps = session_plan_find_steps (
    self->lab, self->section_id, (const char *const *)self->absent, &self->n_needed, &error);
  if (self->steps == NULL)
    g_task_return_error (task, error);
  else
    session_lab_connect_async (self->lab, cancellable, connected_cb, g_steal_pointer (&task));
}

/**
 * session_rehearsal_run_finish:
 *
 * Returns: whether every step passed; FALSE without an error where one did not
 */
gboolean
session_rehearsal_run_finish (SessionRehearsal *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * session_rehearsal_dup_junit:
 *
 * Returns: (transfer full): what was played so far, as JUnit XML
 */
char *
session_rehearsal_dup_junit (SessionRehearsal *self)
{
  g_return_val_if_fail (SESSION_IS_REHEARSAL (self), NULL);

  return session_report_dup_junit (self->report);
}
