/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "session-pty-private.h"

#include <string.h>

#include "base-source.h"
#include "session-child.h"

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
  if (self->master != NULL)
    session_master_close (self->master);
  g_clear_object (&self->master);
}

static void
watch_reading (SessionPty *self)
{
  if (self->master != NULL)
    session_master_set_reading (self->master, self->alive && !self->paused);
}

static void
master_output_cb (SessionMaster *master, GBytes *bytes, SessionPty *self)
{
  gsize length;
  const char *data = g_bytes_get_data (bytes, &length);

  self->output_at = g_get_monotonic_time ();
  session_shell_feed (self->shell, data, length);
  session_echo_push (self->echo, bytes);
}

/* The property notifies where it is another by now. */
void
session_pty_update_busy (SessionPty *self)
{
  gboolean busy = session_pty_get_busy (self);

  if (self->busy == busy)
    return;
  self->busy = busy;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_BUSY]);
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
  if (self->master != NULL)
    session_master_read (self->master);
  session_echo_flush (self->echo);
  close_master (self);
  self->alive = FALSE;
  if (self->run != NULL)
    session_run_abort (self->run);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ALIVE]);
  session_pty_update_busy (self);
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
  self->echo = session_echo_new ();
  g_signal_connect_object (self->echo, "output", G_CALLBACK (output_cb), self, 0);
  self->shell = session_shell_new ();
  g_signal_connect_object (self->shell, "changed", G_CALLBACK (session_pty_update_busy), self,
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
  int fd;

  g_return_val_if_fail (SESSION_IS_PTY (self), FALSE);
  g_return_val_if_fail (argv != NULL && argv[0] != NULL, FALSE);
  g_return_val_if_fail (self->master == NULL && self->spawned_at == 0, FALSE);

  fd = session_child_spawn (argv, environment, columns, rows, &self->pid, error);
  if (fd < 0)
    return FALSE;
  self->master = session_master_new (fd);
  g_signal_connect_object (self->master, "output", G_CALLBACK (master_output_cb), self, 0);
  self->columns = columns;
  self->rows = rows;
  self->alive = TRUE;
  self->spawned_at = g_get_monotonic_time ();
  self->child_source = g_child_watch_source_new (self->pid);
  g_source_set_callback (self->child_source, G_SOURCE_FUNC (exited_cb), self, NULL);
  g_source_attach (self->child_source, g_main_context_get_thread_default ());
  watch_reading (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ALIVE]);
  session_pty_update_busy (self);
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
  if (self->master != NULL && size > 0 && session_master_write (self->master, data, size))
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
  g_return_if_fail (SESSION_IS_PTY (self));

  self->columns = columns;
  self->rows = rows;
  if (self->master != NULL)
    session_master_set_size (self->master, columns, rows);
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

/**
 * session_pty_get_holder:
 *
 * Returns: what a terminal is busy with
 */
SessionHolder
session_pty_get_holder (SessionPty *self)
{
  g_return_val_if_fail (SESSION_IS_PTY (self), SESSION_HOLDER_UNKNOWN);

  /* another foreground group is a program's */
  return session_shell_get_marked (self->shell) ? session_shell_get_holder (self->shell)
                                                : SESSION_HOLDER_PROGRAM;
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
    session_pty_update_busy (self);
  }
}
