/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lab-fixture.h"
#include "lab-freshness.h"
#include "lab-panel-stack.h"
#include "lab-panel.h"
#include "lab-traffic-page.h"

static void
test_new_destroy (void)
{
  gsize n;
  const LabPanelKind *kinds = lab_panel_kind_get_all (&n);

  g_assert_cmpuint (n, ==, 6);
  for (gsize i = 0; i < n; i++) {
    LabPanel *panel = g_object_ref_sink (LAB_PANEL (lab_panel_new (&kinds[i])));

    g_assert_finalize_object (panel);
  }
}

/* Nothing connected: it says so, and watches only while it is seen. */
static void
test_offline (void)
{
  LabFixture fixture = { 0 };
  GtkWidget *panel = lab_panel_new (lab_panel_kind_lookup ("svc"));
  GtkWindow *window;

  lab_fixture_set_up (&fixture);
  lab_panel_set_resource (LAB_PANEL (panel), session_lab_get_resource (fixture.lab, "services"));
  window = lab_test_show (panel);
  g_assert_nonnull (lab_test_find (panel, GTK_TYPE_LABEL, "not connected"));
  g_assert_nonnull (lab_test_find (panel, GTK_TYPE_LABEL, "Not connected"));
  gtk_test_accessible_assert_property (lab_test_find (panel, GTK_TYPE_COLUMN_VIEW, NULL),
                                       GTK_ACCESSIBLE_PROPERTY_LABEL, "Services");
  lab_panel_focus_filter (LAB_PANEL (panel));
  gtk_window_destroy (window);
  lab_fixture_tear_down (&fixture);
}

static void
test_lookup (void)
{
  g_assert_cmpstr (lab_panel_kind_lookup ("svc")->resource, ==, "services");
  g_assert_cmpstr (lab_panel_kind_lookup ("VirtualService")->resource, ==, "virtualservices");
  g_assert_null (lab_panel_kind_lookup ("secrets"));
  g_assert_null (lab_panel_kind_lookup ("moons"));
}

static void
test_stack (void)
{
  LabFixture fixture = { 0 };
  LabPanelStack *stack = g_object_ref_sink (LAB_PANEL_STACK (lab_panel_stack_new ()));

  lab_fixture_set_up (&fixture);
  lab_panel_stack_set_lab (stack, fixture.lab);
  g_assert_null (lab_panel_stack_get_visible_panel (stack));
  lab_panel_stack_show_panel (stack, "svc");
  g_assert_cmpstr (lab_panel_stack_get_visible_panel (stack), ==, "services");
  lab_panel_stack_show_panel (stack, "traffic");
  g_assert_cmpstr (lab_panel_stack_get_visible_panel (stack), ==, "traffic");
  lab_panel_stack_show_panel (stack, "moons");
  lab_panel_stack_show_panel (stack, NULL);
  g_assert_cmpstr (lab_panel_stack_get_visible_panel (stack), ==, "traffic");
  lab_panel_stack_set_lab (stack, NULL);
  g_assert_finalize_object (stack);
  lab_fixture_tear_down (&fixture);
}

static void
test_traffic_page (void)
{
  LabFixture fixture = { 0 };
  GtkWidget *page = lab_traffic_page_new ();
  GtkWindow *window;

  lab_fixture_set_up (&fixture);
  lab_traffic_page_set_lab (LAB_TRAFFIC_PAGE (page), fixture.lab);
  window = lab_test_show (page);
  g_assert_nonnull (lab_test_find (page, GTK_TYPE_LABEL, "Not connected"));
  g_object_add_weak_pointer (G_OBJECT (page), (gpointer *)&page);
  gtk_window_destroy (window);
  g_assert_null (page);
  lab_fixture_tear_down (&fixture);
}

static void
test_freshness (void)
{
  LabFreshness *freshness = g_object_ref_sink (g_object_new (LAB_TYPE_FRESHNESS, NULL));

  lab_freshness_set_resource (freshness, NULL);
  g_assert_nonnull (lab_test_find (GTK_WIDGET (freshness), GTK_TYPE_LABEL, "not connected"));
  g_assert_finalize_object (freshness);
}

int
main (int argc, char **argv)
{
  if (!lab_test_init (&argc, &argv))
    return 0;
  g_test_add_func ("/lab/panel/new-destroy", test_new_destroy);
  g_test_add_func ("/lab/panel/offline", test_offline);
  g_test_add_func ("/lab/panel/lookup", test_lookup);
  g_test_add_func ("/lab/panel/stack", test_stack);
  g_test_add_func ("/lab/panel/traffic-page", test_traffic_page);
  g_test_add_func ("/lab/panel/freshness", test_freshness);

  return g_test_run ();
}
