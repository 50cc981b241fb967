/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-tls-peek.h"

#include "practice-tls-hello.h"

/* What a client has to say who it wants. */
#define PATIENCE_SECONDS 10
#define PEEK_MS 20

typedef struct {
  gint64 deadline; /* monotonic */
  guint timeout;   /* seconds: what the socket had */
} Peek;

static void look (GTask *owned);

static gboolean
readable_cb (GSocket *socket, GIOCondition condition, gpointer user_data)
{
  look (user_data);
  return G_SOURCE_REMOVE;
}

static gboolean
again_cb (gpointer user_data)
{
  look (user_data);
  return G_SOURCE_REMOVE;
}

/* Calls look() with @owned once there is something to read. */
static void
wait_for_some (GTask *owned)
{
  GSocketConnection *client = g_task_get_source_object (owned);
  g_autoptr (GSource) source = g_socket_create_source (g_socket_connection_get_socket (client),
                                                       G_IO_IN, g_task_get_cancellable (owned));

  g_source_set_callback (source, G_SOURCE_FUNC (readable_cb), owned, NULL);
  g_source_attach (source, g_task_get_context (owned));
}

/* Calls look() with @owned in a while: what was seen stays there to be read, so that the socket
 * does not tell of more. */
static void
wait_for_more (GTask *owned)
{
  g_autoptr (GSource) source = g_timeout_source_new (PEEK_MS);

  g_source_set_callback (source, again_cb, owned, NULL);
  g_source_attach (source, g_task_get_context (owned));
}

static void
look (GTask *owned)
{
  g_autoptr (GTask) task = owned;
  GSocketConnection *client = g_task_get_source_object (task);
  Peek *peek = g_task_get_task_data (task);
  g_autofree guint8 *buffer = g_malloc (PRACTICE_TLS_HELLO_MAX);
  GInputVector vector = { buffer, PRACTICE_TLS_HELLO_MAX };
  int flags = G_SOCKET_MSG_PEEK;
  g_autofree char *name = NULL;
  g_autoptr (GError) error = NULL;
  gssize length =
    g_socket_receive_message (g_socket_connection_get_socket (client), NULL, &vector, 1, NULL, NULL,
                              &flags, g_task_get_cancellable (task), &error);

  /* whoever goes on with the client has its own patience */
  g_socket_set_timeout (g_socket_connection_get_socket (client), peek->timeout);
  if (length < 0) {
    g_task_return_error (task, g_steal_pointer (&error));
    return;
  }
  switch (length > 0 ? practice_tls_hello_read (buffer, (gsize)length, &name)
                     : PRACTICE_TLS_HELLO_NONE) {
    case PRACTICE_TLS_HELLO_READ:
      g_task_return_pointer (task, name != NULL ? g_steal_pointer (&name) : g_strdup (""), g_free);
      break;
    case PRACTICE_TLS_HELLO_INCOMPLETE:
      if (g_get_monotonic_time () < peek->deadline)
        wait_for_more (g_steal_pointer (&task));
      else
        g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "no whole ClientHello");
      break;
    case PRACTICE_TLS_HELLO_NONE:
    default:
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "no ClientHello");
  }
}

/**
 * practice_tls_peek_async:
 * @client: a connection of which nothing was read yet; nobody else reads or closes it meanwhile
 * @cancellable: (nullable): ends the waiting
 * @callback: called when it is known what the client wants, or that it is no client of TLS
 * @user_data: data of @callback
 *
 * Waits up to ten seconds for the client's first message.
 */
void
practice_tls_peek_async (GSocketConnection *client,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer user_data)
{
  GSocket *socket;
  GTask *task;
  Peek *peek;

  g_return_if_fail (G_IS_SOCKET_CONNECTION (client));

  task = g_task_new (client, cancellable, callback, user_data);
  g_task_set_source_tag (task, practice_tls_peek_async);
  socket = g_socket_connection_get_socket (client);
  peek = g_new (Peek, 1);
  peek->deadline = g_get_monotonic_time () + PATIENCE_SECONDS * G_TIME_SPAN_SECOND;
  peek->timeout = g_socket_get_timeout (socket);
  g_task_set_task_data (task, peek, g_free);
  g_socket_set_timeout (socket, PATIENCE_SECONDS);
  wait_for_some (task);
}

/**
 * practice_tls_peek_finish:
 * @client: the connection
 * @result: the result
 * @name: (out) (transfer full) (nullable): whom the client asks for, in lower case; %NULL where it
 *   does not say
 * @error: return location
 *
 * Returns: %FALSE with %G_IO_ERROR_INVALID_DATA where it does not speak TLS,
 *   %G_IO_ERROR_TIMED_OUT where it says nothing, %G_IO_ERROR_CANCELLED, or the socket's error
 */
gboolean
practice_tls_peek_finish (GSocketConnection *client,
                          GAsyncResult *result,
                          char **name,
                          GError **error)
{
  char *found;

  g_return_val_if_fail (g_task_is_valid (result, client), FALSE);

  found = g_task_propagate_pointer (G_TASK (result), error);
  if (found == NULL)
    return FALSE;
  if (*found == '\0')
    g_clear_pointer (&found, g_free);
  *name = found;
  return TRUE;
}
