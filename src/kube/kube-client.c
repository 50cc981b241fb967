/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "kube-client-private.h"

#include "kube-json-request.h"

/**
 * KubeClient:
 *
 * The API of one server as one identity. It sends requests and knows what the server serves; all
 * else about HTTP, TLS and signing in is in the classes below it.
 *
 * libsoup 3.2 does not notice when the peer of an HTTP/2 connection goes, and so would never end a
 * watch: call kube_client_init_process() first.
 */
G_DEFINE_FINAL_TYPE (KubeClient, kube_client, G_TYPE_OBJECT)

enum {
  PROP_0,
  PROP_CONTEXT,
  PROP_SERVER_VERSION,
  N_PROPS
};
enum {
  SIGNAL_APPROVED,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

static void
requested_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  KubeClient *self = g_task_get_source_object (task);
  GError *error = NULL;
  JsonNode *node = kube_json_request_finish (KUBE_TRANSPORT (object), result, &error);

  if (node == NULL) {
    g_task_return_error (task, error);
    return;
  }
  kube_reachability_report_answer (self->reachability);
  g_task_return_pointer (task, node, (GDestroyNotify)json_node_unref);
}

static void
opened_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  GInputStream *stream = kube_transport_send_finish (KUBE_TRANSPORT (object), result, &error);

  if (stream == NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, stream, g_object_unref);
}

static void
kube_client_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  KubeClient *self = KUBE_CLIENT (object);

  switch (id) {
    case PROP_CONTEXT:
      g_value_set_object (value, self->context);
      break;
    case PROP_SERVER_VERSION:
      g_value_set_string (value, kube_client_get_server_version (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
kube_client_dispose (GObject *object)
{
  KubeClient *self = KUBE_CLIENT (object);

  g_clear_object (&self->reachability);
  g_clear_object (&self->transport);
  g_clear_object (&self->discovery);
  g_clear_object (&self->context);

  G_OBJECT_CLASS (kube_client_parent_class)->dispose (object);
}

static void
kube_client_class_init (KubeClientClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = kube_client_get_property;
  object_class->dispose = kube_client_dispose;

  properties[PROP_CONTEXT] = g_param_spec_object ("context", NULL, NULL, KUBE_TYPE_CONTEXT,
                                                  G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_SERVER_VERSION] = g_param_spec_string ("server-version", NULL, NULL, NULL,
                                                         G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  /**
   * KubeClient::discovered:
   *
   * The server serves something else than before: its version, a group or a resource.
   */
  g_signal_new ("discovered", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                G_TYPE_NONE, 0);
  /**
   * KubeClient::approved:
   *
   * The user has agreed to the exec plugin.
   */
  signals[SIGNAL_APPROVED] = g_signal_new ("approved", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                           0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
kube_client_init (KubeClient *self)
{
  self->timings = &kube_timings_default;
}

/**
 * kube_client_init_process:
 *
 * Has libsoup speak HTTP/1.1 only. It reads this from the environment, so call it first of all in
 * main(), before there are threads.
 */
void
kube_client_init_process (void)
{
  g_setenv ("SOUP_FORCE_HTTP1", "1", TRUE);
}

/**
 * kube_client_new:
 * @context: where to, as whom
 * @dial: (nullable): where to connect instead of the server's own address; the server's certificate
 *   is verified all the same
 * @error: return location for an error
 *
 * Connects to nothing yet.
 *
 * Returns: (transfer full) (nullable): a client, %NULL with a %KUBE_ERROR_CONFIG where the
 *   context's certificates cannot be read
 */
KubeClient *
kube_client_new (KubeContext *context, GSocketConnectable *dial, GError **error)
{
  g_autoptr (KubeTransport) transport = NULL;
  KubeClient *self;

  g_return_val_if_fail (KUBE_IS_CONTEXT (context), NULL);
  g_return_val_if_fail (dial == NULL || G_IS_SOCKET_CONNECTABLE (dial), NULL);

  transport = kube_transport_new (context, dial, error);
  if (transport == NULL)
    return NULL;
  self = g_object_new (KUBE_TYPE_CLIENT, NULL);
  self->context = g_object_ref (context);
  self->transport = g_steal_pointer (&transport);
  self->reachability = kube_reachability_new (self->transport, self->timings);
  return self;
}

/**
 * kube_client_get_context:
 * @self: a client
 *
 * Returns: (transfer none): where to, as whom
 */
KubeContext *
kube_client_get_context (KubeClient *self)
{
  g_return_val_if_fail (KUBE_IS_CLIENT (self), NULL);

  return self->context;
}

/**
 * kube_client_request_async:
 * @self: a client
 * @method: such as "GET"
 * @path: a path of the API, with a query or not
 * @content_type: (nullable): of @body
 * @body: (nullable): what to send
 * @cancellable: (nullable): a cancellable
 * @callback: called when the answer is there
 * @user_data: data for @callback
 */
void
kube_client_request_async (KubeClient *self,
                           const char *method,
                           const char *path,
                           const char *content_type,
                           GBytes *body,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  KubeRequest request = { .method = method,
                          .path = path,
                          .content_type = content_type,
                          .body = body,
                          .pool = KUBE_CONNECTION_REQUEST };
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (KUBE_IS_CLIENT (self));
  g_return_if_fail (method != NULL && path != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, kube_client_request_async);
  kube_json_request_async (self->transport, &request, cancellable, requested_cb,
                           g_steal_pointer (&task));
}

/**
 * kube_client_request_finish:
 * @self: a client
 * @result: what the callback got
 * @error: return location for an error
 *
 * Returns: (transfer full) (nullable): the answer, a JSON null where it was empty; %NULL with an
 *   error of %KUBE_ERROR, or %G_IO_ERROR_CANCELLED
 */
JsonNode *
kube_client_request_finish (KubeClient *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * kube_client_open_async:
 * @self: a client
 * @path: a path of the API, with a query or not
 * @cancellable: (nullable): a cancellable, also for reading the body
 * @callback: called when the answer's headers are there
 * @user_data: data for @callback
 *
 * Gets something that comes bit by bit, such as a watch or a log, with no limit to how long it may
 * be silent.
 */
void
kube_client_open_async (KubeClient *self,
                        const char *path,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data)
{
  KubeRequest request = { .method = "GET", .path = path, .pool = KUBE_CONNECTION_STREAM };
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (KUBE_IS_CLIENT (self));
  g_return_if_fail (path != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, kube_client_open_async);
  kube_transport_send_async (self->transport, &request, cancellable, opened_cb,
                             g_steal_pointer (&task));
}

/**
 * kube_client_open_finish:
 * @self: a client
 * @result: what the callback got
 * @error: return location for an error
 *
 * Returns: (transfer full) (nullable): the body. Close it, also after a cancel, or its connection
 *   stays taken.
 */
GInputStream *
kube_client_open_finish (KubeClient *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * kube_client_approve_exec:
 * @self: a client
 *
 * Says that the user has agreed to the very command line that kube_context_get_exec_argv() gives.
 * Lists that wait for it go on.
 */
void
kube_client_approve_exec (KubeClient *self)
{
  g_return_if_fail (KUBE_IS_CLIENT (self));

  kube_credentials_approve_exec (kube_transport_get_credentials (self->transport));
  g_signal_emit (self, signals[SIGNAL_APPROVED], 0);
}

/**
 * kube_client_set_exec_runner:
 * @self: a client
 * @run: (scope notified): runs a command at the place that the kubeconfig came from, with the
 *   variables it is given in addition to what is there, and answers through a #GTask whose value is
 *   a #BaseCommandResult
 * @user_data: data for @run
 * @destroy: (nullable): frees @user_data
 *
 * Used for an exec plugin, and to read a token file there once more.
 */
void
kube_client_set_exec_runner (KubeClient *self,
                             KubeRunFunc run,
                             gpointer user_data,
                             GDestroyNotify destroy)
{
  g_autoptr (KubeRunner) runner = NULL;

  g_return_if_fail (KUBE_IS_CLIENT (self));
  g_return_if_fail (run != NULL);

  runner = kube_runner_new (run, user_data, destroy);
  kube_credentials_set_runner (kube_transport_get_credentials (self->transport), runner);
}

/*
 * kube_client_set_timings:
 * @self: a client with no lists yet
 * @timings: how long to wait; lives longer than @self
 */
void
kube_client_set_timings (KubeClient *self, const KubeTimings *timings)
{
  self->timings = timings;
  g_clear_object (&self->reachability);
  self->reachability = kube_reachability_new (self->transport, timings);
}

/*
 * kube_client_get_timings:
 * @self: a client
 *
 * Returns: how long its lists wait
 */
const KubeTimings *
kube_client_get_timings (KubeClient *self)
{
  return self->timings;
}

/*
 * kube_client_get_reachability:
 * @self: a client
 *
 * Returns: (transfer none): who tries again when the server is gone
 */
KubeReachability *
kube_client_get_reachability (KubeClient *self)
{
  return self->reachability;
}

/*
 * kube_client_get_transport:
 * @self: a client
 *
 * Returns: (transfer none): what its requests go through
 */
KubeTransport *
kube_client_get_transport (KubeClient *self)
{
  return self->transport;
}
