/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <glib-unix.h>
#include <poll.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "practice-terminal.h"

#define BUFFER_SIZE (16 * 1024)

/*
 * Each direction has a thread with plain blocking calls: a terminal's file description is shared
 * with other programs, so it must not be made non-blocking, and a screen that does not take more
 * must not keep a Ctrl+C from getting through.
 */
struct _PracticeTerminal {
  GObject parent_instance;

  guint mask; /* of the standard streams that are the terminal */
  int outer;  /* one of them, -1: none */
  int output; /* where what programs print goes, -1: nowhere */
  int master; /* (owned): of the sandbox's terminal, -1: not started */
  gboolean is_raw;
  struct termios modes; /* of the outer terminal as we found it */
  guint resize_id;
  GThread *printing; /* (nullable) */
  int ending[2];     /* (owned): a pipe that wakes it at the end */
};

G_DEFINE_FINAL_TYPE (PracticeTerminal, practice_terminal, G_TYPE_OBJECT)

enum {
  SIGNAL_HANGUP,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static gboolean
write_all (int fd, const char *data, gsize length)
{
  while (length > 0) {
    gssize written = write (fd, data, length);

    if (written < 0 && errno == EINTR)
      continue;
    if (written <= 0)
      return FALSE;
    data += written;
    length -= written;
  }
  return TRUE;
}

static gssize
read_some (int fd, char *buffer)
{
  gssize length;

  do
    length = read (fd, buffer, BUFFER_SIZE);
  while (length < 0 && errno == EINTR);
  return length;
}

/* Prints what comes from the sandbox, at the end all that is there by then: a program that went to
 * the background may keep the other side open for ever. */
static gpointer
print_thread (gpointer user_data)
{
  PracticeTerminal *self = user_data;
  g_autofree char *buffer = g_malloc (BUFFER_SIZE);
  struct pollfd fds[] = { { .fd = self->master, .events = POLLIN },
                          { .fd = self->ending[0], .events = POLLIN } };

  for (;;) {
    gssize length;

    if (poll (fds, G_N_ELEMENTS (fds), -1) < 0 && errno == EINTR)
      continue;
    if (fds[1].revents && poll (fds, 1, 0) == 0)
      return NULL;
    if (!fds[0].revents)
      continue;
    length = read_some (self->master, buffer);
    if (length <= 0)
      return NULL;
    if (self->output >= 0)
      write_all (self->output, buffer, length);
  }
}

static gboolean
hangup_cb (gpointer user_data)
{
  PracticeTerminal *self = user_data;

  g_signal_emit (self, signals[SIGNAL_HANGUP], 0);
  return G_SOURCE_REMOVE;
}

static gpointer
type_thread (gpointer user_data)
{
  g_autoptr (PracticeTerminal) self = user_data;
  g_autofree char *buffer = g_malloc (BUFFER_SIZE);
  int master = dup (self->master);
  gssize length;

  while (master >= 0 && (length = read_some (STDIN_FILENO, buffer)) > 0 &&
         write_all (master, buffer, length))
    ;
  close (master);
  g_idle_add_full (G_PRIORITY_DEFAULT, hangup_cb, g_steal_pointer (&self), g_object_unref);
  return NULL;
}

static gboolean
resize_cb (gpointer user_data)
{
  PracticeTerminal *self = user_data;
  struct winsize size;

  if (ioctl (self->outer, TIOCGWINSZ, &size) == 0)
    ioctl (self->master, TIOCSWINSZ, &size);
  return G_SOURCE_CONTINUE;
}

static void
set_raw (PracticeTerminal *self)
{
  struct termios raw;

  if (tcgetattr (STDIN_FILENO, &self->modes) < 0)
    return;
  raw = self->modes;
  cfmakeraw (&raw);
  self->is_raw = tcsetattr (STDIN_FILENO, TCSADRAIN, &raw) == 0;
}

static void
practice_terminal_dispose (GObject *object)
{
  practice_terminal_finish (PRACTICE_TERMINAL (object));

  G_OBJECT_CLASS (practice_terminal_parent_class)->dispose (object);
}

static void
practice_terminal_finalize (GObject *object)
{
  PracticeTerminal *self = PRACTICE_TERMINAL (object);

  if (self->master >= 0)
    close (self->master);

  G_OBJECT_CLASS (practice_terminal_parent_class)->finalize (object);
}

static void
practice_terminal_class_init (PracticeTerminalClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = practice_terminal_dispose;
  object_class->finalize = practice_terminal_finalize;

  signals[SIGNAL_HANGUP] = g_signal_new ("hangup", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                         NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
practice_terminal_init (PracticeTerminal *self)
{
  const int worst_first[] = { STDIN_FILENO, STDERR_FILENO, STDOUT_FILENO };

  self->outer = -1;
  self->master = -1;
  for (guint i = 0; i < G_N_ELEMENTS (worst_first); i++) {
    if (isatty (worst_first[i])) {
      self->mask |= 1u << worst_first[i];
      self->outer = worst_first[i];
    }
  }
  self->output = self->outer;
}

/**
 * practice_terminal_new:
 *
 * Looks which of the standard streams are a terminal.
 *
 * Returns: (transfer full): the terminal, or what stands for none
 */
PracticeTerminal *
practice_terminal_new (void)
{
  return g_object_new (PRACTICE_TYPE_TERMINAL, NULL);
}

/**
 * practice_terminal_get_mask:
 * @self: a terminal
 *
 * Returns: a bit for each of the standard streams 0 to 2 that is a terminal
 */
guint
practice_terminal_get_mask (PracticeTerminal *self)
{
  g_return_val_if_fail (PRACTICE_IS_TERMINAL (self), 0);

  return self->mask;
}

/**
 * practice_terminal_describe:
 * @self: a terminal
 * @request: where size and modes are put, as practice-agent.c reads them
 */
void
practice_terminal_describe (PracticeTerminal *self, GVariantDict *request)
{
  struct winsize size;
  struct termios modes;

  g_return_if_fail (PRACTICE_IS_TERMINAL (self));

  g_variant_dict_insert (request, "tty", "u", self->mask);
  if (self->outer < 0)
    return;
  if (ioctl (self->outer, TIOCGWINSZ, &size) == 0 && size.ws_row > 0 && size.ws_col > 0) {
    g_variant_dict_insert (request, "rows", "q", size.ws_row);
    g_variant_dict_insert (request, "columns", "q", size.ws_col);
  }
  if (tcgetattr (self->outer, &modes) == 0)
    g_variant_dict_insert_value (
      request, "termios", g_variant_new_fixed_array (G_VARIANT_TYPE_BYTE, &modes, sizeof modes, 1));
}

/**
 * practice_terminal_start:
 * @self: a terminal
 * @master: (transfer full): master side of the sandbox's terminal
 * @error: return location for an error
 *
 * Carries bytes and changes of size from now on; the outer terminal hands on each key as it is.
 *
 * Returns: whether it does
 */
gboolean
practice_terminal_start (PracticeTerminal *self, int master, GError **error)
{
  g_return_val_if_fail (PRACTICE_IS_TERMINAL (self), FALSE);
  g_return_val_if_fail (self->master < 0, FALSE);

  self->master = master;
  if (!g_unix_open_pipe (self->ending, FD_CLOEXEC, error))
    return FALSE;
  self->resize_id = g_unix_signal_add (SIGWINCH, resize_cb, self);
  /* Before anything is printed: a terminal that is not raw gives each line one more return. */
  if (self->mask & (1u << STDIN_FILENO))
    set_raw (self);
  self->printing = g_thread_new ("print", print_thread, self);
  if (self->mask & (1u << STDIN_FILENO)) {
    /* Ends with the process: nothing else gets it out of its read. */
    g_thread_unref (g_thread_new ("type", type_thread, g_object_ref (self)));
  }
  resize_cb (self);
  return TRUE;
}

/**
 * practice_terminal_finish:
 * @self: a terminal
 *
 * Prints what is left and gives the outer terminal back as it was. May be called twice.
 */
void
practice_terminal_finish (PracticeTerminal *self)
{
  g_return_if_fail (PRACTICE_IS_TERMINAL (self));

  g_clear_handle_id (&self->resize_id, g_source_remove);
  if (self->printing) {
    write_all (self->ending[1], "", 1);
    g_thread_join (g_steal_pointer (&self->printing));
    close (self->ending[0]);
    close (self->ending[1]);
  }
  if (self->is_raw)
    tcsetattr (STDIN_FILENO, TCSADRAIN, &self->modes);
  self->is_raw = FALSE;
}
