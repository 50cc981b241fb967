/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "session-pty.h"

#include <errno.h>
#include <glib-unix.h>
#include <glib/gi18n-lib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "base-source.h"
#include "session-child.h"
#include "session-echo.h"
#include "session-pty-private.h"
#include "session-run.h"

#define READ_SIZE (64 * 1024)
/* Below GTK's redraw (G_PRIORITY_HIGH_IDLE + 20), so that a flood of output leaves frames. */
#define READ_PRIORITY (G_PRIORITY_HIGH_IDLE + 50)
/* A program that reads nothing must not make us hoard what is typed to it. */
#define MAX_QUEUED (8 * 1024 * 1024)

struct _SessionPty {
  GObject parent_instance;

  gboolean has_prompt_marks;
  SessionShell *shell;
  SessionEcho *echo;
  SessionRun *run; /* (nullable) */

  guint columns;
  guint rows;
  int master; /* -1: none */
  GPid pid;   /* 0: none */
  int shell_group;
  gboolean alive;
  gboolean busy; /* as last notified */
  gboolean paused;
  gint64 spawned_at;
  gint64 output_at;
  GByteArray *queued; /* not written yet */
  GSource *read_source;
  GSource *write_source;
  GSource *child_source;
};

G_DEFINE_FINAL_TYPE (SessionPty, session_pty, G_TYPE_OBJECT)

enum {
  PROP_0,
  PROP_HAS_PROMPT_MARKS,
  PROP_BUSY,
  PROP_ALIVE,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

enum {
  OUTPUT,
  EXITED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static void
close_master (SessionPty *self)
{
  base_source_clear (&self->read_source);
  base_source_clear (&self->write_source);
  g_byte_array_set_size (self->queued, 0);
  if (self->master >= 0)
    close (self->master);
  self->master = -1;
}

static void
update_busy (SessionPty *self)
{
  gboolean busy = session_pty_get_busy (self);

  if (self->busy == busy)
    return;
  self->busy = busy;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_BUSY]);
}

/* Reads what is there, at most READ_SIZE. Returns FALSE where nothing will come any more. */
static gboolean
read_some (SessionPty *self)
{
  g_autofree char *buffer = g_malloc (READ_SIZE);
  g_autoptr (GBytes) bytes = NULL;
  gsize length = 0;
  gboolean more = FALSE;

  /* The line discipline hands out a page at a time. */
  while (length < READ_SIZE) {
    gssize n = read (self->master, buffer + length, READ_SIZE - length);

    /* EIO: no process has the other side open. */
    more = n > 0 || (n < 0 && (errno == EAGAIN || errno == EINTR));
    if (n > 0)
      length += n;
    else if (n == 0 || errno != EINTR)
      break;
  }
  if (length > 0) {
    self->output_at = g_get_monotonic_time ();
    session_shell_feed (self->shell, buffer, length);
    bytes = g_bytes_new_take (g_realloc (g_steal_pointer (&buffer), length), length);
    session_echo_push (self->echo, bytes);
  }
  return more;
}

static gboolean
readable_cb (int fd, GIOCondition condition, gpointer user_data)
{
  SessionPty *self = SESSION_PTY (user_data);
  g_autoptr (SessionPty) hold = g_object_ref (self);

  if (read_some (self))
    return G_SOURCE_CONTINUE;
  base_source_clear (&self->read_source);
  return G_SOURCE_REMOVE;
}

static void
watch_reading (SessionPty *self)
{
  gboolean wanted = self->master >= 0 && self->alive && !self->paused;

  if (!wanted) {
    base_source_clear (&self->read_source);
  } else if (self->read_source == NULL) {
    self->read_source = g_unix_fd_source_new (self->master, G_IO_IN | G_IO_HUP | G_IO_ERR);
    g_source_set_priority (self->read_source, READ_PRIORITY);
    g_source_set_name (self->read_source, "[session] terminal output");
    g_source_set_callback (self->read_source, G_SOURCE_FUNC (readable_cb), self, NULL);
    g_source_attach (self->read_source, g_main_context_get_thread_default ());
  }
}

static void
write_some (SessionPty *self)
{
  while (self->queued->len > 0) {
    gssize n = write (self->master, self->queued->data, self->queued->len);

    if (n > 0)
      g_byte_array_remove_range (self->queued, 0, n);
    else if (errno != EINTR)
      break;
  }
}

static gboolean
writable_cb (int fd, GIOCondition condition, gpointer user_data)
{
  SessionPty *self = SESSION_PTY (user_data);

  write_some (self);
  if (self->queued->len > 0 && (condition & (G_IO_HUP | G_IO_ERR)) == 0)
    return G_SOURCE_CONTINUE;
  base_source_clear (&self->write_source);
  return G_SOURCE_REMOVE;
}

static void
watch_writing (SessionPty *self)
{
  if (self->queued->len == 0 || self->write_source != NULL)
    return;
  self->write_source = g_unix_fd_source_new (self->master, G_IO_OUT | G_IO_HUP | G_IO_ERR);
  g_source_set_name (self->write_source, "[session] terminal input");
  g_source_set_callback (self->write_source, G_SOURCE_FUNC (writable_cb), self, NULL);
  g_source_attach (self->write_source, g_main_context_get_thread_default ());
}

static void
exited_cb (GPid pid, int status, gpointer user_data)
{
  SessionPty *self = SESSION_PTY (user_data);
  g_autoptr (SessionPty) hold = g_object_ref (self);

  base_source_clear (&self->child_source);
  self->pid = 0;
  /* Its last words may still be in the terminal. A job that outlives it could print for ever, so
   * no more than once. */
  if (self->master >= 0)
    read_some (self);
  session_echo_flush (self->echo);
  close_master (self);
  self->alive = FALSE;
  if (self->run != NULL)
    session_run_abort (self->run);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ALIVE]);
  update_busy (self);
  g_signal_emit (self, signals[EXITED], 0, status);
}

static void
session_pty_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  SessionPty *self = SESSION_PTY (object);

  switch (id) {
    case PROP_HAS_PROMPT_MARKS:
      g_value_set_boolean (value, self->has_prompt_marks);
      break;
    case PROP_BUSY:
      g_value_set_boolean (value, session_pty_get_busy (self));
      break;
    case PROP_ALIVE:
      g_value_set_boolean (value, self->alive);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
session_pty_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  SessionPty *self = SESSION_PTY (object);

  switch (id) {
    case PROP_HAS_PROMPT_MARKS:
      self->has_prompt_marks = g_value_get_boolean (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
session_pty_dispose (GObject *object)
{
  SessionPty *self = SESSION_PTY (object);

  session_pty_close (self);
  G_OBJECT_CLASS (session_pty_parent_class)->dispose (object);
}

static void
session_pty_finalize (GObject *object)
{
  SessionPty *self = SESSION_PTY (object);

  g_clear_object (&self->shell);
  g_clear_object (&self->echo);
  g_byte_array_unref (self->queued);
  G_OBJECT_CLASS (session_pty_parent_class)->finalize (object);
}

static void
session_pty_class_init (SessionPtyClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags readable = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = session_pty_get_property;
  object_class->set_property = session_pty_set_property;
  object_class->dispose = session_pty_dispose;
  object_class->finalize = session_pty_finalize;

  properties[PROP_HAS_PROMPT_MARKS] =
    g_param_spec_boolean ("has-prompt-marks", NULL, NULL, FALSE,
                          G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  properties[PROP_BUSY] = g_param_spec_boolean ("busy", NULL, NULL, FALSE, readable);
  properties[PROP_ALIVE] = g_param_spec_boolean ("alive", NULL, NULL, FALSE, readable);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  /**
   * SessionPty::output:
   * @bytes: a #GBytes: what the terminal's programs have printed, as it came, but for the picture
   *   of a text that no line editor can draw
   */
  signals[OUTPUT] = g_signal_new ("output", SESSION_TYPE_PTY, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                  NULL, G_TYPE_NONE, 1, G_TYPE_BYTES);
  /**
   * SessionPty::exited:
   * @status: as waitpid() gives it
   *
   * The child has ended by itself; all its output was handed out before.
   */
  signals[EXITED] = g_signal_new ("exited", SESSION_TYPE_PTY, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                  NULL, G_TYPE_NONE, 1, G_TYPE_INT);
}

static void
output_cb (SessionEcho *echo, GBytes *bytes, SessionPty *self)
{
  g_signal_emit (self, signals[OUTPUT], 0, bytes);
}

static void
session_pty_init (SessionPty *self)
{
  self->master = -1;
  self->queued = g_byte_array_new ();
  self->echo = session_echo_new ();
  g_signal_connect_object (self->echo, "output", G_CALLBACK (output_cb), self, 0);
  self->shell = session_shell_new ();
  g_signal_connect_object (self->shell, "changed", G_CALLBACK (update_busy), self,
                           G_CONNECT_SWAPPED);
}

/**
 * session_pty_new:
 * @has_prompt_marks: whether the shell marks its prompts by OSC 133, as
 * jump_place_has_prompt_marks() says
 */
SessionPty *
session_pty_new (gboolean has_prompt_marks)
{
  return g_object_new (SESSION_TYPE_PTY, "has-prompt-marks", has_prompt_marks, NULL);
}

/**
 * session_pty_spawn:
 * @argv: the command; looked up in PATH
 * @environment: (nullable): the whole environment, or NULL for our own; TERM is set where it is
 *   missing
 *
 * Starts the child as leader of a session of its own with this terminal. To be called once.
 */
gboolean
session_pty_spawn (SessionPty *self,
                   const char *const *argv,
                   const char *const *environment,
                   guint columns,
                   guint rows,
                   GError **error)
{
  g_return_val_if_fail (SESSION_IS_PTY (self), FALSE);
  g_return_val_if_fail (argv != NULL && argv[0] != NULL, FALSE);
  g_return_val_if_fail (self->master < 0 && self->spawned_at == 0, FALSE);

  self->master = session_child_spawn (argv, environment, columns, rows, &self->pid, error);
  if (self->master < 0)
    return FALSE;
  self->columns = columns;
  self->rows = rows;
  self->alive = TRUE;
  self->spawned_at = g_get_monotonic_time ();
  self->child_source = g_child_watch_source_new (self->pid);
  g_source_set_callback (self->child_source, G_SOURCE_FUNC (exited_cb), self, NULL);
  g_source_attach (self->child_source, g_main_context_get_thread_default ());
  watch_reading (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ALIVE]);
  update_busy (self);
  return TRUE;
}

/**
 * session_pty_write:
 * @data: keys, as the terminal sends them
 * @length: -1: up to a NUL
 *
 * Never blocks: what the terminal does not take yet waits here. Dropped where nothing is alive, or
 * where 8 MiB wait already.
 */
void
session_pty_write (SessionPty *self, const char *data, gssize length)
{
  gsize size;

  g_return_if_fail (SESSION_IS_PTY (self));
  g_return_if_fail (data != NULL || length == 0);

  size = length < 0 ? strlen (data) : (gsize)length;
  if (self->master < 0 || size == 0 || size > MAX_QUEUED - MIN (self->queued->len, MAX_QUEUED))
    return;
  g_byte_array_append (self->queued, (const guint8 *)data, size);
  write_some (self);
  watch_writing (self);
  session_shell_type (self->shell, data, size);
}

/**
 * session_pty_set_size:
 *
 * Tells the programs in the terminal by SIGWINCH.
 */
void
session_pty_set_size (SessionPty *self, guint columns, guint rows)
{
  struct winsize size = { .ws_col = MIN (columns, G_MAXUINT16), .ws_row = MIN (rows, G_MAXUINT16) };

  g_return_if_fail (SESSION_IS_PTY (self));

  self->columns = columns;
  self->rows = rows;
  if (self->master >= 0)
    ioctl (self->master, TIOCSWINSZ, &size);
}

/**
 * session_pty_get_busy:
 *
 * Whether something else than the shell's prompt has the terminal. A shell with prompt marks says
 * so, and the property notifies; without marks the foreground group is asked now, and the property
 * notifies around session_pty_run_async() only.
 */
gboolean
session_pty_get_busy (SessionPty *self)
{
  g_return_val_if_fail (SESSION_IS_PTY (self), FALSE);

  if (!self->alive)
    return FALSE;
  if (session_shell_get_marked (self->shell))
    return !session_shell_get_waiting (self->shell);
  return self->shell_group != 0 && session_pty_get_foreground_group (self) != self->shell_group;
}

gboolean
session_pty_get_alive (SessionPty *self)
{
  g_return_val_if_fail (SESSION_IS_PTY (self), FALSE);

  return self->alive;
}

void
session_pty_set_paused (SessionPty *self, gboolean paused)
{
  g_return_if_fail (SESSION_IS_PTY (self));

  self->paused = paused;
  watch_reading (self);
}

/**
 * session_pty_close:
 *
 * Hangs up: the programs in the terminal get SIGHUP, and the child SIGKILL where it stays. A run
 * ends with G_IO_ERROR_CLOSED. "exited" is not emitted.
 */
void
session_pty_close (SessionPty *self)
{
  g_return_if_fail (SESSION_IS_PTY (self));

  close_master (self);
  base_source_clear (&self->child_source);
  if (self->pid != 0)
    session_child_dismiss (self->pid);
  self->pid = 0;
  if (self->run != NULL)
    session_run_abort (self->run);
  if (self->alive) {
    self->alive = FALSE;
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ALIVE]);
    update_busy (self);
  }
}

/**
 * session_pty_run_async:
 * @text: one or more lines
 * @inputs: (nullable) (element-type CourseInput): lines for the program that @text starts
 * @timeout_ms: 0: none
 *
 * Waits for the first prompt of a shell that has just started. Where the time is over or
 * @cancellable is triggered the command is left running: what to do about it is the caller's to
 * say.
 */
void
session_pty_run_async (SessionPty *self,
                       const char *text,
                       GPtrArray *inputs,
                       guint timeout_ms,
                       GCancellable *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  g_autoptr (GError) error = NULL;

  g_return_if_fail (SESSION_IS_PTY (self));
  g_return_if_fail (text != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, session_pty_run_async);
  if (!session_run_check_text (text, inputs, &error)) {
    g_task_return_error (task, g_steal_pointer (&error));
  } else if (!self->alive) {
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CLOSED, _ ("The terminal has ended"));
  } else if (self->run != NULL ||
             (session_shell_get_marked (self->shell) && !session_shell_get_waiting (self->shell)) ||
             (!session_shell_get_marked (self->shell) && session_pty_get_busy (self))) {
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_BUSY,
                             _ ("Another program is running in the terminal. End it first, for "
                                "example with Ctrl+C."));
  } else {
    self->run = session_run_new (task, text, inputs, timeout_ms);
    session_run_start (self->run);
  }
}

/**
 * session_pty_run_finish:
 * @exit_status: (out) (optional): of the last command; -1 where the shell does not say
 */
gboolean
session_pty_run_finish (SessionPty *self, GAsyncResult *result, int *exit_status, GError **error)
{
  GError *local_error = NULL;
  int status;

  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  /* -1 is a status, too: that of a shell that does not say. */
  status = (int)g_task_propagate_int (G_TASK (result), &local_error);
  if (exit_status != NULL)
    *exit_status = status;
  if (local_error == NULL)
    return TRUE;
  g_propagate_error (error, local_error);
  return FALSE;
}

/* The shell's line editor is to draw @text, which is about to be pasted, and to take it. */
void
session_pty_expect_echo (SessionPty *self, const char *text)
{
  session_echo_expect (self->echo, text, self->columns, self->rows);
}

SessionShell *
session_pty_get_shell (SessionPty *self)
{
  return self->shell;
}

gboolean
session_pty_get_has_prompt_marks (SessionPty *self)
{
  return self->has_prompt_marks;
}

void
session_pty_set_shell_group (SessionPty *self, int group)
{
  self->shell_group = group;
}

int
session_pty_get_shell_group (SessionPty *self)
{
  return self->shell_group;
}

int
session_pty_get_foreground_group (SessionPty *self)
{
  pid_t group = self->master >= 0 ? tcgetpgrp (self->master) : -1;

  return MAX (group, 0);
}

gint64
session_pty_get_spawned_at (SessionPty *self)
{
  return self->spawned_at;
}

gint64
session_pty_get_output_at (SessionPty *self)
{
  return self->output_at;
}

gboolean
session_pty_get_paused (SessionPty *self)
{
  return self->paused;
}

gboolean
session_pty_get_running (SessionPty *self)
{
  return self->run != NULL;
}

/* The run returns its task now. */
void
session_pty_run_ended (SessionPty *self)
{
  g_clear_object (&self->run);
  update_busy (self);
}
