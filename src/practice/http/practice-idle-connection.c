/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-idle-connection.h"

#include <glib-unix.h>
#include <poll.h>

#define WATCH_KEY "practice-idle-connection"
#define AGAIN_MS 100

/* libsoup before 3.3 keeps the descriptor of a connection that its client closes between two
 * requests until the server goes (its commit d20c6601): each call of a client would cost one. Lives
 * as long as the socket. */
typedef struct {
  GSocket *socket; /* not owned */
  gboolean busy;   /* a request has begun and is not answered yet */
  GSource *source; /* (owned) (nullable) */
} Watch;

static void
stop (Watch *self)
{
  if (self->source != NULL)
    g_source_destroy (self->source);
  g_clear_pointer (&self->source, g_source_unref);
}

static void
watch_free (gpointer data)
{
  Watch *self = data;

  stop (self);
  g_free (self);
}

static void
start (Watch *self, GSource *source, GSourceFunc callback)
{
  stop (self);
  self->source = source;
  g_source_set_callback (source, callback, self, NULL);
  g_source_attach (source, g_main_context_get_thread_default ());
}

/* A client that has closed its half may still wait for an answer, or have sent a request that was
 * not read yet. */
static gboolean
closed_cb (gpointer user_data)
{
  Watch *self = user_data;

  if (self->busy || g_socket_get_available_bytes (self->socket) > 0)
    return G_SOURCE_CONTINUE;
  stop (self);
  g_socket_close (self->socket, NULL);

  return G_SOURCE_REMOVE;
}

static gboolean
hung_up_cb (int fd, GIOCondition condition, gpointer user_data)
{
  Watch *self = user_data;

  start (self, g_timeout_source_new (AGAIN_MS), closed_cb);

  return G_SOURCE_REMOVE;
}

static void
got_headers_cb (SoupServerMessage *message, GSocket *socket)
{
  Watch *self = g_object_get_data (G_OBJECT (socket), WATCH_KEY);

  self->busy = TRUE;
}

static void
finished_cb (SoupServerMessage *message, GSocket *socket)
{
  Watch *self = g_object_get_data (G_OBJECT (socket), WATCH_KEY);

  self->busy = FALSE;
}

/**
 * practice_idle_connection_watch:
 * @message: a message that has just begun
 *
 * To be called for each message of a server.
 */
void
practice_idle_connection_watch (SoupServerMessage *message)
{
  GSocket *socket = soup_server_message_get_socket (message);
  Watch *self;

  if (socket == NULL)
    return;

  self = g_object_get_data (G_OBJECT (socket), WATCH_KEY);
  if (self == NULL) {
    self = g_new0 (Watch, 1);
    self->socket = socket;
    start (self, g_unix_fd_source_new (g_socket_get_fd (socket), POLLRDHUP),
           G_SOURCE_FUNC (hung_up_cb));
    g_object_set_data_full (G_OBJECT (socket), WATCH_KEY, self, watch_free);
  }
  g_signal_connect_object (message, "got-headers", G_CALLBACK (got_headers_cb), socket, 0);
  g_signal_connect_object (message, "finished", G_CALLBACK (finished_cb), socket, 0);
}
