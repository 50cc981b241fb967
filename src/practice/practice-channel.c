/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <gio/gunixfdmessage.h>
#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>
#include <sys/socket.h>

#include "practice-channel.h"
#include "base-source.h"

/* A peer that leaves this many messages unread is not one of ours. */
#define QUEUE_LIMIT 1024

typedef struct {
  GBytes *bytes;
  GUnixFDList *fds; /* (nullable) */
} Outgoing;

struct _PracticeChannel {
  GObject parent_instance;

  GSocket *socket;    /* (owned) */
  GSource *reading;   /* (nullable) (owned): NULL once closed */
  GSource *writing;   /* (nullable) (owned): while the queue waits for room */
  GQueue queue;       /* of Outgoing */
  gboolean finishing; /* no more is sent after the queue */
};

G_DEFINE_FINAL_TYPE (PracticeChannel, practice_channel, G_TYPE_OBJECT)

enum {
  SIGNAL_MESSAGE,
  SIGNAL_CLOSED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
outgoing_free (Outgoing *self)
{
  g_bytes_unref (self->bytes);
  g_clear_object (&self->fds);
  g_free (self);
}

static void
stop (PracticeChannel *self)
{
  base_source_clear (&self->reading);
  base_source_clear (&self->writing);
  g_queue_clear_full (&self->queue, (GDestroyNotify)outgoing_free);
}

static void
fail (PracticeChannel *self)
{
  g_autoptr (PracticeChannel) alive = g_object_ref (self);

  if (!self->reading)
    return;
  stop (self);
  g_signal_emit (self, signals[SIGNAL_CLOSED], 0);
}

/* Whether the first of the queue has been sent, or never will be. */
static gboolean
send_first (PracticeChannel *self)
{
  Outgoing *outgoing = g_queue_peek_head (&self->queue);
  GOutputVector data = { 0 };
  g_autoptr (GSocketControlMessage) control = NULL;
  g_autoptr (GError) error = NULL;

  data.buffer = g_bytes_get_data (outgoing->bytes, &data.size);
  if (outgoing->fds)
    control = g_unix_fd_message_new_with_fd_list (outgoing->fds);
  g_socket_send_message (self->socket, NULL, &data, 1, &control, control ? 1 : 0, G_SOCKET_MSG_NONE,
                         NULL, &error);
  /* Any other error shows when reading, too, after what the other side had sent before. */
  return !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK);
}

static gboolean
writable_cb (GSocket *socket, GIOCondition condition, gpointer user_data)
{
  PracticeChannel *self = user_data;

  while (!g_queue_is_empty (&self->queue)) {
    if (!send_first (self))
      return G_SOURCE_CONTINUE;
    outgoing_free (g_queue_pop_head (&self->queue));
  }
  g_clear_pointer (&self->writing, g_source_unref);
  if (self->finishing)
    g_socket_shutdown (self->socket, FALSE, TRUE, NULL);
  return G_SOURCE_REMOVE;
}

static void
flush (PracticeChannel *self)
{
  if (self->writing || writable_cb (self->socket, G_IO_OUT, self) == G_SOURCE_REMOVE)
    return;
  self->writing = g_socket_create_source (self->socket, G_IO_OUT, NULL);
  g_source_set_callback (self->writing, G_SOURCE_FUNC (writable_cb), self, NULL);
  g_source_attach (self->writing, g_main_context_get_thread_default ());
}

static GUnixFDList *
collect_fds (GSocketControlMessage **messages, int n_messages)
{
  g_autoptr (GUnixFDList) fds = g_unix_fd_list_new ();

  for (int i = 0; i < n_messages; i++) {
    g_autoptr (GSocketControlMessage) message = messages[i];

    if (G_IS_UNIX_FD_MESSAGE (message)) {
      g_clear_object (&fds);
      fds = g_object_ref (g_unix_fd_message_get_fd_list (G_UNIX_FD_MESSAGE (message)));
    }
  }
  return g_steal_pointer (&fds);
}

static gboolean
readable_cb (GSocket *socket, GIOCondition condition, gpointer user_data)
{
  g_autoptr (PracticeChannel) self = g_object_ref (user_data);
  g_autofree guint8 *buffer = g_malloc (PRACTICE_CHANNEL_LIMIT);
  GInputVector data = { buffer, PRACTICE_CHANNEL_LIMIT };
  g_autofree GSocketControlMessage **messages = NULL;
  int n_messages = 0;
  int flags = 0;
  g_autoptr (GUnixFDList) fds = NULL;
  g_autoptr (GVariant) message = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) error = NULL;
  gssize length =
    g_socket_receive_message (socket, NULL, &data, 1, &messages, &n_messages, &flags, NULL, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
    return G_SOURCE_CONTINUE;
  fds = collect_fds (messages, n_messages);
  if (length <= 0 || (flags & MSG_TRUNC)) {
    fail (self);
    return G_SOURCE_REMOVE;
  }

  bytes = g_bytes_new (buffer, length);
  message = g_variant_ref_sink (g_variant_new_from_bytes (G_VARIANT_TYPE_VARDICT, bytes, FALSE));
  if (!g_variant_is_normal_form (message)) {
    fail (self);
    return G_SOURCE_REMOVE;
  }
  g_signal_emit (self, signals[SIGNAL_MESSAGE], 0, message, fds);
  return self->reading ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
}

static void
practice_channel_dispose (GObject *object)
{
  PracticeChannel *self = PRACTICE_CHANNEL (object);

  stop (self);
  g_clear_object (&self->socket);

  G_OBJECT_CLASS (practice_channel_parent_class)->dispose (object);
}

static void
practice_channel_class_init (PracticeChannelClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = practice_channel_dispose;

  signals[SIGNAL_MESSAGE] =
    g_signal_new ("message", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 2, G_TYPE_VARIANT, G_TYPE_UNIX_FD_LIST);
  signals[SIGNAL_CLOSED] = g_signal_new ("closed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                         NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
practice_channel_init (PracticeChannel *self)
{
  g_queue_init (&self->queue);
}

/**
 * practice_channel_listen:
 * @path: where the socket shall be, in a folder that is the user's alone; a socket that is there
 *   is taken for one left behind
 * @error: return location for an error
 *
 * Returns: (transfer full) (nullable): a socket that listens and does not block, each of whose
 * connections can be a channel
 */
GSocket *
practice_channel_listen (const char *path, GError **error)
{
  g_autoptr (GSocketAddress) address = NULL;
  g_autoptr (GSocket) socket = NULL;

  g_return_val_if_fail (path != NULL, NULL);

  address = g_unix_socket_address_new (path);
  socket =
    g_socket_new (G_SOCKET_FAMILY_UNIX, G_SOCKET_TYPE_SEQPACKET, G_SOCKET_PROTOCOL_DEFAULT, error);
  g_unlink (path);
  if (!socket || !g_socket_bind (socket, address, FALSE, error) || !g_socket_listen (socket, error))
    return NULL;
  g_socket_set_blocking (socket, FALSE);
  return g_steal_pointer (&socket);
}

/**
 * practice_channel_connect:
 * @path: where practice_channel_listen() was told to listen
 * @error: return location for an error
 *
 * Returns: (transfer full) (nullable): a connected socket, which blocks until it is a channel
 */
GSocket *
practice_channel_connect (const char *path, GError **error)
{
  g_autoptr (GSocketAddress) address = NULL;
  g_autoptr (GSocket) socket = NULL;

  g_return_val_if_fail (path != NULL, NULL);

  address = g_unix_socket_address_new (path);
  socket =
    g_socket_new (G_SOCKET_FAMILY_UNIX, G_SOCKET_TYPE_SEQPACKET, G_SOCKET_PROTOCOL_DEFAULT, error);
  if (!socket || !g_socket_connect (socket, address, NULL, error))
    return NULL;
  return g_steal_pointer (&socket);
}

/**
 * practice_channel_new:
 * @socket: a connected `SOCK_SEQPACKET` Unix socket, which nothing else may use from now on
 *
 * Reads from @socket in the thread's default main context. What is received is in GVariant's
 * normal form and within #PRACTICE_CHANNEL_LIMIT, but is the other side's word: check each member.
 *
 * Returns: (transfer full): a channel
 */
PracticeChannel *
practice_channel_new (GSocket *socket)
{
  PracticeChannel *self;

  g_return_val_if_fail (G_IS_SOCKET (socket), NULL);

  self = g_object_new (PRACTICE_TYPE_CHANNEL, NULL);
  self->socket = g_object_ref (socket);
  g_socket_set_blocking (socket, FALSE);
  self->reading = g_socket_create_source (socket, G_IO_IN, NULL);
  g_source_set_callback (self->reading, G_SOURCE_FUNC (readable_cb), self, NULL);
  g_source_attach (self->reading, g_main_context_get_thread_default ());
  return self;
}

/**
 * practice_channel_send:
 * @self: a channel
 * @message: (transfer floating): an `a{sv}`
 * @fds: (nullable): file descriptors to send with it, at most 253
 *
 * Sends a message, or keeps it until there is room. Does nothing on a closed channel. A message
 * above #PRACTICE_CHANNEL_LIMIT, or one too many, closes it.
 */
void
practice_channel_send (PracticeChannel *self, GVariant *message, GUnixFDList *fds)
{
  g_autoptr (GVariant) sunk = g_variant_ref_sink (message);
  Outgoing *outgoing;

  g_return_if_fail (PRACTICE_IS_CHANNEL (self));
  g_return_if_fail (g_variant_is_of_type (sunk, G_VARIANT_TYPE_VARDICT));

  if (!self->reading || self->finishing)
    return;
  if (g_variant_get_size (sunk) > PRACTICE_CHANNEL_LIMIT ||
      g_queue_get_length (&self->queue) >= QUEUE_LIMIT) {
    fail (self);
    return;
  }
  outgoing = g_new0 (Outgoing, 1);
  outgoing->bytes = g_variant_get_data_as_bytes (sunk);
  if (fds && g_unix_fd_list_get_length (fds) > 0)
    g_set_object (&outgoing->fds, fds);
  g_queue_push_tail (&self->queue, outgoing);
  flush (self);
}

/**
 * practice_channel_finish:
 * @self: a channel
 *
 * Tells the other side that no more will come, after all that was sent. What it sends still
 * arrives, and "closed" when it has closed its side.
 */
void
practice_channel_finish (PracticeChannel *self)
{
  g_return_if_fail (PRACTICE_IS_CHANNEL (self));

  if (!self->reading || self->finishing)
    return;
  self->finishing = TRUE;
  flush (self);
}

/**
 * practice_channel_close:
 * @self: a channel
 *
 * Closes it at once, without the signal "closed". May be called twice.
 */
void
practice_channel_close (PracticeChannel *self)
{
  g_return_if_fail (PRACTICE_IS_CHANNEL (self));

  stop (self);
  g_socket_close (self->socket, NULL);
}

/**
 * practice_channel_is_open:
 * @self: a channel
 *
 * Returns: whether neither side has closed it
 */
gboolean
practice_channel_is_open (PracticeChannel *self)
{
  g_return_val_if_fail (PRACTICE_IS_CHANNEL (self), FALSE);

  return self->reading != NULL;
}
