/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <libsoup/soup.h>
#include <string.h>

#include "lab-fixture.h"
#include "test-wait.h"

/* With its factor of 3, sooner than what has passed is tried again by itself: after 15 seconds. */
#define PROMPT 4
#define WAIT 15

static const char *const SECTIONS[] = {
  "---\nid: a\ntitle: A\n---\n# A\n\n```bash {id=ask}\ntrue\n```\n\n```check\n"
  "- {http: {service: web}, says: It answers}\n"
  "- {reach: {service: web, port: 80}, says: It is open}\n"
  "- {reach: {service: web, port: 80, expect: blocked}, says: It is blocked}\n```\n",
  NULL,
};

static const char *const SERVICE =
  "{\"kind\":\"Service\",\"metadata\":{\"name\":\"web\",\"namespace\":\"default\"},\"spec\":{"
  "\"type\":"
  "\"LoadBalancer\",\"selector\":{\"app\":\"web\"},\"ports\":[{\"port\":80}]},\"status\":{"
  "\"loadBalancer\":{\"ingress\":[{\"ip\":\"10.0.0.1\"}]}}}";
static const char *const POD =
  "{\"kind\":\"Pod\",\"metadata\":{\"name\":\"web\",\"namespace\":\"default\",\"labels\":{\"app\":"
  "\"web\"}},\"status\":{\"phase\":\"Running\",\"conditions\":[{\"type\":\"Ready\",\"status\":"
  "\"True\"}]}}";
static const char *const DENY =
  "{\"apiVersion\":\"networking.k8s.io/v1\",\"kind\":\"NetworkPolicy\",\"metadata\":{\"name\":"
  "\"default-deny\",\"namespace\":\"default\"},\"spec\":{\"podSelector\":{}}}";

typedef struct {
  LabFixture lab;
  SoupServer *server;
  guint status;
} Fixture;

static void
page_cb (SoupServer *server,
         SoupServerMessage *message,
         const char *path,
         GHashTable *query,
         gpointer data)
{
  Fixture *self = data;

  soup_server_message_set_status (message, self->status, NULL);
  soup_server_message_set_response (message, "text/plain", SOUP_MEMORY_STATIC, "page", 4);
}

static void
set_up (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  GSList *uris = NULL;

  self->status = 200;
  self->server = soup_server_new (NULL, NULL);
  soup_server_add_handler (self->server, NULL, page_cb, self, NULL);
  soup_server_listen_local (self->server, 0, SOUP_SERVER_LISTEN_IPV4_ONLY, &error);
  g_assert_no_error (error);
  uris = soup_server_get_uris (self->server);
  lab_fixture_set_up (&self->lab, SECTIONS);
  fake_place_set_service_port (self->lab.place, (guint16)g_uri_get_port (uris->data));
  g_slist_free_full (uris, (GDestroyNotify)g_uri_unref);
  fake_api_server_put (self->lab.server, SERVICE);
  fake_api_server_put (self->lab.server, POD);
  g_assert_true (lab_fixture_connect (&self->lab, &error));
  g_assert_no_error (error);
  session_lab_set_open_section (self->lab.lab, lab_fixture_get_section (&self->lab, 0));
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  session_lab_set_open_section (self->lab.lab, NULL);
  lab_fixture_tear_down (&self->lab);
  soup_server_disconnect (self->server);
  g_clear_object (&self->server);
}

typedef struct {
  SessionCheck *check;
  SessionCheckState state;
  const char *detail; /* a part of it; NULL: any */
} Wait;

static gboolean
is_told (gpointer data)
{
  Wait *self = data;
  const char *detail = session_check_get_detail (self->check);

  return session_check_get_state (self->check) == self->state &&
         (self->detail == NULL || (detail != NULL && strstr (detail, self->detail) != NULL));
}

static void
wait_check (Fixture *self, guint index, SessionCheckState state, const char *detail, guint seconds)
{
  GPtrArray *checks = session_step_get_checks (lab_fixture_get_step (&self->lab, 0, "ask"));
  Wait wait = { g_ptr_array_index (checks, index), state, detail };

  test_wait_until (is_told, &wait, seconds, detail != NULL ? detail : "a check's state");
}

/* A policy that was left in place, or came from elsewhere, after the check had passed. */
static void
test_policy (Fixture *self, gconstpointer data)
{
  wait_check (self, 0, SESSION_CHECK_PASSED, NULL, WAIT);
  wait_check (self, 1, SESSION_CHECK_PASSED, NULL, WAIT);
  fake_place_set_silent (self->lab.place, TRUE);
  fake_api_server_put (self->lab.server, DENY);
  wait_check (self, 0, SESSION_CHECK_WAITING, "nothing answers in time", PROMPT);
  wait_check (self, 1, SESSION_CHECK_WAITING, "nothing answers in time", PROMPT);
  wait_check (self, 0, SESSION_CHECK_WAITING,
              "The network policy default/default-deny selects every pod of default", WAIT);
  wait_check (self, 2, SESSION_CHECK_PASSED, NULL, PROMPT);
  fake_place_set_silent (self->lab.place, FALSE);
  fake_api_server_remove (self->lab.server, "networkpolicies", "default", "default-deny");
  wait_check (self, 0, SESSION_CHECK_PASSED, NULL, PROMPT);
  wait_check (self, 2, SESSION_CHECK_WAITING, "it can still be reached", PROMPT);
}

typedef struct {
  FakePlace *place;
  guint n;
} Tries;

static gboolean
is_tried (gpointer data)
{
  Tries *self = data;

  return fake_place_get_n_reached (self->place) >= self->n;
}

/* It is in force only some time after it is there. */
static void
test_late_policy (Fixture *self, gconstpointer data)
{
  Tries tries = { self->lab.place };

  wait_check (self, 0, SESSION_CHECK_PASSED, NULL, WAIT);
  tries.n = fake_place_get_n_reached (self->lab.place) + 3;
  fake_api_server_put (self->lab.server, DENY);
  test_wait_until (is_tried, &tries, WAIT, "a try of each check");
  fake_place_set_silent (self->lab.place, TRUE);
  wait_check (self, 0, SESSION_CHECK_WAITING, "nothing answers in time", PROMPT);
}

static void
count_cb (SessionCheck *check, GParamSpec *pspec, GString *details)
{
  g_string_append_printf (details, "%s\n", session_check_get_detail (check));
}

/* What a rule that was mended has to do with the old answer is not told. */
static void
test_mended_rule (Fixture *self, gconstpointer data)
{
  GPtrArray *checks = session_step_get_checks (lab_fixture_get_step (&self->lab, 0, "ask"));
  g_autoptr (GString) details = g_string_new (NULL);

  self->status = 503;
  wait_check (self, 0, SESSION_CHECK_WAITING, "it answers with status 503", WAIT);
  g_signal_connect (g_ptr_array_index (checks, 0), "notify::detail", G_CALLBACK (count_cb),
                    details);
  fake_api_server_put (self->lab.server, DENY);
  wait_check (self, 0, SESSION_CHECK_WAITING,
              "it answers with status 503. A rule was changed just now, and may take some seconds "
              "to be in force.",
              PROMPT);
  g_assert_null (strstr (details->str, "default-deny"));
  /* then it is one that is in force */
  wait_check (self, 0, SESSION_CHECK_WAITING, "The network policy default/default-deny", WAIT);
  self->status = 200;
  fake_api_server_remove (self->lab.server, "networkpolicies", "default", "default-deny");
  wait_check (self, 0, SESSION_CHECK_PASSED, NULL, PROMPT);
  g_signal_handlers_disconnect_by_data (g_ptr_array_index (checks, 0), details);
}

/* So are what answers, and where. */
static void
test_endpoints (Fixture *self, gconstpointer data)
{
  wait_check (self, 0, SESSION_CHECK_PASSED, NULL, WAIT);
  self->status = 503;
  fake_api_server_put (self->lab.server, "{\"kind\":\"Endpoints\",\"metadata\":{\"name\":\"web\","
                                         "\"namespace\":\"default\"},\"subsets\":[]}");
  wait_check (self, 0, SESSION_CHECK_WAITING, "it answers with status 503", PROMPT);
}

int
main (int argc, char **argv)
{
  kube_client_init_process ();
  g_test_init (&argc, &argv, NULL);
#define ADD(name, func)                                                                            \
  g_test_add ("/session/examination/" name, Fixture, NULL, set_up, func, tear_down)
  ADD ("policy", test_policy);
  ADD ("late-policy", test_late_policy);
  ADD ("mended-rule", test_mended_rule);
  ADD ("endpoints", test_endpoints);
  return g_test_run ();
}
