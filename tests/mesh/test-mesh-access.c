/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "fake-client.h"
#include "kube-error.h"
#include "mesh-access.h"
#include "test-wait.h"

#define WAIT 10

typedef struct {
  FakeApiServer *server;
  KubeClient *client;
  gboolean done;
  gboolean allowed;
  GError *error;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->server = fake_api_server_new ();
  fixture->client = fake_client_new (fixture->server, NULL, NULL);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_clear_error (&fixture->error);
  g_clear_object (&fixture->client);
  g_clear_object (&fixture->server);
}

static void
checked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Fixture *fixture = user_data;

  fixture->allowed = mesh_access_check_finish (fixture->client, result, &fixture->error);
  fixture->done = TRUE;
}

static gboolean
is_done (gpointer data)
{
  return ((Fixture *)data)->done;
}

static void
check (Fixture *fixture, guint status, const char *body)
{
  const FakeFault fault = {
    .kind = FAKE_FAULT_ANSWER,
    .match = "POST /apis/authorization.k8s.io/v1/selfsubjectaccessreviews",
    .status = status,
    .content_type = "application/json",
    .body = body,
  };

  fake_api_server_add_fault (fixture->server, &fault);
  mesh_access_check_async (fixture->client, "default", "reviews", NULL, checked_cb, fixture);
  test_wait_until (is_done, fixture, WAIT, "the answer");
}

static void
test_allowed (Fixture *fixture, gconstpointer data)
{
  check (fixture, 201, "{\"status\":{\"allowed\":true}}");
  g_assert_no_error (fixture->error);
  g_assert_true (fixture->allowed);
}

static void
test_denied (Fixture *fixture, gconstpointer data)
{
  check (fixture, 201, "{\"status\":{\"allowed\":false,\"reason\":\"no\"}}");
  g_assert_no_error (fixture->error);
  g_assert_false (fixture->allowed);
}

/* A server that does not say is no refusal. */
static void
test_unknown (Fixture *fixture, gconstpointer data)
{
  check (fixture, 500,
         "{\"kind\":\"Status\",\"status\":\"Failure\",\"message\":\"x\",\"code\":500}");
  g_assert_error (fixture->error, KUBE_ERROR, KUBE_ERROR_SERVER);
  g_assert_false (fixture->allowed);
}

int
main (int argc, char **argv)
{
  kube_client_init_process ();
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/mesh/access/allowed", Fixture, NULL, set_up, test_allowed, tear_down);
  g_test_add ("/mesh/access/denied", Fixture, NULL, set_up, test_denied, tear_down);
  g_test_add ("/mesh/access/unknown", Fixture, NULL, set_up, test_unknown, tear_down);
  return g_test_run ();
}
