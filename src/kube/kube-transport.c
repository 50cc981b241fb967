/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "kube-transport.h"

#include "kube-body.h"
#include "kube-error-private.h"

#define MAX_ERROR_BYTES (64 * 1024)

/**
 * KubeTransport:
 *
 * Between the client, who asks, and the connection, which carries: it knows when to sign in anew.
 */
struct _KubeTransport {
  GObject parent_instance;

  KubeContext *context;
  GSocketConnectable *dial; /* (nullable) */
  KubeCredentials *credentials;
  KubeConnection *connection;
  GTlsCertificate *certificate; /* (nullable): the one that @connection was made with */
};

G_DEFINE_FINAL_TYPE (KubeTransport, kube_transport, G_TYPE_OBJECT)

/* One request under way. */
typedef struct {
  /* input */
  char *method;
  char *path;
  char *accept;
  char *content_type;
  GBytes *body;
  KubeConnectionPool pool;
  /* in progress */
  SoupMessage *message;
  guint generation;
  gboolean retried;
} Exchange;

static void start (GTask *task);

static void
exchange_free (gpointer data)
{
  Exchange *exchange = data;

  g_free (exchange->method);
  g_free (exchange->path);
  g_free (exchange->accept);
  g_free (exchange->content_type);
  g_clear_pointer (&exchange->body, g_bytes_unref);
  g_clear_object (&exchange->message);
  g_free (exchange);
}

/* Seconds, or 0 for the form with a date, which the API server does not use. */
static guint
get_retry_after (SoupMessage *message)
{
  const char *value =
    soup_message_headers_get_one (soup_message_get_response_headers (message), "Retry-After");
  guint64 seconds;

  if (value == NULL || !g_ascii_string_to_unsigned (value, 10, 0, G_MAXINT, &seconds, NULL))
    return 0;
  return (guint)seconds;
}

static void
refused_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  KubeTransport *self = g_task_get_source_object (task);
  Exchange *exchange = g_task_get_task_data (task);
  g_autoptr (GBytes) body = kube_body_read_finish (G_INPUT_STREAM (object), result, NULL, NULL);
  gsize length = 0;
  const char *data = body != NULL ? g_bytes_get_data (body, &length) : NULL;
  guint retry_after = get_retry_after (exchange->message);
  GError *error;

  if (g_task_return_error_if_cancelled (task))
    return;

  error = kube_error_new_from_response (soup_message_get_status (exchange->message), data, length);
  if (retry_after > 0)
    kube_error_set_retry_after (error, retry_after);
  kube_credentials_redact (self->credentials, error);
  g_task_return_error (task, error);
}

static void
sent_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  KubeTransport *self = g_task_get_source_object (task);
  Exchange *exchange = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (GInputStream) stream =
    kube_connection_send_finish (KUBE_CONNECTION (object), result, &error);
  GCancellable *cancellable = g_task_get_cancellable (task);
  guint status = soup_message_get_status (exchange->message);

  if (stream == NULL) {
    g_task_return_error (task, error);
  } else if (SOUP_STATUS_IS_SUCCESSFUL (status)) {
    g_task_return_pointer (task, g_steal_pointer (&stream), g_object_unref);
  } else if (status == SOUP_STATUS_UNAUTHORIZED && !exchange->retried &&
             kube_credentials_renew (self->credentials, exchange->generation)) {
    exchange->retried = TRUE;
    kube_body_close (stream);
    start (g_steal_pointer (&task));
  } else {
    kube_body_read_async (stream, MAX_ERROR_BYTES, cancellable, refused_cb,
                          g_steal_pointer (&task));
  }
}

/* An exec plugin may have given another certificate, which needs connections of its own. */
static gboolean
ensure_connection (KubeTransport *self, GError **error)
{
  GTlsCertificate *certificate = kube_credentials_get_certificate (self->credentials);
  KubeConnection *connection;

  if (self->connection != NULL && certificate == self->certificate)
    return TRUE;
  connection = kube_connection_new (self->context, self->dial, certificate, error);
  if (connection == NULL)
    return FALSE;
  g_clear_object (&self->connection);
  self->connection = connection;
  g_set_object (&self->certificate, certificate);
  return TRUE;
}

static SoupMessage *
new_message (KubeTransport *self, const Exchange *exchange, GError **error)
{
  SoupMessage *message =
    kube_connection_new_message (self->connection, exchange->method, exchange->path, error);
  SoupMessageHeaders *headers;

  if (message == NULL)
    return NULL;
  headers = soup_message_get_request_headers (message);
  if (exchange->accept != NULL)
    soup_message_headers_replace (headers, "Accept", exchange->accept);
  if (exchange->body != NULL)
    soup_message_set_request_body_from_bytes (message, exchange->content_type, exchange->body);
  kube_credentials_apply (self->credentials, headers);
  return message;
}

static void
prepared_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  KubeTransport *self = g_task_get_source_object (task);
  Exchange *exchange = g_task_get_task_data (task);
  GCancellable *cancellable = g_task_get_cancellable (task);
  GError *error = NULL;

  if (!kube_credentials_prepare_finish (KUBE_CREDENTIALS (object), result, &error) ||
      !ensure_connection (self, &error)) {
    g_task_return_error (task, error);
    return;
  }
  g_clear_object (&exchange->message);
  exchange->message = new_message (self, exchange, &error);
  if (exchange->message == NULL) {
    g_task_return_error (task, error);
    return;
  }
  exchange->generation = kube_credentials_get_generation (self->credentials);
  kube_connection_send_async (self->connection, exchange->message, exchange->pool, cancellable,
                              sent_cb, g_steal_pointer (&task));
}

static void
start (GTask *task)
{
  KubeTransport *self = g_task_get_source_object (task);

  kube_credentials_prepare_async (self->credentials, g_task_get_cancellable (task), prepared_cb,
                                  task);
}

static void
kube_transport_dispose (GObject *object)
{
  KubeTransport *self = KUBE_TRANSPORT (object);

  g_clear_object (&self->connection);
  g_clear_object (&self->certificate);
  g_clear_object (&self->credentials);
  g_clear_object (&self->dial);
  g_clear_object (&self->context);

  G_OBJECT_CLASS (kube_transport_parent_class)->dispose (object);
}

static void
kube_transport_class_init (KubeTransportClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = kube_transport_dispose;
}

static void
kube_transport_init (KubeTransport *self)
{
}

/**
 * kube_transport_new:
 * @context: the server, and who we are
 * @dial: (nullable): where to connect instead
 * @error: return location for an error
 *
 * Returns: (transfer full) (nullable): a transport, %NULL with a %KUBE_ERROR_CONFIG
 */
KubeTransport *
kube_transport_new (KubeContext *context, GSocketConnectable *dial, GError **error)
{
  g_autoptr (KubeTransport) self = g_object_new (KUBE_TYPE_TRANSPORT, NULL);

  self->context = g_object_ref (context);
  g_set_object (&self->dial, dial);
  self->credentials = kube_credentials_new (context, error);
  if (self->credentials == NULL || !ensure_connection (self, error))
    return NULL;
  return g_steal_pointer (&self);
}

/**
 * kube_transport_get_host:
 * @self: a transport
 *
 * Returns: the server's name, for messages
 */
const char *
kube_transport_get_host (KubeTransport *self)
{
  return kube_context_get_host (self->context);
}

/**
 * kube_transport_get_credentials:
 * @self: a transport
 *
 * Returns: (transfer none): as whom it sends
 */
KubeCredentials *
kube_transport_get_credentials (KubeTransport *self)
{
  return self->credentials;
}

/**
 * kube_transport_send_async:
 * @self: a transport
 * @request: what to send; copied
 * @cancellable: (nullable): a cancellable, also for reading the body
 * @callback: called when the answer's headers are there
 * @user_data: data for @callback
 *
 * Where the credentials are refused and can be read anew, they are, and the request is sent once
 * more.
 */
void
kube_transport_send_async (KubeTransport *self,
                           const KubeRequest *request,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  Exchange *exchange = g_new0 (Exchange, 1);

  g_task_set_source_tag (task, kube_transport_send_async);
  g_task_set_task_data (task, exchange, exchange_free);
  exchange->method = g_strdup (request->method);
  exchange->path = g_strdup (request->path);
  exchange->accept = g_strdup (request->accept);
  exchange->content_type = g_strdup (request->content_type);
  exchange->body = request->body != NULL ? g_bytes_ref (request->body) : NULL;
  exchange->pool = request->pool;
  start (g_steal_pointer (&task));
}

/**
 * kube_transport_send_finish:
 * @self: a transport
 * @result: what the callback got
 * @error: return location for an error
 *
 * Returns: (transfer full) (nullable): the body of a 2xx answer, to be closed by the caller; %NULL
 *   with an error of %KUBE_ERROR
 */
GInputStream *
kube_transport_send_finish (KubeTransport *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
