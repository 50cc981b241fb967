/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "course-check-parser.h"
#include "lab-chain-line.h"
#include "lab-check-row.h"
#include "lab-cluster.h"
#include "session-check-private.h"

#define AT(ms) (G_GINT64_CONSTANT (1000) * (1000000 + (ms)))
#define REACH "- reach: {service: redis, port: 6379}\n  says: Redis answers\n"
#define POD                                                                                        \
  "- resource: pod/redis\n  path: $.status.phase\n  equals: Running\n  says: The pod is running\n" \
  "  within: 1s\n"

#define RUNNING                                                                                    \
  "{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"metadata\":{\"name\":\"redis\",\"namespace\":"        \
  "\"default\"},"                                                                                  \
  "\"spec\":{\"nodeName\":\"a\"},\"status\":{\"phase\":\"Running\"}}"

static SessionCheck *
new_check (LabFixture *fixture, const char *yaml)
{
  g_autoptr (GPtrArray) messages = course_messages_new ();
  const CourseReport report = { .messages = messages, .file = "lab.md" };
  g_autoptr (GPtrArray) checks = course_check_parse_list (yaml, 1, 120, &report);

  g_assert_cmpuint (checks->len, ==, 1);
  return session_check_new (g_ptr_array_index (checks, 0), fixture->lab);
}

static void
test_new_destroy (void)
{
  LabFixture fixture = { 0 };
  g_autoptr (SessionCheck) check = NULL;
  GtkWidget *line;

  lab_fixture_set_up (&fixture);
  check = new_check (&fixture, REACH);
  line = g_object_ref_sink (lab_chain_line_new (check));
  session_chain_begin (session_check_get_chain (check), AT (0));
  g_assert_finalize_object (line);
  /* who is told of it no longer is there */
  session_chain_pass_all (session_check_get_chain (check), AT (1));
  g_clear_object (&check);
  lab_fixture_tear_down (&fixture);
}

/* How many nodes of this type are drawn. */
static guint
count_nodes (GskRenderNode *node, GskRenderNodeType type)
{
  guint n = gsk_render_node_get_node_type (node) == type;

  if (gsk_render_node_get_node_type (node) == GSK_CONTAINER_NODE)
    for (guint i = 0; i < gsk_container_node_get_n_children (node); i++)
      n += count_nodes (gsk_container_node_get_child (node, i), type);
  else if (gsk_render_node_get_node_type (node) == GSK_TRANSFORM_NODE)
    n += count_nodes (gsk_transform_node_get_child (node), type);
  return n;
}

static guint
count_texts (GtkWidget *line)
{
  g_autoptr (GtkSnapshot) snapshot = gtk_snapshot_new ();
  GskRenderNode *node;
  guint n;

  GTK_WIDGET_GET_CLASS (line)->snapshot (line, snapshot);
  node = gtk_snapshot_to_node (snapshot);
  n = count_nodes (node, GSK_TEXT_NODE);
  gsk_render_node_unref (node);
  return n;
}

static int
height_for (GtkWidget *line, int width)
{
  int height;

  gtk_widget_measure (line, GTK_ORIENTATION_VERTICAL, width, NULL, &height, NULL, NULL);
  return height;
}

/* All states are drawn, in both directions; and wrapped where there is little room. */
static void
test_draw (void)
{
  LabFixture fixture = { 0 };
  g_autoptr (SessionCheck) check = NULL;
  SessionChain *chain;
  GtkWidget *line;
  GtkWindow *window;
  int minimum, natural, one;

  lab_fixture_set_up (&fixture);
  check = new_check (&fixture, REACH);
  chain = session_check_get_chain (check);
  line = lab_chain_line_new (check);
  window = lab_test_show (line);
  session_chain_begin (chain, AT (0));
  session_chain_fail (chain, COURSE_STAGE_SERVICE, COURSE_STAGE_SERVICE, AT (100));
  session_chain_fail (chain, COURSE_STAGE_DNS, COURSE_STAGE_DNS, AT (2100));
  g_assert_cmpuint (count_texts (line), ==, 4);
  gtk_test_accessible_assert_property (line, GTK_ACCESSIBLE_PROPERTY_LABEL,
                                       "Service: done after 2.1 s, Host name: done after 2.1 s, "
                                       "DNS: waiting, Port open: not yet");
  gtk_test_accessible_assert_role (line, GTK_ACCESSIBLE_ROLE_STATUS);

  gtk_widget_measure (line, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, &natural, NULL, NULL);
  one = height_for (line, natural);
  g_assert_cmpint (minimum, <, natural / 2);
  g_assert_cmpint (height_for (line, natural - 1), >, one);
  g_assert_cmpint (height_for (line, natural / 2), <, 4 * one);
  g_assert_cmpint (height_for (line, minimum), >=, 4 * one);
  g_assert_cmpint (height_for (line, 10000), ==, one);

  gtk_widget_set_direction (line, GTK_TEXT_DIR_RTL);
  session_chain_pass_all (chain, AT (3000));
  session_chain_fail (chain, COURSE_STAGE_PORT, COURSE_STAGE_PORT, AT (4000));
  g_assert_cmpuint (count_texts (line), ==, 4);
  gtk_test_accessible_assert_property (
    line, GTK_ACCESSIBLE_PROPERTY_LABEL,
    "Service: done, Host name: done, DNS: done, Port open: no longer so");
  gtk_window_destroy (window);
  g_clear_object (&check);
  lab_fixture_tear_down (&fixture);
}

static GtkWidget *
find_line (GtkWidget *row)
{
  GtkWidget *line = lab_test_find (row, LAB_TYPE_CHAIN_LINE, NULL);

  return line != NULL && gtk_widget_get_visible (line) ? line : NULL;
}

/* What is known of a step that was done before is shown while nobody looks; of others, nothing. */
static void
test_row_unseen (void)
{
  LabFixture fixture = { 0 };
  g_autoptr (LabClock) clock = lab_clock_new ();
  g_autoptr (SessionCheck) check = NULL;
  g_autoptr (GtkWidget) row = NULL;
  g_autoptr (GPtrArray) waits = course_waits_new ();
  CourseWait *wait = course_wait_new ("Redis answers");

  lab_fixture_set_up (&fixture);
  check = new_check (&fixture, REACH);
  row = g_object_ref_sink (
    lab_check_row_new (check, lab_fixture_get_step (&fixture, "first", "one"), clock));
  g_assert_null (find_line (row));
  course_progress_mark_done (fixture.progress, "first", "one", 1);
  g_assert_null (find_line (row));

  course_wait_add (wait, COURSE_STAGE_SERVICE, -1);
  course_wait_add (wait, COURSE_STAGE_ADDRESS, 2100);
  course_wait_add (wait, COURSE_STAGE_PORT, 64000);
  g_ptr_array_add (waits, wait);
  session_check_restore_chain (check, waits);
  gtk_test_accessible_assert_property (
    find_line (row), GTK_ACCESSIBLE_PROPERTY_LABEL,
    "Service: done, Address: done after 2.1 s, Port open: done after 1 min 4 s");
  course_progress_reset (fixture.progress, "first", "one");
  g_assert_null (find_line (row));
  g_clear_object (&row);
  g_clear_object (&check);
  lab_fixture_tear_down (&fixture);
}

typedef struct {
  SessionCheck *check;
  SessionCheckState state;
} StateWait;

static gboolean
has_state (gpointer data)
{
  StateWait *wait = data;

  return session_check_get_state (wait->check) == wait->state;
}

static void
wait_state (SessionCheck *check, SessionCheckState state, const char *what)
{
  StateWait wait = { check, state };

  test_wait_until (has_state, &wait, 20, what);
}

/* From a page that looks on, over a wait that is late, to a pod that runs and is gone again. */
static void
test_row_live (void)
{
  LabFixture fixture = { 0 };
  g_autoptr (FakeApiServer) server = fake_api_server_new ();
  g_autoptr (LabClock) clock = lab_clock_new ();
  g_autoptr (SessionCheck) check = NULL;
  GtkWidget *row;
  GtkWindow *window;

  lab_fixture_set_up (&fixture);
  lab_cluster_connect (&fixture, server);
  check = new_check (&fixture, POD);
  row = lab_check_row_new (check, lab_fixture_get_step (&fixture, "first", "one"), clock);
  window = lab_test_show (row);
  session_check_set_active (check, TRUE);
  wait_state (check, SESSION_CHECK_WAITING, "the check to wait");
  g_assert_null (find_line (row));

  session_check_begin_chain (check, FALSE);
  session_check_begin (check);
  g_assert_nonnull (find_line (row));
  g_assert_true (gtk_widget_get_next_sibling (find_line (row)) ==
                 lab_test_find (row, GTK_TYPE_LABEL, session_check_get_detail (check)));
  test_wait_until (lab_test_is_drawn, find_line (row), 20, "the stages to be drawn");
  wait_state (check, SESSION_CHECK_OVERDUE, "the check to be late");
  gtk_test_accessible_assert_property (find_line (row), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                       "Pod: late, Node found: not yet, Running: not yet");

  fake_api_server_put (server, RUNNING);
  wait_state (check, SESSION_CHECK_PASSED, "the pod to run");
  g_assert_nonnull (find_line (row));
  g_assert_true (session_chain_is_whole (session_check_get_chain (check)));
  g_assert_cmpint (session_chain_get_ms (session_check_get_chain (check), 2), >=, 1000);

  fake_api_server_remove (server, "pods", "default", "redis");
  wait_state (check, SESSION_CHECK_OVERDUE, "the check to turn false");
  gtk_test_accessible_assert_property (find_line (row), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                       "Pod: no longer so, Node found: not yet, Running: not yet");

  /* nobody looks any more */
  session_check_set_active (check, FALSE);
  g_assert_null (find_line (row));
  gtk_window_destroy (window);
  g_clear_object (&check);
  lab_fixture_tear_down (&fixture);
}

/* What was waited for once, and a later step has undone, has nothing to tell any more. */
static void
test_row_undone (void)
{
  LabFixture fixture = { 0 };
  g_autoptr (FakeApiServer) server = fake_api_server_new ();
  g_autoptr (LabClock) clock = lab_clock_new ();
  g_autoptr (SessionCheck) check = NULL;
  GtkWidget *row;
  GtkWindow *window;

  lab_fixture_set_up (&fixture);
  lab_cluster_connect (&fixture, server);
  check = new_check (&fixture, POD "  until: second/three\n");
  row = lab_check_row_new (check, lab_fixture_get_step (&fixture, "first", "one"), clock);
  window = lab_test_show (row);
  session_check_set_active (check, TRUE);
  session_check_begin_chain (check, FALSE);
  session_check_begin (check);
  fake_api_server_put (server, RUNNING);
  wait_state (check, SESSION_CHECK_PASSED, "the pod to run");
  course_progress_mark_done (fixture.progress, "first", "one", 1);
  g_assert_nonnull (find_line (row));
  fake_api_server_remove (server, "pods", "default", "redis");
  wait_state (check, SESSION_CHECK_OVERDUE, "the pod to be gone");
  g_assert_nonnull (find_line (row));

  fake_api_server_put (server, RUNNING);
  wait_state (check, SESSION_CHECK_PASSED, "the pod to run again");
  course_progress_mark_done (fixture.progress, "second", "three", 1);
  fake_api_server_remove (server, "pods", "default", "redis");
  wait_state (check, SESSION_CHECK_OVERDUE, "the pod to be gone again");
  g_assert_null (find_line (row));
  g_assert_nonnull (lab_test_find (row, GTK_TYPE_LABEL, "Done"));
  gtk_window_destroy (window);
  g_clear_object (&check);
  lab_fixture_tear_down (&fixture);
}

static gboolean
is_proven (gpointer check)
{
  return session_check_get_proven (check);
}

/* What was so before the step was run is not shown as its doing. */
static void
test_row_again (void)
{
  LabFixture fixture = { 0 };
  g_autoptr (FakeApiServer) server = fake_api_server_new ();
  g_autoptr (LabClock) clock = lab_clock_new ();
  g_autoptr (SessionCheck) check = NULL;
  GtkWidget *row;
  GtkWindow *window;

  lab_fixture_set_up (&fixture);
  lab_cluster_connect (&fixture, server);
  fake_api_server_put (server, RUNNING);
  check = new_check (&fixture, POD);
  row = lab_check_row_new (check, lab_fixture_get_step (&fixture, "first", "one"), clock);
  window = lab_test_show (row);
  session_check_set_active (check, TRUE);
  session_check_begin (check);
  wait_state (check, SESSION_CHECK_PASSED, "the pod to run");
  g_assert_null (lab_test_find (row, GTK_TYPE_LABEL, "Checking again"));
  session_check_begin (check);
  session_check_begin (check);
  g_assert_nonnull (lab_test_find (row, GTK_TYPE_LABEL, "Checking again"));
  test_wait_until (is_proven, check, 20, "the pod to be seen again");
  g_assert_null (lab_test_find (row, GTK_TYPE_LABEL, "Checking again"));
  gtk_window_destroy (window);
  g_clear_object (&check);
  lab_fixture_tear_down (&fixture);
}

int
main (int argc, char **argv)
{
  if (!lab_test_init (&argc, &argv))
    return 0;

  kube_client_init_process ();
  g_test_add_func ("/lab/chain-line/new-destroy", test_new_destroy);
  g_test_add_func ("/lab/chain-line/draw", test_draw);
  g_test_add_func ("/lab/chain-line/row-unseen", test_row_unseen);
  g_test_add_func ("/lab/chain-line/row-live", test_row_live);
  g_test_add_func ("/lab/chain-line/row-undone", test_row_undone);
  g_test_add_func ("/lab/chain-line/row-again", test_row_again);

  return g_test_run ();
}
