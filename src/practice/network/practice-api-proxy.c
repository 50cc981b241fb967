/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-api-proxy.h"

#include <string.h>

#include "base-json.h"
#include "base-metadata.h"
#include "practice-answer.h"
#include "practice-endpoint.h"
#include "practice-status.h"

#define SERVICES "/services"
#define ENDPOINTS "/endpoints"
#define PODS "/pods"
#define NODES "/nodes"

#define DEFAULT_PORT 80

/* How long the API server tries to connect. */
#define SECONDS 30

/* "/api/v1/namespaces/NAMESPACE/PLURAL/NAME/proxy" has so many slashes. */
#define SLASHES_BEFORE_REST 7

/* A request that has been handed on. */
typedef struct {
  SoupServerMessage *message; /* (owned) */
  GCancellable *cancellable;  /* (owned) */
  GSource *limit;             /* (nullable) (owned) */
  gulong finished_id;
  char *prefix;  /* of the path here, before that of the Service */
  char *address; /* "10.1.2.3:80" */
  gboolean is_late;
  gboolean is_gone; /* the client */
} Exchange;

static void
exchange_free (Exchange *self)
{
  if (self->limit != NULL)
    g_source_destroy (self->limit);
  g_clear_pointer (&self->limit, g_source_unref);
  g_clear_signal_handler (&self->finished_id, self->message);
  g_clear_object (&self->message);
  g_clear_object (&self->cancellable);
  g_free (self->prefix);
  g_free (self->address);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Exchange, exchange_free)

/**
 * practice_api_proxy_wants:
 * @request: a request for a resource
 *
 * Returns: whether it is to be handed on to a Service or a pod
 */
gboolean
practice_api_proxy_wants (PracticeRequest *request)
{
  return g_strcmp0 (request->subresource, "proxy") == 0 && *request->group == '\0' &&
         (g_str_equal (request->plural, "services") || g_str_equal (request->plural, "pods"));
}

/* "NAME", "NAME:PORT" or "SCHEME:NAME:PORT". FALSE: none of them. */
static gboolean
split_name (const char *text, char **name, char **port)
{
  g_auto (GStrv) parts = g_strsplit (text, ":", -1);
  guint length = g_strv_length (parts);
  guint first = length == 3 ? 1 : 0;

  *name = NULL;
  *port = NULL;
  if (length == 0 || length > 3 ||
      (length == 3 && *parts[0] != '\0' && !g_str_equal (parts[0], "http") &&
       !g_str_equal (parts[0], "https")))
    return FALSE;
  *name = g_strdup (parts[first]);
  *port = g_strdup (length > 1 ? parts[first + 1] : "");
  return **name != '\0';
}

static guint16
parse_port (const char *text)
{
  guint64 number = 0;

  return g_ascii_string_to_unsigned (text, 10, 1, G_MAXUINT16, &number, NULL) ? (guint16)number : 0;
}

/* (nullable): by number or name; none asked for: the only one there is */
static JsonNode *
find_service_port (JsonNode *service, const char *wanted)
{
  JsonArray *ports = base_json_get_array (service, "spec", "ports", NULL);
  guint n_ports = base_json_get_length (ports);

  if (*wanted == '\0')
    return n_ports == 1 ? json_array_get_element (ports, 0) : NULL;
  for (guint i = 0; i < n_ports; i++) {
    JsonNode *port = json_array_get_element (ports, i);

    if (g_strcmp0 (base_json_get_string (port, "name", NULL), wanted) == 0 ||
        base_json_get_int (port, 0, "port", NULL) == parse_port (wanted))
      return port;
  }
  return NULL;
}

static void
set_not_found (GError **error, const char *plural, const char *name)
{
  practice_status_set_named_not_found (error, plural, name);
}

static PracticeEndpoint *
find_service_endpoint (
  PracticeStore *store, const char *namespace_, const char *name, const char *port, GError **error)
{
  JsonNode *service = practice_store_get (store, SERVICES, namespace_, name);
  JsonNode *service_port = find_service_port (service, port);
  g_autoptr (GPtrArray) endpoints = NULL;

  if (service == NULL) {
    set_not_found (error, "services", name);
    return NULL;
  }
  if (service_port == NULL) {
    practice_status_set_unavailable (error, "no service port \"%s\" found for service \"%s\"", port,
                                     name);
    return NULL;
  }
  endpoints =
    practice_endpoint_list (practice_store_get (store, ENDPOINTS, namespace_, name), service_port);
  if (endpoints->len == 0) {
    practice_status_set_unavailable (error, "no endpoints available for service \"%s\"", name);
    return NULL;
  }
  return practice_endpoint_copy (endpoints->pdata[g_random_int_range (0, (gint32)endpoints->len)]);
}

/* The first port that a container names, unless one is asked for. */
static guint16
choose_pod_port (JsonNode *pod, const char *asked)
{
  JsonArray *containers = base_json_get_array (pod, "spec", "containers", NULL);
  guint n_containers = base_json_get_length (containers);

  if (*asked != '\0')
    return parse_port (asked);
  for (guint i = 0; i < n_containers; i++) {
    JsonArray *ports = base_json_get_array (json_array_get_element (containers, i), "ports", NULL);

    if (base_json_get_length (ports) > 0)
      return (guint16)base_json_get_int (json_array_get_element (ports, 0), DEFAULT_PORT,
                                         "containerPort", NULL);
  }
  return DEFAULT_PORT;
}

static PracticeEndpoint *
find_pod_endpoint (
  PracticeStore *store, const char *namespace_, const char *name, const char *port, GError **error)
{
  JsonNode *pod = practice_store_get (store, PODS, namespace_, name);
  const char *address = base_json_get_string (pod, "status", "podIP", NULL);
  guint16 number = choose_pod_port (pod, port);

  if (pod == NULL)
    set_not_found (error, "pods", name);
  else if (address == NULL)
    practice_status_set_bad_request (error, "address not allowed");
  else if (number == 0)
    practice_status_set_bad_request (error, "invalid pod request \"%s:%s\"", name, port);
  else
    return practice_endpoint_new (address, number);
  return NULL;
}

static PracticeEndpoint *
find_endpoint (PracticeStore *store, PracticeRequest *request, GError **error)
{
  g_autofree char *name = NULL;
  g_autofree char *port = NULL;

  if (!split_name (request->name, &name, &port)) {
    practice_status_set_bad_request (error, "invalid %s request \"%s\"",
                                     g_str_equal (request->plural, "pods") ? "pod" : "service",
                                     request->name);
    return NULL;
  }
  return g_str_equal (request->plural, "pods")
           ? find_pod_endpoint (store, request->namespace_, name, port, error)
           : find_service_endpoint (store, request->namespace_, name, port, error);
}

/* The node of an API server, for policies. */
static char *
dup_own_address (PracticeStore *store)
{
  g_autoptr (GPtrArray) nodes = practice_store_list (store, NODES, NULL);

  for (guint i = 0; i < nodes->len; i++) {
    JsonArray *addresses = base_json_get_array (nodes->pdata[i], "status", "addresses", NULL);
    const char *role = base_metadata_get_label (nodes->pdata[i], "node-role.kubernetes.io/master");

    if (role != NULL && base_json_get_length (addresses) > 0)
      return g_strdup (
        base_json_get_string (json_array_get_element (addresses, 0), "address", NULL));
  }
  return g_strdup ("127.0.0.1");
}

/* Where the path of the Service begins: at a slash, or at the end. */
static const char *
find_rest (const char *path)
{
  for (guint n_slashes = 0; *path != '\0'; path++)
    if (*path == '/' && ++n_slashes > SLASHES_BEFORE_REST)
      break;
  return path;
}

/* What is meant for the API server is not told to others. */
static gboolean
is_private (const char *name)
{
  static const char *const names[] = { "Authorization", "Connection",        "Content-Length",
                                       "Host",          "Transfer-Encoding", "Upgrade" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (g_ascii_strcasecmp (names[i], name) == 0)
      return TRUE;
  return FALSE;
}

static PracticeHttpRequest *
new_request (PracticeStore *store, SoupServerMessage *message, const char *host)
{
  GUri *uri = soup_server_message_get_uri (message);
  const char *rest = find_rest (g_uri_get_path (uri));
  const char *query = g_uri_get_query (uri);
  g_autofree char *target = g_strconcat (rest, query != NULL ? "?" : NULL, query, NULL);
  g_autofree char *own = dup_own_address (store);
  g_autoptr (PracticePeer) peer = practice_peer_new (own, NULL, NULL);
  g_autoptr (GBytes) body =
    soup_message_body_flatten (soup_server_message_get_request_body (message));
  PracticeHttpRequest *request =
    practice_http_request_new (peer, soup_server_message_get_method (message), host, target,
                               g_bytes_get_size (body) > 0 ? body : NULL);
  SoupMessageHeadersIter iter;
  const char *name;
  const char *value;

  soup_message_headers_iter_init (&iter, soup_server_message_get_request_headers (message));
  while (soup_message_headers_iter_next (&iter, &name, &value))
    if (!is_private (name))
      soup_message_headers_append (practice_http_request_get_headers (request), name, value);
  return request;
}

/* Links of a page that begin at the root lead to the API server's; they are made to lead back. */
static GBytes *
rewrite_links (Exchange *self, GBytes *body)
{
  gsize size;
  const char *data = g_bytes_get_data (body, &size);
  g_autoptr (GRegex) links = NULL;
  g_autofree char *replacement = g_strconcat ("\\1", self->prefix, "/", NULL);
  char *text;

  if (size == 0 || !g_utf8_validate (data, (gssize)size, NULL))
    return g_bytes_ref (body);
  links = g_regex_new ("(<[^<>]*\\s(?:href|src|action)\\s*=\\s*[\"'])/(?!/)", G_REGEX_CASELESS,
                       G_REGEX_MATCH_DEFAULT, NULL);
  text = g_regex_replace (links, data, (gssize)size, 0, replacement, G_REGEX_MATCH_DEFAULT, NULL);
  return text != NULL ? g_bytes_new_take (text, strlen (text)) : g_bytes_ref (body);
}

static void
send_response (Exchange *self, PracticeHttpResponse *response)
{
  SoupMessageHeaders *from = practice_http_response_get_headers (response);
  SoupMessageHeaders *to = soup_server_message_get_response_headers (self->message);
  SoupMessageBody *body = soup_server_message_get_response_body (self->message);
  const char *type = soup_message_headers_get_content_type (from, NULL);
  g_autoptr (GBytes) bytes = g_strcmp0 (type, "text/html") == 0
                               ? rewrite_links (self, practice_http_response_get_body (response))
                               : g_bytes_ref (practice_http_response_get_body (response));
  SoupMessageHeadersIter iter;
  const char *name;
  const char *value;

  soup_server_message_set_status (self->message, practice_http_response_get_status (response),
                                  NULL);
  soup_message_headers_iter_init (&iter, from);
  while (soup_message_headers_iter_next (&iter, &name, &value)) {
    gboolean is_rooted = g_ascii_strcasecmp (name, "Location") == 0 && *value == '/';
    g_autofree char *whole = is_rooted ? g_strconcat (self->prefix, value, NULL) : NULL;

    if (!is_private (name))
      soup_message_headers_append (to, name, whole != NULL ? whole : value);
  }
  if (g_bytes_get_size (bytes) > 0)
    soup_message_body_append_bytes (body, bytes);
  soup_message_body_complete (body);
}

static void
send_error (SoupServerMessage *message, const GError *error)
{
  g_autoptr (PracticeAnswer) answer = practice_answer_new_error (error);
  SoupMessageBody *body = soup_server_message_get_response_body (message);

  soup_server_message_set_status (message, answer->status, NULL);
  soup_message_headers_replace (soup_server_message_get_response_headers (message), "Content-Type",
                                answer->content_type);
  for (guint i = 0; i < answer->body->len; i++)
    soup_message_body_append_bytes (body, answer->body->pdata[i]);
  soup_message_body_complete (body);
}

/* In the words of Go's dialer. */
static void
send_failure (Exchange *self, const GError *why)
{
  gboolean is_refused = g_error_matches (why, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED);
  g_autoptr (GError) error = NULL;

  if (g_error_matches (why, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED))
    practice_status_set_unavailable (&error, "error trying to reach service: EOF");
  else
    practice_status_set_unavailable (&error, "error trying to reach service: dial tcp %s: %s",
                                     self->address,
                                     is_refused      ? "connect: connection refused"
                                     : self->is_late ? "i/o timeout"
                                                     : "connect: no route to host");
  send_error (self->message, error);
}

static void
sent_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Exchange) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (PracticeHttpResponse) response =
    practice_fabric_send_finish (PRACTICE_FABRIC (source), result, &error);

  if (self->is_gone)
    return;
  if (response != NULL)
    send_response (self, response);
  else
    send_failure (self, error);
  soup_server_message_unpause (self->message);
}

static void
finished_cb (SoupServerMessage *message, gpointer user_data)
{
  Exchange *self = user_data;

  self->is_gone = TRUE;
  g_cancellable_cancel (self->cancellable);
}

static gboolean
limit_cb (gpointer user_data)
{
  Exchange *self = user_data;

  self->is_late = TRUE;
  g_cancellable_cancel (self->cancellable);
  return G_SOURCE_REMOVE;
}

static Exchange *
exchange_new (SoupServerMessage *message, PracticeEndpoint *endpoint)
{
  Exchange *self = g_new0 (Exchange, 1);
  const char *path = g_uri_get_path (soup_server_message_get_uri (message));

  self->message = g_object_ref (message);
  self->cancellable = g_cancellable_new ();
  self->prefix = g_strndup (path, find_rest (path) - path);
  self->address = g_strdup_printf ("%s:%u", endpoint->address, endpoint->port);
  self->finished_id =
    g_signal_connect_data (message, "finished", G_CALLBACK (finished_cb), self, NULL, 0);
  self->limit = g_timeout_source_new_seconds (SECONDS);
  g_source_set_callback (self->limit, limit_cb, self, NULL);
  g_source_attach (self->limit, g_main_context_get_thread_default ());
  return self;
}

/* Relative links of the page at the root would lead beside it. */
static void
redirect_to_root (SoupServerMessage *message)
{
  GUri *uri = soup_server_message_get_uri (message);
  const char *query = g_uri_get_query (uri);
  g_autofree char *location =
    g_strconcat (g_uri_get_path (uri), "/", query != NULL ? "?" : NULL, query, NULL);

  soup_server_message_set_redirect (message, SOUP_STATUS_MOVED_PERMANENTLY, location);
}

/**
 * practice_api_proxy_serve:
 * @store: the cluster's objects
 * @fabric: (nullable): its network
 * @request: what is asked of a Service or pod
 * @message: its message
 * @error: return location
 *
 * Hands a request on as the API server does, which comes from its own node
 * (https://kubernetes.io/docs/tasks/access-application-cluster/access-cluster-services/#manually-constructing-apiserver-proxy-urls).
 * A scheme may be given; pods here take https for http.
 *
 * Returns: %FALSE with a Status where there is nothing to hand it on to
 */
gboolean
practice_api_proxy_serve (PracticeStore *store,
                          PracticeFabric *fabric,
                          PracticeRequest *request,
                          SoupServerMessage *message,
                          GError **error)
{
  g_autoptr (PracticeEndpoint) endpoint = find_endpoint (store, request, error);
  g_autoptr (PracticeHttpRequest) forwarded = NULL;
  Exchange *exchange;

  if (endpoint == NULL)
    return FALSE;
  if (fabric == NULL) {
    practice_status_set_unavailable (error, "there is no network");
    return FALSE;
  }
  if (*find_rest (g_uri_get_path (soup_server_message_get_uri (message))) == '\0') {
    redirect_to_root (message);
    return TRUE;
  }
  exchange = exchange_new (message, endpoint);
  forwarded = new_request (store, message, exchange->address);
  soup_server_message_pause (message);
  practice_fabric_send_async (fabric, forwarded, endpoint->address, endpoint->port,
                              exchange->cancellable, sent_cb, exchange);
  return TRUE;
}
