/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-process.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gunixinputstream.h>
#include <gio/gunixoutputstream.h>
#include <glib-unix.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <termios.h>
#include <unistd.h>

#include "practice-channel.h"
#include "practice-wire.h"

/* How long a program that has ended may be survived by others that hold its output. */
#define LINGER_MS 500

struct _PracticeProcess {
  GObject parent_instance;

  PracticeSandbox *sandbox;
  PracticeChannel *channel; /* to what the sandbox tells of the program */
  PracticeChannel *sandbox_side;
  guint id;
  PracticeWire *input;      /* (nullable); of a terminal, this and outputs[0] are one */
  PracticeWire *outputs[2]; /* (nullable) */
  int master;               /* -1: no terminal */
  guint columns;            /* 0: not known yet */
  guint rows;
  gboolean has_input;
  gboolean is_reading;
  gboolean has_exited;
  gboolean is_over;
  int status;
  guint linger_id;
};

G_DEFINE_FINAL_TYPE (PracticeProcess, practice_process, G_TYPE_OBJECT)

enum {
  SIGNAL_OUTPUT,
  SIGNAL_DRAINED,
  SIGNAL_FAILED,
  SIGNAL_ENDED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static void
close_wires (PracticeProcess *self)
{
  self->master = -1;
  if (self->input != NULL)
    practice_wire_close (self->input);
  for (guint i = 0; i < G_N_ELEMENTS (self->outputs); i++)
    if (self->outputs[i] != NULL)
      practice_wire_close (self->outputs[i]);
}

static void
end (PracticeProcess *self)
{
  if (self->is_over)
    return;
  self->is_over = TRUE;
  g_clear_handle_id (&self->linger_id, g_source_remove);
  close_wires (self);
  g_signal_emit (self, signals[SIGNAL_ENDED], 0, self->status);
}

static void
check_end (PracticeProcess *self)
{
  if (self->has_exited && self->outputs[0] == NULL && self->outputs[1] == NULL)
    end (self);
}

static gboolean
linger_cb (gpointer user_data)
{
  PracticeProcess *self = user_data;
  g_autoptr (PracticeProcess) alive = g_object_ref (self);

  /* While nobody takes it the output waits, too. */
  if (!self->is_reading)
    return G_SOURCE_CONTINUE;
  self->linger_id = 0;
  end (self);
  return G_SOURCE_REMOVE;
}

static void
output_cb (PracticeWire *wire, GBytes *bytes, PracticeProcess *self)
{
  guint number = wire == self->outputs[1] ? 2 : 1;

  g_signal_emit (self, signals[SIGNAL_OUTPUT], 0, number, bytes);
}

static void
output_end_cb (PracticeWire *wire, PracticeProcess *self)
{
  g_autoptr (PracticeProcess) alive = g_object_ref (self);

  for (guint i = 0; i < G_N_ELEMENTS (self->outputs); i++)
    if (self->outputs[i] == wire)
      g_clear_object (&self->outputs[i]);
  self->master = -1;
  check_end (self);
}

static void
drained_cb (PracticeWire *wire, PracticeProcess *self)
{
  g_signal_emit (self, signals[SIGNAL_DRAINED], 0);
}

static void
add_output (PracticeProcess *self, guint index, PracticeWire *wire)
{
  self->outputs[index] = g_object_ref (wire);
  g_signal_connect_object (wire, "data", G_CALLBACK (output_cb), self, 0);
  g_signal_connect_object (wire, "end", G_CALLBACK (output_end_cb), self, 0);
  practice_wire_set_reading (wire, self->is_reading);
}

static void
set_size (PracticeProcess *self)
{
  struct winsize size = { .ws_row = self->rows, .ws_col = self->columns };

  if (self->master >= 0 && self->columns > 0)
    ioctl (self->master, TIOCSWINSZ, &size);
}

/* Takes @master. */
static void
add_terminal (PracticeProcess *self, int master)
{
  g_autoptr (GInputStream) input = g_unix_input_stream_new (master, TRUE);
  g_autoptr (GOutputStream) output = g_unix_output_stream_new (master, FALSE);

  g_unix_set_fd_nonblocking (master, TRUE, NULL);
  self->master = master;
  self->input = practice_wire_new_for_streams (input, output);
  g_signal_connect_object (self->input, "drained", G_CALLBACK (drained_cb), self, 0);
  add_output (self, 0, self->input);
  set_size (self);
}

static void
handle_exit (PracticeProcess *self, int status)
{
  self->has_exited = TRUE;
  self->status = status;
  self->linger_id = g_timeout_add (LINGER_MS, linger_cb, self);
  check_end (self);
}

static void
handle_failure (PracticeProcess *self, GVariant *message)
{
  const char *text = "";
  int code = 126;

  if (self->is_over)
    return;
  g_variant_lookup (message, "message", "&s", &text);
  g_variant_lookup (message, "code", "i", &code);
  self->is_over = TRUE;
  close_wires (self);
  g_signal_emit (self, signals[SIGNAL_FAILED], 0, code, text);
}

static void
message_cb (PracticeProcess *self, GVariant *message, GUnixFDList *fds, PracticeChannel *channel)
{
  g_autoptr (PracticeProcess) alive = g_object_ref (self);
  const char *op = "";
  int status = SIGKILL;

  g_variant_lookup (message, "op", "&s", &op);
  g_variant_lookup (message, "status", "i", &status);
  if (g_str_equal (op, "failed"))
    handle_failure (self, message);
  else if (g_str_equal (op, "exited"))
    handle_exit (self, status);
  else if (g_str_equal (op, "started") && fds != NULL && g_unix_fd_list_get_length (fds) > 0)
    add_terminal (self, g_unix_fd_list_get (fds, 0, NULL));
}

/* A channel of the sandbox is a socket; both ends of this one are here. */
static gboolean
open_channel (PracticeProcess *self, GError **error)
{
  g_autoptr (GSocket) mine = NULL;
  g_autoptr (GSocket) other = NULL;
  int sockets[2];

  if (socketpair (AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, sockets) < 0) {
    g_set_error_literal (error, G_IO_ERROR, g_io_error_from_errno (errno), g_strerror (errno));
    return FALSE;
  }
  mine = g_socket_new_from_fd (sockets[0], error);
  if (mine == NULL)
    close (sockets[0]);
  other = mine != NULL ? g_socket_new_from_fd (sockets[1], error) : NULL;
  if (other == NULL) {
    close (sockets[1]);
    return FALSE;
  }
  self->channel = practice_channel_new (mine);
  self->sandbox_side = practice_channel_new (other);
  g_signal_connect_object (self->channel, "message", G_CALLBACK (message_cb), self,
                           G_CONNECT_SWAPPED);
  return TRUE;
}

/* Appends the program's end of a pipe to @fds. Returns ours; -1 with @error. */
static int
open_pipe (GUnixFDList *fds, guint number, GError **error)
{
  int ends[2];
  int theirs = number == 0 ? 0 : 1;

  if (!g_unix_open_pipe (ends, FD_CLOEXEC, error))
    return -1;
  if (g_unix_fd_list_append (fds, ends[theirs], error) < 0) {
    close (ends[0]);
    close (ends[1]);
    return -1;
  }
  close (ends[theirs]);
  g_unix_set_fd_nonblocking (ends[!theirs], TRUE, NULL);
  return ends[!theirs];
}

static gboolean
open_pipes (PracticeProcess *self, GUnixFDList *fds, GError **error)
{
  int in = open_pipe (fds, 0, error);
  g_autoptr (GOutputStream) output = NULL;

  if (in < 0)
    return FALSE;
  output = g_unix_output_stream_new (in, TRUE);
  self->input = practice_wire_new_for_streams (NULL, output);
  g_signal_connect_object (self->input, "drained", G_CALLBACK (drained_cb), self, 0);
  if (!self->has_input)
    practice_wire_end_output (self->input);
  for (guint i = 0; i < G_N_ELEMENTS (self->outputs); i++) {
    int out = open_pipe (fds, i + 1, error);
    g_autoptr (GInputStream) input = NULL;
    g_autoptr (PracticeWire) wire = NULL;

    if (out < 0)
      return FALSE;
    input = g_unix_input_stream_new (out, TRUE);
    wire = practice_wire_new_for_streams (input, NULL);
    add_output (self, i, wire);
  }
  return TRUE;
}

static GVariant *
describe (const PracticeProcessSpec *spec)
{
  g_auto (GVariantDict) request = G_VARIANT_DICT_INIT (NULL);

  g_variant_dict_insert (&request, "op", "s", "run");
  g_variant_dict_insert_value (&request, "argv", g_variant_new_bytestring_array (spec->argv, -1));
  g_variant_dict_insert_value (&request, "env",
                               g_variant_new_bytestring_array (spec->environment, -1));
  g_variant_dict_insert (&request, "tty", "u", spec->has_terminal ? 7 : 0);
  if (spec->folder != NULL)
    g_variant_dict_insert_value (&request, "folder", g_variant_new_bytestring (spec->folder));
  return g_variant_ref_sink (g_variant_dict_end (&request));
}

static void
practice_process_dispose (GObject *object)
{
  PracticeProcess *self = PRACTICE_PROCESS (object);

  if (self->sandbox != NULL && self->id != 0 && !self->has_exited && !self->is_over)
    practice_sandbox_hang_up (self->sandbox, self->id);
  self->is_over = TRUE;
  g_clear_handle_id (&self->linger_id, g_source_remove);
  close_wires (self);
  g_clear_object (&self->input);
  for (guint i = 0; i < G_N_ELEMENTS (self->outputs); i++)
    g_clear_object (&self->outputs[i]);
  if (self->channel != NULL)
    practice_channel_close (self->channel);
  g_clear_object (&self->channel);
  g_clear_object (&self->sandbox_side);
  g_clear_object (&self->sandbox);

  G_OBJECT_CLASS (practice_process_parent_class)->dispose (object);
}

static void
practice_process_class_init (PracticeProcessClass *klass)
{
  GType type = G_TYPE_FROM_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = practice_process_dispose;

  signals[SIGNAL_OUTPUT] = g_signal_new ("output", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                         G_TYPE_NONE, 2, G_TYPE_UINT, G_TYPE_BYTES);
  signals[SIGNAL_DRAINED] =
    g_signal_new ("drained", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_FAILED] = g_signal_new ("failed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                         G_TYPE_NONE, 2, G_TYPE_INT, G_TYPE_STRING);
  signals[SIGNAL_ENDED] = g_signal_new ("ended", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                        G_TYPE_NONE, 1, G_TYPE_INT);
}

static void
practice_process_init (PracticeProcess *self)
{
  self->master = -1;
}

/**
 * practice_process_new:
 * @sandbox: where it shall run
 * @spec: what; copied
 * @error: return location
 *
 * Starts a program. What becomes of it is told by signals from the main loop.
 *
 * Returns: (transfer full) (nullable): the program
 */
PracticeProcess *
practice_process_new (PracticeSandbox *sandbox, const PracticeProcessSpec *spec, GError **error)
{
  g_autoptr (PracticeProcess) self = g_object_new (PRACTICE_TYPE_PROCESS, NULL);
  g_autoptr (GUnixFDList) fds = g_unix_fd_list_new ();
  g_autoptr (GVariant) request = NULL;

  g_return_val_if_fail (PRACTICE_IS_SANDBOX (sandbox), NULL);

  self->sandbox = g_object_ref (sandbox);
  self->has_input = spec->has_input;
  if (!open_channel (self, error) || (!spec->has_terminal && !open_pipes (self, fds, error)))
    return NULL;
  request = describe (spec);
  self->id = practice_sandbox_run (sandbox, self->sandbox_side, request, fds);
  return g_steal_pointer (&self);
}

/**
 * practice_process_set_reading:
 * @self: a program
 * @reading: whether what it prints is taken
 */
void
practice_process_set_reading (PracticeProcess *self, gboolean reading)
{
  g_return_if_fail (PRACTICE_IS_PROCESS (self));

  self->is_reading = reading;
  for (guint i = 0; i < G_N_ELEMENTS (self->outputs); i++)
    if (self->outputs[i] != NULL)
      practice_wire_set_reading (self->outputs[i], reading);
}

/**
 * practice_process_write:
 * @self: a program
 * @bytes: what it shall read
 */
void
practice_process_write (PracticeProcess *self, GBytes *bytes)
{
  g_return_if_fail (PRACTICE_IS_PROCESS (self));

  if (self->has_input && self->input != NULL)
    practice_wire_send (self->input, bytes);
}

/**
 * practice_process_end_input:
 * @self: a program
 *
 * It reads an end of file once it has read all; one with a terminal goes on.
 */
void
practice_process_end_input (PracticeProcess *self)
{
  g_return_if_fail (PRACTICE_IS_PROCESS (self));

  if (self->input != NULL && self->input != self->outputs[0])
    practice_wire_end_output (self->input);
}

/**
 * practice_process_is_full:
 * @self: a program
 *
 * Returns: whether it has much to read already
 */
gboolean
practice_process_is_full (PracticeProcess *self)
{
  g_return_val_if_fail (PRACTICE_IS_PROCESS (self), FALSE);

  return self->input != NULL && practice_wire_is_full (self->input);
}

/**
 * practice_process_resize:
 * @self: a program
 * @columns: width of its terminal
 * @rows: height of its terminal
 *
 * Sets the size of its terminal, if it has one.
 */
void
practice_process_resize (PracticeProcess *self, guint columns, guint rows)
{
  g_return_if_fail (PRACTICE_IS_PROCESS (self));

  self->columns = columns;
  self->rows = rows;
  if (!self->is_over)
    set_size (self);
}

/**
 * practice_process_hang_up:
 * @self: a program
 *
 * Asks it to end, and makes it end two seconds later.
 */
void
practice_process_hang_up (PracticeProcess *self)
{
  g_return_if_fail (PRACTICE_IS_PROCESS (self));

  if (!self->has_exited && !self->is_over)
    practice_sandbox_hang_up (self->sandbox, self->id);
}

/**
 * practice_process_kill:
 * @self: a program
 *
 * Ends it at once.
 */
void
practice_process_kill (PracticeProcess *self)
{
  g_return_if_fail (PRACTICE_IS_PROCESS (self));

  if (!self->has_exited && !self->is_over)
    practice_sandbox_signal (self->sandbox, self->id, SIGKILL);
}
