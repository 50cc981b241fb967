/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lab-traffic-page.h"

#include <glib/gi18n-lib.h>

#include "lab-freshness.h"
#include "lab-traffic-offers.h"
#include "lab-traffic-route.h"
#include "lab-traffic-tools.h"
#include "mesh-destination-rule.h"
#include "mesh-editor.h"
#include "mesh-virtual-service.h"

/* What the course shifts; shown first where it is there. */
#define PREFERRED_NAME "reviews"

struct _LabTrafficPage {
  AdwBin parent_instance;

  GtkStack *stack;
  AdwStatusPage *placeholder;
  GtkDropDown *chooser;
  GtkLabel *title_label;
  GtkSpinner *spinner;
  GtkLabel *pending_label;
  GtkBox *routes_box;
  LabTrafficTools *tools;
  LabTrafficOffers *offers;
  GtkLabel *no_routes_label;
  LabFreshness *freshness;

  SessionLab *lab;           /* (nullable) */
  SessionResource *services; /* (nullable) of VirtualService */
  SessionResource *rules;    /* (nullable) of DestinationRule */
  gboolean held;
  gboolean choosing; /* the program fills the chooser */
  char *chosen;      /* (nullable): uid of what the user picked */
  GSignalGroup *lab_signals;
  GSignalGroup *services_signals;
  GSignalGroup *rules_signals;
  GSignalGroup *object_signals;
  GSignalGroup *editor_signals;
  MeshEditor *editor; /* (nullable) */
};

G_DEFINE_FINAL_TYPE (LabTrafficPage, lab_traffic_page, ADW_TYPE_BIN)

static KubeObject *
dup_shown (LabTrafficPage *self)
{
  return g_signal_group_dup_target (self->object_signals);
}

/* The subsets that rules define for the host of a route, without repeats. */
static GStrv
dup_subsets (LabTrafficPage *self, MeshVirtualService *service, guint route)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  const char *namespace_ = mesh_virtual_service_get_namespace (service);
  const char *host;
  guint n_rules = self->rules != NULL ? g_list_model_get_n_items (G_LIST_MODEL (self->rules)) : 0;

  if (mesh_virtual_service_get_n_destinations (service, route) == 0)
    n_rules = 0;
  host = n_rules > 0 ? mesh_virtual_service_get_destination_host (service, route, 0) : NULL;

  for (guint i = 0; i < n_rules; i++) {
    g_autoptr (KubeObject) object = g_list_model_get_item (G_LIST_MODEL (self->rules), i);
    g_autoptr (JsonNode) rule = kube_object_ref_json (object);
    const char *rule_host = rule != NULL ? mesh_destination_rule_get_host (rule) : NULL;
    g_auto (GStrv) subsets = NULL;

    if (rule_host == NULL ||
        !mesh_host_equal (host, namespace_, rule_host, kube_object_get_namespace (object)))
      continue;
    subsets = mesh_destination_rule_dup_subsets (rule);
    for (gsize j = 0; subsets != NULL && subsets[j] != NULL; j++) {
      if (g_hash_table_add (seen, g_strdup (subsets[j])))
        g_strv_builder_add (builder, subsets[j]);
    }
  }

  return g_strv_builder_end (builder);
}

static void
clear_routes (LabTrafficPage *self)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->routes_box))) != NULL)
    gtk_box_remove (self->routes_box, child);
}

static guint
count_routes (LabTrafficPage *self)
{
  guint n = 0;

  for (GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (self->routes_box)); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    n++;

  return n;
}

static void
show_object (LabTrafficPage *self)
{
  g_autoptr (KubeObject) object = dup_shown (self);
  g_autoptr (JsonNode) json = object != NULL ? kube_object_ref_json (object) : NULL;
  g_autoptr (MeshVirtualService) service = NULL;
  GtkWidget *route;
  guint n;

  if (json != NULL)
    service = mesh_virtual_service_new (json, NULL);
  n = service != NULL ? mesh_virtual_service_get_n_routes (service) : 0;
  gtk_widget_set_visible (GTK_WIDGET (self->no_routes_label), object != NULL && n == 0);

  if (n != count_routes (self)) {
    clear_routes (self);
    for (guint i = 0; i < n; i++) {
      route = lab_traffic_route_new (i);
      lab_traffic_route_set_editor (LAB_TRAFFIC_ROUTE (route), self->editor);
      gtk_box_append (self->routes_box, route);
    }
  }

  route = gtk_widget_get_first_child (GTK_WIDGET (self->routes_box));
  for (guint i = 0; i < n; i++) {
    g_auto (GStrv) subsets = dup_subsets (self, service, i);

    lab_traffic_route_show (LAB_TRAFFIC_ROUTE (route), service, (const char *const *)subsets);
    route = gtk_widget_get_next_sibling (route);
  }
}

static void
pending_cb (LabTrafficPage *self)
{
  gboolean pending = self->editor != NULL && mesh_editor_get_pending (self->editor);

  gtk_spinner_set_spinning (self->spinner, pending);
  gtk_label_set_label (self->pending_label, pending ? _ ("Saving…") : _ ("Saved"));
  gtk_widget_set_visible (GTK_WIDGET (self->pending_label), self->editor != NULL);
  if (!pending)
    show_object (self);
}

static void
failed_cb (LabTrafficPage *self, GError *error)
{
  /* Translators: %s is the server's reason */
  g_autofree char *text = g_strdup_printf (_ ("The weights were not saved: %s"), error->message);

  show_object (self);
  gtk_widget_activate_action (GTK_WIDGET (self), "win.toast", "s", text);
}

/* A new editor for a new object or a new connection. */
static void
renew_editor (LabTrafficPage *self)
{
  g_autoptr (KubeObject) object = dup_shown (self);
  KubeClient *client = self->lab != NULL ? session_lab_get_client (self->lab) : NULL;

  g_clear_object (&self->editor);
  if (object != NULL && client != NULL)
    self->editor = mesh_editor_new (client, object);
  g_signal_group_set_target (self->editor_signals, self->editor);

  for (GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (self->routes_box)); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    lab_traffic_route_set_editor (LAB_TRAFFIC_ROUTE (child), self->editor);
  lab_traffic_tools_set (self->tools, self->lab, self->editor, object);
  pending_cb (self);
}

static void
choose (LabTrafficPage *self, KubeObject *object)
{
  g_autoptr (KubeObject) shown = dup_shown (self);

  if (shown == object)
    return;

  clear_routes (self);
  g_signal_group_set_target (self->object_signals, object);
  gtk_label_set_label (self->title_label, object != NULL ? kube_object_get_name (object) : "");
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

static char *
dup_choice (KubeObject *object)
{
  const char *namespace_ = kube_object_get_namespace (object);

  if (namespace_ == NULL || g_str_equal (namespace_, "default"))
    return g_strdup (kube_object_get_name (object));

  return g_strdup_printf ("%s (%s)", kube_object_get_name (object), namespace_);
}

/* The chooser follows the rows; what was chosen stays chosen while it exists. */
static void
services_changed_cb (LabTrafficPage *self)
{
  guint n = self->services != NULL ? g_list_model_get_n_items (G_LIST_MODEL (self->services)) : 0;
  g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);
  g_autoptr (KubeObject) object = NULL;
  guint selected = GTK_INVALID_LIST_POSITION, preferred = 0;

  for (guint i = 0; i < n; i++) {
    g_autoptr (KubeObject) item = g_list_model_get_item (G_LIST_MODEL (self->services), i);

    gtk_string_list_take (names, dup_choice (item));
    if (self->chosen != NULL && g_strcmp0 (kube_object_get_uid (item), self->chosen) == 0)
      selected = i;
    if (g_str_equal (kube_object_get_name (item), PREFERRED_NAME))
      preferred = i;
  }
  if (selected == GTK_INVALID_LIST_POSITION && n > 0)
    selected = preferred;

  self->choosing = TRUE;
  gtk_drop_down_set_model (self->chooser, G_LIST_MODEL (names));
  gtk_drop_down_set_selected (self->chooser, selected);
  self->choosing = FALSE;
  gtk_widget_set_visible (GTK_WIDGET (self->chooser), n > 1);
  gtk_widget_set_visible (GTK_WIDGET (self->title_label), n <= 1);

  if (n > 0)
    object = g_list_model_get_item (G_LIST_MODEL (self->services), selected);
  choose (self, object);
  update_placeholder (self);
  gtk_stack_set_visible_child_name (self->stack, n > 0 ? "routes" : "placeholder");
}

static void
selected_cb (LabTrafficPage *self)
{
  guint selected = gtk_drop_down_get_selected (self->chooser);
  g_autoptr (KubeObject) object = NULL;

  if (self->choosing || self->services == NULL)
    return;

  object = g_list_model_get_item (G_LIST_MODEL (self->services), selected);
  if (object == NULL)
    return;
  g_free (self->chosen);
  self->chosen = g_strdup (kube_object_get_uid (object));
  choose (self, object);
}

static void
set_held (LabTrafficPage *self, gboolean held)
{
  held = held && self->services != NULL;
  if (held == self->held)
    return;

  self->held = held;
  if (held) {
    session_resource_hold (self->services);
    session_resource_hold (self->rules);
  } else {
    session_resource_release (self->services);
    session_resource_release (self->rules);
  }
}

static void
lab_traffic_page_map (GtkWidget *widget)
{
  LabTrafficPage *self = LAB_TRAFFIC_PAGE (widget);

  GTK_WIDGET_CLASS (lab_traffic_page_parent_class)->map (widget);
  set_held (self, TRUE);
}

static void
lab_traffic_page_unmap (GtkWidget *widget)
{
  set_held (LAB_TRAFFIC_PAGE (widget), FALSE);
  GTK_WIDGET_CLASS (lab_traffic_page_parent_class)->unmap (widget);
}

static void
lab_traffic_page_dispose (GObject *object)
{
  LabTrafficPage *self = LAB_TRAFFIC_PAGE (object);

  set_held (self, FALSE);
  g_clear_object (&self->lab_signals);
  g_clear_object (&self->services_signals);
  g_clear_object (&self->rules_signals);
  g_clear_object (&self->object_signals);
  g_clear_object (&self->editor_signals);
  gtk_widget_dispose_template (GTK_WIDGET (self), LAB_TYPE_TRAFFIC_PAGE);
  g_clear_object (&self->editor);
  g_clear_object (&self->services);
  g_clear_object (&self->rules);
  g_clear_object (&self->lab);
  g_clear_pointer (&self->chosen, g_free);

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
  gtk_widget_class_bind_template_child (widget_class, LabTrafficPage, title_label);
  gtk_widget_class_bind_template_child (widget_class, LabTrafficPage, spinner);
  gtk_widget_class_bind_template_child (widget_class, LabTrafficPage, pending_label);
  gtk_widget_class_bind_template_child (widget_class, LabTrafficPage, routes_box);
  gtk_widget_class_bind_template_child (widget_class, LabTrafficPage, tools);
  gtk_widget_class_bind_template_child (widget_class, LabTrafficPage, offers);
  gtk_widget_class_bind_template_child (widget_class, LabTrafficPage, no_routes_label);
  gtk_widget_class_bind_template_child (widget_class, LabTrafficPage, freshness);
  gtk_widget_class_bind_template_callback (widget_class, selected_cb);
}

static void
lab_traffic_page_class_init (LabTrafficPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lab_traffic_page_dispose;
  widget_class->map = lab_traffic_page_map;
  widget_class->unmap = lab_traffic_page_unmap;

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
lab_traffic_page_init (LabTrafficPage *self)
{
  g_type_ensure (LAB_TYPE_FRESHNESS);
  g_type_ensure (LAB_TYPE_TRAFFIC_OFFERS);
  g_type_ensure (LAB_TYPE_TRAFFIC_TOOLS);
  gtk_widget_init_template (GTK_WIDGET (self));

  self->lab_signals =
    new_group (self, SESSION_TYPE_LAB, "notify::client", G_CALLBACK (renew_editor));
  self->services_signals =
    new_group (self, SESSION_TYPE_RESOURCE, "items-changed", G_CALLBACK (services_changed_cb));
  g_signal_group_connect_swapped (self->services_signals, "notify::state",
                                  G_CALLBACK (update_placeholder), self);
  self->rules_signals =
    new_group (self, SESSION_TYPE_RESOURCE, "updated", G_CALLBACK (show_object));
  self->object_signals = new_group (self, KUBE_TYPE_OBJECT, "changed", G_CALLBACK (show_object));
  self->editor_signals =
    new_group (self, MESH_TYPE_EDITOR, "notify::pending", G_CALLBACK (pending_cb));
  g_signal_group_connect_swapped (self->editor_signals, "failed", G_CALLBACK (failed_cb), self);
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
  SessionResource *rules = NULL;

  g_return_if_fail (LAB_IS_TRAFFIC_PAGE (self));
  g_return_if_fail (lab == NULL || SESSION_IS_LAB (lab));

  if (self->lab == lab)
    return;

  set_held (self, FALSE);
  g_set_object (&self->lab, lab);
  if (lab != NULL) {
    services = session_lab_get_resource (lab, "virtualservices");
    rules = session_lab_get_resource (lab, "destinationrules");
  }
  g_set_object (&self->services, services);
  g_set_object (&self->rules, rules);
  g_signal_group_set_target (self->lab_signals, lab);
  g_signal_group_set_target (self->services_signals, self->services);
  g_signal_group_set_target (self->rules_signals, self->rules);
  lab_freshness_set_resource (self->freshness, self->services);
  lab_traffic_offers_set_lab (self->offers, lab);
  set_held (self, gtk_widget_get_mapped (GTK_WIDGET (self)));
  services_changed_cb (self);
}
