/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lab-traffic-page.h"

#include <glib/gi18n-lib.h>

#include "lab-freshness.h"
#include "lab-traffic-chooser.h"
#include "lab-traffic-guard.h"
#include "lab-traffic-offers.h"
#include "lab-traffic-observer.h"
#include "lab-traffic-outcome.h"
#include "lab-traffic-route.h"
#include "lab-traffic-surroundings.h"
#include "lab-traffic-toolbar.h"
#include "lab-traffic-tools.h"
#include "lab-traffic-warnings.h"
#include "mesh-editor.h"
#include "mesh-route-text.h"
#include "mesh-virtual-service.h"

struct _LabTrafficPage {
  AdwBin parent_instance;

  GtkStack *stack;
  AdwStatusPage *placeholder;
  LabTrafficChooser *chooser;
  LabTrafficToolbar *toolbar;
  LabTrafficGuard *guard;
  LabTrafficOutcome *outcome;
  LabTrafficWarnings *warnings;
  GtkBox *routes_box;
  LabTrafficTools *tools;
  LabTrafficOffers *offers;
  GtkLabel *no_routes_label;
  GtkLabel *streams_label;
  LabTrafficObserver *observer;
  LabFreshness *freshness;

  SessionLab *lab;           /* (nullable) */
  SessionResource *services; /* (nullable) of VirtualService */
  LabTrafficSurroundings *surroundings;
  GSignalGroup *lab_signals;
  GSignalGroup *services_signals;
  GSignalGroup *object_signals;
  GSignalGroup *editor_signals;
  MeshEditor *editor; /* (nullable) */
};

G_DEFINE_FINAL_TYPE (LabTrafficPage, lab_traffic_page, ADW_TYPE_BIN)

static void
clear_routes (LabTrafficPage *self)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->routes_box))) != NULL)
    gtk_box_remove (self->routes_box, child);
}

/* (nullable): only what may be changed has an editor to change it with */
static MeshEditor *
get_open_editor (LabTrafficPage *self)
{
  return lab_traffic_guard_get_open (self->guard) ? self->editor : NULL;
}

static void
update_routes_editor (LabTrafficPage *self)
{
  for (GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (self->routes_box)); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    lab_traffic_route_set_editor (LAB_TRAFFIC_ROUTE (child), get_open_editor (self));
}

/* As many route cards as there are routes; TRUE where a slider is held, so that none may go. */
static gboolean
is_held (LabTrafficPage *self, guint *n_routes)
{
  gboolean held = FALSE;

  *n_routes = 0;
  for (GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (self->routes_box)); child != NULL;
       child = gtk_widget_get_next_sibling (child)) {
    held = held || lab_traffic_route_is_dragging (LAB_TRAFFIC_ROUTE (child));
    *n_routes += 1;
  }

  return held;
}

static void
show_routes (LabTrafficPage *self, MeshVirtualService *service)
{
  guint n = service != NULL ? mesh_virtual_service_get_n_routes (service) : 0;
  GtkWidget *route;
  guint n_shown;

  if (is_held (self, &n_shown))
    return;
  if (n != n_shown) {
    clear_routes (self);
    for (guint i = 0; i < n; i++)
      gtk_box_append (self->routes_box, lab_traffic_route_new (i));
    update_routes_editor (self);
  }

  route = gtk_widget_get_first_child (GTK_WIDGET (self->routes_box));
  for (guint i = 0; i < n; i++) {
    g_auto (GStrv) subsets = lab_traffic_surroundings_dup_subsets (
      self->surroundings, mesh_virtual_service_get_namespace (service),
      mesh_virtual_service_get_destination_host (service, i, 0));

    lab_traffic_route_show (LAB_TRAFFIC_ROUTE (route), service, (const char *const *)subsets);
    if (!mesh_virtual_service_route_has_match (service, i))
      lab_traffic_observer_set_subsets (self->observer, (const char *const *)subsets);
    route = gtk_widget_get_next_sibling (route);
  }
}

/* TCP and TLS routes are to be seen, too. */
static void
show_streams (LabTrafficPage *self, JsonNode *json)
{
  g_auto (GStrv) streams = json != NULL ? mesh_route_text_dup_streams (json) : NULL;
  g_autofree char *text = streams != NULL ? g_strjoinv ("\n", streams) : NULL;

  gtk_label_set_label (self->streams_label, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->streams_label), text != NULL && *text != '\0');
}

/* What the user is to see: the server's object, with the changes that are on their way. */
static void
show_object (LabTrafficPage *self)
{
  KubeObject *object = lab_traffic_chooser_get_object (self->chooser);
  g_autoptr (JsonNode) json = NULL;
  g_autoptr (MeshVirtualService) service = NULL;

  if (self->editor != NULL)
    json = mesh_editor_ref_draft (self->editor);
  else if (object != NULL)
    json = kube_object_ref_json (object);
  if (json != NULL)
    service = mesh_virtual_service_new (json, NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->no_routes_label),
                          service != NULL && mesh_virtual_service_get_n_routes (service) == 0);
  show_routes (self, service);
  show_streams (self, json);
  lab_traffic_warnings_show (self->warnings, json,
                             lab_traffic_surroundings_get (self->surroundings));
}

static void
update_actions (LabTrafficPage *self)
{
  MeshEditor *editor = get_open_editor (self);

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "traffic.undo",
                                 editor != NULL && mesh_editor_can (editor, MESH_UNDO_BACK));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "traffic.redo",
                                 editor != NULL && mesh_editor_can (editor, MESH_UNDO_AGAIN));
}

static void
guard_cb (LabTrafficPage *self)
{
  update_routes_editor (self);
  lab_traffic_tools_set (self->tools, self->lab, get_open_editor (self),
                         lab_traffic_chooser_get_object (self->chooser));
  lab_traffic_observer_set_shown (self->observer, self->lab, get_open_editor (self),
                                  lab_traffic_chooser_get_object (self->chooser));
  update_actions (self);
}

static void
forbidden_cb (LabTrafficPage *self, const char *reason)
{
  lab_traffic_guard_refuse (self->guard, reason);
}

static void
undo_cb (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  LabTrafficPage *self = LAB_TRAFFIC_PAGE (widget);
  gboolean undo = g_str_equal (action_name, "traffic.undo");

  if (self->editor != NULL)
    mesh_editor_step (self->editor, undo ? MESH_UNDO_BACK : MESH_UNDO_AGAIN);
}

/* A new editor for a new object or a new connection. */
static void
renew_editor (LabTrafficPage *self)
{
  KubeObject *object = lab_traffic_chooser_get_object (self->chooser);
  KubeClient *client = self->lab != NULL ? session_lab_get_client (self->lab) : NULL;

  g_clear_object (&self->editor);
  if (object != NULL && client != NULL)
    self->editor = mesh_editor_new (client, object);
  g_signal_group_set_target (self->editor_signals, self->editor);
  lab_traffic_toolbar_set_editor (self->toolbar, self->editor);
  lab_traffic_outcome_set_editor (self->outcome, self->editor);
  lab_traffic_guard_set_object (self->guard, client, object);
  guard_cb (self);
  show_object (self);
}

static void
object_cb (LabTrafficPage *self)
{
  clear_routes (self);
  g_signal_group_set_target (self->object_signals, lab_traffic_chooser_get_object (self->chooser));
  renew_editor (self);
}

static void
update_placeholder (LabTrafficPage *self)
{
  KubeListState state =
    self->services != NULL ? session_resource_get_state (self->services) : KUBE_LIST_IDLE;
  const char *title = _ ("Not connected");
  const char *description = _ ("The sliders appear once the cluster answers.");

  if (state == KUBE_LIST_ABSENT) {
    title = _ ("Istio is not installed here");
    description = _ ("Traffic can be shared out once Istio is there. The course installs it.");
  } else if (state == KUBE_LIST_LIVE) {
    title = _ ("No virtual services yet");
    description =
      _ ("A slider appears for each destination of a route, once a virtual service exists.");
  } else if (state == KUBE_LIST_LOADING) {
    title = _ ("Loading");
    description = NULL;
  } else if (state == KUBE_LIST_FORBIDDEN || state == KUBE_LIST_UNAUTHORIZED) {
    const GError *error = session_resource_get_error (self->services);

    title = _ ("No permission");
    description = error != NULL ? error->message : NULL;
  }
  adw_status_page_set_title (self->placeholder, title);
  adw_status_page_set_description (self->placeholder, description);
}

static void
services_changed_cb (LabTrafficPage *self)
{
  guint n = self->services != NULL ? g_list_model_get_n_items (G_LIST_MODEL (self->services)) : 0;

  update_placeholder (self);
  gtk_stack_set_visible_child_name (self->stack, n > 0 ? "routes" : "placeholder");
}

static void
lab_traffic_page_map (GtkWidget *widget)
{
  LabTrafficPage *self = LAB_TRAFFIC_PAGE (widget);

  GTK_WIDGET_CLASS (lab_traffic_page_parent_class)->map (widget);
  lab_traffic_surroundings_set_held (self->surroundings, TRUE);
}

static void
lab_traffic_page_unmap (GtkWidget *widget)
{
  LabTrafficPage *self = LAB_TRAFFIC_PAGE (widget);

  if (self->editor != NULL)
    mesh_editor_flush (self->editor);
  lab_traffic_surroundings_set_held (self->surroundings, FALSE);
  GTK_WIDGET_CLASS (lab_traffic_page_parent_class)->unmap (widget);
}

static void
lab_traffic_page_dispose (GObject *object)
{
  LabTrafficPage *self = LAB_TRAFFIC_PAGE (object);

  g_clear_object (&self->lab_signals);
  g_clear_object (&self->services_signals);
  g_clear_object (&self->object_signals);
  g_clear_object (&self->editor_signals);
  gtk_widget_dispose_template (GTK_WIDGET (self), LAB_TYPE_TRAFFIC_PAGE);
  g_clear_object (&self->surroundings);
  g_clear_object (&self->editor);
  g_clear_object (&self->services);
  g_clear_object (&self->lab);

  G_OBJECT_CLASS (lab_traffic_page_parent_class)->dispose (object);
}

static void
edit_route_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  lab_traffic_tools_edit_route (LAB_TRAFFIC_PAGE (widget)->tools, g_variant_get_uint32 (parameter));
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource (
    widget_class, "/io/github/konvoylab/KonvoyLab/lab-traffic-page.ui");
  gtk_widget_class_bind_template_child (widget_class, LabTrafficPage, stack);
  gtk_widget_class_bind_template_child (widget_class, LabTrafficPage, placeholder);
  gtk_widget_class_bind_template_child (widget_class, LabTrafficPage, chooser);
  gtk_widget_class_bind_template_child (widget_class, LabTrafficPage, toolbar);
  gtk_widget_class_bind_template_child (widget_class, LabTrafficPage, guard);
  gtk_widget_class_bind_template_child (widget_class, LabTrafficPage, outcome);
  gtk_widget_class_bind_template_child (widget_class, LabTrafficPage, warnings);
  gtk_widget_class_bind_template_child (widget_class, LabTrafficPage, routes_box);
  gtk_widget_class_bind_template_child (widget_class, LabTrafficPage, tools);
  gtk_widget_class_bind_template_child (widget_class, LabTrafficPage, offers);
  gtk_widget_class_bind_template_child (widget_class, LabTrafficPage, no_routes_label);
  gtk_widget_class_bind_template_child (widget_class, LabTrafficPage, streams_label);
  gtk_widget_class_bind_template_child (widget_class, LabTrafficPage, observer);
  gtk_widget_class_bind_template_child (widget_class, LabTrafficPage, freshness);
  gtk_widget_class_bind_template_callback (widget_class, object_cb);
  gtk_widget_class_bind_template_callback (widget_class, guard_cb);
  gtk_widget_class_bind_template_callback (widget_class, forbidden_cb);
}

static void
lab_traffic_page_class_init (LabTrafficPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lab_traffic_page_dispose;
  widget_class->map = lab_traffic_page_map;
  widget_class->unmap = lab_traffic_page_unmap;

  gtk_widget_class_install_action (widget_class, "traffic.undo", NULL, undo_cb);
  gtk_widget_class_install_action (widget_class, "traffic.redo", NULL, undo_cb);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_z, GDK_CONTROL_MASK, "traffic.undo",
                                       NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_z, GDK_CONTROL_MASK | GDK_SHIFT_MASK,
                                       "traffic.redo", NULL);

  bind_template (widget_class);
  gtk_widget_class_install_action (widget_class, "traffic.edit-route", "u", edit_route_action);
}

static GSignalGroup *
new_group (LabTrafficPage *self, GType type, const char *signal, GCallback callback)
{
  GSignalGroup *group = g_signal_group_new (type);

  g_signal_group_connect_swapped (group, signal, callback, self);

  return group;
}

static void
connect_groups (LabTrafficPage *self)
{
  self->lab_signals =
    new_group (self, SESSION_TYPE_LAB, "notify::client", G_CALLBACK (renew_editor));
  self->services_signals =
    new_group (self, SESSION_TYPE_RESOURCE, "items-changed", G_CALLBACK (services_changed_cb));
  g_signal_group_connect_swapped (self->services_signals, "notify::state",
                                  G_CALLBACK (update_placeholder), self);
  self->object_signals = new_group (self, KUBE_TYPE_OBJECT, "changed", G_CALLBACK (show_object));
  self->editor_signals = new_group (self, MESH_TYPE_EDITOR, "drafted", G_CALLBACK (show_object));
  g_signal_group_connect_swapped (self->editor_signals, "notify::can-undo",
                                  G_CALLBACK (update_actions), self);
  g_signal_group_connect_swapped (self->editor_signals, "notify::can-redo",
                                  G_CALLBACK (update_actions), self);
  g_signal_connect_object (self->surroundings, "changed", G_CALLBACK (show_object), self,
                           G_CONNECT_SWAPPED);
}

static void
lab_traffic_page_init (LabTrafficPage *self)
{
  g_type_ensure (LAB_TYPE_FRESHNESS);
  g_type_ensure (LAB_TYPE_TRAFFIC_CHOOSER);
  g_type_ensure (LAB_TYPE_TRAFFIC_GUARD);
  g_type_ensure (LAB_TYPE_TRAFFIC_OBSERVER);
  g_type_ensure (LAB_TYPE_TRAFFIC_OFFERS);
  g_type_ensure (LAB_TYPE_TRAFFIC_OUTCOME);
  g_type_ensure (LAB_TYPE_TRAFFIC_TOOLBAR);
  g_type_ensure (LAB_TYPE_TRAFFIC_TOOLS);
  g_type_ensure (LAB_TYPE_TRAFFIC_WARNINGS);
  gtk_widget_init_template (GTK_WIDGET (self));

  self->surroundings = lab_traffic_surroundings_new ();
  connect_groups (self);
  update_actions (self);
  services_changed_cb (self);
}

/**
 * lab_traffic_page_new:
 *
 * Returns: (transfer floating): a page with nothing to show yet
 */
GtkWidget *
lab_traffic_page_new (void)
{
  return g_object_new (LAB_TYPE_TRAFFIC_PAGE, NULL);
}

/**
 * lab_traffic_page_set_lab:
 * @self: a page
 * @lab: (nullable): whose traffic it shares out
 */
void
lab_traffic_page_set_lab (LabTrafficPage *self, SessionLab *lab)
{
  SessionResource *services = NULL;

  g_return_if_fail (LAB_IS_TRAFFIC_PAGE (self));
  g_return_if_fail (lab == NULL || SESSION_IS_LAB (lab));

  if (self->lab == lab)
    return;

  g_set_object (&self->lab, lab);
  if (lab != NULL)
    services = session_lab_get_resource (lab, "virtualservices");
  g_set_object (&self->services, services);
  g_signal_group_set_target (self->lab_signals, lab);
  g_signal_group_set_target (self->services_signals, self->services);
  lab_freshness_set_resource (self->freshness, self->services);
  lab_traffic_offers_set_lab (self->offers, lab);
  lab_traffic_surroundings_set_lab (self->surroundings, lab);
  lab_traffic_surroundings_set_held (self->surroundings, gtk_widget_get_mapped (GTK_WIDGET (self)));
  lab_traffic_chooser_set_resource (self->chooser, self->services);
  services_changed_cb (self);
}
