/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-gateway-port.h"

#include "base-json.h"
#include "base-metadata.h"
#include "practice-gateway-servers.h"
#include "practice-mesh-call.h"
#include "practice-mesh-name.h"

#define SERVER "istio-envoy"

struct _PracticeGatewayPort {
  GObject parent_instance;

  PracticeMesh *mesh;
  JsonNode *pod;
  guint16 port;
};

static void handler_init (PracticeHttpHandlerInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (PracticeGatewayPort,
                               practice_gateway_port,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (PRACTICE_TYPE_HTTP_HANDLER, handler_init))

static void
called_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  PracticeHttpResponse *response = practice_mesh_call_finish (result, &error);

  if (response != NULL)
    g_task_return_pointer (task, response, (GDestroyNotify)practice_http_response_unref);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static gboolean
is_internal (const char *address)
{
  g_autoptr (GInetAddress) parsed = g_inet_address_new_from_string (address);

  return parsed != NULL &&
         (g_inet_address_get_is_site_local (parsed) || g_inet_address_get_is_loopback (parsed));
}

static void
remove_envoy_header_cb (const char *name, const char *value, gpointer user_data)
{
  if (g_ascii_strncasecmp (name, "x-envoy-", 8) == 0)
    g_ptr_array_add (user_data, g_strdup (name));
}

/* At the edge nobody is believed what only a proxy can know. */
static PracticeHttpRequest *
new_request (PracticeGatewayPort *self, PracticeHttpRequest *given, const char *scheme)
{
  const char *client = practice_http_request_get_peer (given)->address;
  PracticeHttpRequest *request = practice_http_request_copy (given);
  SoupMessageHeaders *headers = practice_http_request_get_headers (request);
  const char *chain = soup_message_headers_get_list (headers, "x-forwarded-for");
  g_autofree char *forwarded =
    chain != NULL ? g_strconcat (chain, ",", client, NULL) : g_strdup (client);
  g_autoptr (GPtrArray) unwanted = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (PracticePeer) peer =
    practice_peer_new (base_json_get_string (self->pod, "status", "podIP", NULL),
                       base_metadata_get_namespace (self->pod), base_metadata_get_name (self->pod));

  soup_message_headers_foreach (headers, remove_envoy_header_cb, unwanted);
  for (guint i = 0; i < unwanted->len; i++)
    soup_message_headers_remove (headers, unwanted->pdata[i]);
  soup_message_headers_replace (headers, "x-forwarded-for", forwarded);
  soup_message_headers_replace (headers, "x-forwarded-proto", scheme);
  if (is_internal (client))
    soup_message_headers_replace (headers, "x-envoy-internal", "true");
  else
    soup_message_headers_replace (headers, "x-envoy-external-address", client);
  practice_http_request_set_peer (request, peer);
  return request;
}

static void
redirect_to_https (GTask *task, PracticeHttpRequest *request)
{
  g_autofree char *location = g_strconcat ("https://", practice_http_request_get_host (request),
                                           practice_http_request_get_target (request), NULL);
  PracticeHttpResponse *response = practice_http_response_new (301, NULL, "");
  SoupMessageHeaders *headers = practice_http_response_get_headers (response);

  soup_message_headers_replace (headers, "location", location);
  soup_message_headers_replace (headers, "server", SERVER);
  g_task_return_pointer (task, response, (GDestroyNotify)practice_http_response_unref);
}

static void
practice_gateway_port_handle_async (PracticeHttpHandler *handler,
                                    PracticeHttpRequest *request,
                                    GCancellable *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data)
{
  PracticeGatewayPort *self = PRACTICE_GATEWAY_PORT (handler);
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  guint16 asked;
  g_autofree char *host =
    practice_mesh_name_split_authority (practice_http_request_get_host (request), &asked);
  JsonNode *server;
  g_auto (GStrv) gateways =
    practice_gateway_servers_find (self->mesh, self->pod, self->port, host, &server);
  g_autoptr (PracticeHttpRequest) forwarded = NULL;
  PracticeMeshOrigin origin = {
    .pod = self->pod,
    .gateways = (const char *const *)gateways,
    .host = host,
    .port = self->port,
    .server = SERVER,
  };

  g_task_set_source_tag (task, practice_gateway_port_handle_async);
  if (base_json_get_boolean (server, FALSE, "tls", "httpsRedirect", NULL)) {
    redirect_to_https (task, request);
    return;
  }
  origin.scheme = base_json_get_object (server, "tls", NULL) != NULL ? "https" : "http";
  forwarded = new_request (self, request, origin.scheme);
  practice_mesh_call_async (self->mesh, forwarded, &origin, cancellable, called_cb,
                            g_steal_pointer (&task));
}

static PracticeHttpResponse *
practice_gateway_port_handle_finish (PracticeHttpHandler *handler,
                                     GAsyncResult *result,
                                     GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
handler_init (PracticeHttpHandlerInterface *iface)
{
  iface->handle_async = practice_gateway_port_handle_async;
  iface->handle_finish = practice_gateway_port_handle_finish;
}

static void
practice_gateway_port_finalize (GObject *object)
{
  PracticeGatewayPort *self = PRACTICE_GATEWAY_PORT (object);

  g_clear_pointer (&self->pod, json_node_unref);
  g_clear_object (&self->mesh);

  G_OBJECT_CLASS (practice_gateway_port_parent_class)->finalize (object);
}

static void
practice_gateway_port_class_init (PracticeGatewayPortClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = practice_gateway_port_finalize;
}

static void
practice_gateway_port_init (PracticeGatewayPort *self)
{
}

/**
 * practice_gateway_port_new:
 * @mesh: the mesh
 * @pod: a gateway's pod, which has an address
 * @port: one of its ports
 *
 * Returns: (transfer full): what answers there
 */
PracticeGatewayPort *
practice_gateway_port_new (PracticeMesh *mesh, JsonNode *pod, guint16 port)
{
  PracticeGatewayPort *self = g_object_new (PRACTICE_TYPE_GATEWAY_PORT, NULL);

  self->mesh = g_object_ref (mesh);
  self->pod = json_node_ref (pod);
  self->port = port;
  return self;
}
