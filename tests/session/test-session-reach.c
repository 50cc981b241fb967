/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lab-fixture.h"
#include "session-reach.h"
#include "test-wait.h"

#define WAIT 10

static const char *const sections[] = { "---\nid: a\n---\n# A\n\n```bash {id=go}\ntrue\n```\n",
                                        NULL };

static const char *const SERVICE =
  "{\"apiVersion\":\"v1\",\"kind\":\"Service\",\"metadata\":{\"name\":\"web\",\"namespace\":"
  "\"shop\"},\"status\":{\"loadBalancer\":{\"ingress\":[%s]}}}";

typedef struct {
  LabFixture lab;
  SessionReach *reach;
  GArray *states; /* of SessionReachState */
} Fixture;

static void
put_service (Fixture *self, const char *ingress)
{
  g_autoptr (GString) json = g_string_new (SERVICE);

  g_string_replace (json, "%s", ingress, 1);
  fake_api_server_put (self->lab.server, json->str);
}

static void
state_cb (SessionReach *reach, GParamSpec *pspec, Fixture *self)
{
  SessionReachState state = session_reach_get_state (reach);

  g_array_append_val (self->states, state);
}

static void
set_up (Fixture *self, gconstpointer data)
{
  lab_fixture_set_up (&self->lab, sections);
  fake_place_set_service_port (self->lab.place, 80);
  self->states = g_array_new (FALSE, FALSE, sizeof (SessionReachState));
  self->reach = session_reach_new (self->lab.lab, "shop", "web", 80);
  g_signal_connect (self->reach, "notify::state", G_CALLBACK (state_cb), self);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  session_reach_stop (self->reach);
  g_assert_finalize_object (self->reach);
  g_array_unref (self->states);
  lab_fixture_tear_down (&self->lab);
}

typedef struct {
  SessionReach *reach;
  SessionReachState state;
} StateWait;

static gboolean
has_state (gpointer data)
{
  StateWait *wait = data;

  return session_reach_get_state (wait->reach) == wait->state;
}

static void
wait_state (Fixture *self, SessionReachState state)
{
  StateWait wait = { self->reach, state };
  g_autoptr (GEnumClass) states = g_type_class_ref (SESSION_TYPE_REACH_STATE);

  test_wait_until (has_state, &wait, WAIT, g_enum_get_value (states, state)->value_nick);
}

static void
connect_lab (Fixture *self)
{
  g_autoptr (GError) error = NULL;

  lab_fixture_connect (&self->lab, &error);
  g_assert_no_error (error);
}

/* What the service has decides, as it comes and goes: by name before by number. */
static void
test_address (Fixture *self, gconstpointer data)
{
  session_reach_start (self->reach);
  g_assert_cmpint (session_reach_get_state (self->reach), ==, SESSION_REACH_LOOKING);
  wait_state (self, SESSION_REACH_OFFLINE);
  connect_lab (self);
  wait_state (self, SESSION_REACH_NO_SERVICE);
  put_service (self, "");
  wait_state (self, SESSION_REACH_NO_ADDRESS);
  g_assert_null (session_reach_get_address (self->reach));
  g_assert_null (session_reach_get_way (self->reach));
  put_service (self, "{\"ip\":\"192.0.2.7\"}");
  wait_state (self, SESSION_REACH_FOUND);
  g_assert_cmpstr (session_reach_get_address (self->reach), ==, "192.0.2.7");
  g_assert_nonnull (session_reach_get_way (self->reach));
  put_service (self, "{\"ip\":\"192.0.2.7\",\"hostname\":\"web.example\"}");
  wait_state (self, SESSION_REACH_LOOKING);
  g_assert_null (session_reach_get_way (self->reach));
  wait_state (self, SESSION_REACH_FOUND);
  g_assert_cmpstr (session_reach_get_address (self->reach), ==, "web.example");
  fake_api_server_remove (self->lab.server, "services", "shop", "web");
  wait_state (self, SESSION_REACH_NO_SERVICE);
  g_assert_null (session_reach_get_address (self->reach));
}

static void
test_failure (Fixture *self, gconstpointer data)
{
  put_service (self, "{\"hostname\":\"web.example\"}");
  fake_place_set_unreachable (self->lab.place, TRUE);
  connect_lab (self);
  session_reach_start (self->reach);
  wait_state (self, SESSION_REACH_FAILED);
  g_assert_error (session_reach_get_error (self->reach), JUMP_ERROR, JUMP_ERROR_UNREACHABLE);
  g_assert_null (session_reach_get_way (self->reach));
  fake_place_set_unreachable (self->lab.place, FALSE);
  session_reach_look_after (self->reach, 1);
  g_assert_null (session_reach_get_error (self->reach));
  wait_state (self, SESSION_REACH_FOUND);
}

/* Who has stopped is told nothing more, whatever is still under way. */
static void
test_stop (Fixture *self, gconstpointer data)
{
  put_service (self, "{\"hostname\":\"web.example\"}");
  connect_lab (self);
  session_reach_start (self->reach);
  wait_state (self, SESSION_REACH_FOUND);
  session_reach_look_after (self->reach, 0);
  session_reach_stop (self->reach);
  g_array_set_size (self->states, 0);
  session_reach_look_after (self->reach, 0);
  session_lab_disconnect (self->lab.lab);
  lab_fixture_wait_state (&self->lab, SESSION_LAB_OFFLINE);
  g_assert_cmpuint (self->states->len, ==, 0);
  connect_lab (self);
  session_reach_start (self->reach);
  wait_state (self, SESSION_REACH_FOUND);
}

int
main (int argc, char **argv)
{
  kube_client_init_process ();
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/session/reach/address", Fixture, NULL, set_up, test_address, tear_down);
  g_test_add ("/session/reach/failure", Fixture, NULL, set_up, test_failure, tear_down);
  g_test_add ("/session/reach/stop", Fixture, NULL, set_up, test_stop, tear_down);
  return g_test_run ();
}
