/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base-yaml.h"
#include "lab-fixture.h"
#include "lab-traffic-route.h"
#include "lab-traffic-row.h"

static const char *const split = "metadata: {name: reviews, namespace: default}\n"
                                 "spec:\n"
                                 "  hosts: [reviews]\n"
                                 "  http:\n"
                                 "  - match: [{headers: {end-user: {exact: jason}}}]\n"
                                 "    route: [{destination: {host: reviews, subset: v2}}]\n"
                                 "  - route:\n"
                                 "    - {destination: {host: reviews, subset: v1}, weight: 80}\n"
                                 "    - {destination: {host: reviews, subset: v3}, weight: 20}\n";

static MeshVirtualService *
parse (const char *yaml)
{
  g_autoptr (JsonNode) node = base_yaml_parse (yaml, -1, "test", BASE_YAML_NONE, NULL);
  MeshVirtualService *service = mesh_virtual_service_new (node, NULL);

  g_assert_nonnull (service);

  return service;
}

static void
moved_cb (LabTrafficRow *row, int weight, int *moved)
{
  *moved = weight;
}

static void
test_row (void)
{
  LabTrafficRow *row =
    g_object_ref_sink (LAB_TRAFFIC_ROW (lab_traffic_row_new ("v1", "Weight of v1")));
  GtkWidget *scale = lab_test_find (GTK_WIDGET (row), GTK_TYPE_SCALE, NULL);
  int moved = -1;

  g_signal_connect (row, "moved", G_CALLBACK (moved_cb), &moved);
  gtk_test_accessible_assert_property (scale, GTK_ACCESSIBLE_PROPERTY_LABEL, "Weight of v1");
  lab_traffic_row_set_weight (row, 30);
  g_assert_cmpint (moved, ==, -1);
  g_assert_cmpint (lab_traffic_row_get_weight (row), ==, 30);
  gtk_range_set_value (GTK_RANGE (scale), 45);
  g_assert_cmpint (moved, ==, 45);
  g_assert_false (lab_traffic_row_is_dragging (row));
  g_assert_cmpstr (lab_traffic_row_get_name (row), ==, "v1");
  g_assert_finalize_object (row);
}

static LabTrafficRow *
find_row (GtkWidget *route, const char *name)
{
  GtkWidget *label = lab_test_find (route, GTK_TYPE_LABEL, name);

  return label != NULL ? LAB_TRAFFIC_ROW (gtk_widget_get_ancestor (label, LAB_TYPE_TRAFFIC_ROW))
                       : NULL;
}

/* To scroll the page past a slider shifts no traffic. */
static void
test_wheel (void)
{
  static GType (*const types[]) (void) = { gtk_scale_get_type, gtk_spin_button_get_type };
  g_autoptr (LabTrafficRow) row =
    g_object_ref_sink (LAB_TRAFFIC_ROW (lab_traffic_row_new ("v1", "Weight of v1")));

  for (gsize i = 0; i < G_N_ELEMENTS (types); i++) {
    GtkWidget *widget = lab_test_find (GTK_WIDGET (row), types[i](), NULL);
    g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (widget);

    for (guint j = 0; j < g_list_model_get_n_items (controllers); j++) {
      g_autoptr (GtkEventController) controller = g_list_model_get_item (controllers, j);

      g_assert_false (GTK_IS_EVENT_CONTROLLER_SCROLL (controller));
    }
  }
}

static void
test_route (void)
{
  const char *const subsets[] = { "v1", "v2", "v3", NULL };
  g_autoptr (MeshVirtualService) service = parse (split);
  LabTrafficRoute *route = g_object_ref_sink (LAB_TRAFFIC_ROUTE (lab_traffic_route_new (1)));
  GtkWidget *widget = GTK_WIDGET (route);
  GtkWidget *scale;

  lab_traffic_route_show (route, service, subsets);
  g_assert_cmpint (lab_traffic_row_get_weight (find_row (widget, "v1")), ==, 80);
  g_assert_cmpint (lab_traffic_row_get_weight (find_row (widget, "v3")), ==, 20);
  g_assert_nonnull (lab_test_find (widget, GTK_TYPE_BUTTON, "Add v2"));
  g_assert_null (lab_test_find (widget, GTK_TYPE_BUTTON, "Add v1"));
  /* nobody to write it: nothing can be moved, not even past the hand */
  scale = lab_test_find (GTK_WIDGET (find_row (widget, "v1")), GTK_TYPE_SCALE, NULL);
  g_assert_false (gtk_widget_is_sensitive (scale));
  gtk_range_set_value (GTK_RANGE (scale), 11);
  g_assert_cmpint (lab_traffic_row_get_weight (find_row (widget, "v1")), ==, 80);
  g_assert_cmpfloat (gtk_range_get_value (GTK_RANGE (scale)), ==, 80);
  g_assert_cmpint (lab_traffic_row_get_weight (find_row (widget, "v3")), ==, 20);
  g_assert_finalize_object (route);
}

/* A subset that is offered gets a row here; it stays while the server does not know it. */
static void
test_offer (void)
{
  const char *const subsets[] = { "v1", "v2", NULL };
  g_autoptr (MeshVirtualService) service = parse (split);
  g_autoptr (LabTrafficRoute) route =
    g_object_ref_sink (LAB_TRAFFIC_ROUTE (lab_traffic_route_new (0)));
  GtkWidget *widget = GTK_WIDGET (route);
  GtkWidget *offer;

  lab_traffic_route_show (route, service, subsets);
  g_assert_cmpint (lab_traffic_row_get_weight (find_row (widget, "v2")), ==, 100);
  offer = lab_test_find (widget, GTK_TYPE_BUTTON, "Add v1");
  g_signal_emit_by_name (offer, "clicked");
  g_assert_cmpint (lab_traffic_row_get_weight (find_row (widget, "v1")), ==, 0);
  gtk_test_accessible_assert_property (
    lab_test_find (GTK_WIDGET (find_row (widget, "v1")), GTK_TYPE_SCALE, NULL),
    GTK_ACCESSIBLE_PROPERTY_LABEL, "Weight of v1, route 1");
  lab_traffic_route_show (route, service, subsets);
  g_assert_nonnull (find_row (widget, "v1"));
}

/* What others change is shown: weights, and destinations that come and go. */
static void
test_change (void)
{
  const char *const none[] = { NULL };
  g_autoptr (MeshVirtualService) before = parse (split);
  g_autoptr (MeshVirtualService) after = parse (
    "metadata: {name: reviews, namespace: default}\n"
    "spec: {hosts: [reviews], http: [{route: [{destination: {host: reviews, subset: v3}}]}]}\n");
  g_autoptr (LabTrafficRoute) route =
    g_object_ref_sink (LAB_TRAFFIC_ROUTE (lab_traffic_route_new (0)));
  GtkWidget *widget = GTK_WIDGET (route);

  lab_traffic_route_show (route, before, none);
  g_assert_nonnull (find_row (widget, "v2"));
  lab_traffic_route_show (route, after, none);
  g_assert_null (find_row (widget, "v2"));
  g_assert_cmpint (lab_traffic_row_get_weight (find_row (widget, "v3")), ==, 100);
  gtk_test_accessible_assert_property (lab_test_find (widget, GTK_TYPE_SCALE, NULL),
                                       GTK_ACCESSIBLE_PROPERTY_LABEL, "Weight of v3");
}

int
main (int argc, char **argv)
{
  if (!lab_test_init (&argc, &argv))
    return 0;
  g_test_add_func ("/lab/traffic-route/row", test_row);
  g_test_add_func ("/lab/traffic-route/wheel", test_wheel);
  g_test_add_func ("/lab/traffic-route/new-destroy", test_route);
  g_test_add_func ("/lab/traffic-route/offer", test_offer);
  g_test_add_func ("/lab/traffic-route/change", test_change);

  return g_test_run ();
}
