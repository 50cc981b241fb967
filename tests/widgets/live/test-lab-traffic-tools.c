/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "../lab-display.h"
#include "lab-field-row.h"
#include "lab-fixture.h"
#include "lab-reviews.h"
#include "lab-route-dialog.h"
#include "lab-traffic-code.h"
#include "lab-traffic-offers.h"
#include "lab-traffic-tools.h"

#define WAIT 15

static const char *const sections[] = {
  "---\nid: first\ntitle: First\n---\n# First\n\n```bash {id=one}\necho one\n```\n", NULL
};

typedef struct {
  LabFixture lab;
  SessionResource *rules;
  SessionResource *services;
  LabTrafficTools *tools;
  MeshEditor *editor; /* (nullable) */
  GtkWindow *window;
} Fixture;

static gboolean
is_live (gpointer data)
{
  return session_resource_get_state (data) == KUBE_LIST_LIVE;
}

static void
set_up (Fixture *fixture, gconstpointer with_routes)
{
  g_autoptr (GError) error = NULL;

  lab_fixture_set_up (&fixture->lab, sections);
  fake_api_server_set_served (fixture->lab.server, "networking.istio.io", "v1alpha3", NULL, TRUE);
  reviews_put (fixture->lab.server, REVIEWS_RULE);
  if (with_routes != NULL)
    reviews_put (fixture->lab.server, REVIEWS_ROUTES);
  fixture->rules = session_lab_get_resource (fixture->lab.lab, "destinationrules");
  fixture->services = session_lab_get_resource (fixture->lab.lab, "virtualservices");
  session_resource_hold (fixture->rules);
  session_resource_hold (fixture->services);
  lab_fixture_connect (&fixture->lab, &error);
  g_assert_no_error (error);
  test_wait_until (is_live, fixture->rules, WAIT, "the rules");
  test_wait_until (is_live, fixture->services, WAIT, "the virtual services");
  fixture->tools = LAB_TRAFFIC_TOOLS (lab_traffic_tools_new ());
  fixture->window = lab_test_show (GTK_WIDGET (fixture->tools));
}

static void
tear_down (Fixture *fixture, gconstpointer with_routes)
{
  gtk_window_destroy (fixture->window);
  g_clear_object (&fixture->editor);
  session_resource_release (fixture->rules);
  session_resource_release (fixture->services);
  lab_fixture_tear_down (&fixture->lab);
}

static void
show_reviews (Fixture *fixture)
{
  KubeObject *object = session_resource_find (fixture->services, "default", "reviews");

  g_assert_nonnull (object);
  fixture->editor = mesh_editor_new (session_lab_get_client (fixture->lab.lab), object, NULL);
  lab_traffic_tools_set (fixture->tools, fixture->lab.lab, fixture->editor, object);
}

static void
click (Fixture *fixture, const char *label)
{
  GtkWidget *button = lab_test_find (GTK_WIDGET (fixture->tools), GTK_TYPE_BUTTON, label);

  g_assert_nonnull (button);
  g_assert_true (gtk_widget_is_sensitive (button));
  g_signal_emit_by_name (button, "clicked");
}

static gboolean
is_settled (gpointer data)
{
  return !mesh_editor_get_pending (data);
}

/* A preset changes the server, and the words at once, before the server has it. */
static void
test_preset (Fixture *fixture, gconstpointer data)
{
  GtkWidget *tools = GTK_WIDGET (fixture->tools);

  show_reviews (fixture);
  g_assert_nonnull (
    lab_test_find (tools, GTK_TYPE_LABEL, "User jason goes to v2.\nEveryone else goes to v1."));
  click (fixture, "50 % v1, 50 % v3");
  g_assert_true (mesh_editor_get_pending (fixture->editor));
  g_assert_nonnull (lab_test_find (tools, GTK_TYPE_LABEL, "Everyone: 50 % v1, 50 % v3."));
  test_wait_until (is_settled, fixture->editor, WAIT, "the preset to be confirmed");
  g_assert_cmpint (
    base_json_get_int (reviews_get (fixture->lab.server, "/spec/http/0/route/1/weight"), 0, NULL),
    ==, 50);
  g_assert_nonnull (lab_test_find (tools, GTK_TYPE_LABEL, "Everyone: 50 % v1, 50 % v3."));
}

/* The words follow a slider, before anything is sent. */
static void
test_slider (Fixture *fixture, gconstpointer data)
{
  const MeshWeight weights[] = { { "reviews", "v1", 30 }, { "reviews", "v3", 70 } };
  GtkWidget *tools = GTK_WIDGET (fixture->tools);

  show_reviews (fixture);
  mesh_editor_begin_drag (fixture->editor);
  mesh_editor_set_weights (fixture->editor, 1, weights, G_N_ELEMENTS (weights));
  g_assert_nonnull (lab_test_find (tools, GTK_TYPE_LABEL,
                                   "User jason goes to v2.\nEveryone else: 30 % v1, 70 % v3."));
  g_assert_cmpuint (fake_api_server_count_requests (fixture->lab.server, "PATCH "), ==, 0);
  mesh_editor_end_drag (fixture->editor);
  test_wait_until (is_settled, fixture->editor, WAIT, "the weights to be confirmed");
}

static LabTrafficCode *
open_code (Fixture *fixture)
{
  GtkWidget *expander = lab_test_find (GTK_WIDGET (fixture->tools), GTK_TYPE_EXPANDER, NULL);

  gtk_expander_set_expanded (GTK_EXPANDER (expander), TRUE);
  return LAB_TRAFFIC_CODE (gtk_expander_get_child (GTK_EXPANDER (expander)));
}

static const char *
find_marked (LabTrafficCode *code)
{
  for (GtkWidget *label = lab_test_find (GTK_WIDGET (code), GTK_TYPE_VIEWPORT, NULL); label != NULL;
       label = gtk_widget_get_first_child (label)) {
    if (GTK_IS_LABEL (label))
      return gtk_label_get_label (GTK_LABEL (label));
  }
  g_assert_not_reached ();
}

static void
assert_marks (LabTrafficCode *code, const char *first, const char *second)
{
  g_assert_nonnull (strstr (find_marked (code), first));
  g_assert_nonnull (strstr (find_marked (code), second));
}

/* The code follows, with what differs marked; the command stays that of the change that was made.
 */
static void
test_code (Fixture *fixture, gconstpointer data)
{
  LabTrafficCode *code = NULL;
  g_autofree char *command = NULL;

  show_reviews (fixture);
  code = open_code (fixture);
  g_assert_true (g_str_has_prefix (lab_traffic_code_get_command (code),
                                   "kubectl patch virtualservice reviews --type=json -p '[{\"op\":"
                                   "\"add\",\"path\":\"/spec/http\""));
  g_assert_nonnull (strstr (lab_traffic_code_get_yaml (code), "exact: jason"));
  click (fixture, "All to v3");
  command = g_strdup (lab_traffic_code_get_command (code));
  g_assert_nonnull (strstr (command, "\"/spec/http/0"));
  g_assert_null (strstr (lab_traffic_code_get_yaml (code), "exact: jason"));
  assert_marks (code, "\n+         subset: v3", "\n−           exact: jason");
  test_wait_until (is_settled, fixture->editor, WAIT, "the preset to be confirmed");
  g_assert_cmpstr (lab_traffic_code_get_command (code), ==, command);
  assert_marks (code, "\n+         subset: v3", "\n−           exact: jason");
}

/* A drag is one change, however often it is written meanwhile: the marks are against what was
 * before it, and stay. */
static void
test_code_of_drag (Fixture *fixture, gconstpointer data)
{
  const MeshWeight first[] = { { "reviews", "v1", 30 }, { "reviews", "v3", 70 } };
  const MeshWeight second[] = { { "reviews", "v1", 10 }, { "reviews", "v3", 90 } };
  LabTrafficCode *code = NULL;

  show_reviews (fixture);
  code = open_code (fixture);
  mesh_editor_begin_drag (fixture->editor);
  mesh_editor_set_weights (fixture->editor, 1, first, G_N_ELEMENTS (first));
  test_wait_until (is_settled, fixture->editor, WAIT, "the first value to be confirmed");
  assert_marks (code, "\n+       weight: 30", "\n+       weight: 70");
  mesh_editor_set_weights (fixture->editor, 1, second, G_N_ELEMENTS (second));
  mesh_editor_end_drag (fixture->editor);
  test_wait_until (is_settled, fixture->editor, WAIT, "the last value to be confirmed");
  assert_marks (code, "\n+       weight: 10", "\n+       weight: 90");
  g_assert_null (strstr (find_marked (code), "weight: 30"));
  g_assert_null (strstr (find_marked (code), "+   resourceVersion"));
}

static gboolean
has_other_command (gpointer data)
{
  return strstr (lab_traffic_code_get_command (data), "v2") == NULL;
}

/* What somebody else writes is nothing that a change of ours would give. */
static void
test_code_of_others (Fixture *fixture, gconstpointer data)
{
  LabTrafficCode *code = NULL;

  show_reviews (fixture);
  code = open_code (fixture);
  reviews_put (fixture->lab.server,
               "{'apiVersion':'networking.istio.io/v1alpha3','kind':'VirtualService','metadata':"
               "{'name':'reviews','namespace':'default'},'spec':{'hosts':['reviews'],'http':["
               "{'route':[{'destination':{'host':'reviews','subset':'v3'}}]}]}}");
  test_wait_until (has_other_command, code, WAIT, "the change of somebody else");
  g_assert_nonnull (strstr (lab_traffic_code_get_command (code), "\"path\":\"/spec/http\""));
}

/* Without an editor all can be read and nothing changed. */
static void
test_read_only (Fixture *fixture, gconstpointer data)
{
  KubeObject *object = session_resource_find (fixture->services, "default", "reviews");
  GtkWidget *button = NULL;

  lab_traffic_tools_set (fixture->tools, fixture->lab.lab, NULL, object);
  button = lab_test_find (GTK_WIDGET (fixture->tools), GTK_TYPE_BUTTON, "All to v1");
  g_assert_nonnull (button);
  g_assert_false (gtk_widget_is_sensitive (button));
  lab_traffic_tools_edit_route (fixture->tools, 0);
  g_assert_nonnull (lab_test_find (GTK_WIDGET (fixture->tools), GTK_TYPE_LABEL,
                                   "User jason goes to v2.\nEveryone else goes to v1."));
}

static void
toast_cb (GSimpleAction *action, GVariant *text, gpointer user_data)
{
  char **toast = user_data;

  g_free (*toast);
  *toast = g_variant_dup_string (text, NULL);
}

static gboolean
is_told (gpointer data)
{
  char **toast = data;

  return *toast != NULL;
}

static LabRouteDialog *
find_dialog (void)
{
  g_autoptr (GList) windows = gtk_window_list_toplevels ();

  for (GList *l = windows; l != NULL; l = l->next) {
    if (LAB_IS_ROUTE_DIALOG (l->data))
      return l->data;
  }
  return NULL;
}

/* What is applied to an object that has gone meanwhile is not lost without a word. */
static void
test_deleted (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GSimpleActionGroup) actions = g_simple_action_group_new ();
  g_autoptr (GSimpleAction) action = g_simple_action_new ("toast", G_VARIANT_TYPE_STRING);
  g_autofree char *toast = NULL;
  GtkWidget *dialog = NULL;
  GtkWidget *row = NULL;

  g_signal_connect (action, "activate", G_CALLBACK (toast_cb), &toast);
  g_action_map_add_action (G_ACTION_MAP (actions), G_ACTION (action));
  gtk_widget_insert_action_group (GTK_WIDGET (fixture->window), "win", G_ACTION_GROUP (actions));
  show_reviews (fixture);
  lab_traffic_tools_edit_route (fixture->tools, 0);
  dialog = GTK_WIDGET (find_dialog ());
  g_assert_nonnull (dialog);

  fake_api_server_remove (fixture->lab.server, "virtualservices", "default", "reviews");
  lab_traffic_tools_set (fixture->tools, fixture->lab.lab, NULL, NULL);
  g_clear_object (&fixture->editor);
  row =
    gtk_widget_get_ancestor (lab_test_find (dialog, GTK_TYPE_LABEL, "Timeout"), LAB_TYPE_FIELD_ROW);
  lab_field_row_set_text (LAB_FIELD_ROW (row), "4s");
  g_signal_emit_by_name (lab_test_find (dialog, GTK_TYPE_BUTTON, "_Apply"), "clicked");
  test_wait_until (is_told, &toast, WAIT, "what became of the change");
  g_assert_true (g_str_has_prefix (toast, "The change was not saved: "));
}

static gboolean
has_presets (gpointer data)
{
  return lab_test_find (data, GTK_TYPE_BUTTON, "50 % v1, 50 % v2") != NULL;
}

static gboolean
has_no_presets (gpointer data)
{
  return !has_presets (data);
}

/* Presets follow what the rules define by now. */
static void
test_rules (Fixture *fixture, gconstpointer data)
{
  GtkWidget *tools = GTK_WIDGET (fixture->tools);

  show_reviews (fixture);
  g_assert_false (has_presets (tools));
  reviews_put (fixture->lab.server,
               "{'apiVersion':'networking.istio.io/v1alpha3','kind':'DestinationRule','metadata':"
               "{'name':'reviews','namespace':'default'},'spec':{'host':'reviews','subsets':["
               "{'name':'v1'},{'name':'v2'}]}}");
  test_wait_until (has_presets, tools, WAIT, "presets for two versions");
  fake_api_server_remove (fixture->lab.server, "destinationrules", "default", "reviews");
  test_wait_until (has_no_presets, tools, WAIT, "the presets to be gone");
}

static gboolean
is_offered (gpointer data)
{
  return lab_test_find (data, GTK_TYPE_BUTTON, "Create routes for reviews") != NULL;
}

static gboolean
is_not_offered (gpointer data)
{
  return !is_offered (data);
}

/* A host with versions and no routes is offered to get some; then the offer is gone. */
static void
test_offer (Fixture *fixture, gconstpointer data)
{
  GtkWidget *offers = g_object_ref_sink (g_object_new (LAB_TYPE_TRAFFIC_OFFERS, NULL));

  gtk_window_set_child (fixture->window, offers);
  lab_traffic_offers_set_lab (LAB_TRAFFIC_OFFERS (offers), fixture->lab.lab);
  g_assert_true (is_offered (offers));
  g_signal_emit_by_name (lab_test_find (offers, GTK_TYPE_BUTTON, "Create routes for reviews"),
                         "clicked");
  test_wait_until (is_not_offered, offers, WAIT, "the offer to be gone");
  g_assert_cmpstr (
    reviews_get_string (fixture->lab.server, "/spec/http/0/route/0/destination/subset"), ==, "v1");
  g_assert_false (gtk_widget_get_visible (offers));
  fake_api_server_remove (fixture->lab.server, "virtualservices", "default", "reviews");
  test_wait_until (is_offered, offers, WAIT, "the offer to be back");
  gtk_window_set_child (fixture->window, NULL);
  g_assert_finalize_object (offers);
}

static gboolean
is_sensitive (gpointer data)
{
  return gtk_widget_get_sensitive (data);
}

static void
test_offer_refused (Fixture *fixture, gconstpointer data)
{
  const FakeFault forbidden = { .kind = FAKE_FAULT_ANSWER, .match = "POST ", .status = 403 };
  GtkWidget *offers = g_object_ref_sink (g_object_new (LAB_TYPE_TRAFFIC_OFFERS, NULL));
  GtkWidget *button = NULL;

  fake_api_server_add_fault (fixture->lab.server, &forbidden);
  gtk_window_set_child (fixture->window, offers);
  lab_traffic_offers_set_lab (LAB_TRAFFIC_OFFERS (offers), fixture->lab.lab);
  button = lab_test_find (offers, GTK_TYPE_BUTTON, "Create routes for reviews");
  g_signal_emit_by_name (button, "clicked");
  g_assert_false (gtk_widget_get_sensitive (button));
  test_wait_until (is_sensitive, button, WAIT, "the button to be back");
  gtk_window_set_child (fixture->window, NULL);
  g_assert_finalize_object (offers);
}

int
main (int argc, char **argv)
{
  kube_client_init_process ();
  if (!lab_test_init (&argc, &argv))
    return 0;
#define ADD(name, data, function)                                                                  \
  g_test_add ("/lab/traffic-tools/" name, Fixture, data, set_up, function, tear_down)
  ADD ("preset", "routes", test_preset);
  ADD ("slider", "routes", test_slider);
  ADD ("code", "routes", test_code);
  ADD ("code-of-others", "routes", test_code_of_others);
  ADD ("code-of-drag", "routes", test_code_of_drag);
  ADD ("read-only", "routes", test_read_only);
  ADD ("deleted", "routes", test_deleted);
  ADD ("rules", "routes", test_rules);
  ADD ("offer", NULL, test_offer);
  ADD ("offer-refused", NULL, test_offer_refused);
#undef ADD
  return g_test_run ();
}
