/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "kube-client.h"
#include "lab-fixture.h"
#include "lab-traffic-canary.h"

static const char *const subsets[] = { "v1", "v2", "v3", NULL };

typedef struct {
  LabFixture lab;
  SessionSampler *sampler;
  LabTrafficCanary *canary;
  GtkWindow *window;
} Fixture;

static GtkWidget *
find (Fixture *self, GType type, const char *text)
{
  GtkWidget *widget = lab_test_find (GTK_WIDGET (self->canary), type, text);

  g_assert_nonnull (widget);
  return widget;
}

static void
set_up (Fixture *self, gconstpointer data)
{
  lab_fixture_set_up (&self->lab);
  self->sampler = session_sampler_new (self->lab.lab);
  self->canary = g_object_ref_sink (g_object_new (LAB_TYPE_TRAFFIC_CANARY, NULL));
  self->window = lab_test_show (GTK_WIDGET (self->canary));
}

static void
unfold (Fixture *self)
{
  adw_expander_row_set_expanded (ADW_EXPANDER_ROW (self->canary), TRUE);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  gtk_window_set_child (self->window, NULL);
  gtk_window_destroy (self->window);
  g_assert_finalize_object (self->canary);
  g_assert_finalize_object (self->sampler);
  lab_fixture_tear_down (&self->lab);
}

/* Nothing can be started where nothing can be written; what steers a run is not there without one.
 */
static void
test_idle (Fixture *self, gconstpointer data)
{
  GtkWidget *start = find (self, GTK_TYPE_BUTTON, "Start canary");

  g_assert_false (gtk_widget_is_sensitive (start));
  lab_traffic_canary_set_sampler (self->canary, self->sampler);
  lab_traffic_canary_set_subsets (self->canary, subsets);
  g_assert_false (gtk_widget_is_sensitive (start));
  g_assert_false (lab_traffic_canary_get_active (self->canary));
  g_assert_false (gtk_widget_get_visible (find (self, GTK_TYPE_BUTTON, "Pause")));
  g_assert_false (gtk_widget_get_visible (find (self, GTK_TYPE_BUTTON, "Promote")));
  g_assert_false (gtk_widget_get_visible (find (self, GTK_TYPE_BUTTON, "Abort")));
  gtk_test_accessible_assert_property (find (self, GTK_TYPE_BUTTON, "Pause"),
                                       GTK_ACCESSIBLE_PROPERTY_LABEL, "Pause the canary");
  lab_traffic_canary_set_sampler (self->canary, NULL);
}

/* The newest version is what a canary is for; they may be known before anybody unfolds it. */
static void
test_subsets (Fixture *self, gconstpointer data)
{
  static const char *const fewer[] = { "v1", NULL };
  static const char *const none[] = { NULL };
  GtkDropDown *drop;

  lab_traffic_canary_set_subsets (self->canary, subsets);
  g_assert_null (lab_test_find (GTK_WIDGET (self->canary), GTK_TYPE_DROP_DOWN, NULL));
  unfold (self);
  drop = GTK_DROP_DOWN (find (self, GTK_TYPE_DROP_DOWN, NULL));
  g_assert_cmpuint (gtk_drop_down_get_selected (drop), ==, 2);
  gtk_drop_down_set_selected (drop, 1);
  lab_traffic_canary_set_subsets (self->canary, subsets);
  g_assert_cmpuint (gtk_drop_down_get_selected (drop), ==, 1);
  lab_traffic_canary_set_subsets (self->canary, fewer);
  g_assert_cmpuint (gtk_drop_down_get_selected (drop), ==, 0);
  lab_traffic_canary_set_subsets (self->canary, none);
  g_assert_cmpuint (gtk_drop_down_get_selected (drop), ==, GTK_INVALID_LIST_POSITION);
}

/* Steps that are none are told where they are typed, and nothing begins. */
static void
test_steps (Fixture *self, gconstpointer data)
{
  GtkWidget *entry;

  unfold (self);
  entry = find (self, GTK_TYPE_ENTRY, NULL);
  lab_traffic_canary_set_sampler (self->canary, self->sampler);
  lab_traffic_canary_set_subsets (self->canary, subsets);
  gtk_editable_set_text (GTK_EDITABLE (entry), "50, 25");
  g_signal_emit_by_name (find (self, GTK_TYPE_BUTTON, "Start canary"), "clicked");
  g_assert_true (gtk_widget_get_visible (
    find (self, GTK_TYPE_LABEL,
          "Write at most 10 percentages from 1 to 100, each greater than the one before, such as "
          "5, 25, 50, 100.")));
  g_assert_false (lab_traffic_canary_get_active (self->canary));
  /* good ones, and nobody to write */
  gtk_editable_set_text (GTK_EDITABLE (entry), "25, 50");
  g_signal_emit_by_name (entry, "activate");
  g_assert_false (lab_traffic_canary_get_active (self->canary));
  lab_traffic_canary_set_sampler (self->canary, NULL);
}

#define ADD(name, function)                                                                        \
  g_test_add ("/lab/traffic-canary/" name, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  if (!lab_test_init (&argc, &argv))
    return 0;
  ADD ("idle", test_idle);
  ADD ("subsets", test_subsets);
  ADD ("steps", test_steps);

  return g_test_run ();
}
