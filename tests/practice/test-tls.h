/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "test-wait.h"

G_BEGIN_DECLS

static inline gboolean
test_tls_accept_any_cb (GTlsConnection *tls,
                        GTlsCertificate *certificate,
                        GTlsCertificateFlags errors,
                        gpointer user_data)
{
  return TRUE;
}

/* (nullable): a client of TLS that asks for @name; NULL where the other side does not go along. */
static inline GIOStream *
test_tls_secure (GSocketConnection *connection, const char *name)
{
  g_autoptr (GSocketConnectable) identity = g_network_address_new (name, 443);
  g_autoptr (GIOStream) tls =
    g_tls_client_connection_new (G_IO_STREAM (connection), identity, NULL);
  g_autoptr (GAsyncResult) result = NULL;

  g_signal_connect_object (tls, "accept-certificate", G_CALLBACK (test_tls_accept_any_cb), tls, 0);
  g_tls_connection_handshake_async (G_TLS_CONNECTION (tls), G_PRIORITY_DEFAULT, NULL,
                                    test_wait_keep_result, &result);
  test_wait_for_pointer (&result, 30, "a handshake");
  return g_tls_connection_handshake_finish (G_TLS_CONNECTION (tls), result, NULL)
           ? g_steal_pointer (&tls)
           : NULL;
}

/* (transfer full): what comes first; "" where nothing does. */
static inline char *
test_tls_read_some (GIOStream *stream)
{
  g_autoptr (GAsyncResult) result = NULL;
  GInputStream *input = g_io_stream_get_input_stream (stream);
  g_autoptr (GBytes) bytes = NULL;

  g_input_stream_read_bytes_async (input, 4096, G_PRIORITY_DEFAULT, NULL, test_wait_keep_result,
                                   &result);
  test_wait_for_pointer (&result, 30, "an answer");
  bytes = g_input_stream_read_bytes_finish (input, result, NULL);
  return bytes != NULL ? g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes))
                       : g_strdup ("");
}

/* (transfer full): what comes first over @connection; "no TLS" where the other side does not go
 * along. @name: (nullable): NULL: without TLS. */
static inline char *
test_tls_dup_greeting (GSocketConnection *connection, const char *name)
{
  g_autoptr (GIOStream) stream = NULL;

  stream =
    name != NULL ? test_tls_secure (connection, name) : G_IO_STREAM (g_object_ref (connection));
  return stream != NULL ? test_tls_read_some (stream) : g_strdup ("no TLS");
}

/* Says @text inside TLS, as the handler of a GThreadedSocketService. */
static inline void
test_tls_greet (GSocketConnection *client, GTlsCertificate *certificate, const char *text)
{
  g_autoptr (GIOStream) tls = g_tls_server_connection_new (G_IO_STREAM (client), certificate, NULL);

  if (g_tls_connection_handshake (G_TLS_CONNECTION (tls), NULL, NULL))
    g_output_stream_write_all (g_io_stream_get_output_stream (tls), text, strlen (text), NULL, NULL,
                               NULL);
  g_io_stream_close (tls, NULL, NULL);
}

G_END_DECLS
