/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lab-traffic-offers.h"

#include <glib/gi18n-lib.h>

#include "base-json.h"
#include "mesh-creation.h"
#include "mesh-destination-rule.h"

/* More hosts than that are not looked for by buttons. */
#define MAX_OFFERS 12

#define RULE "lab-rule"

/* What the course shifts. */
#define COURSE_HOST "reviews"

struct _LabTrafficOffers {
  AdwBin parent_instance;

  GtkBox *box;

  LabTrafficOffersScope scope;
  MeshCreations *creations;  /* (nullable): hear of what is created */
  SessionLab *lab;           /* (nullable) */
  SessionResource *services; /* (nullable) of VirtualService */
  SessionResource *rules;    /* (nullable) of DestinationRule */
  GCancellable *cancellable; /* of what is being created */
  GPtrArray *names;          /* (element-type utf8): of the rules on offer, "default/reviews" */
  GSignalGroup *lab_signals;
  GSignalGroup *services_signals;
  GSignalGroup *rules_signals;
};

G_DEFINE_FINAL_TYPE (LabTrafficOffers, lab_traffic_offers, ADW_TYPE_BIN)

G_DEFINE_ENUM_TYPE (LabTrafficOffersScope,
                    lab_traffic_offers_scope,
                    G_DEFINE_ENUM_VALUE (LAB_TRAFFIC_OFFERS_ALL, "all"),
                    G_DEFINE_ENUM_VALUE (LAB_TRAFFIC_OFFERS_COURSE, "course"),
                    G_DEFINE_ENUM_VALUE (LAB_TRAFFIC_OFFERS_OTHERS, "others"))

enum {
  PROP_0,
  PROP_SCOPE,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

static gboolean
is_host_of (JsonNode *service, const char *host, const char *namespace_)
{
  const char *own_namespace = base_json_get_string (service, "metadata", "namespace", NULL);
  JsonArray *hosts = base_json_get_array (service, "spec", "hosts", NULL);
  guint n_hosts = hosts != NULL ? json_array_get_length (hosts) : 0;

  for (guint i = 0; i < n_hosts; i++) {
    const char *own = base_json_get_string (json_array_get_element (hosts, i), NULL);

    if (own != NULL && mesh_host_equal (own, own_namespace, host, namespace_))
      return TRUE;
  }
  return FALSE;
}

static gboolean
is_in_scope (LabTrafficOffers *self, JsonNode *rule)
{
  const char *host = mesh_destination_rule_get_host (rule);
  gboolean is_course = mesh_host_equal (host, mesh_destination_rule_get_namespace (rule),
                                        COURSE_HOST, mesh_destination_rule_get_namespace (rule));

  return self->scope == LAB_TRAFFIC_OFFERS_ALL ||
         is_course == (self->scope == LAB_TRAFFIC_OFFERS_COURSE);
}

/* Whether a VirtualService could be made for the host of @rule, and none of @services is for it. */
static gboolean
is_offered (GPtrArray *services, JsonNode *rule)
{
  const char *host = mesh_destination_rule_get_host (rule);
  g_autoptr (JsonNode) built = mesh_creation_build (rule, "networking.istio.io/v1", NULL);

  for (guint i = 0; built != NULL && i < services->len; i++) {
    if (is_host_of (services->pdata[i], host, mesh_destination_rule_get_namespace (rule)))
      return FALSE;
  }
  return built != NULL;
}

/* (transfer full) (element-type JsonNode) */
static GPtrArray *
collect_services (LabTrafficOffers *self)
{
  GPtrArray *services = g_ptr_array_new_with_free_func ((GDestroyNotify)json_node_unref);
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->services));

  for (guint i = 0; i < n; i++) {
    g_autoptr (KubeObject) object = g_list_model_get_item (G_LIST_MODEL (self->services), i);
    JsonNode *service = kube_object_ref_json (object);

    if (service != NULL)
      g_ptr_array_add (services, service);
  }
  return services;
}

typedef struct {
  GWeakRef button;
  MeshCreations *creations; /* (nullable) */
} Creation;

static void
creation_free (Creation *self)
{
  g_weak_ref_clear (&self->button);
  g_clear_object (&self->creations);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Creation, creation_free)

static void
created_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Creation) creation = user_data;
  g_autoptr (GtkWidget) button = g_weak_ref_get (&creation->button);
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) object = mesh_creation_run_finish (result, &error);
  g_autofree char *text = NULL;

  if (object != NULL && creation->creations != NULL)
    mesh_creations_note (creation->creations, object);
  if (object != NULL || button == NULL)
    return;
  gtk_widget_set_sensitive (button, TRUE);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  /* Translators: %s is the server's reason */
  text = g_strdup_printf (_ ("The routes were not created: %s"), error->message);
  gtk_widget_activate_action (button, "win.toast", "s", text);
}

static void
clicked_cb (LabTrafficOffers *self, GtkButton *button)
{
  JsonNode *rule = g_object_get_data (G_OBJECT (button), RULE);
  KubeClient *client = self->lab != NULL ? session_lab_get_client (self->lab) : NULL;
  Creation *creation = NULL;

  if (client == NULL)
    return;
  gtk_widget_set_sensitive (GTK_WIDGET (button), FALSE);
  creation = g_new0 (Creation, 1);
  g_weak_ref_init (&creation->button, button);
  g_set_object (&creation->creations, self->creations);
  mesh_creation_run_async (client, rule, self->cancellable, created_cb, creation);
}

static void
add_offer (LabTrafficOffers *self, JsonNode *rule)
{
  GtkWidget *button = gtk_button_new ();
  /* Translators: a button; %s is a service such as reviews */
  g_autofree char *label =
    g_strdup_printf (_ ("Create routes for %s"), mesh_destination_rule_get_host (rule));

  gtk_button_set_label (GTK_BUTTON (button), label);
  gtk_widget_set_tooltip_text (button, _ ("All requests go to the first version, to begin with"));
  g_object_set_data_full (G_OBJECT (button), RULE, json_node_ref (rule),
                          (GDestroyNotify)json_node_unref);
  g_signal_connect_object (button, "clicked", G_CALLBACK (clicked_cb), self, G_CONNECT_SWAPPED);
  gtk_box_append (self->box, button);
}

static gboolean
is_live (SessionResource *resource)
{
  return resource != NULL && session_resource_get_state (resource) == KUBE_LIST_LIVE;
}

/* (transfer full) (element-type JsonNode): the rules whose hosts are on offer */
static GPtrArray *
find_rules (LabTrafficOffers *self, GPtrArray *names)
{
  GPtrArray *found = g_ptr_array_new_with_free_func ((GDestroyNotify)json_node_unref);
  gboolean are_live = is_live (self->services) && is_live (self->rules);
  guint n = are_live ? g_list_model_get_n_items (G_LIST_MODEL (self->rules)) : 0;
  g_autoptr (GPtrArray) services = n > 0 ? collect_services (self) : NULL;

  for (guint i = 0; i < n && found->len < MAX_OFFERS; i++) {
    g_autoptr (KubeObject) object = g_list_model_get_item (G_LIST_MODEL (self->rules), i);
    g_autoptr (JsonNode) rule = kube_object_ref_json (object);

    if (rule == NULL || !is_offered (services, rule) || !is_in_scope (self, rule))
      continue;
    g_ptr_array_add (names, g_strdup_printf ("%s/%s/%s", kube_object_get_namespace (object),
                                             kube_object_get_name (object),
                                             kube_object_get_resource_version (object)));
    g_ptr_array_add (found, g_steal_pointer (&rule));
  }
  g_ptr_array_add (names, NULL);
  return found;
}

static void
refresh (LabTrafficOffers *self)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) rules = find_rules (self, names);
  GtkWidget *child;

  if (g_strv_equal ((const char *const *)names->pdata, (const char *const *)self->names->pdata))
    return;
  g_ptr_array_unref (self->names);
  self->names = g_steal_pointer (&names);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->box))) != NULL)
    gtk_box_remove (self->box, child);
  for (guint i = 0; i < rules->len; i++)
    add_offer (self, rules->pdata[i]);
  gtk_widget_set_visible (GTK_WIDGET (self), rules->len > 0);
}

static void
lab_traffic_offers_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  switch (id) {
    case PROP_SCOPE:
      LAB_TRAFFIC_OFFERS (object)->scope = g_value_get_enum (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
lab_traffic_offers_dispose (GObject *object)
{
  LabTrafficOffers *self = LAB_TRAFFIC_OFFERS (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->lab_signals);
  g_clear_object (&self->services_signals);
  g_clear_object (&self->rules_signals);
  g_clear_object (&self->services);
  g_clear_object (&self->rules);
  g_clear_object (&self->lab);
  g_clear_object (&self->creations);

  G_OBJECT_CLASS (lab_traffic_offers_parent_class)->dispose (object);
}

static void
lab_traffic_offers_finalize (GObject *object)
{
  LabTrafficOffers *self = LAB_TRAFFIC_OFFERS (object);

  g_clear_object (&self->cancellable);
  g_ptr_array_unref (self->names);

  G_OBJECT_CLASS (lab_traffic_offers_parent_class)->finalize (object);
}

static void
lab_traffic_offers_class_init (LabTrafficOffersClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = lab_traffic_offers_dispose;
  G_OBJECT_CLASS (klass)->finalize = lab_traffic_offers_finalize;
  G_OBJECT_CLASS (klass)->set_property = lab_traffic_offers_set_property;

  properties[PROP_SCOPE] =
    g_param_spec_enum ("scope", NULL, NULL, LAB_TYPE_TRAFFIC_OFFERS_SCOPE, LAB_TRAFFIC_OFFERS_ALL,
                       G_PARAM_WRITABLE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (G_OBJECT_CLASS (klass), N_PROPS, properties);
}

static GSignalGroup *
new_resource_group (LabTrafficOffers *self)
{
  static const char *const names[] = { "updated", "items-changed", "notify::state" };
  GSignalGroup *group = g_signal_group_new (SESSION_TYPE_RESOURCE);

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    g_signal_group_connect_swapped (group, names[i], G_CALLBACK (refresh), self);
  return group;
}

static void
lab_traffic_offers_init (LabTrafficOffers *self)
{
  self->cancellable = g_cancellable_new ();
  self->names = g_ptr_array_new_with_free_func (g_free);
  g_ptr_array_add (self->names, NULL);
  self->box = GTK_BOX (gtk_box_new (GTK_ORIENTATION_VERTICAL, 6));
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->box));
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
  self->lab_signals = g_signal_group_new (SESSION_TYPE_LAB);
  g_signal_group_connect_swapped (self->lab_signals, "notify::client", G_CALLBACK (refresh), self);
  self->services_signals = new_resource_group (self);
  self->rules_signals = new_resource_group (self);
}

/**
 * lab_traffic_offers_set_lab:
 * @self: offers
 * @lab: (nullable): whose cluster they are for; somebody else has to hold its resources
 */
void
lab_traffic_offers_set_lab (LabTrafficOffers *self, SessionLab *lab)
{
  SessionResource *services = NULL;
  SessionResource *rules = NULL;

  g_return_if_fail (LAB_IS_TRAFFIC_OFFERS (self));
  g_return_if_fail (lab == NULL || SESSION_IS_LAB (lab));

  if (self->lab == lab)
    return;
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
  refresh (self);
}

/**
 * lab_traffic_offers_set_creations:
 * @self: offers
 * @creations: hear of what is created
 */
void
lab_traffic_offers_set_creations (LabTrafficOffers *self, MeshCreations *creations)
{
  g_return_if_fail (LAB_IS_TRAFFIC_OFFERS (self));
  g_return_if_fail (MESH_IS_CREATIONS (creations));

  g_set_object (&self->creations, creations);
}
