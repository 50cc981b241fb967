/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <libsoup/soup.h>
#include <string.h>

#include "base-json.h"
#include "lab-fixture.h"
#include "session-asker.h"
#include "session-sampler.h"
#include "test-wait.h"

#define WAIT 10

static const char *const sections[] = { "---\nid: a\n---\n# A\n\n```bash {id=go}\ntrue\n```\n",
                                        NULL };

#define V1 "{\"reviews\":[{\"reviewer\":\"Reviewer1\"}]}"
#define V2                                                                                         \
  "{\"reviews\":[{\"reviewer\":\"Reviewer1\",\"rating\":{\"stars\":5,\"color\":\"black\"}}]}"
#define SORRY "{\"error\":\"Sorry, product reviews are currently unavailable for this book.\"}"

static const char *const GATEWAY =
  "{\"apiVersion\":\"v1\",\"kind\":\"Service\",\"metadata\":{\"name\":\"istio-ingressgateway\","
  "\"namespace\":\"istio-system\"},\"status\":{\"loadBalancer\":{\"ingress\":[%s]}}}";

static const char *const REVIEWS =
  "{\"apiVersion\":\"networking.istio.io/v1alpha3\",\"kind\":\"VirtualService\","
  "\"metadata\":{\"name\":\"reviews\",\"namespace\":\"default\"},"
  "\"spec\":{\"hosts\":[\"reviews\"],\"http\":["
  "{\"match\":[{\"headers\":{\"end-user\":{\"exact\":\"jason\"}}}],"
  "\"route\":[{\"destination\":{\"host\":\"reviews\",\"subset\":\"v2\"}}]},"
  "{\"route\":[{\"destination\":{\"host\":\"reviews\",\"subset\":\"v1\"},\"weight\":%u},"
  "{\"destination\":{\"host\":\"reviews\",\"subset\":\"v3\"},\"weight\":%u}]}]}}";

/* What leads to the page, all of it as it should be. */
static const char *const BOOKINFO[] = {
  "{\"apiVersion\":\"v1\",\"kind\":\"Service\",\"metadata\":{\"name\":\"istio-ingressgateway\","
  "\"namespace\":\"istio-system\"},\"spec\":{\"type\":\"LoadBalancer\",\"selector\":{\"istio\":"
  "\"ingressgateway\"},\"ports\":[{\"port\":80}]},\"status\":{\"loadBalancer\":{\"ingress\":["
  "{\"hostname\":\"gateway.example\"}]}}}",
  "{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"metadata\":{\"name\":\"gateway\",\"namespace\":"
  "\"istio-system\",\"labels\":{\"istio\":\"ingressgateway\"}},\"status\":{\"conditions\":[{"
  "\"type\":\"Ready\",\"status\":\"True\"}]}}",
  "{\"apiVersion\":\"networking.istio.io/v1alpha3\",\"kind\":\"Gateway\",\"metadata\":{\"name\":"
  "\"bookinfo-gateway\",\"namespace\":\"default\"},\"spec\":{\"selector\":{\"istio\":"
  "\"ingressgateway\"},\"servers\":[{\"port\":{\"number\":80}}]}}",
  "{\"apiVersion\":\"networking.istio.io/v1alpha3\",\"kind\":\"VirtualService\",\"metadata\":{"
  "\"name\":\"bookinfo\",\"namespace\":\"default\"},\"spec\":{\"hosts\":[\"*\"],\"gateways\":["
  "\"bookinfo-gateway\"],\"http\":[{\"route\":[{\"destination\":{\"host\":\"productpage\"}}]}]}}",
  "{\"apiVersion\":\"v1\",\"kind\":\"Service\",\"metadata\":{\"name\":\"productpage\","
  "\"namespace\":\"default\"},\"spec\":{\"selector\":{\"app\":\"productpage\"},\"ports\":["
  "{\"port\":9080}]}}",
  "{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"metadata\":{\"name\":\"page\",\"namespace\":"
  "\"default\",\"labels\":{\"app\":\"productpage\"}},\"spec\":{\"containers\":[{\"name\":"
  "\"istio-proxy\"}]},\"status\":{\"conditions\":[{\"type\":\"Ready\",\"status\":\"True\"}]}}",
};

typedef enum {
  PAGE_GOOD,
  PAGE_SORRY,
  PAGE_NOT_FOUND,
  PAGE_HTML_ONLY,
  PAGE_UNAVAILABLE,
  PAGE_SILENT,
  PAGE_NO_LOGIN,
} PageMode;

/* A product page behind the gateway of a fake place. */
typedef struct {
  LabFixture lab;
  SoupServer *server;
  PageMode mode;
  guint n_sign_ins;
  guint n_open;
  guint n_most;
  GPtrArray *held; /* of SoupServerMessage: of those that it is silent to */
  SessionSampler *sampler;
} Fixture;

static void
answer (SoupServerMessage *message, guint status, const char *type, const char *body)
{
  soup_server_message_set_status (message, status, NULL);
  soup_server_message_set_response (message, type, SOUP_MEMORY_COPY, body, strlen (body));
}

static void
sign_in (Fixture *self, SoupServerMessage *message)
{
  SoupMessageBody *body = soup_server_message_get_request_body (message);
  g_autoptr (GBytes) bytes = soup_message_body_flatten (body);
  gsize size;
  const char *text = g_bytes_get_data (bytes, &size);

  self->n_sign_ins++;
  g_assert_cmpstr (soup_server_message_get_method (message), ==, "POST");
  g_assert_nonnull (g_strstr_len (text, size, "username=jason"));
  /* as the page does where there is no Referer */
  soup_server_message_set_redirect (message, SOUP_STATUS_FOUND, "None");
  if (self->mode != PAGE_NO_LOGIN)
    soup_message_headers_append (soup_server_message_get_response_headers (message), "Set-Cookie",
                                 "session=abc; HttpOnly; Path=/");
}

/* As many a program does, it tells who it is. */
static void
hello (SoupServerMessage *message, const char *user)
{
  g_assert_true (user == NULL || g_str_equal (user, "jason"));
  answer (message, 200, "text/plain",
          user != NULL ? "Hello from hello-v2-x" : "Hello from hello-v1-x");
}

static void
finished_cb (SoupServerMessage *message, Fixture *self)
{
  self->n_open--;
}

static void
page_cb (SoupServer *server,
         SoupServerMessage *message,
         const char *path,
         GHashTable *query,
         gpointer user_data)
{
  Fixture *self = user_data;
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);
  const char *cookie = soup_message_headers_get_one (headers, "Cookie");
  gboolean is_jason = g_strcmp0 (cookie, "session=abc") == 0;

  g_assert_cmpstr (soup_message_headers_get_one (headers, "Host"), ==,
                   g_str_equal (path, "/hello") ? "hello.example" : "gateway.example");
  self->n_open++;
  self->n_most = MAX (self->n_most, self->n_open);
  g_signal_connect (message, "finished", G_CALLBACK (finished_cb), self);
  if (self->mode == PAGE_SILENT) {
    soup_server_message_pause (message);
    g_ptr_array_add (self->held, g_object_ref (message));
  } else if (self->mode == PAGE_NOT_FOUND) {
    answer (message, 404, "text/plain", "");
  } else if (self->mode == PAGE_UNAVAILABLE) {
    answer (message, 503, "text/plain", "no healthy upstream");
  } else if (g_str_equal (path, "/hello")) {
    hello (message, soup_message_headers_get_one (headers, "end-user"));
  } else if (g_str_equal (path, "/api/v1/products/0")) {
    answer (message, 200, "application/json", "{\"id\":0,\"year\":1595}");
  } else if (g_str_equal (path, "/login")) {
    sign_in (self, message);
  } else if (g_str_equal (path, "/productpage") && self->mode == PAGE_HTML_ONLY) {
    answer (message, 200, "text/html", "<small>Reviewer1</small><font color=\"red\">");
  } else if (!g_str_equal (path, "/api/v1/products/0/reviews") || self->mode == PAGE_HTML_ONLY) {
    answer (message, 404, "text/html", "<h1>Not Found</h1>");
  } else if (self->mode == PAGE_SORRY) {
    answer (message, 503, "application/json", SORRY);
  } else {
    answer (message, 200, "application/json", is_jason ? V2 : V1);
  }
}

static void
put_gateway (Fixture *self, const char *ingress)
{
  g_autoptr (GString) json = g_string_new (GATEWAY);

  g_string_replace (json, "%s", ingress, 1);
  fake_api_server_put (self->lab.server, json->str);
}

static void
put_weights (Fixture *self, const char *first, const char *second)
{
  g_autoptr (GString) json = g_string_new (REVIEWS);

  g_string_replace (json, "%u", first, 1);
  g_string_replace (json, "%u", second, 1);
  fake_api_server_put (self->lab.server, json->str);
}

static void
set_up (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  GSList *uris;

  lab_fixture_set_up (&self->lab, sections);
  fake_api_server_set_served (self->lab.server, "networking.istio.io", "v1alpha3", NULL, TRUE);
  put_gateway (self, "{\"hostname\":\"gateway.example\"}");
  self->held = g_ptr_array_new_with_free_func (g_object_unref);
  self->server = soup_server_new (NULL, NULL);
  soup_server_add_handler (self->server, NULL, page_cb, self, NULL);
  soup_server_listen_local (self->server, 0, SOUP_SERVER_LISTEN_IPV4_ONLY, &error);
  g_assert_no_error (error);
  uris = soup_server_get_uris (self->server);
  fake_place_set_service_port (self->lab.place, (guint16)g_uri_get_port (uris->data));
  g_slist_free_full (uris, (GDestroyNotify)g_uri_unref);
  self->sampler = session_sampler_new (self->lab.lab);
  session_sampler_set_rate (self->sampler, SESSION_SAMPLER_MAX_RATE);
  session_sampler_set_settle (self->sampler, 0);
}

static gboolean
is_alone (gpointer data)
{
  return G_OBJECT (data)->ref_count == 1;
}

/* Nor may one that was asked for later be on its way. */
static gboolean
is_quiet (gpointer data)
{
  static const char *const names[] = { "networkpolicies", "namespaces", "deployments" };
  Fixture *self = data;

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++) {
    SessionResource *resource = session_lab_get_resource (self->lab.lab, names[i]);
    KubeListState state = session_resource_get_state (resource);

    if (state == KUBE_LIST_LOADING ||
        (state == KUBE_LIST_LIVE &&
         fake_api_server_count_watches (self->lab.server, names[i]) == 0))
      return FALSE;
  }
  return TRUE;
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  test_wait_until (is_quiet, self, WAIT, "all lists");
  session_sampler_pause (self->sampler);
  for (guint i = 0; i < self->held->len; i++)
    soup_server_message_unpause (g_ptr_array_index (self->held, i));
  g_ptr_array_set_size (self->held, 0);
  test_wait_until (is_alone, self->sampler, WAIT, "what is under way to end");
  g_assert_finalize_object (self->sampler);
  g_clear_object (&self->server);
  g_ptr_array_unref (self->held);
  lab_fixture_tear_down (&self->lab);
}

/* A server that ends in the midst of a TLS handshake in its own process would wait for itself. */
static gboolean
is_settled (gpointer data)
{
  static const char *const names[] = { "services", "virtualservices", "destinationrules",
                                       "gateways", "pods" };
  Fixture *self = data;

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++) {
    SessionResource *resource = session_lab_get_resource (self->lab.lab, names[i]);

    if (session_resource_get_state (resource) != KUBE_LIST_LIVE ||
        fake_api_server_count_watches (self->lab.server, names[i]) == 0)
      return FALSE;
  }
  /* the lab's own, which looks for Istio */
  return session_resource_get_state (session_lab_get_resource (
           self->lab.lab, "customresourcedefinitions")) != KUBE_LIST_LOADING;
}

static void
connect (Fixture *self)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (lab_fixture_connect (&self->lab, &error));
  g_assert_no_error (error);
  session_sampler_start (self->sampler);
  test_wait_until (is_settled, self, WAIT, "the lists");
}

static MeshHistory *
get_history (Fixture *self, SessionLane lane)
{
  return session_sampler_get_history (self->sampler, lane);
}

static gboolean
has_three_of_each (gpointer data)
{
  return mesh_history_get_n_counted (get_history (data, SESSION_LANE_ANONYMOUS)) >= 3 &&
         mesh_history_get_n_counted (get_history (data, SESSION_LANE_JASON)) >= 3;
}

static void
test_lanes (Fixture *self, gconstpointer data)
{
  connect (self);
  test_wait_until (has_three_of_each, self, WAIT, "answers");
  g_assert_null (session_sampler_get_reason (self->sampler));
  g_assert_cmpuint (mesh_history_get_count (get_history (self, SESSION_LANE_ANONYMOUS), "v1"), >=,
                    3);
  g_assert_cmpuint (mesh_history_get_count (get_history (self, SESSION_LANE_JASON), "v2"), >=, 3);
  g_assert_cmpuint (mesh_history_get_n_errors (get_history (self, SESSION_LANE_JASON)), ==, 0);
  g_assert_cmpuint (self->n_sign_ins, ==, 1);
}

static gboolean
has_shares (gpointer data)
{
  Fixture *self = data;

  return session_sampler_get_settings (self->sampler, SESSION_LANE_ANONYMOUS)->n_shares > 0;
}

static gboolean
is_marked (gpointer data)
{
  MeshHistory *history = get_history (data, SESSION_LANE_ANONYMOUS);
  guint n = mesh_history_get_n (history);

  for (guint i = 1; i <= n; i++)
    if (mesh_history_is_marked (history, i))
      return TRUE;
  return FALSE;
}

/* The first settings that are seen are no new ones; the next ones are. */
static void
test_mark (Fixture *self, gconstpointer data)
{
  const MeshSettings *settings;

  put_weights (self, "70", "30");
  connect (self);
  test_wait_until (has_shares, self, WAIT, "the settings");
  test_wait_until (has_three_of_each, self, WAIT, "answers");
  g_assert_false (is_marked (self));
  settings = session_sampler_get_settings (self->sampler, SESSION_LANE_ANONYMOUS);
  g_assert_cmpfloat (mesh_settings_get_share (settings, "v3"), ==, 0.3);
  settings = session_sampler_get_settings (self->sampler, SESSION_LANE_JASON);
  g_assert_cmpfloat (mesh_settings_get_share (settings, "v2"), ==, 1);

  put_weights (self, "60", "40");
  test_wait_until (is_marked, self, WAIT, "the mark");
  settings = session_sampler_get_settings (self->sampler, SESSION_LANE_ANONYMOUS);
  g_assert_cmpfloat (mesh_settings_get_share (settings, "v3"), ==, 0.4);
  test_wait_until (has_three_of_each, self, WAIT, "answers since the mark");
}

static gboolean
has_reason (gpointer data)
{
  Fixture *self = data;
  const char *reason = session_sampler_get_reason (self->sampler);

  return reason != NULL && !g_str_has_prefix (reason, "The cluster is asked") &&
         !g_str_has_prefix (reason, "Connecting");
}

static void
assert_reason (Fixture *self, const char *part)
{
  test_wait_until (has_reason, self, WAIT, part);
  g_test_message ("%s", session_sampler_get_reason (self->sampler));
  g_assert_nonnull (strstr (session_sampler_get_reason (self->sampler), part));
}

static void
test_not_connected (Fixture *self, gconstpointer data)
{
  session_sampler_start (self->sampler);
  assert_reason (self, "Not connected");
  session_sampler_pause (self->sampler);
  g_assert_null (session_sampler_get_reason (self->sampler));
}

static gboolean
has_no_reason (gpointer data)
{
  Fixture *self = data;

  return session_sampler_get_reason (self->sampler) == NULL;
}

static gboolean
has_no_address (gpointer data)
{
  Fixture *self = data;

  return strstr (session_sampler_get_reason (self->sampler), "no address") != NULL;
}

/* Each hindrance is told, and what was told is gone when it is. */
static void
test_no_gateway (Fixture *self, gconstpointer data)
{
  fake_api_server_remove (self->lab.server, "services", "istio-system", "istio-ingressgateway");
  connect (self);
  assert_reason (self, "no service istio-ingressgateway");
  put_gateway (self, "");
  test_wait_until (has_no_address, self, WAIT, "the service to be seen");
  put_gateway (self, "{\"hostname\":\"gateway.example\"}");
  test_wait_until (has_no_reason, self, WAIT, "the gateway to be found");
  test_wait_until (has_three_of_each, self, WAIT, "answers");
}

static gboolean
is_last_none (Fixture *self, SessionLane lane)
{
  MeshHistory *history = get_history (self, lane);
  guint n = mesh_history_get_n (history);

  return n > 0 && mesh_history_get (history, n - 1)->outcome == MESH_OUTCOME_NONE;
}

static gboolean
are_both_none (gpointer data)
{
  return is_last_none (data, SESSION_LANE_ANONYMOUS) && is_last_none (data, SESSION_LANE_JASON);
}

/* The gateway goes: whoever finds it first, no lane shows its last good answer as the latest. */
static void
test_both_lanes_lose (Fixture *self, gconstpointer data)
{
  connect (self);
  test_wait_until (has_three_of_each, self, WAIT, "answers");
  soup_server_disconnect (self->server);
  test_wait_until (are_both_none, self, WAIT, "both lanes to find it");
  assert_reason (self, "does not listen");
  g_assert_true (are_both_none (self));
}

/* What is silent to one lane when the other finds that the way leads nowhere was not answered. */
static void
test_break (void)
{
  g_autoptr (SessionAsker) asker = session_asker_new (NULL);
  g_autoptr (GSocketListener) listener = g_socket_listener_new ();
  g_autoptr (GError) error = NULL;
  guint16 port = g_socket_listener_add_any_inet_port (listener, NULL, &error);
  g_autoptr (GSocketConnectable) way = g_network_address_parse ("127.0.0.1", port, &error);
  MeshHistory *history = session_asker_get_history (asker);

  g_assert_no_error (error);
  session_asker_break (asker);
  g_assert_cmpuint (mesh_history_get_n (history), ==, 0);
  session_asker_set_way (asker, way, "gateway.example");
  g_assert_true (session_asker_ask (asker));
  session_asker_break (asker);
  g_assert_cmpuint (mesh_history_get_n (history), ==, 1);
  g_assert_cmpint (mesh_history_get (history, 0)->outcome, ==, MESH_OUTCOME_NONE);
  session_asker_set_way (asker, NULL, NULL);
  test_wait_until (is_alone, asker, WAIT, "what is under way to end");
}


static void
test_refused (Fixture *self, gconstpointer data)
{
  fake_place_set_service_port (self->lab.place, 0);
  connect (self);
  assert_reason (self, "does not listen");
  g_assert_cmpuint (mesh_history_get_n_errors (get_history (self, SESSION_LANE_ANONYMOUS)), >, 0);
}

static void
test_no_page (Fixture *self, gconstpointer data)
{
  self->mode = PAGE_NOT_FOUND;
  connect (self);
  assert_reason (self, "bookinfo-gateway.yaml");
  self->mode = PAGE_GOOD;
  test_wait_until (has_no_reason, self, WAIT, "the page to be found");
}

static gboolean
has_red_stars (gpointer data)
{
  return mesh_history_get_count (get_history (data, SESSION_LANE_ANONYMOUS), "v3") >= 3;
}

/* A gateway that lets the page through and not the API. */
static void
test_html (Fixture *self, gconstpointer data)
{
  self->mode = PAGE_HTML_ONLY;
  connect (self);
  test_wait_until (has_red_stars, self, WAIT, "answers of the page");
  g_assert_null (session_sampler_get_reason (self->sampler));
}

static void
test_sorry (Fixture *self, gconstpointer data)
{
  MeshHistory *history = get_history (self, SESSION_LANE_ANONYMOUS);

  self->mode = PAGE_SORRY;
  connect (self);
  test_wait_until (has_three_of_each, self, WAIT, "answers");
  g_assert_cmpuint (mesh_history_get_n_errors (history), ==, mesh_history_get_n_counted (history));
  g_assert_cmpint (mesh_history_get (history, 0)->outcome, ==, MESH_OUTCOME_REVIEWS_ERROR);
  g_assert_null (session_sampler_get_reason (self->sampler));
}

static void
put_policy (Fixture *self, const char *name, const char *spec)
{
  g_autofree char *json = g_strdup_printf (
    "{\"apiVersion\":\"networking.k8s.io/v1\",\"kind\":\"NetworkPolicy\",\"metadata\":{\"name\":"
    "\"%s\",\"namespace\":\"default\"},\"spec\":%s}",
    name, spec);

  fake_api_server_put (self->lab.server, json);
}

static gboolean
names_policy (gpointer data)
{
  Fixture *self = data;
  const char *reason = session_sampler_get_reason (self->sampler);

  return reason != NULL && strstr (reason, "delete networkpolicy default-deny") != NULL;
}

static void
test_policy (Fixture *self, gconstpointer data)
{
  self->mode = PAGE_UNAVAILABLE;
  for (gsize i = 0; i < G_N_ELEMENTS (BOOKINFO); i++)
    fake_api_server_put (self->lab.server, BOOKINFO[i]);
  put_policy (self, "access-redis",
              "{\"podSelector\":{\"matchLabels\":{\"app\":\"redis\"}},\"ingress\":[{}]}");
  connect (self);
  assert_reason (self, "cannot reach the product page");
  put_policy (self, "default-deny", "{\"podSelector\":{},\"policyTypes\":[\"Ingress\"]}");
  test_wait_until (names_policy, self, WAIT, "the policy to be named");
}

/* No more than a few at once, and each ends in time. */
static void
test_silent (Fixture *self, gconstpointer data)
{
  MeshHistory *history = get_history (self, SESSION_LANE_ANONYMOUS);

  session_sampler_set_limit (self->sampler, 100);
  self->mode = PAGE_SILENT;
  connect (self);
  assert_reason (self, "does not answer");
  g_assert_cmpint (mesh_history_get (history, 0)->outcome, ==, MESH_OUTCOME_NONE);
  g_assert_cmpuint (mesh_history_get (history, 0)->latency_ms, >=, 100);
  g_assert_cmpuint (self->n_most, <=, 2 * SESSION_ASKER_AT_ONCE);
}

static void
test_sign_in (Fixture *self, gconstpointer data)
{
  self->mode = PAGE_NO_LOGIN;
  connect (self);
  assert_reason (self, "jason");
  g_assert_cmpuint (mesh_history_get_n (get_history (self, SESSION_LANE_JASON)), ==, 0);
}

/* What is asked after a pause comes to the same history. */
static void
test_pause (Fixture *self, gconstpointer data)
{
  MeshHistory *history = get_history (self, SESSION_LANE_ANONYMOUS);
  guint n;

  connect (self);
  g_assert_true (session_sampler_get_running (self->sampler));
  test_wait_until (has_three_of_each, self, WAIT, "answers");
  session_sampler_pause (self->sampler);
  g_assert_false (session_sampler_get_running (self->sampler));
  n = mesh_history_get_n (history);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpuint (mesh_history_get_n (history), ==, n);
  mesh_history_mark (history, 0);
  mesh_history_mark (get_history (self, SESSION_LANE_JASON), 0);
  session_sampler_start (self->sampler);
  test_wait_until (has_three_of_each, self, WAIT, "answers after the pause");
  g_assert_cmpuint (self->n_sign_ins, ==, 2);
}

static void
test_rate (Fixture *self, gconstpointer data)
{
  session_sampler_set_rate (self->sampler, 1000);
  g_assert_cmpfloat (session_sampler_get_rate (self->sampler), ==, SESSION_SAMPLER_MAX_RATE);
  session_sampler_set_rate (self->sampler, -1);
  g_assert_cmpfloat (session_sampler_get_rate (self->sampler), ==, SESSION_SAMPLER_MIN_RATE);
}

/* Without a sampler: only as many at once as are allowed. */
static void
test_at_once (Fixture *self, gconstpointer data)
{
  SessionAsker *asker = session_asker_new (NULL);
  GSList *uris = soup_server_get_uris (self->server);
  g_autoptr (GSocketAddress) way =
    g_inet_socket_address_new_from_string ("127.0.0.1", (guint)g_uri_get_port (uris->data));

  g_slist_free_full (uris, (GDestroyNotify)g_uri_unref);
  g_assert_false (session_asker_ask (asker));
  session_asker_set_way (asker, G_SOCKET_CONNECTABLE (way), "gateway.example");
  for (guint i = 0; i < SESSION_ASKER_AT_ONCE; i++)
    g_assert_true (session_asker_ask (asker));
  g_assert_false (session_asker_ask (asker));
  g_assert_cmpuint (session_asker_get_n_open (asker), ==, SESSION_ASKER_AT_ONCE);
  session_asker_set_way (asker, NULL, NULL);
  g_assert_cmpuint (session_asker_get_n_open (asker), ==, 0);
  test_wait_until (is_alone, asker, WAIT, "what was given up to end");
  g_assert_cmpuint (mesh_history_get_n (session_asker_get_history (asker)), ==, 0);
  g_assert_finalize_object (asker);
}

static void
put_json (Fixture *self, const char *text)
{
  g_autofree char *json = g_strdelimit (g_strdup (text), "'", '"');

  fake_api_server_put (self->lab.server, json);
}

static void
set_target (Fixture *self, const char *virtual_service, const char *path)
{
  g_autofree char *json = g_strdelimit (g_strdup (virtual_service), "'", '"');
  g_autoptr (JsonNode) object = base_json_parse (json, -1, NULL);
  g_autoptr (MeshTarget) target = mesh_target_new_for (object, "default", path);

  put_json (self, virtual_service);
  session_sampler_set_target (self->sampler, target);
}

/* What the page passes on of details names no version. */
static void
test_api (Fixture *self, gconstpointer data)
{
  connect (self);
  test_wait_until (has_three_of_each, self, WAIT, "reviews");
  set_target (self,
              "{'apiVersion':'networking.istio.io/v1alpha3','kind':'VirtualService','metadata':{"
              "'name':'details','namespace':'default'},'spec':{'hosts':['details'],'http':[{"
              "'route':[{'destination':{'host':'details','subset':'v1'}}]}]}}",
              NULL);
  g_assert_cmpuint (mesh_history_get_n (get_history (self, SESSION_LANE_ANONYMOUS)), ==, 0);
  test_wait_until (has_shares, self, WAIT, "the settings of details");
  test_wait_until (has_three_of_each, self, WAIT, "details");
  for (guint lane = 0; lane < SESSION_N_LANES; lane++) {
    g_assert_cmpuint (mesh_history_get_n_told (get_history (self, lane)), ==, 0);
    g_assert_cmpuint (mesh_history_get_n_errors (get_history (self, lane)), ==, 0);
  }
}

/* Any service that a gateway lets in, at a path that the user gives: by its own name, and with the
 * user's in a header. Who has answered is read from the answer. */
static void
test_path (Fixture *self, gconstpointer data)
{
  static const char *const objects[] = {
    "{'apiVersion':'networking.istio.io/v1alpha3','kind':'DestinationRule','metadata':{'name':"
    "'hello','namespace':'default'},'spec':{'host':'hello','subsets':[{'name':'v1','labels':{"
    "'version':'v1'}},{'name':'v2','labels':{'version':'v2'}}]}}",
    "{'apiVersion':'v1','kind':'Service','metadata':{'name':'hello','namespace':'default'},'spec':"
    "{'selector':{'app':'hello'}}}",
    "{'apiVersion':'v1','kind':'Pod','metadata':{'name':'hello-v1-x','namespace':'default',"
    "'labels':{'app':'hello','version':'v1'}}}",
    "{'apiVersion':'v1','kind':'Pod','metadata':{'name':'hello-v2-x','namespace':'default',"
    "'labels':{'app':'hello','version':'v2'}}}",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (objects); i++)
    put_json (self, objects[i]);
  set_target (self,
              "{'apiVersion':'networking.istio.io/v1alpha3','kind':'VirtualService','metadata':{"
              "'name':'hello','namespace':'default'},'spec':{'hosts':['hello.example'],"
              "'gateways':['web'],'http':[{'route':[{'destination':{'host':'hello','subset':'v1'},"
              "'weight':30},{'destination':{'host':'hello','subset':'v2'},'weight':70}]}]}}",
              "hello");
  connect (self);
  test_wait_until (has_shares, self, WAIT, "the settings of hello");
  test_wait_until (has_three_of_each, self, WAIT, "answers");
  g_assert_cmpuint (mesh_history_get_count (get_history (self, SESSION_LANE_ANONYMOUS), "v1"), >=,
                    3);
  g_assert_cmpuint (mesh_history_get_count (get_history (self, SESSION_LANE_JASON), "v2"), >=, 3);
  g_assert_cmpuint (self->n_sign_ins, ==, 0);
  g_assert_cmpfloat (mesh_settings_get_share (
                       session_sampler_get_settings (self->sampler, SESSION_LANE_ANONYMOUS), "v2"),
                     ==, 0.7);
}

/* Knows no name, and asks nobody. */
#define TEST_TYPE_RESOLVER (test_resolver_get_type ())
G_DECLARE_FINAL_TYPE (TestResolver, test_resolver, TEST, RESOLVER, GResolver)

struct _TestResolver {
  GResolver parent_instance;
};

G_DEFINE_FINAL_TYPE (TestResolver, test_resolver, G_TYPE_RESOLVER)

static void
test_resolver_lookup_async (GResolver *resolver,
                            const char *name,
                            GResolverNameLookupFlags flags,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (resolver, cancellable, callback, user_data);

  g_task_set_source_tag (task, test_resolver_lookup_async);
  g_task_return_new_error (task, G_RESOLVER_ERROR, G_RESOLVER_ERROR_NOT_FOUND, "%s: no such name",
                           name);
}

static GList *
test_resolver_lookup_finish (GResolver *resolver, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
test_resolver_class_init (TestResolverClass *klass)
{
  GResolverClass *resolver_class = G_RESOLVER_CLASS (klass);

  resolver_class->lookup_by_name_with_flags_async = test_resolver_lookup_async;
  resolver_class->lookup_by_name_with_flags_finish = test_resolver_lookup_finish;
}

static void
test_resolver_init (TestResolver *self)
{
}

/* A load balancer has its name before anybody knows it. */
static void
test_nameless (Fixture *self, gconstpointer data)
{
  g_autoptr (GResolver) usual = g_resolver_get_default ();
  g_autoptr (GResolver) resolver = g_object_new (TEST_TYPE_RESOLVER, NULL);

  g_resolver_set_default (resolver);
  fake_place_set_service_name (self->lab.place, "gateway.example");
  connect (self);
  assert_reason (self, "name gateway.example is not known here yet");
  fake_place_set_service_name (self->lab.place, NULL);
  test_wait_until (has_three_of_each, self, WAIT, "answers");
  g_assert_null (session_sampler_get_reason (self->sampler));
  g_resolver_set_default (usual);
}

#define ADD(name, function)                                                                        \
  g_test_add ("/session/sampler/" name, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char *argv[])
{
  kube_client_init_process ();
  g_thread_pool_set_max_unused_threads (0);
  g_test_init (&argc, &argv, NULL);

  ADD ("lanes", test_lanes);
  ADD ("mark", test_mark);
  ADD ("not-connected", test_not_connected);
  ADD ("no-gateway", test_no_gateway);
  ADD ("refused", test_refused);
  ADD ("both-lanes-lose", test_both_lanes_lose);
  g_test_add_func ("/session/sampler/break", test_break);
  ADD ("nameless", test_nameless);
  ADD ("no-page", test_no_page);
  ADD ("html", test_html);
  ADD ("sorry", test_sorry);
  ADD ("policy", test_policy);
  ADD ("silent", test_silent);
  ADD ("sign-in", test_sign_in);
  ADD ("pause", test_pause);
  ADD ("rate", test_rate);
  ADD ("at-once", test_at_once);
  ADD ("api", test_api);
  ADD ("path", test_path);

  return g_test_run ();
}
