/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "fake-api-server.h"

#include <string.h>

#include "base-json.h"
#include "fake-certificates.h"
#include "fake-discovery.h"
#include "fake-resources.h"
#include "kube-trust.h"
#include "practice-connections.h"

struct _FakeApiServer {
  GObject parent_instance;

  SoupServer *server;               /* (nullable): stopped */
  PracticeConnections *connections; /* (nullable): stopped */
  guint16 port;
  FakeAuthority *authority;
  GTlsCertificate *certificate;
  gboolean asks_certificates;
  char *token; /* (nullable) */

  FakeStore *store;
  FakeWatches *watches;
  FakeDiscovery *discovery;
  gboolean aggregated;

  GQueue faults;       /* of Fault */
  GPtrArray *held;     /* of SoupServerMessage that get no answer */
  GPtrArray *requests; /* of char *: "METHOD /path?query" */
  GHashTable *clients; /* of the addresses that requests came from */
  SoupMessageHeaders *last_headers;
  GHashTable *subjects; /* by connection: of clients' certificates */
  const char *last_subject;
  SoupHTTPVersion last_http_version;
};

G_DEFINE_FINAL_TYPE (FakeApiServer, fake_api_server, G_TYPE_OBJECT)

typedef struct {
  FakeFaultKind kind;
  char *match;
  guint times;
  guint status;
  char *body;
  char *content_type;
  char *header;
} Fault;

static void
fault_free (gpointer data)
{
  Fault *fault = data;

  g_free (fault->match);
  g_free (fault->body);
  g_free (fault->content_type);
  g_free (fault->header);
  g_free (fault);
}

static Fault *
find_fault (FakeApiServer *self, const char *line)
{
  for (GList *link = self->faults.head; link != NULL; link = link->next) {
    Fault *fault = link->data;

    if (strstr (line, fault->match) != NULL)
      return fault;
  }
  return NULL;
}

/* Counts one use; the last one frees it. */
static void
use_up (FakeApiServer *self, Fault *fault)
{
  if (fault->times == 0 || --fault->times > 0)
    return;
  g_queue_remove (&self->faults, fault);
  fault_free (fault);
}

static void
drop (SoupServerMessage *message)
{
  g_socket_shutdown (soup_server_message_get_socket (message), TRUE, TRUE, NULL);
}

/* The first half of what is there, and an end as if that were all. */
static void
truncate_answer (SoupServerMessage *message)
{
  SoupMessageBody *body = soup_server_message_get_response_body (message);
  g_autoptr (GBytes) whole = soup_message_body_flatten (body);
  g_autoptr (GBytes) half = g_bytes_new_from_bytes (whole, 0, g_bytes_get_size (whole) / 2);

  soup_message_body_truncate (body);
  soup_message_body_append_bytes (body, half);
  soup_message_headers_set_encoding (soup_server_message_get_response_headers (message),
                                     SOUP_ENCODING_CHUNKED);
  soup_message_body_complete (body);
}

static void
answer_fault (const Fault *fault, SoupServerMessage *message)
{
  const char *body = fault->body != NULL ? fault->body : "";
  const char *type = fault->content_type != NULL ? fault->content_type : "application/json";

  soup_server_message_set_status (message, fault->status, NULL);
  soup_server_message_set_response (message, type, SOUP_MEMORY_COPY, body, strlen (body));
  if (fault->header != NULL) {
    g_auto (GStrv) halves = g_strsplit (fault->header, ": ", 2);

    soup_message_headers_replace (soup_server_message_get_response_headers (message), halves[0],
                                  halves[1]);
  }
}

static gpointer
get_connection (SoupServerMessage *message)
{
  GSocketAddress *address = soup_server_message_get_remote_address (message);

  return GUINT_TO_POINTER (g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (address)));
}

static void
log_request (FakeApiServer *self, SoupServerMessage *message, const char *line)
{
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);
  gpointer connection = get_connection (message);

  g_ptr_array_add (self->requests, g_strdup (line));
  g_hash_table_add (self->clients, connection);
  g_clear_pointer (&self->last_headers, soup_message_headers_unref);
  self->last_headers = soup_message_headers_ref (headers);
  self->last_subject = g_hash_table_lookup (self->subjects, connection);
  self->last_http_version = soup_server_message_get_http_version (message);
}

static gboolean
is_authorized (FakeApiServer *self, SoupServerMessage *message)
{
  const char *value = soup_message_headers_get_one (
    soup_server_message_get_request_headers (message), "Authorization");
  g_autofree char *wanted = g_strconcat ("Bearer ", self->token, NULL);

  return self->token == NULL || g_strcmp0 (value, wanted) == 0;
}

static gboolean
wants_aggregated (FakeApiServer *self, SoupServerMessage *message, const char *path)
{
  const char *accept =
    soup_message_headers_get_list (soup_server_message_get_request_headers (message), "Accept");

  return self->aggregated && g_str_equal (path, "/apis") && accept != NULL &&
         strstr (accept, "APIGroupDiscoveryList") != NULL;
}

/* What a real server says of a group that it does not have. */
static void
answer_page_not_found (SoupServerMessage *message)
{
  static const char text[] = "404 page not found\n";

  soup_server_message_set_status (message, 404, NULL);
  soup_server_message_set_response (message, "text/plain", SOUP_MEMORY_STATIC, text, strlen (text));
}

static void
answer (FakeApiServer *self, SoupServerMessage *message, const char *path, GHashTable *query)
{
  g_autofree char *discovery = NULL;
  g_auto (FakePath) parsed = { 0 };

  if (!is_authorized (self, message)) {
    fake_resources_answer_status (message, 401, "Unauthorized", "Unauthorized");
    return;
  }
  if (wants_aggregated (self, message, path))
    discovery = fake_discovery_dup_aggregated (self->discovery);
  else
    discovery = fake_discovery_dup_answer (self->discovery, path);

  if (discovery != NULL)
    fake_resources_answer_json (message, 200, discovery);
  else if (fake_path_parse (&parsed, path) && fake_discovery_is_served (self->discovery, &parsed))
    fake_resources_handle (self->store, self->watches, &parsed, query, message);
  else
    answer_page_not_found (message);
}

static void
handle_cb (SoupServer *server,
           SoupServerMessage *message,
           const char *path,
           GHashTable *query,
           gpointer user_data)
{
  FakeApiServer *self = user_data;
  g_autofree char *full = g_uri_to_string (soup_server_message_get_uri (message));
  const char *target = strchr (strstr (full, "://") + 3, '/');
  g_autofree char *line = g_strconcat (soup_server_message_get_method (message), " ", target, NULL);
  Fault *fault = find_fault (self, line);

  log_request (self, message, line);
  if (fault == NULL || fault->kind == FAKE_FAULT_TRUNCATE)
    answer (self, message, path, query);
  if (fault == NULL)
    return;

  switch (fault->kind) {
    case FAKE_FAULT_ANSWER:
      answer_fault (fault, message);
      break;
    case FAKE_FAULT_HANG:
      soup_server_message_pause (message);
      g_ptr_array_add (self->held, g_object_ref (message));
      break;
    case FAKE_FAULT_DROP:
      drop (message);
      break;
    case FAKE_FAULT_TRUNCATE:
    default:
      truncate_answer (message);
      break;
  }
  use_up (self, fault);
}

static GTlsCertificate *
new_server_certificate (FakeApiServer *self, const char *const *names)
{
  g_autofree char *pem = fake_authority_issue (self->authority, "CN=fake server", names);
  g_autoptr (GError) error = NULL;
  GTlsCertificate *certificate = g_tls_certificate_new_from_pem (pem, -1, &error);

  g_assert_no_error (error);
  return certificate;
}

/* GIO asks this of a server even where there is nothing wrong with the certificate. Later messages
 * of the connection do not know it. */
static gboolean
accept_certificate_cb (SoupServerMessage *message,
                       GTlsCertificate *certificate,
                       GTlsCertificateFlags errors,
                       FakeApiServer *self)
{
  g_hash_table_insert (self->subjects, get_connection (message),
                       g_tls_certificate_get_subject_name (certificate));
  return errors == 0;
}

static void
request_started_cb (SoupServer *server, SoupServerMessage *message, FakeApiServer *self)
{
  g_signal_connect_object (message, "accept-certificate", G_CALLBACK (accept_certificate_cb), self,
                           0);
}

/* Whom the server believes: clients of its own authority. */
static void
ask_certificates (FakeApiServer *self)
{
  const char *ca = fake_api_server_get_ca (self);
  g_autoptr (GBytes) pem = g_bytes_new_static (ca, strlen (ca));
  g_autoptr (GTlsDatabase) trust = kube_trust_new_database (pem, NULL);

  soup_server_set_tls_database (self->server, trust);
  soup_server_set_tls_auth_mode (self->server, G_TLS_AUTHENTICATION_REQUESTED);
  g_signal_connect (self->server, "request-started", G_CALLBACK (request_started_cb), self);
}

static void
fake_api_server_dispose (GObject *object)
{
  FakeApiServer *self = FAKE_API_SERVER (object);

  if (self->server != NULL)
    fake_api_server_stop (self);
  g_clear_object (&self->certificate);

  G_OBJECT_CLASS (fake_api_server_parent_class)->dispose (object);
}

static void
fake_api_server_finalize (GObject *object)
{
  FakeApiServer *self = FAKE_API_SERVER (object);

  fake_api_server_clear_faults (self);
  g_ptr_array_unref (self->held);
  fake_watches_free (self->watches);
  fake_store_free (self->store);
  fake_discovery_free (self->discovery);
  fake_authority_free (self->authority);
  g_ptr_array_unref (self->requests);
  g_hash_table_unref (self->clients);
  g_clear_pointer (&self->last_headers, soup_message_headers_unref);
  g_hash_table_unref (self->subjects);
  g_free (self->token);

  G_OBJECT_CLASS (fake_api_server_parent_class)->finalize (object);
}

static void
fake_api_server_class_init (FakeApiServerClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = fake_api_server_dispose;
  G_OBJECT_CLASS (klass)->finalize = fake_api_server_finalize;
}

static void
fake_api_server_init (FakeApiServer *self)
{
  static const char *const names[] = { "127.0.0.1", "localhost", FAKE_NAME, NULL };

  self->authority = fake_authority_new ();
  self->store = fake_store_new ();
  self->watches = fake_watches_new ();
  self->discovery = fake_discovery_new ();
  self->held = g_ptr_array_new_with_free_func (g_object_unref);
  self->requests = g_ptr_array_new_with_free_func (g_free);
  self->clients = g_hash_table_new (NULL, NULL);
  self->subjects = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  self->token = g_strdup (FAKE_TOKEN);
  fake_api_server_set_names (self, names);
}

FakeApiServer *
fake_api_server_new (void)
{
  FakeApiServer *self = g_object_new (FAKE_TYPE_API_SERVER, NULL);

  fake_api_server_start (self);
  return self;
}

void
fake_api_server_set_names (FakeApiServer *self, const char *const *names)
{
  g_clear_object (&self->certificate);
  self->certificate = new_server_certificate (self, names);
}

void
fake_api_server_start (FakeApiServer *self)
{
  g_autoptr (GSocketAddress) address =
    g_inet_socket_address_new_from_string ("127.0.0.1", self->port);
  g_autoptr (GError) error = NULL;
  GSList *uris;

  g_assert_null (self->server);
  self->server = soup_server_new ("server-header", "fake ", "raw-paths", TRUE, NULL);
  self->connections = practice_connections_new (self->server);
  soup_server_set_tls_certificate (self->server, self->certificate);
  if (self->asks_certificates)
    ask_certificates (self);
  soup_server_add_handler (self->server, NULL, handle_cb, self, NULL);
  soup_server_listen (self->server, address, SOUP_SERVER_LISTEN_HTTPS, &error);
  g_assert_no_error (error);

  uris = soup_server_get_uris (self->server);
  self->port = (guint16)g_uri_get_port (uris->data);
  g_slist_free_full (uris, (GDestroyNotify)g_uri_unref);
}

void
fake_api_server_stop (FakeApiServer *self)
{
  fake_watches_drop (self->watches, NULL);
  for (guint i = 0; i < self->held->len; i++)
    drop (g_ptr_array_index (self->held, i));
  g_ptr_array_set_size (self->held, 0);
  practice_connections_break (self->connections);
  g_clear_object (&self->connections);
  g_clear_object (&self->server);
}

guint16
fake_api_server_get_port (FakeApiServer *self)
{
  return self->port;
}

const char *
fake_api_server_get_ca (FakeApiServer *self)
{
  return fake_authority_get_pem (self->authority);
}

void
fake_api_server_ask_certificates (FakeApiServer *self)
{
  self->asks_certificates = TRUE;
}

/* Certificate and key, each by itself. */
static GStrv
issue_client (FakeApiServer *self, const char *subject)
{
  g_autofree char *pem = fake_authority_issue (self->authority, subject, NULL);
  GStrv halves = g_strsplit (pem, "-----END CERTIFICATE-----\n", 2);
  char *certificate = g_strconcat (halves[0], "-----END CERTIFICATE-----\n", NULL);

  g_free (halves[0]);
  halves[0] = certificate;
  return halves;
}

char *
fake_api_server_issue_user (FakeApiServer *self, const char *subject)
{
  g_auto (GStrv) client = issue_client (self, subject);
  g_autofree char *certificate = g_base64_encode ((const guchar *)client[0], strlen (client[0]));
  g_autofree char *key = g_base64_encode ((const guchar *)client[1], strlen (client[1]));

  return g_strdup_printf ("client-certificate-data: %s, client-key-data: %s", certificate, key);
}

char *
fake_api_server_issue_credential (FakeApiServer *self, const char *subject)
{
  g_auto (GStrv) client = issue_client (self, subject);
  g_autoptr (JsonNode) node = base_json_parse (
    "{\"kind\":\"ExecCredential\",\"apiVersion\":\"client.authentication.k8s.io/v1beta1\","
    "\"status\":{}}",
    -1, NULL);
  JsonObject *status = base_json_get_object (node, "status", NULL);

  json_object_set_string_member (status, "clientCertificateData", client[0]);
  json_object_set_string_member (status, "clientKeyData", client[1]);
  return base_json_write (node, FALSE);
}

char *
fake_api_server_dup_kubeconfig (FakeApiServer *self, const char *cluster, const char *user)
{
  const char *ca = fake_api_server_get_ca (self);
  g_autofree char *data = g_base64_encode ((const guchar *)ca, strlen (ca));
  g_autofree char *server = g_strdup_printf ("server: 'https://127.0.0.1:%u'", self->port);
  gboolean trusts = cluster == NULL || strstr (cluster, "insecure") == NULL;

  return g_strdup_printf ("apiVersion: v1\n"
                          "kind: Config\n"
                          "current-context: fake\n"
                          "contexts: [{name: fake, context: {cluster: fake, user: fake}}]\n"
                          "clusters: [{name: fake, cluster: {%s%s%s}}]\n"
                          "users: [{name: fake, user: {%s}}]\n",
                          cluster != NULL ? cluster : server,
                          trusts ? ", certificate-authority-data: " : "", trusts ? data : "",
                          user != NULL ? user : "token: " FAKE_TOKEN);
}

KubeContext *
fake_api_server_dup_context (FakeApiServer *self)
{
  g_autoptr (KubeConfig) config = kube_config_new ();
  g_autofree char *text = fake_api_server_dup_kubeconfig (self, NULL, NULL);
  g_autoptr (GError) error = NULL;
  KubeContext *context;

  kube_config_add (config, "/nowhere/config", text, -1, &error);
  g_assert_no_error (error);
  context = kube_config_dup_context (config, NULL, &error);
  g_assert_no_error (error);
  return context;
}

void
fake_api_server_set_token (FakeApiServer *self, const char *token)
{
  g_free (self->token);
  self->token = g_strdup (token);
}

void
fake_api_server_put (FakeApiServer *self, const char *json)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) object = base_json_parse (json, -1, &error);
  g_autofree char *kind_name = NULL;
  const KubeKind *kind;

  g_assert_no_error (error);
  kind_name = g_strdup (base_json_get_string (object, "kind", NULL));
  kind = kube_kind_lookup (kind_name);
  g_assert_nonnull (kind);
  json_object_remove_member (json_node_get_object (object), "kind");
  json_object_remove_member (json_node_get_object (object), "apiVersion");
  fake_watches_send_event (self->watches, fake_store_put (self->store, kind->plural, object));
}

void
fake_api_server_put_new (FakeApiServer *self,
                         const char *plural,
                         const char *namespace_,
                         const char *name)
{
  const KubeKind *kind = kube_kind_lookup (plural);
  g_autofree char *json =
    namespace_ != NULL
      ? g_strdup_printf ("{\"kind\":\"%s\",\"metadata\":{\"name\":\"%s\",\"namespace\":\"%s\"}}",
                         kind->kind, name, namespace_)
      : g_strdup_printf ("{\"kind\":\"%s\",\"metadata\":{\"name\":\"%s\"}}", kind->kind, name);

  fake_api_server_put (self, json);
}

void
fake_api_server_remove (FakeApiServer *self,
                        const char *plural,
                        const char *namespace_,
                        const char *name)
{
  const FakeEvent *event = fake_store_remove (self->store, plural, namespace_, name);

  g_assert_nonnull (event);
  fake_watches_send_event (self->watches, event);
}

JsonNode *
fake_api_server_get (FakeApiServer *self,
                     const char *plural,
                     const char *namespace_,
                     const char *name)
{
  return fake_store_get (self->store, plural, namespace_, name);
}

void
fake_api_server_set_served (
  FakeApiServer *self, const char *group, const char *version, const char *plural, gboolean served)
{
  fake_discovery_set_served (self->discovery, group, version, plural, served);
}

void
fake_api_server_set_aggregated (FakeApiServer *self, gboolean aggregated)
{
  self->aggregated = aggregated;
}

guint
fake_api_server_count_watches (FakeApiServer *self, const char *plural)
{
  return fake_watches_count (self->watches, plural);
}

void
fake_api_server_send_text (FakeApiServer *self, const char *plural, const char *text)
{
  fake_watches_send_text (self->watches, plural, text, strlen (text));
}

void
fake_api_server_send_expired (FakeApiServer *self, const char *plural)
{
  fake_api_server_send_text (self, plural,
                             "{\"type\":\"ERROR\",\"object\":{\"kind\":\"Status\",\"apiVersion\":"
                             "\"v1\",\"metadata\":{},\"status\":\"Failure\",\"message\":\"too old "
                             "resource version\",\"reason\":\"Expired\",\"code\":410}}\n");
}

void
fake_api_server_send_bookmarks (FakeApiServer *self)
{
  fake_store_advance (self->store);
  fake_watches_send_bookmark (self->watches, fake_store_get_version (self->store));
}

void
fake_api_server_end_watches (FakeApiServer *self, const char *plural)
{
  fake_watches_end (self->watches, plural);
}

void
fake_api_server_drop_watches (FakeApiServer *self, const char *plural)
{
  fake_watches_drop (self->watches, plural);
}

void
fake_api_server_compact (FakeApiServer *self)
{
  fake_store_compact (self->store);
}

void
fake_api_server_add_fault (FakeApiServer *self, const FakeFault *fault)
{
  Fault *copy = g_new0 (Fault, 1);

  copy->kind = fault->kind;
  copy->match = g_strdup (fault->match);
  copy->times = fault->times;
  copy->status = fault->status;
  copy->body = g_strdup (fault->body);
  copy->content_type = g_strdup (fault->content_type);
  copy->header = g_strdup (fault->header);
  g_queue_push_tail (&self->faults, copy);
}

void
fake_api_server_clear_faults (FakeApiServer *self)
{
  g_queue_clear_full (&self->faults, fault_free);
}

guint
fake_api_server_count_requests (FakeApiServer *self, const char *match)
{
  guint n = 0;

  for (guint i = 0; i < self->requests->len; i++)
    n += strstr (g_ptr_array_index (self->requests, i), match) != NULL ? 1 : 0;
  return n;
}

const char *
fake_api_server_get_last_request (FakeApiServer *self, const char *match)
{
  for (guint i = self->requests->len; i > 0; i--) {
    const char *line = g_ptr_array_index (self->requests, i - 1);

    if (strstr (line, match) != NULL)
      return line;
  }
  return NULL;
}

const char *
fake_api_server_get_last_header (FakeApiServer *self, const char *name)
{
  return self->last_headers != NULL ? soup_message_headers_get_list (self->last_headers, name)
                                    : NULL;
}

const char *
fake_api_server_get_last_subject (FakeApiServer *self)
{
  return self->last_subject;
}

guint
fake_api_server_count_connections (FakeApiServer *self)
{
  return g_hash_table_size (self->clients);
}

void
fake_api_server_forget_requests (FakeApiServer *self)
{
  g_ptr_array_set_size (self->requests, 0);
  g_hash_table_remove_all (self->clients);
}

SoupHTTPVersion
fake_api_server_get_last_http_version (FakeApiServer *self)
{
  return self->last_http_version;
}
