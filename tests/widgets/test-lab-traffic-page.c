/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "kube-client.h"
#include "traffic-fixture.h"

/* One window for all: to connect takes longer than all else. */
static TrafficFixture fixture;

static void
test_new_destroy (void)
{
  GtkWidget *page = g_object_ref_sink (lab_traffic_page_new ());

  g_assert_finalize_object (page);
}

static void
wait_movable (void)
{
  test_wait_until (traffic_fixture_is_movable, &fixture, TRAFFIC_WAIT, "the sliders");
}

static gboolean
is_shown (GtkWidget *widget)
{
  return widget != NULL && gtk_widget_get_mapped (widget);
}

static gboolean
is_label_shown (const char *text)
{
  return is_shown (lab_test_find (fixture.page, GTK_TYPE_LABEL, text));
}

static gboolean
has_label (gpointer data)
{
  return is_label_shown (data);
}

static void
wait_label (const char *text)
{
  test_wait_until (has_label, (gpointer)text, TRAFFIC_WAIT, text);
}

static void
click (const char *label)
{
  GtkWidget *button = lab_test_find (fixture.page, GTK_TYPE_BUTTON, label);

  g_assert_true (is_shown (button));
  g_signal_emit_by_name (button, "clicked");
}

static int
get_shown (void)
{
  return lab_traffic_row_get_weight (traffic_fixture_find_row (fixture.page, "v1"));
}

static gboolean
is_as_on_server (gpointer data)
{
  return traffic_fixture_find_row (fixture.page, "v1") != NULL &&
         get_shown () == traffic_fixture_get_weight (&fixture, 0) && is_label_shown ("Saved");
}

/* The page shows @virtual_service, which may be changed. */
static void
begin (const char *virtual_service)
{
  traffic_fixture_allow (&fixture, TRUE);
  traffic_fixture_put (&fixture, virtual_service);
  test_wait_until (is_as_on_server, NULL, TRAFFIC_WAIT, "the page to show it");
}

/* As the user's hand does it. */
static void
move (const char *name, int weight)
{
  GtkWidget *row = GTK_WIDGET (traffic_fixture_find_row (fixture.page, name));

  gtk_range_set_value (GTK_RANGE (lab_test_find (row, GTK_TYPE_SCALE, NULL)), weight);
}

static gboolean
is_20 (gpointer data)
{
  return traffic_fixture_get_weight (data, 0) == 20;
}

static gboolean
is_40 (gpointer data)
{
  return traffic_fixture_get_weight (data, 0) == 40;
}

/* (nullable) */
static GtkWidget *
find_action (GtkWidget *widget, const char *name)
{
  GtkWidget *found = NULL;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && found == NULL;
       child = gtk_widget_get_next_sibling (child)) {
    if (GTK_IS_BUTTON (child) &&
        g_strcmp0 (gtk_actionable_get_action_name (GTK_ACTIONABLE (child)), name) == 0)
      return child;
    found = find_action (child, name);
  }
  return found;
}

/* Does it where it is possible: an action that is not takes no effect, and does not say so. */
static gboolean
can (const char *action)
{
  GtkWidget *button = find_action (fixture.page, action);

  return button != NULL && gtk_widget_is_sensitive (button) &&
         gtk_widget_activate_action (fixture.page, action, NULL);
}

static gboolean
can_undo (gpointer data)
{
  return can ("traffic.undo");
}

static void
test_move_and_undo (void)
{
  begin (TRAFFIC_REVIEWS ("", TRAFFIC_SPLIT));
  wait_movable ();
  move ("v1", 20);
  test_wait_until (is_20, &fixture, TRAFFIC_WAIT, "20 % for v1");
  g_assert_cmpint (traffic_fixture_get_weight (&fixture, 1), ==, 40);
  wait_label ("Saved");
  test_wait_until (can_undo, &fixture, TRAFFIC_WAIT, "undo");
  test_wait_until (is_40, &fixture, TRAFFIC_WAIT, "40 % for v1");
  g_assert_cmpint (lab_traffic_row_get_weight (traffic_fixture_find_row (fixture.page, "v1")), ==,
                   40);
}

/* A lock keeps one where another is moved, and what the server says does not open it. */
static void
test_lock (void)
{
  GtkWidget *lock;

  begin (TRAFFIC_REVIEWS ("", TRAFFIC_SPLIT));
  wait_movable ();
  lock = lab_test_find (GTK_WIDGET (traffic_fixture_find_row (fixture.page, "v2")),
                        GTK_TYPE_TOGGLE_BUTTON, NULL);
  gtk_test_accessible_assert_property (lock, GTK_ACCESSIBLE_PROPERTY_LABEL, "Lock Weight of v2");
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (lock), TRUE);
  move ("v1", 20);
  test_wait_until (is_20, &fixture, TRAFFIC_WAIT, "20 % for v1");
  g_assert_cmpint (traffic_fixture_get_weight (&fixture, 1), ==, 30);
  g_assert_cmpint (traffic_fixture_get_weight (&fixture, 2), ==, 50);
  wait_label ("Saved");
  g_assert_true (gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (lock)));
}

static void
test_conflict (void)
{
  const char *text = "Someone else set v1 10 %, v2 10 %, v3 80 % while you were changing it.";

  begin (TRAFFIC_REVIEWS ("", TRAFFIC_SPLIT));
  wait_movable ();
  move ("v1", 20);
  traffic_fixture_put (&fixture,
                       TRAFFIC_REVIEWS ("", "{'route':[" TRAFFIC_TO ("v1", "10") "," TRAFFIC_TO (
                                              "v2", "10") "," TRAFFIC_TO ("v3", "80") "]}"));
  wait_label (text);
  g_assert_true (is_label_shown ("Not saved"));
  g_assert_cmpint (traffic_fixture_get_weight (&fixture, 0), ==, 10);
  click ("Keep mine");
  test_wait_until (is_20, &fixture, TRAFFIC_WAIT, "20 % for v1");
  g_assert_false (is_label_shown (text));
}

static void
test_owner (void)
{
  begin (TRAFFIC_REVIEWS (",'labels':{'argocd.argoproj.io/instance':'shop'}", TRAFFIC_SPLIT));
  wait_label ("Argo CD keeps reviews as it is in Git, and undoes what is changed here.");
  g_assert_false (traffic_fixture_is_movable (&fixture));
  click ("Change it anyway");
  wait_movable ();
}

/* What a server says at a write is believed, and what it says when it is asked. */
static void
test_read_only (void)
{
  const FakeFault refusal = {
    .kind = FAKE_FAULT_ANSWER,
    .match = "PATCH ",
    .status = 403,
    .content_type = "application/json",
    .body = "{\"kind\":\"Status\",\"status\":\"Failure\",\"reason\":\"Forbidden\","
            "\"message\":\"no patch today\",\"code\":403}",
  };

  begin (TRAFFIC_REVIEWS ("", TRAFFIC_SPLIT));
  fake_api_server_add_fault (fixture.server, &refusal);
  move ("v1", 20);
  wait_label ("You may look at reviews, but not change it.\nno patch today");
  g_assert_false (traffic_fixture_is_movable (&fixture));
  g_assert_cmpint (get_shown (), ==, 40);
  traffic_fixture_allow (&fixture, FALSE);
  click ("Check again");
  wait_label ("You may look at reviews, but not change it.");
  g_assert_false (traffic_fixture_is_movable (&fixture));
  traffic_fixture_allow (&fixture, TRUE);
  click ("Check again");
  wait_movable ();
}

static void
test_refused (void)
{
  const FakeFault refusal = {
    .kind = FAKE_FAULT_ANSWER,
    .match = "PATCH ",
    .status = 400,
    .content_type = "application/json",
    .body = "{\"kind\":\"Status\",\"status\":\"Failure\",\"reason\":\"BadRequest\","
            "\"message\":\"total destination weight 90 != 100\",\"code\":400}",
  };
  const char *text = "The change was not saved: total destination weight 90 != 100";

  begin (TRAFFIC_REVIEWS ("", TRAFFIC_SPLIT));
  fake_api_server_add_fault (fixture.server, &refusal);
  wait_movable ();
  move ("v1", 20);
  wait_label (text);
  g_assert_cmpint (lab_traffic_row_get_weight (traffic_fixture_find_row (fixture.page, "v1")), ==,
                   40);
  click ("Dismiss");
  g_assert_false (is_label_shown (text));
}

static LabTrafficRow *
find_row (void)
{
  return traffic_fixture_find_row (fixture.page, "v1");
}

/* The pointer takes the slider of v1, and moves it; the server has that before anything else. */
static void
drag_to_20 (void)
{
  begin (TRAFFIC_REVIEWS ("", TRAFFIC_SPLIT));
  wait_movable ();
  lab_traffic_row_set_dragging (find_row (), TRUE);
  move ("v1", 20);
  test_wait_until (is_20, &fixture, TRAFFIC_WAIT, "20 % for v1");
}

static gboolean
is_30 (gpointer data)
{
  return traffic_fixture_get_weight (data, 0) == 30;
}

/* The right is taken away while the pointer holds the slider: the slider is let go, and shows what
 * the server has, however the pointer moves on; once the right is back all goes on as before. */
static void
test_forbidden_in_drag (void)
{
  const FakeFault refusal = {
    .kind = FAKE_FAULT_ANSWER,
    .match = "PATCH ",
    .status = 403,
    .content_type = "application/json",
    .body = "{\"kind\":\"Status\",\"status\":\"Failure\",\"reason\":\"Forbidden\","
            "\"message\":\"no patch any more\",\"code\":403}",
  };

  drag_to_20 ();
  fake_api_server_add_fault (fixture.server, &refusal);
  move ("v1", 10);
  g_assert_true (lab_traffic_row_is_dragging (find_row ()));
  wait_label ("You may look at reviews, but not change it.\nno patch any more");
  g_assert_false (lab_traffic_row_is_dragging (find_row ()));
  g_assert_false (traffic_fixture_is_movable (&fixture));
  test_wait_until (is_as_on_server, NULL, TRAFFIC_WAIT, "the slider to go back");
  g_assert_cmpint (get_shown (), ==, 20);
  move ("v1", 5);
  g_assert_cmpint (get_shown (), ==, 20);
  lab_traffic_row_set_dragging (find_row (), FALSE);

  traffic_fixture_allow (&fixture, TRUE);
  click ("Check again");
  wait_movable ();
  lab_traffic_row_set_dragging (find_row (), TRUE);
  move ("v1", 30);
  lab_traffic_row_set_dragging (find_row (), FALSE);
  test_wait_until (is_30, &fixture, TRAFFIC_WAIT, "30 % for v1");
  wait_label ("Saved");
  test_wait_until (can_undo, &fixture, TRAFFIC_WAIT, "undo");
  test_wait_until (is_20, &fixture, TRAFFIC_WAIT, "20 % for v1");
}

static const char *const DELETED =
  "reviews was deleted while you were changing it, so your change was not saved. You can create it "
  "again as it was last.";

static gboolean
is_there (gpointer data)
{
  return fake_api_server_get (fixture.server, "virtualservices", "default", "reviews") != NULL;
}

static void
test_deleted_in_drag (void)
{
  drag_to_20 ();
  wait_label ("Saved");
  fake_api_server_remove (fixture.server, "virtualservices", "default", "reviews");
  wait_label (DELETED);
  wait_label ("No virtual services yet");
  click ("Create it again");
  test_wait_until (is_there, NULL, TRAFFIC_WAIT, "it to be created");
  test_wait_until (is_as_on_server, NULL, TRAFFIC_WAIT, "the page to show it");
  g_assert_cmpint (traffic_fixture_get_weight (&fixture, 0), ==, 20);
  g_assert_false (is_label_shown (DELETED));
  wait_movable ();
}

/* The refusal comes before the watch tells. */
static void
test_deleted_before_change (void)
{
  const FakeFault missing = {
    .kind = FAKE_FAULT_ANSWER,
    .match = "PATCH ",
    .status = 404,
    .content_type = "application/json",
    .body = "{\"kind\":\"Status\",\"status\":\"Failure\",\"reason\":\"NotFound\","
            "\"message\":\"not found\",\"code\":404}",
  };

  begin (TRAFFIC_REVIEWS ("", TRAFFIC_SPLIT));
  wait_movable ();
  fake_api_server_add_fault (fixture.server, &missing);
  move ("v1", 20);
  wait_label (DELETED);
  fake_api_server_remove (fixture.server, "virtualservices", "default", "reviews");
  wait_label ("No virtual services yet");
  g_assert_true (is_label_shown (DELETED));
  click ("Dismiss");
  g_assert_false (is_label_shown (DELETED));
}

/* Who deletes it and nobody was changing it knows why it is gone. */
static void
test_deleted_at_rest (void)
{
  begin (TRAFFIC_REVIEWS ("", TRAFFIC_SPLIT));
  wait_movable ();
  fake_api_server_remove (fixture.server, "virtualservices", "default", "reviews");
  wait_label ("No virtual services yet");
  g_assert_false (is_label_shown (DELETED));
}

static void
test_replaced_in_drag (void)
{
  drag_to_20 ();
  fake_api_server_remove (fixture.server, "virtualservices", "default", "reviews");
  traffic_fixture_put (&fixture, TRAFFIC_REVIEWS ("", TRAFFIC_SPLIT));
  wait_label (
    "reviews was replaced by a new one while you were changing it, so your change was not "
    "saved. What you see is the new one; make the change again if it is still wanted.");
  test_wait_until (is_as_on_server, NULL, TRAFFIC_WAIT, "the page to show it");
  click ("Dismiss");
}

static gboolean
is_other_client (gpointer data)
{
  return session_lab_get_client (fixture.base.lab) != data;
}

/* With a kubeconfig that is another one, as that of a place which was started anew is. */
static void
connect_anew (void)
{
  g_autofree char *path = lab_fixture_dup_path (&fixture.base, "kubeconfig");
  g_autoptr (KubeClient) before = g_object_ref (session_lab_get_client (fixture.base.lab));
  g_autofree char *text = NULL;
  g_autofree char *longer = NULL;
  g_autoptr (GError) error = NULL;

  session_lab_disconnect (fixture.base.lab);
  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);
  longer = g_strconcat (text, "# again\n", NULL);
  g_file_set_contents (path, longer, -1, &error);
  g_assert_no_error (error);
  session_lab_connect_async (fixture.base.lab, NULL, NULL, NULL);
  test_wait_until (is_other_client, before, TRAFFIC_WAIT, "another client");
  wait_movable ();
}

/* What was changed before the connection was lost can be taken back after; what others have done
 * meanwhile is asked about. */
static void
test_undo_after_reconnect (void)
{
  const char *text = "Someone else has set v1 10 %, v2 10 %, v3 80 % since. To undo your change "
                     "would overwrite that.";

  begin (TRAFFIC_REVIEWS ("", TRAFFIC_SPLIT));
  wait_movable ();
  move ("v1", 20);
  test_wait_until (is_20, &fixture, TRAFFIC_WAIT, "20 % for v1");
  wait_label ("Saved");
  connect_anew ();
  test_wait_until (can_undo, &fixture, TRAFFIC_WAIT, "undo");
  test_wait_until (is_40, &fixture, TRAFFIC_WAIT, "40 % for v1");
  wait_label ("Saved");

  move ("v1", 20);
  test_wait_until (is_20, &fixture, TRAFFIC_WAIT, "20 % for v1");
  wait_label ("Saved");
  connect_anew ();
  traffic_fixture_put (&fixture,
                       TRAFFIC_REVIEWS ("", "{'route':[" TRAFFIC_TO ("v1", "10") "," TRAFFIC_TO (
                                              "v2", "10") "," TRAFFIC_TO ("v3", "80") "]}"));
  test_wait_until (is_as_on_server, NULL, TRAFFIC_WAIT, "the page to show it");
  test_wait_until (can_undo, &fixture, TRAFFIC_WAIT, "undo");
  wait_label (text);
  g_assert_cmpint (traffic_fixture_get_weight (&fixture, 0), ==, 10);
  click ("Keep theirs");
  g_assert_false (is_label_shown (text));
  test_wait_until (can_undo, &fixture, TRAFFIC_WAIT, "undo");
  wait_label (text);
  click ("Undo anyway");
  test_wait_until (is_40, &fixture, TRAFFIC_WAIT, "40 % for v1");
}

#define SERVICE(name, spec)                                                                        \
  "{'apiVersion':'networking.istio.io/v1alpha3','kind':'VirtualService','metadata':{'name':'" name \
  "','namespace':'default'},'spec':{" spec "}}"

/* GTK_INVALID_LIST_POSITION where the chooser has none with that title */
static guint
find_title (const char *title)
{
  GtkDropDown *chooser = GTK_DROP_DOWN (lab_test_find (fixture.page, GTK_TYPE_DROP_DOWN, NULL));
  GtkStringList *titles = GTK_STRING_LIST (gtk_drop_down_get_model (chooser));

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (titles)); i++) {
    if (g_str_equal (gtk_string_list_get_string (titles, i), title))
      return i;
  }
  return GTK_INVALID_LIST_POSITION;
}

static gboolean
has_title (gpointer data)
{
  return find_title (data) != GTK_INVALID_LIST_POSITION;
}

static void
choose (const char *title)
{
  GtkWidget *chooser = lab_test_find (fixture.page, GTK_TYPE_DROP_DOWN, NULL);

  test_wait_until (has_title, (gpointer)title, TRAFFIC_WAIT, title);
  gtk_drop_down_set_selected (GTK_DROP_DOWN (chooser), find_title (title));
}

/* What is looked at is what the object is for. */
static void
test_other_hosts (void)
{
  begin (TRAFFIC_REVIEWS ("", TRAFFIC_SPLIT));
  wait_label ("What the page shows of reviews");
  fake_api_server_remove (fixture.server, "virtualservices", "default", "reviews");
  traffic_fixture_put (&fixture,
                       SERVICE ("details", "'hosts':['details'],'http':[{'route':[{'destination':{"
                                           "'host':'details','subset':'v1'}}]}]"));
  choose ("details");
  wait_label ("What the page shows of details");
  fake_api_server_remove (fixture.server, "virtualservices", "default", "details");
  traffic_fixture_put (
    &fixture, "{'apiVersion':'networking.istio.io/v1alpha3','kind':'VirtualService','metadata':{"
              "'name':'hello','namespace':'default'},'spec':{'hosts':['*'],'gateways':['web'],"
              "'http':[{'route':[{'destination':{'host':'hello','subset':'v1'}}]}]}}");
  choose ("hello");
  wait_label ("What hello answers");
  fake_api_server_remove (fixture.server, "virtualservices", "default", "hello");
}

/* What is in the way may have come after many answers: it is not said that there are none. */
static void
test_hindered (void)
{
  begin (TRAFFIC_REVIEWS ("", TRAFFIC_SPLIT));
  click ("Start");
  wait_label ("Something is in the way");
  g_assert_null (lab_test_find (fixture.page, GTK_TYPE_LABEL, "Nothing to see yet"));
  click ("Pause");
  wait_label ("Paused");
}

/* What will not work is there before anything is sent. */
static void
test_warning (void)
{
  begin (TRAFFIC_REVIEWS ("", "{'fault':{'delay':{}},'timeout':'1s','route':[" TRAFFIC_TO (
                                "v1", "50") "," TRAFFIC_TO ("v9", "50") "]}"));
  wait_label ("No DestinationRule defines the subset v9 of reviews.");
  wait_label ("A route has a fault and a timeout.");
}

#define POD(version, ready)                                                                        \
  "{'apiVersion':'v1','kind':'Pod','metadata':{'name':'reviews-" version                           \
  "','namespace':'default','labels':{'app':'reviews','version':'" version                          \
  "'}},'status':{'conditions':[{'type':'Ready','status':'" ready "'}]}}"
#define TO_V1_ALONE "{'route':[" TRAFFIC_TO ("v1", "100") "," TRAFFIC_TO ("v3", "0") "]}"

static const char *const service =
  "{'apiVersion':'v1','kind':'Service','metadata':{'name':'reviews','namespace':'default'},"
  "'spec':{'selector':{'app':'reviews'}}}";
static const char *const labelled_rule =
  "{'apiVersion':'networking.istio.io/v1alpha3','kind':'DestinationRule',"
  "'metadata':{'name':'reviews','namespace':'default'},'spec':{'host':'reviews','subsets':["
  "{'name':'v1','labels':{'version':'v1'}},{'name':'v2','labels':{'version':'v2'}},"
  "{'name':'v3','labels':{'version':'v3'}}]}}";
static const char *const NO_PODS = "No pod of the subset v3 of reviews is ready.";

/* (nullable): the question that is open */
static GtkWidget *
find_question (void)
{
  GListModel *windows = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (windows); i++) {
    g_autoptr (GtkWidget) window = g_list_model_get_item (windows, i);

    if (ADW_IS_MESSAGE_DIALOG (window) && gtk_widget_get_mapped (window))
      return window;
  }
  return NULL;
}

static gboolean
has_question (gpointer data)
{
  return find_question () != NULL;
}

static gboolean
has_no_question (gpointer data)
{
  return find_question () == NULL;
}

static void
wait_question (const char *part)
{
  test_wait_until (has_question, NULL, TRAFFIC_WAIT, part);
  g_assert_nonnull (
    strstr (adw_message_dialog_get_body (ADW_MESSAGE_DIALOG (find_question ())), part));
}

/* @label: of its button; NULL: closes it */
static void
answer (const char *label)
{
  GtkWidget *button =
    label != NULL ? lab_test_find (find_question (), GTK_TYPE_BUTTON, label) : NULL;

  g_assert_true (label == NULL || button != NULL);
  if (button != NULL)
    g_signal_emit_by_name (button, "clicked");
  else
    gtk_window_close (GTK_WINDOW (find_question ()));
  test_wait_until (has_no_question, NULL, TRAFFIC_WAIT, "the question to go");
}

static guint
count_patches (void)
{
  return fake_api_server_count_requests (fixture.server, "PATCH ");
}

static const char *
get_explanation (const char *label)
{
  GtkWidget *button = lab_test_find (fixture.page, GTK_TYPE_BUTTON, label);

  return button != NULL ? gtk_widget_get_tooltip_text (button) : NULL;
}

static gboolean
is_explained (gpointer data)
{
  const char *text = get_explanation (data);

  return text != NULL && strstr (text, NO_PODS) != NULL;
}

static gboolean
can_redo (gpointer data)
{
  return can ("traffic.redo");
}

static gboolean
is_not_there (gpointer data)
{
  return !is_there (NULL) && !is_label_shown ("Saved");
}

static gboolean
is_80 (gpointer data)
{
  return is_there (NULL) && traffic_fixture_get_weight (data, 0) == 80;
}

/* A route with one destination has no weight in it. */
static gboolean
is_new_shown (gpointer data)
{
  return is_there (NULL) && traffic_fixture_get_weight (&fixture, 0) == -1 &&
         traffic_fixture_find_row (fixture.page, "v1") != NULL && get_shown () == 100 &&
         is_label_shown ("Saved");
}

/* What was created here is taken back after all that was changed of it, and all of it can be made
 * again, in turn. */
static void
test_creation (void)
{
  fake_api_server_remove (fixture.server, "virtualservices", "default", "reviews");
  wait_label ("No virtual services yet");
  click ("Create routes for reviews");
  test_wait_until (is_new_shown, NULL, TRAFFIC_WAIT, "the page to show it");
  click ("Add v2");
  move ("v2", 20);
  test_wait_until (is_80, &fixture, TRAFFIC_WAIT, "80 % for v1");
  wait_label ("Saved");
  test_wait_until (can_undo, &fixture, TRAFFIC_WAIT, "undo of the change");
  test_wait_until (is_new_shown, NULL, TRAFFIC_WAIT, "the change to be taken back");
  g_assert_true (is_there (NULL));
  test_wait_until (can_undo, &fixture, TRAFFIC_WAIT, "undo of the creation");
  test_wait_until (is_not_there, NULL, TRAFFIC_WAIT, "it to be deleted");
  wait_label ("No virtual services yet");
  g_assert_false (can_undo (NULL));
  test_wait_until (can_redo, &fixture, TRAFFIC_WAIT, "redo of the creation");
  test_wait_until (is_new_shown, NULL, TRAFFIC_WAIT, "the page to show it again");
  test_wait_until (can_redo, &fixture, TRAFFIC_WAIT, "redo of the change");
  test_wait_until (is_80, &fixture, TRAFFIC_WAIT, "80 % for v1 again");
  wait_label ("Saved");
}

/* (nullable): the button that is to be seen of those with that label */
static GtkWidget *
find_offer (GtkWidget *widget)
{
  GtkWidget *found = NULL;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && found == NULL;
       child = gtk_widget_get_next_sibling (child)) {
    if (GTK_IS_BUTTON (child) && gtk_widget_get_mapped (child) &&
        g_strcmp0 (gtk_button_get_label (GTK_BUTTON (child)), "Create routes for reviews") == 0)
      return child;
    found = find_offer (child);
  }
  return found;
}

static gboolean
is_offered_on_top (gpointer data)
{
  GtkWidget *button = find_offer (fixture.page);
  graphene_rect_t bounds;

  return button != NULL && gtk_widget_get_height (button) > 0 &&
         gtk_widget_compute_bounds (button, fixture.page, &bounds) && bounds.origin.y < 100;
}

static gboolean
has_offer (gpointer page)
{
  return find_offer (page) != NULL;
}

/* A page that is made when all is connected shows no words and no code of what is not there. */
static void
assert_new_page_begins_empty (void)
{
  GtkWidget *page = lab_traffic_page_new ();
  GtkWindow *window;

  lab_traffic_page_set_lab (LAB_TRAFFIC_PAGE (page), fixture.base.lab);
  window = lab_test_show (page);
  test_wait_until (has_offer, page, TRAFFIC_WAIT, "the offer");
  g_assert_false (is_shown (lab_test_find (page, GTK_TYPE_LABEL, "In words")));
  g_assert_false (is_shown (lab_test_find (page, GTK_TYPE_EXPANDER, NULL)));
  g_assert_true (gtk_widget_is_sensitive (lab_test_find (page, GTK_TYPE_BUTTON, "Start")));
  gtk_window_destroy (window);
}

static gboolean
is_preset_shown (const char *label)
{
  GtkWidget *button = lab_test_find (fixture.page, GTK_TYPE_BUTTON, label);

  return button != NULL && gtk_widget_get_mapped (button);
}

/* Where what the course shifts is not there yet, the page begins with that; the course's own way in
 * by the gateway is not changed by one careless click. */
static void
test_offer_on_top (void)
{
  fake_api_server_remove (fixture.server, "virtualservices", "default", "reviews");
  traffic_fixture_put (&fixture,
                       SERVICE ("bookinfo",
                                "'hosts':['*'],'gateways':['bookinfo-gateway'],'http':[{'match':["
                                "{'uri':{'exact':'/productpage'}}],'route':[{'destination':{"
                                "'host':'productpage','port':{'number':9080}}}]}]"));
  traffic_fixture_put (
    &fixture, "{'apiVersion':'networking.istio.io/v1alpha3','kind':'DestinationRule','metadata':{"
              "'name':'productpage','namespace':'default'},'spec':{'host':'productpage','subsets':["
              "{'name':'v1'}]}}");
  test_wait_until (is_offered_on_top, NULL, TRAFFIC_WAIT, "the offer");
  wait_label ("reviews (no routes yet)");
  wait_label ("What the page shows of reviews");
  g_assert_false (is_label_shown ("In words"));
  assert_new_page_begins_empty ();
  choose ("bookinfo");
  wait_label ("In words");
  test_wait_until (is_offered_on_top, NULL, TRAFFIC_WAIT, "the offer beside another");
  g_assert_false (is_preset_shown ("All to v1"));
  g_assert_false (is_label_shown ("Presets"));
  choose ("reviews (no routes yet)");
  wait_label ("What the page shows of reviews");
  g_assert_false (is_label_shown ("In words"));
  g_signal_emit_by_name (find_offer (fixture.page), "clicked");
  test_wait_until (is_new_shown, NULL, TRAFFIC_WAIT, "the page to show it");
  g_assert_true (is_preset_shown ("All to v1"));
  g_assert_true (is_label_shown ("Presets"));
  fake_api_server_remove (fixture.server, "virtualservices", "default", "bookinfo");
  fake_api_server_remove (fixture.server, "destinationrules", "default", "productpage");
}

/* A cluster where v3 is defined and has no pod that is ready; the page knows. */
static void
begin_without_v3 (const char *virtual_service)
{
  fake_api_server_remove (fixture.server, "virtualservices", "default", "reviews");
  wait_label ("No virtual services yet");
  traffic_fixture_put (&fixture, labelled_rule);
  traffic_fixture_put (&fixture, service);
  traffic_fixture_put (&fixture, POD ("v1", "True"));
  traffic_fixture_put (&fixture, POD ("v2", "True"));
  traffic_fixture_put (&fixture, POD ("v3", "False"));
  begin (virtual_service);
  wait_movable ();
  test_wait_until (is_explained, (gpointer) "50 % v1, 50 % v3", TRAFFIC_WAIT,
                   "what a preset would run into");
}

static gboolean
is_50 (gpointer data)
{
  return traffic_fixture_get_weight (data, 0) == 50;
}

/* What a preset would run into is told by its button, and asked about before it is sent; who has
 * agreed is not asked again. */
static void
test_preset_asks (void)
{
  guint n_before;

  begin_without_v3 (TRAFFIC_REVIEWS (",'uid':'w'", TO_V1_ALONE));
  g_assert_null (strstr (get_explanation ("Reset"), NO_PODS));
  n_before = count_patches ();
  click ("50 % v1, 50 % v3");
  wait_question (NO_PODS);
  g_assert_true (is_label_shown ("Not saved"));
  answer (NULL);
  g_assert_cmpint (get_shown (), ==, 100);
  g_assert_true (is_label_shown ("Saved"));
  g_assert_cmpuint (count_patches (), ==, n_before);

  click ("50 % v1, 50 % v3");
  wait_question (NO_PODS);
  g_assert_cmpuint (count_patches (), ==, n_before);
  answer ("_Send anyway");
  test_wait_until (is_50, &fixture, TRAFFIC_WAIT, "50 % for v1");
  wait_label ("Saved");
  g_assert_true (is_label_shown (NO_PODS));
  begin (TRAFFIC_REVIEWS (",'uid':'w'", TO_V1_ALONE));
  move ("v1", 20);
  test_wait_until (is_20, &fixture, TRAFFIC_WAIT, "20 % for v1, unasked");
  wait_label ("Saved");
}

/* The warning is there while the hand is on; nothing is sent before it is off and the user has
 * agreed, and nothing is asked where it went back. */
static void
test_drag_asks (void)
{
  guint n_before;

  begin_without_v3 (TRAFFIC_REVIEWS (",'uid':'x'", TO_V1_ALONE));
  n_before = count_patches ();
  lab_traffic_row_set_dragging (find_row (), TRUE);
  move ("v1", 70);
  g_assert_true (is_label_shown (NO_PODS));
  move ("v1", 100);
  lab_traffic_row_set_dragging (find_row (), FALSE);
  wait_label ("Saved");
  g_assert_false (is_label_shown (NO_PODS));
  g_assert_null (find_question ());

  lab_traffic_row_set_dragging (find_row (), TRUE);
  move ("v1", 70);
  move ("v1", 50);
  g_assert_null (find_question ());
  lab_traffic_row_set_dragging (find_row (), FALSE);
  wait_question (NO_PODS);
  g_assert_cmpuint (count_patches (), ==, n_before);
  answer (NULL);
  g_assert_cmpint (get_shown (), ==, 100);
  g_assert_false (is_label_shown (NO_PODS));

  move ("v1", 50);
  wait_question (NO_PODS);
  answer ("_Send anyway");
  test_wait_until (is_50, &fixture, TRAFFIC_WAIT, "50 % for v1");
  wait_label ("Saved");
  g_assert_cmpuint (count_patches (), ==, n_before + 1);
}

static gboolean
has_one_route (gpointer data)
{
  JsonNode *object = fake_api_server_get (fixture.server, "virtualservices", "default", "reviews");

  return json_array_get_length (base_json_get_array (object, "spec", "http", NULL)) == 1;
}

/* A reset asks where it would drop what no button makes again. */
static void
test_reset_asks (void)
{
  begin (TRAFFIC_REVIEWS ("",
                          TRAFFIC_SPLIT ",{'match':[{'uri':{'prefix':'/new'}}],'mirror':{'host':'a'"
                                        "},'route':[" TRAFFIC_TO ("v1", "100") "]}"));
  wait_movable ();
  click ("Reset");
  wait_question ("1 route with a match, mirror");
  answer (NULL);
  g_assert_false (has_one_route (NULL));
  click ("Reset");
  wait_question ("1 route with a match, mirror");
  answer ("_Drop them");
  test_wait_until (has_one_route, NULL, TRAFFIC_WAIT, "one route");
  wait_label ("Saved");
}

int
main (int argc, char **argv)
{
  int status;

  kube_client_init_process ();
  if (!lab_test_init (&argc, &argv))
    return 0;
  traffic_fixture_set_up (&fixture, TRAFFIC_REVIEWS ("", TRAFFIC_SPLIT));
  g_test_add_func ("/lab/traffic-page/new-destroy", test_new_destroy);
  g_test_add_func ("/lab/traffic-page/move-and-undo", test_move_and_undo);
  g_test_add_func ("/lab/traffic-page/lock", test_lock);
  g_test_add_func ("/lab/traffic-page/conflict", test_conflict);
  g_test_add_func ("/lab/traffic-page/owner", test_owner);
  g_test_add_func ("/lab/traffic-page/read-only", test_read_only);
  g_test_add_func ("/lab/traffic-page/refused", test_refused);
  g_test_add_func ("/lab/traffic-page/forbidden-in-drag", test_forbidden_in_drag);
  g_test_add_func ("/lab/traffic-page/deleted-in-drag", test_deleted_in_drag);
  g_test_add_func ("/lab/traffic-page/deleted-before-change", test_deleted_before_change);
  g_test_add_func ("/lab/traffic-page/deleted-at-rest", test_deleted_at_rest);
  g_test_add_func ("/lab/traffic-page/replaced-in-drag", test_replaced_in_drag);
  g_test_add_func ("/lab/traffic-page/undo-after-reconnect", test_undo_after_reconnect);
  g_test_add_func ("/lab/traffic-page/other-hosts", test_other_hosts);
  g_test_add_func ("/lab/traffic-page/hindered", test_hindered);
  g_test_add_func ("/lab/traffic-page/warning", test_warning);
  g_test_add_func ("/lab/traffic-page/creation", test_creation);
  g_test_add_func ("/lab/traffic-page/offer-on-top", test_offer_on_top);
  g_test_add_func ("/lab/traffic-page/reset-asks", test_reset_asks);
  g_test_add_func ("/lab/traffic-page/preset-asks", test_preset_asks);
  g_test_add_func ("/lab/traffic-page/drag-asks", test_drag_asks);

  status = g_test_run ();
  traffic_fixture_tear_down (&fixture);

  return status;
}
