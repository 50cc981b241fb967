/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lab-traffic-routes.h"

#include "lab-traffic-route.h"
#include "mesh-route-text.h"

struct _LabTrafficRoutes {
  AdwBin parent_instance;

  GtkLabel *no_routes_label;
  GtkBox *routes_box;
  GtkLabel *streams_label;

  MeshEditor *editor; /* (nullable): without one nothing can be moved */
  GStrv subsets;      /* (nullable): on offer where everyone's requests go */
};

G_DEFINE_FINAL_TYPE (LabTrafficRoutes, lab_traffic_routes, ADW_TYPE_BIN)

static GtkWidget *
get_first (LabTrafficRoutes *self)
{
  return gtk_widget_get_first_child (GTK_WIDGET (self->routes_box));
}

/* As many route cards as there are routes; TRUE where a slider is held, so that none may go. */
static gboolean
is_held (LabTrafficRoutes *self, guint *n_routes)
{
  gboolean held = FALSE;

  *n_routes = 0;
  for (GtkWidget *child = get_first (self); child != NULL;
       child = gtk_widget_get_next_sibling (child)) {
    held = held || lab_traffic_route_is_dragging (LAB_TRAFFIC_ROUTE (child));
    *n_routes += 1;
  }

  return held;
}

static void
update_editor (LabTrafficRoutes *self)
{
  for (GtkWidget *child = get_first (self); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    lab_traffic_route_set_editor (LAB_TRAFFIC_ROUTE (child), self->editor);
}

static void
show_route (LabTrafficRoutes *self,
            LabTrafficRoute *route,
            guint index,
            MeshVirtualService *service,
            LabTrafficSurroundings *surroundings)
{
  g_auto (GStrv) subsets = lab_traffic_surroundings_dup_subsets (
    surroundings, mesh_virtual_service_get_namespace (service),
    mesh_virtual_service_get_destination_host (service, index, 0));

  lab_traffic_route_show (route, service, (const char *const *)subsets);
  if (!mesh_virtual_service_route_has_match (service, index)) {
    g_strfreev (self->subsets);
    self->subsets = g_steal_pointer (&subsets);
  }
}

static void
show_routes (LabTrafficRoutes *self,
             MeshVirtualService *service,
             LabTrafficSurroundings *surroundings)
{
  guint n = service != NULL ? mesh_virtual_service_get_n_routes (service) : 0;
  GtkWidget *route;
  guint n_shown;

  if (is_held (self, &n_shown))
    return;
  if (n != n_shown) {
    lab_traffic_routes_clear (self);
    for (guint i = 0; i < n; i++)
      gtk_box_append (self->routes_box, lab_traffic_route_new (i));
    update_editor (self);
  }

  route = get_first (self);
  for (guint i = 0; i < n; i++) {
    show_route (self, LAB_TRAFFIC_ROUTE (route), i, service, surroundings);
    route = gtk_widget_get_next_sibling (route);
  }
}

/* TCP and TLS routes are to be seen, too. */
static void
show_streams (LabTrafficRoutes *self, JsonNode *object)
{
  g_auto (GStrv) streams = object != NULL ? mesh_route_text_dup_streams (object) : NULL;
  g_autofree char *text = streams != NULL ? g_strjoinv ("\n", streams) : NULL;

  gtk_label_set_label (self->streams_label, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->streams_label), text != NULL && *text != '\0');
}

static void
lab_traffic_routes_dispose (GObject *object)
{
  LabTrafficRoutes *self = LAB_TRAFFIC_ROUTES (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), LAB_TYPE_TRAFFIC_ROUTES);
  g_clear_object (&self->editor);
  g_clear_pointer (&self->subsets, g_strfreev);

  G_OBJECT_CLASS (lab_traffic_routes_parent_class)->dispose (object);
}

static void
lab_traffic_routes_class_init (LabTrafficRoutesClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lab_traffic_routes_dispose;

  gtk_widget_class_set_template_from_resource (
    widget_class, "/io/github/konvoylab/KonvoyLab/lab-traffic-routes.ui");
  gtk_widget_class_bind_template_child (widget_class, LabTrafficRoutes, no_routes_label);
  gtk_widget_class_bind_template_child (widget_class, LabTrafficRoutes, routes_box);
  gtk_widget_class_bind_template_child (widget_class, LabTrafficRoutes, streams_label);
}

static void
lab_traffic_routes_init (LabTrafficRoutes *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * lab_traffic_routes_set_editor:
 * @self: routes
 * @editor: (nullable): who writes what the user moves
 */
void
lab_traffic_routes_set_editor (LabTrafficRoutes *self, MeshEditor *editor)
{
  g_return_if_fail (LAB_IS_TRAFFIC_ROUTES (self));
  g_return_if_fail (editor == NULL || MESH_IS_EDITOR (editor));

  g_set_object (&self->editor, editor);
  update_editor (self);
}

/**
 * lab_traffic_routes_clear:
 * @self: routes
 *
 * Nothing is shown; a slider that is held is let go.
 */
void
lab_traffic_routes_clear (LabTrafficRoutes *self)
{
  GtkWidget *child;

  g_return_if_fail (LAB_IS_TRAFFIC_ROUTES (self));

  while ((child = get_first (self)) != NULL)
    gtk_box_remove (self->routes_box, child);
}

/**
 * lab_traffic_routes_show:
 * @self: routes
 * @object: (nullable): a VirtualService
 * @surroundings: what else there is
 *
 * Shows its routes; while a slider is held, none of them changes.
 */
void
lab_traffic_routes_show (LabTrafficRoutes *self,
                         JsonNode *object,
                         LabTrafficSurroundings *surroundings)
{
  g_autoptr (MeshVirtualService) service = NULL;

  g_return_if_fail (LAB_IS_TRAFFIC_ROUTES (self));

  if (object != NULL)
    service = mesh_virtual_service_new (object, NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->no_routes_label),
                          service != NULL && mesh_virtual_service_get_n_routes (service) == 0);
  show_routes (self, service, surroundings);
  show_streams (self, object);
}

/**
 * lab_traffic_routes_get_subsets:
 * @self: routes
 *
 * Returns: (nullable) (transfer none): the subsets that rules define for the host of the route of
 *   everyone, as it was shown last
 */
const char *const *
lab_traffic_routes_get_subsets (LabTrafficRoutes *self)
{
  g_return_val_if_fail (LAB_IS_TRAFFIC_ROUTES (self), NULL);

  return (const char *const *)self->subsets;
}
