/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-mesh-pilot.h"

#include "base-condition.h"
#include "base-metadata.h"

#define NAMESPACE "istio-system"
#define NAMESPACES "/namespaces"
#define PODS "/pods"

/**
 * PracticeMeshPilot:
 *
 * The proxies get what they go by from Pilot's pods, which since 1.5 are called istiod. Where the
 * namespace of Istio is not there there are no proxies either, and nothing to be missed.
 */
struct _PracticeMeshPilot {
  GObject parent_instance;

  PracticeStore *store;
  gboolean is_up;
};

G_DEFINE_FINAL_TYPE (PracticeMeshPilot, practice_mesh_pilot, G_TYPE_OBJECT)

enum {
  SIGNAL_CHANGED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static gboolean
is_pilot (JsonNode *pod)
{
  const char *label = base_metadata_get_label (pod, "istio");

  return g_strcmp0 (base_metadata_get_namespace (pod), NAMESPACE) == 0 &&
         (g_strcmp0 (label, "pilot") == 0 || g_strcmp0 (label, "istiod") == 0);
}

static gboolean
look (PracticeMeshPilot *self)
{
  return practice_store_get (self->store, NAMESPACES, NULL, NAMESPACE) == NULL ||
         practice_mesh_pilot_find (self->store) != NULL;
}

static void
update (PracticeMeshPilot *self)
{
  gboolean is_up = look (self);

  if (is_up == self->is_up)
    return;
  self->is_up = is_up;
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

static void
pod_event_cb (PracticeMeshPilot *self, PracticeEventType type, const char *resource, JsonNode *pod)
{
  if (is_pilot (pod))
    update (self);
}

static void
practice_mesh_pilot_dispose (GObject *object)
{
  g_clear_object (&PRACTICE_MESH_PILOT (object)->store);

  G_OBJECT_CLASS (practice_mesh_pilot_parent_class)->dispose (object);
}

static void
practice_mesh_pilot_class_init (PracticeMeshPilotClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = practice_mesh_pilot_dispose;

  signals[SIGNAL_CHANGED] = g_signal_new ("changed", PRACTICE_TYPE_MESH_PILOT, G_SIGNAL_RUN_LAST, 0,
                                          NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
practice_mesh_pilot_init (PracticeMeshPilot *self)
{
}

/**
 * practice_mesh_pilot_new:
 * @store: the cluster's objects
 *
 * Returns: (transfer full): a watch over the control plane
 */
PracticeMeshPilot *
practice_mesh_pilot_new (PracticeStore *store)
{
  PracticeMeshPilot *self;

  g_return_val_if_fail (PRACTICE_IS_STORE (store), NULL);

  self = g_object_new (PRACTICE_TYPE_MESH_PILOT, NULL);
  self->store = g_object_ref (store);
  self->is_up = look (self);
  g_signal_connect_object (store, "event::" PODS, G_CALLBACK (pod_event_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (store, "event::" NAMESPACES, G_CALLBACK (update), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (store, "restored", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  return self;
}

/**
 * practice_mesh_pilot_is_up:
 * @self: a watch
 *
 * Returns: whether proxies are told of changes now
 */
gboolean
practice_mesh_pilot_is_up (PracticeMeshPilot *self)
{
  g_return_val_if_fail (PRACTICE_IS_MESH_PILOT (self), FALSE);

  return self->is_up;
}

/**
 * practice_mesh_pilot_find:
 * @store: the cluster's objects
 *
 * Returns: (transfer none) (nullable): a pod of the control plane that is ready
 */
JsonNode *
practice_mesh_pilot_find (PracticeStore *store)
{
  g_autoptr (GPtrArray) pods = practice_store_list (store, PODS, NAMESPACE);

  for (guint i = 0; i < pods->len; i++)
    if (is_pilot (pods->pdata[i]) && base_condition_is_true (pods->pdata[i], "Ready"))
      return pods->pdata[i];
  return NULL;
}
