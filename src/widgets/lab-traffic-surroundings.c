/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lab-traffic-surroundings.h"

#include "mesh-destination-rule.h"

/* More pods than these are not looked through for each change of one; nothing is said of them. */
#define MAX_PODS 500

enum {
  VIRTUAL_SERVICES,
  DESTINATION_RULES,
  SERVICES,
  PODS,
  N_RESOURCES
};

static const char *const names[N_RESOURCES] = { "virtualservices", "destinationrules", "services",
                                                "pods" };

struct _LabTrafficSurroundings {
  GObject parent_instance;

  SessionLab *lab; /* (nullable) */
  SessionResource *resources[N_RESOURCES];
  GSignalGroup *signals[N_RESOURCES];
  GSignalGroup *lab_signals;
  GPtrArray *objects[N_RESOURCES]; /* (nullable) of JsonNode: as they were last asked for */
  MeshSurroundings now;
  char *istio_version;
  gboolean held;
  guint idle;
};

G_DEFINE_FINAL_TYPE (LabTrafficSurroundings, lab_traffic_surroundings, G_TYPE_OBJECT)

enum {
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static gboolean
emit_cb (gpointer user_data)
{
  LabTrafficSurroundings *self = LAB_TRAFFIC_SURROUNDINGS (user_data);

  self->idle = 0;
  g_signal_emit (self, signals[CHANGED], 0);

  return G_SOURCE_REMOVE;
}

static void
queue_changed (LabTrafficSurroundings *self)
{
  if (self->idle == 0)
    self->idle = g_idle_add (emit_cb, self);
}

static void
updated_cb (LabTrafficSurroundings *self, SessionResource *resource)
{
  for (gsize i = 0; i < N_RESOURCES; i++) {
    if (self->resources[i] == resource)
      g_clear_pointer (&self->objects[i], g_ptr_array_unref);
  }
  queue_changed (self);
}

/* (nullable): what the list holds; NULL while it is not known, or too long */
static GPtrArray *
read_objects (SessionResource *resource, guint most)
{
  KubeListState state = resource != NULL ? session_resource_get_state (resource) : KUBE_LIST_IDLE;
  guint n = resource != NULL ? g_list_model_get_n_items (G_LIST_MODEL (resource)) : 0;
  GPtrArray *objects = NULL;

  if ((state != KUBE_LIST_LIVE && state != KUBE_LIST_STALE) || n > most)
    return NULL;
  objects = g_ptr_array_new_with_free_func ((GDestroyNotify)json_node_unref);
  for (guint i = 0; i < n; i++) {
    g_autoptr (KubeObject) object = g_list_model_get_item (G_LIST_MODEL (resource), i);
    JsonNode *json = kube_object_ref_json (object);

    if (json != NULL)
      g_ptr_array_add (objects, json);
  }

  return objects;
}

static void
lab_traffic_surroundings_dispose (GObject *object)
{
  LabTrafficSurroundings *self = LAB_TRAFFIC_SURROUNDINGS (object);

  lab_traffic_surroundings_set_lab (self, NULL);
  g_clear_handle_id (&self->idle, g_source_remove);
  g_clear_object (&self->lab_signals);
  for (gsize i = 0; i < N_RESOURCES; i++)
    g_clear_object (&self->signals[i]);
  g_clear_pointer (&self->istio_version, g_free);

  G_OBJECT_CLASS (lab_traffic_surroundings_parent_class)->dispose (object);
}

static void
lab_traffic_surroundings_class_init (LabTrafficSurroundingsClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = lab_traffic_surroundings_dispose;

  signals[CHANGED] = g_signal_new ("changed", LAB_TYPE_TRAFFIC_SURROUNDINGS, G_SIGNAL_RUN_LAST, 0,
                                   NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
lab_traffic_surroundings_init (LabTrafficSurroundings *self)
{
  self->lab_signals = g_signal_group_new (SESSION_TYPE_LAB);
  g_signal_group_connect_swapped (self->lab_signals, "notify::istio-version",
                                  G_CALLBACK (queue_changed), self);
  for (gsize i = 0; i < N_RESOURCES; i++) {
    self->signals[i] = g_signal_group_new (SESSION_TYPE_RESOURCE);
    g_signal_group_connect_swapped (self->signals[i], "updated", G_CALLBACK (updated_cb), self);
    g_signal_group_connect_swapped (self->signals[i], "notify::state", G_CALLBACK (queue_changed),
                                    self);
  }
}

LabTrafficSurroundings *
lab_traffic_surroundings_new (void)
{
  return g_object_new (LAB_TYPE_TRAFFIC_SURROUNDINGS, NULL);
}

/**
 * lab_traffic_surroundings_set_lab:
 * @self: surroundings
 * @lab: (nullable): whose cluster it is about
 */
void
lab_traffic_surroundings_set_lab (LabTrafficSurroundings *self, SessionLab *lab)
{
  gboolean held;

  g_return_if_fail (LAB_IS_TRAFFIC_SURROUNDINGS (self));
  g_return_if_fail (lab == NULL || SESSION_IS_LAB (lab));

  held = self->held;
  lab_traffic_surroundings_set_held (self, FALSE);
  g_set_object (&self->lab, lab);
  g_signal_group_set_target (self->lab_signals, lab);
  for (gsize i = 0; i < N_RESOURCES; i++) {
    SessionResource *resource = lab != NULL ? session_lab_get_resource (lab, names[i]) : NULL;

    g_set_object (&self->resources[i], resource);
    g_signal_group_set_target (self->signals[i], self->resources[i]);
    g_clear_pointer (&self->objects[i], g_ptr_array_unref);
  }
  lab_traffic_surroundings_set_held (self, held && lab != NULL);
  queue_changed (self);
}

/**
 * lab_traffic_surroundings_set_held:
 * @self: surroundings
 * @held: whether the cluster is watched for them
 */
void
lab_traffic_surroundings_set_held (LabTrafficSurroundings *self, gboolean held)
{
  g_return_if_fail (LAB_IS_TRAFFIC_SURROUNDINGS (self));

  if (held == self->held || (held && self->lab == NULL))
    return;

  self->held = held;
  for (gsize i = 0; i < N_RESOURCES; i++) {
    if (held)
      session_resource_hold (self->resources[i]);
    else
      session_resource_release (self->resources[i]);
  }
}

/**
 * lab_traffic_surroundings_get:
 * @self: surroundings
 *
 * Returns: (transfer none): what is there now; good until the main loop runs again
 */
const MeshSurroundings *
lab_traffic_surroundings_get (LabTrafficSurroundings *self)
{
  g_return_val_if_fail (LAB_IS_TRAFFIC_SURROUNDINGS (self), NULL);

  for (gsize i = 0; i < N_RESOURCES; i++) {
    if (self->objects[i] == NULL)
      self->objects[i] = read_objects (self->resources[i], i == PODS ? MAX_PODS : G_MAXUINT);
  }
  g_clear_pointer (&self->istio_version, g_free);
  if (self->lab != NULL)
    g_object_get (self->lab, "istio-version", &self->istio_version, NULL);
  self->now = (MeshSurroundings){
    .virtual_services = self->objects[VIRTUAL_SERVICES],
    .destination_rules = self->objects[DESTINATION_RULES],
    .services = self->objects[SERVICES],
    .pods = self->objects[PODS],
    .istio_version = self->istio_version,
  };

  return &self->now;
}

/**
 * lab_traffic_surroundings_dup_subsets:
 * @self: surroundings
 * @namespace_: (nullable): that @host is named in
 * @host: (nullable): a host
 *
 * Returns: (transfer full): the subsets that DestinationRules define for @host, without repeats
 */
GStrv
lab_traffic_surroundings_dup_subsets (LabTrafficSurroundings *self,
                                      const char *namespace_,
                                      const char *host)
{
  g_return_val_if_fail (LAB_IS_TRAFFIC_SURROUNDINGS (self), NULL);

  return mesh_destination_rule_dup_subsets_of_host (
    lab_traffic_surroundings_get (self)->destination_rules, host, namespace_);
}
