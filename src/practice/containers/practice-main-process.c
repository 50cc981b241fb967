/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-main-process.h"

#include "practice-exec-status.h"
#include "practice-output-lines.h"

/* What a container ends with that could not be made. */
#define CANNOT_START 128

/* What a shell has for a program that is not there. */
#define NOT_FOUND 127

struct _PracticeMainProcess {
  GObject parent_instance;
  PracticeContainer *container;
  PracticeContainerLogs *logs;
  char *pod_uid;
  char *name;
  GStrv argv;
  gboolean has_input;
  gboolean has_terminal;
  PracticeProcess *process; /* (nullable): NULL until it is started, or where it cannot be */
  PracticeOutputLines *lines[2];
  gboolean is_over;
};

G_DEFINE_FINAL_TYPE (PracticeMainProcess, practice_main_process, G_TYPE_OBJECT)

enum {
  SIGNAL_ENDED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static void
line_cb (const char *line, gpointer user_data)
{
  PracticeMainProcess *self = user_data;

  practice_container_logs_append (self->logs, self->pod_uid, self->name, line);
}

static void
end (PracticeMainProcess *self, int exit_status)
{
  if (self->is_over)
    return;
  self->is_over = TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (self->lines); i++)
    practice_output_lines_flush (self->lines[i], line_cb, self);
  practice_container_logs_end (self->logs, self->pod_uid, self->name);
  g_signal_emit (self, signals[SIGNAL_ENDED], 0, exit_status);
}

static void
output_cb (PracticeProcess *process, guint number, GBytes *bytes, PracticeMainProcess *self)
{
  practice_output_lines_push (self->lines[number - 1], bytes, line_cb, self);
}

static void
ended_cb (PracticeProcess *process, int status, PracticeMainProcess *self)
{
  end (self, practice_exec_status_get_code (status));
}

static void
failed_cb (PracticeProcess *process, int code, const char *message, PracticeMainProcess *self)
{
  g_autofree char *complaint = code == NOT_FOUND
                                 ? practice_exec_status_dup_complaint (self->argv[0], code)
                                 : g_strdup (message);
  g_autofree char *line = g_strdup_printf ("OCI runtime create failed: %s", complaint);

  line_cb (line, self);
  end (self, code);
}

static void
practice_main_process_dispose (GObject *object)
{
  PracticeMainProcess *self = PRACTICE_MAIN_PROCESS (object);

  self->is_over = TRUE;
  g_clear_object (&self->process);
  g_clear_object (&self->container);
  g_clear_object (&self->logs);

  G_OBJECT_CLASS (practice_main_process_parent_class)->dispose (object);
}

static void
practice_main_process_finalize (GObject *object)
{
  PracticeMainProcess *self = PRACTICE_MAIN_PROCESS (object);

  g_free (self->pod_uid);
  g_free (self->name);
  g_strfreev (self->argv);
  for (guint i = 0; i < G_N_ELEMENTS (self->lines); i++)
    practice_output_lines_free (self->lines[i]);

  G_OBJECT_CLASS (practice_main_process_parent_class)->finalize (object);
}

static void
practice_main_process_class_init (PracticeMainProcessClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = practice_main_process_dispose;
  object_class->finalize = practice_main_process_finalize;

  signals[SIGNAL_ENDED] = g_signal_new ("ended", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                        NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_INT);
}

static void
practice_main_process_init (PracticeMainProcess *self)
{
  for (guint i = 0; i < G_N_ELEMENTS (self->lines); i++)
    self->lines[i] = practice_output_lines_new ();
}

/**
 * practice_main_process_new:
 * @container: where it shall run
 * @logs: where what it prints is kept
 * @spec: what to run; copied
 *
 * Returns: (transfer full): the program, not yet started
 */
PracticeMainProcess *
practice_main_process_new (PracticeContainer *container,
                           PracticeContainerLogs *logs,
                           const PracticeMainSpec *spec)
{
  PracticeMainProcess *self = g_object_new (PRACTICE_TYPE_MAIN_PROCESS, NULL);

  self->container = g_object_ref (container);
  self->logs = g_object_ref (logs);
  self->pod_uid = g_strdup (spec->pod_uid);
  self->name = g_strdup (spec->container);
  self->argv = g_strdupv ((char **)spec->argv);
  self->has_input = spec->has_input;
  self->has_terminal = spec->has_terminal;
  return self;
}

/**
 * practice_main_process_start:
 * @self: a program
 *
 * Starts the program, in a container that is made for it if it is not there already.
 */
void
practice_main_process_start (PracticeMainProcess *self)
{
  g_autoptr (GError) error = NULL;

  g_return_if_fail (PRACTICE_IS_MAIN_PROCESS (self));

  self->process = practice_container_run (self->container, (const char *const *)self->argv,
                                          self->has_input, self->has_terminal, &error);
  if (self->process == NULL) {
    line_cb (error->message, self);
    end (self, CANNOT_START);
    return;
  }
  g_signal_connect_object (self->process, "output", G_CALLBACK (output_cb), self, 0);
  g_signal_connect_object (self->process, "ended", G_CALLBACK (ended_cb), self, 0);
  g_signal_connect_object (self->process, "failed", G_CALLBACK (failed_cb), self, 0);
  practice_process_set_reading (self->process, TRUE);
}

/**
 * practice_main_process_get_process:
 * @self: a program
 *
 * Returns: (transfer none) (nullable): what to attach to, while it runs
 */
PracticeProcess *
practice_main_process_get_process (PracticeMainProcess *self)
{
  g_return_val_if_fail (PRACTICE_IS_MAIN_PROCESS (self), NULL);

  return self->is_over ? NULL : self->process;
}

/**
 * practice_main_process_terminate:
 * @self: a program
 *
 * Asks it to end, and makes it end two seconds later.
 */
void
practice_main_process_terminate (PracticeMainProcess *self)
{
  g_return_if_fail (PRACTICE_IS_MAIN_PROCESS (self));

  if (self->process != NULL)
    practice_process_hang_up (self->process);
}
