/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "../lab-display.h"
#include "fake-client.h"
#include "lab-field-row.h"
#include "lab-reviews.h"
#include "lab-route-dialog.h"
#include "mesh-error.h"

#define WAIT 15

typedef struct {
  FakeApiServer *server;
  KubeClient *client;
  KubeObject *object;
  MeshEditor *editor;
  GtkWidget *dialog; /* (nullable): NULL once it is closed */
} Fixture;

static void
failed_cb (MeshEditor *editor, const GError *error)
{
  g_test_message ("failed: %s", error->message);
  g_test_fail ();
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->server = fake_api_server_new ();
  fake_api_server_set_served (fixture->server, "networking.istio.io", "v1alpha3", NULL, TRUE);
  reviews_put (fixture->server, REVIEWS_ROUTES);
  fixture->client = fake_client_new (fixture->server, NULL, NULL);
  fixture->object = reviews_new_object (fixture->server);
  fixture->editor = mesh_editor_new (fixture->client, fixture->object, NULL);
  g_signal_connect (fixture->editor, "failed", G_CALLBACK (failed_cb), NULL);
}

static gboolean
is_alone (gpointer data)
{
  return G_OBJECT (data)->ref_count == 1;
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  if (fixture->dialog != NULL)
    gtk_window_destroy (GTK_WINDOW (fixture->dialog));
  g_assert_null (fixture->dialog);
  test_wait_until (is_alone, fixture->editor, WAIT, "what is under way to end");
  g_assert_finalize_object (fixture->editor);
  g_clear_object (&fixture->object);
  g_clear_object (&fixture->client);
  g_clear_object (&fixture->server);
}

static void
present (Fixture *fixture, GtkWidget *dialog)
{
  g_assert_nonnull (dialog);
  fixture->dialog = dialog;
  g_object_add_weak_pointer (G_OBJECT (dialog), (gpointer *)&fixture->dialog);
  gtk_window_present (GTK_WINDOW (dialog));
  test_wait_until (lab_test_is_drawn, dialog, WAIT, "the dialog to be drawn");
}

static void
open_route (Fixture *fixture, guint route)
{
  g_autoptr (GError) error = NULL;
  GtkWidget *dialog = lab_route_dialog_new (NULL, fixture->editor, route, 4, &error);

  g_assert_no_error (error);
  present (fixture, dialog);
}

static LabFieldRow *
find_field (GtkWidget *widget, const char *title)
{
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child)) {
    LabFieldRow *found = NULL;

    if (LAB_IS_FIELD_ROW (child) &&
        g_strcmp0 (adw_preferences_row_get_title (ADW_PREFERENCES_ROW (child)), title) == 0)
      return LAB_FIELD_ROW (child);
    found = find_field (child, title);
    if (found != NULL)
      return found;
  }
  return NULL;
}

static void
write_field (Fixture *fixture, const char *title, const char *text)
{
  LabFieldRow *row = find_field (fixture->dialog, title);

  g_assert_nonnull (row);
  lab_field_row_set_text (row, text);
}

static void
click (Fixture *fixture, const char *label)
{
  GtkWidget *button = lab_test_find (fixture->dialog, GTK_TYPE_BUTTON, label);

  g_assert_nonnull (button);
  g_assert_true (gtk_widget_is_sensitive (button));
  g_signal_emit_by_name (button, "clicked");
}

static gboolean
has_timeout (gpointer data)
{
  return g_strcmp0 (reviews_get_string (data, "/spec/http/1/timeout"), "0.5s") == 0;
}

/* What is applied is on the server, and the dialog is gone. */
static void
test_apply (Fixture *fixture, gconstpointer data)
{
  open_route (fixture, 1);
  g_assert_cmpstr (gtk_window_get_title (GTK_WINDOW (fixture->dialog)), ==, "Route 2");
  write_field (fixture, "Timeout", "0.5s");
  click (fixture, "_Apply");
  g_assert_null (fixture->dialog);
  test_wait_until (has_timeout, fixture->server, WAIT, "the timeout to be on the server");
  g_assert_cmpstr (reviews_get_string (fixture->server, "/spec/http/0/route/0/destination/subset"),
                   ==, "v2");
}

/* What Istio would not take stays in the dialog, with the reason beside it. */
static void
test_errors (Fixture *fixture, gconstpointer data)
{
  LabFieldRow *row = NULL;

  open_route (fixture, 1);
  row = find_field (fixture->dialog, "Timeout");
  g_assert_null (lab_field_row_get_error (row));
  write_field (fixture, "Timeout", "0s");
  g_assert_cmpstr (lab_field_row_get_error (row), ==, "duration must be greater than 1ms");
  g_assert_cmpstr (adw_action_row_get_subtitle (ADW_ACTION_ROW (row)), ==,
                   "duration must be greater than 1ms");
  gtk_test_accessible_assert_state (lab_test_find (GTK_WIDGET (row), GTK_TYPE_ENTRY, NULL),
                                    GTK_ACCESSIBLE_STATE_INVALID, GTK_ACCESSIBLE_INVALID_TRUE);
  gtk_test_accessible_assert_property (lab_test_find (GTK_WIDGET (row), GTK_TYPE_ENTRY, NULL),
                                       GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                       "duration must be greater than 1ms");
  click (fixture, "_Apply");
  g_assert_nonnull (fixture->dialog);
  g_assert_cmpuint (fake_api_server_count_requests (fixture->server, "PATCH "), ==, 0);
  write_field (fixture, "Timeout", "");
  g_assert_null (lab_field_row_get_error (row));
}

static gboolean
has_new_route (gpointer data)
{
  return g_strcmp0 (reviews_get_string (data, "/spec/http/1/match/0/headers/end-user/exact"),
                    "anna") == 0;
}

static void
test_new (Fixture *fixture, gconstpointer data)
{
  const char *const subsets[] = { "v1", "v2", "v3", NULL };
  g_autoptr (GError) error = NULL;
  GtkWidget *dialog =
    lab_route_dialog_new_for_new (NULL, fixture->editor, "reviews", subsets, 4, &error);
  GtkWidget *focus = NULL;

  g_assert_no_error (error);
  present (fixture, dialog);
  /* nothing is said to be wrong before anything is written; applying says what is missing */
  g_assert_null (lab_field_row_get_error (find_field (dialog, "Its value")));
  click (fixture, "_Add");
  g_assert_nonnull (lab_field_row_get_error (find_field (dialog, "Its value")));
  focus = gtk_window_get_focus (GTK_WINDOW (dialog));
  g_assert_true (gtk_widget_is_ancestor (focus, GTK_WIDGET (find_field (dialog, "Its value"))));
  write_field (fixture, "Its value", "anna");
  adw_combo_row_set_selected (
    ADW_COMBO_ROW (gtk_widget_get_ancestor (lab_test_find (dialog, GTK_TYPE_LABEL, "They go to"),
                                            ADW_TYPE_COMBO_ROW)),
    2);
  click (fixture, "_Add");
  test_wait_until (has_new_route, fixture->server, WAIT, "the route to be on the server");
  g_assert_cmpstr (reviews_get_string (fixture->server, "/spec/http/1/route/0/destination/subset"),
                   ==, "v3");
}

static gboolean
has_one_route (gpointer data)
{
  return reviews_get (data, "/spec/http/1") == NULL;
}

static void
test_remove (Fixture *fixture, gconstpointer data)
{
  open_route (fixture, 0);
  /* it may not be moved behind the route that takes everything */
  g_assert_false (
    gtk_widget_is_sensitive (lab_test_find (fixture->dialog, GTK_TYPE_BUTTON, "_Later")));
  g_assert_false (
    gtk_widget_is_sensitive (lab_test_find (fixture->dialog, GTK_TYPE_BUTTON, "_Earlier")));
  click (fixture, "_Remove this route");
  test_wait_until (has_one_route, fixture->server, WAIT, "the route to be gone");
  g_assert_null (reviews_get (fixture->server, "/spec/http/0/match"));
}

static void
test_match (Fixture *fixture, gconstpointer data)
{
  GtkWidget *combo = NULL;

  open_route (fixture, 0);
  combo = lab_test_find (fixture->dialog, ADW_TYPE_COMBO_ROW, NULL);
  g_assert_cmpuint (adw_combo_row_get_selected (ADW_COMBO_ROW (combo)), ==, MESH_MATCH_EXACT);
  g_assert_true (gtk_widget_get_visible (GTK_WIDGET (find_field (fixture->dialog, "Header"))));
  adw_combo_row_set_selected (ADW_COMBO_ROW (combo), MESH_MATCH_NONE);
  g_assert_false (gtk_widget_get_visible (GTK_WIDGET (find_field (fixture->dialog, "Header"))));
  adw_combo_row_set_selected (ADW_COMBO_ROW (combo), MESH_MATCH_REGEX);
  write_field (fixture, "Its value", "(");
  g_assert_nonnull (lab_field_row_get_error (find_field (fixture->dialog, "Its value")));
}

static LabFieldRow *
get_focused (Fixture *fixture)
{
  GtkWidget *focus = gtk_window_get_focus (GTK_WINDOW (fixture->dialog));

  return LAB_FIELD_ROW (gtk_widget_get_ancestor (focus, LAB_TYPE_FIELD_ROW));
}

static void
press_tab (Fixture *fixture, GdkModifierType state)
{
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (fixture->dialog);
  gboolean handled = FALSE;

  for (guint i = 0; !handled && i < g_list_model_get_n_items (controllers); i++) {
    g_autoptr (GtkEventController) controller = g_list_model_get_item (controllers, i);

    if (GTK_IS_EVENT_CONTROLLER_KEY (controller) &&
        gtk_event_controller_get_propagation_phase (controller) == GTK_PHASE_CAPTURE)
      g_signal_emit_by_name (controller, "key-pressed", GDK_KEY_Tab, 0, state, &handled);
  }
  g_assert_true (handled);
}

/* Tab goes from field to field, over those that are not seen. */
static void
test_keyboard (Fixture *fixture, gconstpointer data)
{
  open_route (fixture, 1);
  g_assert_true (gtk_window_get_focus (GTK_WINDOW (fixture->dialog)) ==
                 lab_test_find (fixture->dialog, ADW_TYPE_COMBO_ROW, NULL));
  press_tab (fixture, 0);
  g_assert_true (get_focused (fixture) == find_field (fixture->dialog, "Timeout"));
  press_tab (fixture, 0);
  g_assert_true (get_focused (fixture) == find_field (fixture->dialog, "Delay"));
  press_tab (fixture, GDK_SHIFT_MASK);
  g_assert_true (get_focused (fixture) == find_field (fixture->dialog, "Timeout"));
}

static void
test_no_route (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (lab_route_dialog_new (NULL, fixture->editor, 2, 4, &error));
  g_assert_error (error, MESH_ERROR, MESH_ERROR_CHANGED);
}

int
main (int argc, char **argv)
{
  kube_client_init_process ();
  if (!lab_test_init (&argc, &argv))
    return 0;
#define ADD(name, function)                                                                        \
  g_test_add ("/lab/route-dialog/" name, Fixture, NULL, set_up, function, tear_down)
  ADD ("apply", test_apply);
  ADD ("errors", test_errors);
  ADD ("new", test_new);
  ADD ("remove", test_remove);
  ADD ("match", test_match);
  ADD ("keyboard", test_keyboard);
  ADD ("no-route", test_no_route);
#undef ADD
  return g_test_run ();
}
