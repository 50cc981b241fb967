/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "base-json-patch.h"
#include "base-json.h"
#include "base-metadata.h"
#include "fake-client.h"
#include "kube-error.h"
#include "kube-object-private.h"
#include "mesh-editor.h"
#include "mesh-error.h"
#include "test-wait.h"

#define WAIT 10

static const char *const REVIEWS =
  "{'apiVersion':'networking.istio.io/v1alpha3','kind':'VirtualService',"
  "'metadata':{'name':'reviews','namespace':'default'},"
  "'spec':{'hosts':['reviews'],'http':["
  "{'match':[{'headers':{'end-user':{'exact':'jason'}}}],"
  "'route':[{'destination':{'host':'reviews','subset':'v2'}}]},"
  "{'route':[{'destination':{'host':'reviews','subset':'v1'},'weight':50},"
  "{'destination':{'host':'reviews','subset':'v3'},'weight':50}]}]}}";

/* The route with a match that is put before the others in some tests. */
static const char *const BEFORE = "{'match':[{'uri':{'prefix':'/new'}}],"
                                  "'route':[{'destination':{'host':'reviews','subset':'v3'}}]},"
                                  "{'match':[{'headers'";

typedef struct {
  FakeApiServer *server;
  KubeClient *client;
  KubeObject *object; /* what the watch has shown */
  MeshEditor *editor;
  GError *error; /* (nullable): the last "failed" */
  guint n_failed;
} Fixture;

static char *
dup_json (const char *text)
{
  return g_strdelimit (g_strdup (text), "'", '"');
}

static void
put (Fixture *fixture, const char *text)
{
  g_autofree char *json = dup_json (text);

  fake_api_server_put (fixture->server, json);
}

/* REVIEWS with @old replaced by @new. */
static void
put_replaced (Fixture *fixture, const char *old, const char *new)
{
  g_autoptr (GString) text = g_string_new (REVIEWS);

  g_assert_cmpuint (g_string_replace (text, old, new, 1), ==, 1);
  put (fixture, text->str);
}

static JsonNode *
get (Fixture *fixture)
{
  return fake_api_server_get (fixture->server, "virtualservices", "default", "reviews");
}

static KubeObject *
new_object (Fixture *fixture)
{
  g_autofree char *json = base_json_write (get (fixture), FALSE);
  g_autoptr (GBytes) bytes = g_bytes_new (json, strlen (json));

  return kube_object_new_of_kind (bytes, kube_kind_lookup ("virtualservices"), "v1alpha3", NULL);
}

/* The watch brings what the server has. */
static void
show (Fixture *fixture)
{
  g_autoptr (KubeObject) newer = new_object (fixture);

  kube_object_take (fixture->object, newer);
  kube_object_emit_changed (fixture->object);
}

static void
failed_cb (MeshEditor *editor, const GError *error, Fixture *fixture)
{
  g_clear_error (&fixture->error);
  fixture->error = g_error_copy (error);
  fixture->n_failed++;
  g_test_message ("failed: %s", error->message);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->server = fake_api_server_new ();
  fake_api_server_set_served (fixture->server, "networking.istio.io", "v1alpha3", NULL, TRUE);
  put (fixture, REVIEWS);
  fixture->client = fake_client_new (fixture->server, NULL, NULL);
  fixture->object = new_object (fixture);
  fixture->editor = mesh_editor_new (fixture->client, fixture->object, NULL);
  g_signal_connect (fixture->editor, "failed", G_CALLBACK (failed_cb), fixture);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_assert_finalize_object (fixture->editor);
  g_clear_error (&fixture->error);
  g_clear_object (&fixture->object);
  g_clear_object (&fixture->client);
  g_clear_object (&fixture->server);
}

static void
want (Fixture *fixture, int v1)
{
  const MeshWeight weights[] = { { "reviews", "v1", v1 }, { "reviews", "v3", 100 - v1 } };

  mesh_editor_set_weights (fixture->editor, 1, weights, G_N_ELEMENTS (weights));
}

/* The same, where the wait for more of it is not the matter. */
static void
change (Fixture *fixture, int v1)
{
  want (fixture, v1);
  mesh_editor_flush (fixture->editor);
}

static void
apply (Fixture *fixture, JsonNode *target)
{
  mesh_editor_apply (fixture->editor, target);
  mesh_editor_flush (fixture->editor);
}

static int
get_weight (Fixture *fixture, guint route, guint destination)
{
  g_autofree char *pointer = g_strdup_printf ("/spec/http/%u/route/%u/weight", route, destination);

  return (int)base_json_get_int (base_json_pointer_get (get (fixture), pointer), -1, NULL);
}

static void
assert_weights (Fixture *fixture, guint route, int v1, int v3)
{
  g_assert_cmpint (get_weight (fixture, route, 0), ==, v1);
  g_assert_cmpint (get_weight (fixture, route, 1), ==, v3);
}

static gboolean
is_settled (gpointer data)
{
  return !mesh_editor_get_pending (data);
}

/* The watch shows what was written, and nothing is under way any more. */
static void
show_and_settle (Fixture *fixture)
{
  show (fixture);
  test_wait_until (is_settled, fixture->editor, WAIT, "the watch to count");
}

static gboolean
has_conflict (gpointer data)
{
  return mesh_editor_get_conflict (data) != NULL;
}

static void
wait_conflict (Fixture *fixture, const char *part)
{
  test_wait_until (has_conflict, fixture->editor, WAIT, "the conflict");
  g_assert_nonnull (strstr (mesh_editor_get_conflict (fixture->editor), part));
  g_assert_false (mesh_editor_get_pending (fixture->editor));
  g_assert_cmpuint (fixture->n_failed, ==, 0);
}

static gboolean
has_failed (gpointer data)
{
  return ((Fixture *)data)->error != NULL;
}

static gboolean
is_written (gpointer data)
{
  Fixture *fixture = data;

  return get_weight (fixture, 1, 0) == 70;
}

static void
wait_written (Fixture *fixture)
{
  test_wait_until (is_written, fixture, WAIT, "70 to be written");
}

static guint
count_patches (Fixture *fixture)
{
  return fake_api_server_count_requests (fixture->server, "PATCH ");
}

static void
count_cb (MeshEditor *editor, GParamSpec *pspec, guint *count)
{
  *count += 1;
}

static void
test_write (Fixture *fixture, gconstpointer data)
{
  guint notified = 0;

  g_signal_connect (fixture->editor, "notify::pending", G_CALLBACK (count_cb), &notified);
  want (fixture, 90);
  want (fixture, 80);
  want (fixture, 70);
  g_assert_true (mesh_editor_get_pending (fixture->editor));
  g_assert_cmpuint (notified, ==, 1);
  wait_written (fixture);
  assert_weights (fixture, 1, 70, 30);
  g_assert_cmpuint (count_patches (fixture), ==, 1);
  g_assert_nonnull (strstr (fake_api_server_get_last_request (fixture->server, "PATCH "),
                            "/apis/networking.istio.io/v1alpha3/namespaces/default/"
                            "virtualservices/reviews"));
  /* Sent is not shown. */
  g_assert_true (mesh_editor_get_pending (fixture->editor));
  show_and_settle (fixture);
  g_assert_cmpuint (notified, ==, 2);
  g_assert_cmpuint (fixture->n_failed, ==, 0);
}

static void
test_unchanged (Fixture *fixture, gconstpointer data)
{
  want (fixture, 50);
  test_wait_until (is_settled, fixture->editor, WAIT, "nothing to be done");
  g_assert_cmpuint (count_patches (fixture), ==, 0);
}

typedef struct {
  Fixture *fixture;
  guint route;
  guint destination;
  int weight;
} Expectation;

static gboolean
is_as_expected (gpointer data)
{
  Expectation *expected = data;

  return get_weight (expected->fixture, expected->route, expected->destination) == expected->weight;
}

static void
wait_weight (Fixture *fixture, guint route, guint destination, int weight)
{
  Expectation expected = { fixture, route, destination, weight };

  test_wait_until (is_as_expected, &expected, WAIT, "a weight");
}

/* The next edit does not wait for the watch to show the last one, and is no conflict with it. */
static void
test_second_edit (Fixture *fixture, gconstpointer data)
{
  change (fixture, 60);
  wait_weight (fixture, 1, 0, 60);
  change (fixture, 70);
  wait_written (fixture);
  g_assert_true (mesh_editor_get_pending (fixture->editor));
  show_and_settle (fixture);
  g_assert_cmpuint (fixture->n_failed, ==, 0);
  g_assert_cmpuint (count_patches (fixture), ==, 2);
  /* A handshake for each would cost a frame. */
  g_assert_cmpuint (fake_api_server_count_connections (fixture->server), ==, 1);
}

typedef struct {
  Fixture *fixture;
  guint moves;
} Drag;

static gboolean
drag_cb (gpointer user_data)
{
  Drag *drag = user_data;

  drag->moves++;
  want (drag->fixture, 100 - (int)drag->moves % 20);
  /* Back in time, as a slow watch is. */
  if (drag->moves % 7 == 0)
    show (drag->fixture);
  return G_SOURCE_CONTINUE;
}

static gboolean
is_dragged (gpointer data)
{
  return ((Drag *)data)->moves >= 120;
}

/* Two seconds of moving are a handful of requests, the last value goes out, and all of it is one
 * step to take back. */
static void
test_drag (Fixture *fixture, gconstpointer data)
{
  Drag drag = { .fixture = fixture };
  gint64 begun_at = g_get_monotonic_time ();
  guint source, most;

  mesh_editor_begin_drag (fixture->editor);
  source = g_timeout_add (2000 / 120, drag_cb, &drag);
  test_wait_until (is_dragged, &drag, WAIT, "the drag");
  g_source_remove (source);
  want (fixture, 70);
  mesh_editor_end_drag (fixture->editor);
  wait_written (fixture);
  /* 12, where a busy machine has not made the drag longer. */
  most = (guint)((g_get_monotonic_time () - begun_at) / (200 * G_TIME_SPAN_MILLISECOND)) + 2;
  g_assert_cmpuint (count_patches (fixture), >=, 2);
  g_assert_cmpuint (count_patches (fixture), <=, most);
  show_and_settle (fixture);
  g_assert_cmpuint (fixture->n_failed, ==, 0);
  assert_weights (fixture, 1, 70, 30);
  mesh_editor_step (fixture->editor, MESH_UNDO_BACK);
  wait_weight (fixture, 1, 0, 50);
  show_and_settle (fixture);
  g_assert_false (mesh_editor_can (fixture->editor, MESH_UNDO_BACK));
}

/* Nothing of the route is another one: the edit is made to the newer object. */
static void
test_unrelated_change (Fixture *fixture, gconstpointer data)
{
  put_replaced (fixture, "'namespace':'default'",
                "'namespace':'default','annotations':{'by':'kubectl'}");
  change (fixture, 70);
  wait_written (fixture);
  g_assert_cmpstr (base_metadata_get_annotation (get (fixture), "by"), ==, "kubectl");
  show_and_settle (fixture);
  g_assert_cmpuint (fixture->n_failed, ==, 0);
}

/* The route stands elsewhere in the list. */
static void
test_moved_route (Fixture *fixture, gconstpointer data)
{
  put_replaced (fixture, "{'match':[{'headers'", BEFORE);
  change (fixture, 70);
  wait_weight (fixture, 2, 0, 70);
  show_and_settle (fixture);
  assert_weights (fixture, 2, 70, 30);
  g_assert_cmpint (get_weight (fixture, 1, 0), ==, -1);
  g_assert_cmpuint (fixture->n_failed, ==, 0);
}

static void
put_foreign (Fixture *fixture)
{
  put_replaced (fixture, "'weight':50},", "'weight':20},");
}

static void
test_foreign_change (Fixture *fixture, gconstpointer data)
{
  put_foreign (fixture);
  change (fixture, 70);
  wait_conflict (fixture, "Someone else set v1 20 %, v3 50 % while you were changing it.");
  assert_weights (fixture, 1, 20, 50);

  /* Whoever goes on has seen it. */
  show (fixture);
  change (fixture, 70);
  g_assert_null (mesh_editor_get_conflict (fixture->editor));
  wait_written (fixture);
  show_and_settle (fixture);
  g_assert_cmpuint (fixture->n_failed, ==, 0);
}

/* The watch need not have shown what is kept or overwritten. */
static void
test_keep_mine (Fixture *fixture, gconstpointer data)
{
  put_foreign (fixture);
  change (fixture, 70);
  wait_conflict (fixture, "v1 20 %");
  mesh_editor_keep_mine (fixture->editor);
  wait_written (fixture);
  assert_weights (fixture, 1, 70, 30);
  show_and_settle (fixture);
  g_assert_null (mesh_editor_get_conflict (fixture->editor));

  /* Undo leads to what was overwritten. */
  mesh_editor_step (fixture->editor, MESH_UNDO_BACK);
  wait_weight (fixture, 1, 0, 20);
  assert_weights (fixture, 1, 20, 50);
  show_and_settle (fixture);
}

static void
test_take_theirs (Fixture *fixture, gconstpointer data)
{
  put_foreign (fixture);
  change (fixture, 70);
  wait_conflict (fixture, "v1 20 %");
  mesh_editor_take_theirs (fixture->editor);
  g_assert_null (mesh_editor_get_conflict (fixture->editor));
  g_assert_false (mesh_editor_get_pending (fixture->editor));
  assert_weights (fixture, 1, 20, 50);
  g_assert_false (mesh_editor_can (fixture->editor, MESH_UNDO_BACK));
}

/* The rest of a drag is not written, but it is what "mine" means. */
static void
test_foreign_change_in_drag (Fixture *fixture, gconstpointer data)
{
  mesh_editor_begin_drag (fixture->editor);
  put_foreign (fixture);
  show (fixture);
  want (fixture, 71);
  wait_conflict (fixture, "v1 20 %, v3 50 %");
  want (fixture, 70);
  g_assert_false (mesh_editor_get_pending (fixture->editor));
  mesh_editor_end_drag (fixture->editor);
  assert_weights (fixture, 1, 20, 50);
  mesh_editor_keep_mine (fixture->editor);
  wait_written (fixture);
  assert_weights (fixture, 1, 70, 30);
  show_and_settle (fixture);
}

static void
test_route_gone (Fixture *fixture, gconstpointer data)
{
  put_replaced (fixture, "'subset':'v3'", "'subset':'v9'");
  change (fixture, 70);
  wait_conflict (fixture, "v1 50 %, v9 50 %");
  assert_weights (fixture, 1, 50, 50);
}

static void
test_object_gone (Fixture *fixture, gconstpointer data)
{
  fake_api_server_remove (fixture->server, "virtualservices", "default", "reviews");
  change (fixture, 70);
  test_wait_until (has_failed, fixture, WAIT, "the refusal");
  g_assert_error (fixture->error, KUBE_ERROR, KUBE_ERROR_NOT_FOUND);
}

static void
test_refused (Fixture *fixture, gconstpointer data)
{
  const FakeFault fault = {
    .kind = FAKE_FAULT_ANSWER,
    .match = "PATCH ",
    .status = 400,
    .content_type = "application/json",
    .body = "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"status\":\"Failure\",\"message\":"
            "\"admission webhook \\\"pilot.validation.istio.io\\\" denied the request\","
            "\"reason\":\"BadRequest\",\"code\":400}",
  };

  fake_api_server_add_fault (fixture->server, &fault);
  change (fixture, 70);
  test_wait_until (has_failed, fixture, WAIT, "the refusal");
  g_assert_nonnull (strstr (fixture->error->message, "pilot.validation.istio.io"));
  g_assert_false (mesh_editor_get_pending (fixture->editor));
}

/* A server that always finds a conflict is not asked for ever. */
static void
test_endless_conflict (Fixture *fixture, gconstpointer data)
{
  const FakeFault fault = {
    .kind = FAKE_FAULT_ANSWER,
    .match = "PATCH ",
    .status = 409,
    .content_type = "application/json",
    .body = "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"status\":\"Failure\",\"message\":"
            "\"the object has been modified\",\"reason\":\"Conflict\",\"code\":409}",
  };

  fake_api_server_add_fault (fixture->server, &fault);
  change (fixture, 70);
  test_wait_until (has_failed, fixture, WAIT, "the end of the conflict");
  g_assert_error (fixture->error, KUBE_ERROR, KUBE_ERROR_CONFLICT);
  g_assert_cmpuint (count_patches (fixture), ==, 4);
}

static void
test_unreachable (Fixture *fixture, gconstpointer data)
{
  fake_api_server_stop (fixture->server);
  change (fixture, 70);
  test_wait_until (has_failed, fixture, WAIT, "the failure");
  g_assert_error (fixture->error, KUBE_ERROR, KUBE_ERROR_UNREACHABLE);
}

static void
test_append (Fixture *fixture, gconstpointer data)
{
  const MeshWeight weights[] = {
    { "reviews", "v1", 70 },
    { "reviews", "v3", 20 },
    { "reviews", "v2", 10 },
  };

  const MeshWeight more[] = {
    { "reviews", "v1", 60 },
    { "reviews", "v3", 20 },
    { "reviews", "v2", 20 },
  };

  mesh_editor_set_weights (fixture->editor, 1, weights, G_N_ELEMENTS (weights));
  mesh_editor_flush (fixture->editor);
  wait_written (fixture);
  g_assert_cmpint (get_weight (fixture, 1, 2), ==, 10);
  /* The watch has not shown the third one yet: it is not added twice. */
  mesh_editor_set_weights (fixture->editor, 1, more, G_N_ELEMENTS (more));
  mesh_editor_flush (fixture->editor);
  wait_weight (fixture, 1, 2, 20);
  g_assert_cmpint (get_weight (fixture, 1, 3), ==, -1);
  show_and_settle (fixture);
  g_assert_cmpuint (fixture->n_failed, ==, 0);
}

/* The draft with a timeout in the route of everyone. */
static JsonNode *
dup_with_timeout (Fixture *fixture)
{
  g_autoptr (JsonNode) draft = mesh_editor_ref_draft (fixture->editor);
  JsonNode *target = base_json_copy (draft);
  JsonNode *route = base_json_pointer_get (target, "/spec/http/1");

  json_object_set_string_member (json_node_get_object (route), "timeout", "0.5s");
  return target;
}

static gboolean
has_timeout (gpointer data)
{
  JsonNode *timeout = base_json_pointer_get (get (data), "/spec/http/1/timeout");

  return g_strcmp0 (base_json_get_string (timeout, NULL), "0.5s") == 0;
}

static void
test_apply (Fixture *fixture, gconstpointer data)
{
  g_autoptr (JsonNode) target = dup_with_timeout (fixture);

  apply (fixture, target);
  g_assert_true (mesh_editor_get_pending (fixture->editor));
  test_wait_until (has_timeout, fixture, WAIT, "the timeout");
  show_and_settle (fixture);
  g_assert_true (base_json_equal (base_json_get (get (fixture), "spec", NULL),
                                  base_json_get (target, "spec", NULL)));
  g_assert_cmpuint (count_patches (fixture), ==, 1);
  g_assert_cmpuint (fixture->n_failed, ==, 0);
}

/* What comes of the slider and of a button within the quiet time goes out together. */
static void
test_apply_beside_weights (Fixture *fixture, gconstpointer data)
{
  g_autoptr (JsonNode) target = NULL;

  want (fixture, 60);
  target = dup_with_timeout (fixture);
  mesh_editor_apply (fixture->editor, target);
  want (fixture, 70);
  wait_written (fixture);
  g_assert_true (has_timeout (fixture));
  g_assert_cmpuint (count_patches (fixture), ==, 1);
  show_and_settle (fixture);
}

/* A route is put in and another taken away while the last write is not shown yet. */
static void
test_apply_routes (Fixture *fixture, gconstpointer data)
{
  g_autoptr (JsonNode) target = NULL;
  JsonArray *routes;

  change (fixture, 70);
  wait_written (fixture);
  target = dup_with_timeout (fixture);
  routes = json_node_get_array (base_json_pointer_get (target, "/spec/http"));
  json_array_remove_element (routes, 0);
  apply (fixture, target);
  wait_weight (fixture, 0, 0, 70);
  g_assert_null (base_json_pointer_get (get (fixture), "/spec/http/1"));
  show_and_settle (fixture);
  g_assert_cmpuint (fixture->n_failed, ==, 0);
}

static void
test_apply_conflict (Fixture *fixture, gconstpointer data)
{
  g_autoptr (JsonNode) target = NULL;

  target = dup_with_timeout (fixture);
  put_replaced (fixture, "'weight':50}]}", "'weight':50}],'timeout':'3s'}");
  apply (fixture, target);
  wait_conflict (fixture, "Someone else changed the routes of reviews");
  g_assert_false (has_timeout (fixture));
}

static void
undo (Fixture *fixture)
{
  g_assert_true (mesh_editor_can (fixture->editor, MESH_UNDO_BACK));
  mesh_editor_step (fixture->editor, MESH_UNDO_BACK);
}

static void
redo (Fixture *fixture)
{
  g_assert_true (mesh_editor_can (fixture->editor, MESH_UNDO_AGAIN));
  mesh_editor_step (fixture->editor, MESH_UNDO_AGAIN);
}

static gboolean
is_answered (gpointer data)
{
  Fixture *fixture = data;

  return mesh_editor_can (fixture->editor, MESH_UNDO_BACK) ||
         mesh_editor_can (fixture->editor, MESH_UNDO_AGAIN);
}

/* One change, written and shown. */
static void
make_step (Fixture *fixture, int v1)
{
  change (fixture, v1);
  wait_weight (fixture, 1, 0, v1);
  show_and_settle (fixture);
}

static void
test_undo (Fixture *fixture, gconstpointer data)
{
  g_autoptr (JsonNode) before = base_json_copy (base_json_get (get (fixture), "spec", NULL));
  g_autoptr (JsonNode) target = NULL;

  g_assert_false (mesh_editor_can (fixture->editor, MESH_UNDO_BACK));
  make_step (fixture, 60);
  make_step (fixture, 70);
  target = dup_with_timeout (fixture);
  apply (fixture, target);
  test_wait_until (has_timeout, fixture, WAIT, "the timeout");
  show_and_settle (fixture);

  undo (fixture);
  test_wait_until (is_answered, fixture, WAIT, "the answer");
  g_assert_false (has_timeout (fixture));
  /* without waiting for the watch */
  undo (fixture);
  wait_weight (fixture, 1, 0, 60);
  test_wait_until (is_answered, fixture, WAIT, "the answer");
  undo (fixture);
  wait_weight (fixture, 1, 0, 50);
  show_and_settle (fixture);
  g_assert_true (base_json_equal (base_json_get (get (fixture), "spec", NULL), before));
  g_assert_false (mesh_editor_can (fixture->editor, MESH_UNDO_BACK));

  for (guint i = 0; i < 3; i++) {
    test_wait_until (is_answered, fixture, WAIT, "the answer");
    redo (fixture);
    test_wait_until (is_answered, fixture, WAIT, "the answer");
  }
  g_assert_true (has_timeout (fixture));
  assert_weights (fixture, 1, 70, 30);
  g_assert_false (mesh_editor_can (fixture->editor, MESH_UNDO_AGAIN));
  show_and_settle (fixture);
  g_assert_cmpuint (fixture->n_failed, ==, 0);
}

static gboolean
is_asked (gpointer data)
{
  return count_patches (data) == 1;
}

/* What is changed while an answer is under way is a step of its own. */
static void
test_undo_overlapping (Fixture *fixture, gconstpointer data)
{
  want (fixture, 60);
  test_wait_until (is_asked, fixture, WAIT, "the request");
  want (fixture, 70);
  wait_written (fixture);
  show_and_settle (fixture);
  undo (fixture);
  wait_weight (fixture, 1, 0, 60);
  show_and_settle (fixture);
  undo (fixture);
  wait_weight (fixture, 1, 0, 50);
  show_and_settle (fixture);
}

/* A change of nothing leaves no step behind, and no trace in the next one. */
static void
test_undo_nothing (Fixture *fixture, gconstpointer data)
{
  change (fixture, 50);
  test_wait_until (is_settled, fixture->editor, WAIT, "nothing to be done");
  g_assert_false (mesh_editor_can (fixture->editor, MESH_UNDO_BACK));
  put_replaced (fixture, "'weight':50}]}", "'weight':50}],'timeout':'0.5s'}");
  show (fixture);
  make_step (fixture, 70);
  undo (fixture);
  wait_weight (fixture, 1, 0, 50);
  g_assert_true (has_timeout (fixture));
  show_and_settle (fixture);
}

/* Who goes while an answer is on its way is not missed, whatever it says. */
static void
test_gone_in_flight (Fixture *fixture, gconstpointer data)
{
  MeshEditor *editor = mesh_editor_new (fixture->client, fixture->object, NULL);
  const MeshWeight weights[] = { { "reviews", "v1", 60 }, { "reviews", "v3", 40 } };

  put_foreign (fixture);
  mesh_editor_set_weights (editor, 1, weights, G_N_ELEMENTS (weights));
  mesh_editor_flush (editor);
  g_assert_finalize_object (editor);
  test_wait_until (is_asked, fixture, WAIT, "the request");
  show (fixture);
  change (fixture, 70);
  wait_written (fixture);
  show_and_settle (fixture);
  g_assert_cmpuint (fake_api_server_count_requests (fixture->server, "GET "), ==, 0);
  g_assert_cmpuint (fixture->n_failed, ==, 0);
}

/* A drag is one step, however many values it wrote. */
static void
test_undo_drag (Fixture *fixture, gconstpointer data)
{
  mesh_editor_begin_drag (fixture->editor);
  for (int v1 = 60; v1 <= 80; v1 += 10) {
    want (fixture, v1);
    wait_weight (fixture, 1, 0, v1);
  }
  mesh_editor_end_drag (fixture->editor);
  show_and_settle (fixture);
  g_assert_cmpuint (count_patches (fixture), ==, 3);
  undo (fixture);
  wait_weight (fixture, 1, 0, 50);
  show_and_settle (fixture);
  g_assert_false (mesh_editor_can (fixture->editor, MESH_UNDO_BACK));
}

static void
test_undo_unsent (Fixture *fixture, gconstpointer data)
{
  want (fixture, 70);
  undo (fixture);
  g_assert_false (mesh_editor_get_pending (fixture->editor));
  g_assert_cmpuint (count_patches (fixture), ==, 0);
}

/* What others did meanwhile stays where it is something else, and is asked about where it is not.
 */
static void
test_undo_beside_others (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GString) text = g_string_new (REVIEWS);

  make_step (fixture, 70);
  g_string_replace (text, "'weight':50},", "'weight':70},", 1);
  g_string_replace (text, "'weight':50}]", "'weight':30}]", 1);
  g_string_replace (text, "{'match':[{'headers'", BEFORE, 1);
  put (fixture, text->str);
  show (fixture);
  undo (fixture);
  wait_weight (fixture, 2, 0, 50);
  g_assert_nonnull (base_json_pointer_get (get (fixture), "/spec/http/0/match/0/uri"));
  show_and_settle (fixture);

  put_foreign (fixture);
  show (fixture);
  redo (fixture);
  wait_conflict (fixture, "v1 20 %");
  mesh_editor_keep_mine (fixture->editor);
  wait_weight (fixture, 1, 0, 70);
  show_and_settle (fixture);
}

/* What a drag had written before someone else overwrote it is a step, but to take it back is to
 * overwrite theirs: that is asked about, as what it is. */
static void
test_undo_after_theirs (Fixture *fixture, gconstpointer data)
{
  mesh_editor_begin_drag (fixture->editor);
  want (fixture, 60);
  wait_weight (fixture, 1, 0, 60);
  put_foreign (fixture);
  want (fixture, 70);
  wait_conflict (fixture, "Someone else set v1 20 %, v3 50 % while you were changing it.");
  g_assert_cmpint (mesh_editor_get_conflict_kind (fixture->editor), ==, MESH_CONFLICT_CHANGE);
  mesh_editor_end_drag (fixture->editor);
  mesh_editor_take_theirs (fixture->editor);
  show (fixture);

  undo (fixture);
  wait_conflict (fixture, "Someone else has set v1 20 %, v3 50 % since. To undo your change would "
                          "overwrite that.");
  g_assert_cmpint (mesh_editor_get_conflict_kind (fixture->editor), ==, MESH_CONFLICT_UNDO);
  assert_weights (fixture, 1, 20, 50);
  mesh_editor_take_theirs (fixture->editor);
  assert_weights (fixture, 1, 20, 50);
  undo (fixture);
  mesh_editor_keep_mine (fixture->editor);
  wait_weight (fixture, 1, 0, 50);
  assert_weights (fixture, 1, 50, 50);
  show_and_settle (fixture);
}

/* Someone else writes after the user has pressed undo, and before the server has it. */
static void
test_undo_overtaken (Fixture *fixture, gconstpointer data)
{
  make_step (fixture, 70);
  put_foreign (fixture);
  undo (fixture);
  wait_conflict (fixture, "Someone else has set v1 20 %, v3 50 % since. To undo");
  assert_weights (fixture, 1, 20, 50);
  mesh_editor_take_theirs (fixture->editor);
  show (fixture);
  g_assert_true (mesh_editor_can (fixture->editor, MESH_UNDO_BACK));
}

/* Over another connection the steps are the same ones, those of a drag that was cut off among them;
 * what others have done meanwhile is not overwritten. */
static void
test_undo_reconnected (Fixture *fixture, gconstpointer data)
{
  g_autoptr (MeshUndo) undone = mesh_undo_new ();
  MeshEditor *before = mesh_editor_new (fixture->client, fixture->object, undone);
  const MeshWeight weights[] = { { "reviews", "v1", 70 }, { "reviews", "v3", 30 } };

  mesh_editor_begin_drag (before);
  mesh_editor_set_weights (before, 1, weights, G_N_ELEMENTS (weights));
  wait_written (fixture);
  show (fixture);
  test_wait_until (is_settled, before, WAIT, "the watch to count");
  g_assert_finalize_object (before);

  g_object_unref (fixture->editor);
  fixture->editor = mesh_editor_new (fixture->client, fixture->object, undone);
  g_signal_connect (fixture->editor, "failed", G_CALLBACK (failed_cb), fixture);
  put_foreign (fixture);
  show (fixture);
  undo (fixture);
  wait_conflict (fixture, "Someone else has set v1 20 %, v3 50 % since. To undo");
  mesh_editor_take_theirs (fixture->editor);
  put_replaced (fixture,
                "'weight':50},{'destination':{'host':'reviews','subset':'v3'},'weight':50}",
                "'weight':70},{'destination':{'host':'reviews','subset':'v3'},'weight':30}");
  show (fixture);
  undo (fixture);
  wait_weight (fixture, 1, 0, 50);
  show_and_settle (fixture);
  g_assert_false (mesh_editor_can (fixture->editor, MESH_UNDO_BACK));
  redo (fixture);
  wait_written (fixture);
  show_and_settle (fixture);
}

/* A change that is not sent yet, and one that is on its way, outlive the list that the object was
 * in, and the connection. */
static void
test_rebind (Fixture *fixture, gconstpointer data)
{
  g_autoptr (KubeObject) object = new_object (fixture);
  g_autoptr (KubeClient) client = fake_client_new (fixture->server, NULL, NULL);

  want (fixture, 60);
  test_wait_until (is_asked, fixture, WAIT, "the request");
  want (fixture, 70);
  g_assert_true (mesh_editor_is_of (fixture->editor, object));
  mesh_editor_rebind (fixture->editor, client, object);
  g_assert_true (mesh_editor_get_pending (fixture->editor));
  wait_written (fixture);
  g_assert_cmpuint (count_patches (fixture), ==, 2);
  g_set_object (&fixture->object, object);
  show_and_settle (fixture);
  g_assert_cmpuint (fixture->n_failed, ==, 0);
  undo (fixture);
  wait_weight (fixture, 1, 0, 60);
  show_and_settle (fixture);
  fake_api_server_remove (fixture->server, "virtualservices", "default", "reviews");
  put (fixture, REVIEWS);
  g_clear_object (&object);
  object = new_object (fixture);
  g_assert_false (mesh_editor_is_of (fixture->editor, object));
}

/* Somebody who wants to be asked where v1 gets less than 30 %, and agrees or not. */
typedef struct {
  guint n_reviewed;
  guint n_asked;
  guint n_dropped;
  gboolean agrees; /* from now on: nothing is to be asked */
} Reviewer;

static gboolean
review_cb (MeshEditor *editor, JsonNode *before, JsonNode *after, Reviewer *reviewer)
{
  JsonNode *weight = base_json_pointer_get (after, "/spec/http/1/route/0/weight");

  g_assert_nonnull (base_json_pointer_get (before, "/spec/http/1/route/0/weight"));
  reviewer->n_reviewed++;
  return !reviewer->agrees && base_json_get_int (weight, -1, NULL) < 30;
}

static void
held_cb (MeshEditor *editor, Reviewer *reviewer)
{
  reviewer->n_asked++;
}

static void
dropped_cb (MeshEditor *editor, Reviewer *reviewer)
{
  reviewer->n_dropped++;
}

static void
add_reviewer (Fixture *fixture, Reviewer *reviewer)
{
  g_signal_connect (fixture->editor, "review", G_CALLBACK (review_cb), reviewer);
  g_signal_connect (fixture->editor, "held", G_CALLBACK (held_cb), reviewer);
  g_signal_connect (fixture->editor, "dropped", G_CALLBACK (dropped_cb), reviewer);
}

static gboolean
is_held_back (gpointer data)
{
  return ((Reviewer *)data)->n_asked > 0;
}

static int
get_draft_weight (Fixture *fixture)
{
  g_autoptr (JsonNode) draft = mesh_editor_ref_draft (fixture->editor);

  return (int)base_json_get_int (base_json_pointer_get (draft, "/spec/http/1/route/0/weight"), -1,
                                 NULL);
}

static gboolean
is_dropped (gpointer data)
{
  return ((Reviewer *)data)->n_dropped > 0;
}

/* What is to be asked about is seen, and not sent before the user agrees; then it is a change like
 * any other. */
static void
test_held_agreed (Fixture *fixture, gconstpointer data)
{
  Reviewer reviewer = { 0 };

  add_reviewer (fixture, &reviewer);
  want (fixture, 20);
  g_assert_true (mesh_editor_get_held (fixture->editor));
  g_assert_true (mesh_editor_get_unsaved (fixture->editor));
  g_assert_cmpint (get_draft_weight (fixture), ==, 20);
  test_wait_until (is_held_back, &reviewer, WAIT, "the question");
  g_assert_cmpuint (count_patches (fixture), ==, 0);
  /* there is more to be asked */
  mesh_editor_agree (fixture->editor);
  g_assert_true (mesh_editor_get_held (fixture->editor));
  g_assert_cmpuint (reviewer.n_asked, ==, 2);
  reviewer.agrees = TRUE;
  mesh_editor_agree (fixture->editor);
  g_assert_false (mesh_editor_get_held (fixture->editor));
  wait_weight (fixture, 1, 0, 20);
  show_and_settle (fixture);
  mesh_editor_step (fixture->editor, MESH_UNDO_BACK);
  wait_weight (fixture, 1, 0, 50);
  g_assert_cmpuint (reviewer.n_dropped, ==, 0);
}

static void
test_held_refused (Fixture *fixture, gconstpointer data)
{
  Reviewer reviewer = { 0 };

  add_reviewer (fixture, &reviewer);
  want (fixture, 20);
  test_wait_until (is_held_back, &reviewer, WAIT, "the question");
  mesh_editor_refuse (fixture->editor);
  g_assert_cmpuint (reviewer.n_dropped, ==, 1);
  g_assert_false (mesh_editor_get_held (fixture->editor));
  g_assert_false (mesh_editor_get_pending (fixture->editor));
  g_assert_cmpint (get_draft_weight (fixture), ==, 50);
  g_assert_false (mesh_editor_can (fixture->editor, MESH_UNDO_BACK));
  /* who looks elsewhere has not agreed */
  want (fixture, 20);
  mesh_editor_flush (fixture->editor);
  g_assert_cmpuint (reviewer.n_dropped, ==, 2);
  g_assert_cmpuint (count_patches (fixture), ==, 0);
  change (fixture, 70);
  wait_written (fixture);
  show_and_settle (fixture);
}

/* While the hand is on nobody is asked, and nothing of it is sent; where it comes back there is
 * nothing to ask. What was sent before stays a step. */
static void
test_held_in_drag (Fixture *fixture, gconstpointer data)
{
  Reviewer reviewer = { 0 };

  add_reviewer (fixture, &reviewer);
  mesh_editor_begin_drag (fixture->editor);
  want (fixture, 20);
  want (fixture, 70);
  wait_written (fixture);
  g_assert_cmpuint (count_patches (fixture), ==, 1);
  want (fixture, 10);
  show (fixture);
  g_assert_cmpuint (reviewer.n_asked, ==, 0);
  mesh_editor_end_drag (fixture->editor);
  test_wait_until (is_held_back, &reviewer, WAIT, "the question");
  mesh_editor_refuse (fixture->editor);
  g_assert_cmpuint (count_patches (fixture), ==, 1);
  g_assert_cmpint (get_draft_weight (fixture), ==, 70);
  test_wait_until (is_settled, fixture->editor, WAIT, "the watch to count");
  g_assert_true (mesh_editor_can (fixture->editor, MESH_UNDO_BACK));
  mesh_editor_step (fixture->editor, MESH_UNDO_BACK);
  wait_weight (fixture, 1, 0, 50);
}

/* The answer comes while what was sent before is under way. */
static void
test_held_refused_in_flight (Fixture *fixture, gconstpointer data)
{
  Reviewer reviewer = { 0 };

  add_reviewer (fixture, &reviewer);
  change (fixture, 70);
  want (fixture, 20);
  mesh_editor_refuse (fixture->editor);
  wait_written (fixture);
  test_wait_until (is_dropped, &reviewer, WAIT, "it to be dropped");
  show_and_settle (fixture);
  g_assert_cmpuint (count_patches (fixture), ==, 1);
  g_assert_cmpint (get_draft_weight (fixture), ==, 70);
  g_assert_true (mesh_editor_can (fixture->editor, MESH_UNDO_BACK));
}

/* A loss is asked about whoever reviews; the way back never is. */
static void
test_held_loss (Fixture *fixture, gconstpointer data)
{
  Reviewer reviewer = { 0 };
  g_autoptr (JsonNode) before = mesh_editor_ref_draft (fixture->editor);
  g_autoptr (JsonNode) target = base_json_copy (before);

  json_object_remove_member (base_json_get_object (target, "metadata", NULL), "labels");
  json_array_remove_element (base_json_get_array (target, "spec", "http", NULL), 0);
  add_reviewer (fixture, &reviewer);
  mesh_editor_apply_loss (fixture->editor, target, "A route goes.");
  test_wait_until (is_held_back, &reviewer, WAIT, "the question");
  g_assert_cmpstr (mesh_editor_get_loss (fixture->editor), ==, "A route goes.");
  mesh_editor_put_back (fixture->editor, before);
  g_assert_false (mesh_editor_get_held (fixture->editor));
  g_assert_null (mesh_editor_get_loss (fixture->editor));
  test_wait_until (is_settled, fixture->editor, WAIT, "nothing to be under way");
  g_assert_cmpuint (count_patches (fixture), ==, 0);
}

int
main (int argc, char **argv)
{
  static const struct {
    const char *path;
    void (*test) (Fixture *fixture, gconstpointer data);
  } tests[] = {
    { "/mesh/editor/write", test_write },
    { "/mesh/editor/unchanged", test_unchanged },
    { "/mesh/editor/second-edit", test_second_edit },
    { "/mesh/editor/drag", test_drag },
    { "/mesh/editor/unrelated-change", test_unrelated_change },
    { "/mesh/editor/moved-route", test_moved_route },
    { "/mesh/editor/foreign-change", test_foreign_change },
    { "/mesh/editor/foreign-change-in-drag", test_foreign_change_in_drag },
    { "/mesh/editor/route-gone", test_route_gone },
    { "/mesh/editor/object-gone", test_object_gone },
    { "/mesh/editor/refused", test_refused },
    { "/mesh/editor/endless-conflict", test_endless_conflict },
    { "/mesh/editor/unreachable", test_unreachable },
    { "/mesh/editor/append", test_append },
    { "/mesh/editor/apply", test_apply },
    { "/mesh/editor/apply-beside-weights", test_apply_beside_weights },
    { "/mesh/editor/apply-routes", test_apply_routes },
    { "/mesh/editor/apply-conflict", test_apply_conflict },
    { "/mesh/editor/keep-mine", test_keep_mine },
    { "/mesh/editor/take-theirs", test_take_theirs },
    { "/mesh/editor/undo", test_undo },
    { "/mesh/editor/undo-overlapping", test_undo_overlapping },
    { "/mesh/editor/undo-nothing", test_undo_nothing },
    { "/mesh/editor/gone-in-flight", test_gone_in_flight },
    { "/mesh/editor/undo-drag", test_undo_drag },
    { "/mesh/editor/undo-unsent", test_undo_unsent },
    { "/mesh/editor/undo-beside-others", test_undo_beside_others },
    { "/mesh/editor/undo-after-theirs", test_undo_after_theirs },
    { "/mesh/editor/undo-overtaken", test_undo_overtaken },
    { "/mesh/editor/undo-reconnected", test_undo_reconnected },
    { "/mesh/editor/rebind", test_rebind },
    { "/mesh/editor/held-agreed", test_held_agreed },
    { "/mesh/editor/held-refused", test_held_refused },
    { "/mesh/editor/held-in-drag", test_held_in_drag },
    { "/mesh/editor/held-refused-in-flight", test_held_refused_in_flight },
    { "/mesh/editor/held-loss", test_held_loss },
  };

  kube_client_init_process ();
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, NULL, set_up, tests[i].test, tear_down);
  return g_test_run ();
}
