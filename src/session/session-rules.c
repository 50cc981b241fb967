/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "session-rules.h"

#include "base-json.h"
#include "mesh-subset.h"

struct _SessionRules {
  GObject parent_instance;

  SessionLab *lab;           /* (nullable) (weak) */
  SessionResource *services; /* of VirtualService */
  SessionResource *rules;    /* of DestinationRule */
  SessionResource *pods;
  SessionResource *hosts; /* of Service */
  MeshTarget *target;
  MeshSettings *settings[SESSION_N_LANES];
  char *digest;          /* (nullable): of what was read last */
  gboolean has_new_pods; /* since they were asked for */
};

G_DEFINE_FINAL_TYPE (SessionRules, session_rules, G_TYPE_OBJECT)

enum {
  CHANGED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static const char *
get_namespace (SessionRules *self)
{
  return course_course_get_namespace (session_lab_get_course (self->lab));
}

/* (transfer full) (element-type JsonNode): those of the target's namespace; rules may be elsewhere
 */
static GPtrArray *
collect (SessionResource *resource, const char *namespace_)
{
  GPtrArray *nodes = g_ptr_array_new_with_free_func ((GDestroyNotify)json_node_unref);

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (resource)); i++) {
    g_autoptr (KubeObject) object = g_list_model_get_item (G_LIST_MODEL (resource), i);

    if (namespace_ == NULL || g_strcmp0 (kube_object_get_namespace (object), namespace_) == 0)
      g_ptr_array_add (nodes, kube_object_ref_json (object));
  }
  return nodes;
}

static void
pods_cb (SessionRules *self)
{
  self->has_new_pods = TRUE;
}

static void
add_spec (GChecksum *checksum, KubeObject *object)
{
  g_autoptr (JsonNode) json = kube_object_ref_json (object);
  JsonNode *spec = base_json_get (json, "spec", NULL);
  g_autofree char *text = spec != NULL ? base_json_write (spec, FALSE) : NULL;

  g_checksum_update (checksum, (const guchar *)kube_object_get_name (object), -1);
  if (text != NULL)
    g_checksum_update (checksum, (const guchar *)text, -1);
}

static gboolean
is_in_sight (SessionRules *self, KubeObject *object)
{
  const char *namespace_ = kube_object_get_namespace (object);

  return g_strcmp0 (namespace_, get_namespace (self)) == 0 ||
         g_strcmp0 (namespace_, self->target->namespace_) == 0;
}

/* What is in the namespace of Bookinfo, or of the target: there are a handful. */
static char *
dup_digest (SessionRules *self)
{
  SessionResource *lists[] = { self->services, self->rules };
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);

  for (gsize i = 0; i < G_N_ELEMENTS (lists); i++)
    for (guint j = 0; j < g_list_model_get_n_items (G_LIST_MODEL (lists[i])); j++) {
      g_autoptr (KubeObject) object = g_list_model_get_item (G_LIST_MODEL (lists[i]), j);

      if (is_in_sight (self, object))
        add_spec (checksum, object);
    }
  return g_strdup (g_checksum_get_string (checksum));
}

static void
read_settings (SessionRules *self)
{
  static const char *const users[] = { NULL, SESSION_LANE_USER };

  for (guint lane = 0; lane < SESSION_N_LANES; lane++) {
    g_autoptr (MeshSettings) settings = mesh_settings_new (users[lane]);

    mesh_settings_set_target (settings, self->target);
    for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->services)); i++) {
      g_autoptr (KubeObject) object = g_list_model_get_item (G_LIST_MODEL (self->services), i);
      g_autoptr (JsonNode) json = kube_object_ref_json (object);

      mesh_settings_add (settings, json, get_namespace (self));
    }
    g_clear_pointer (&self->settings[lane], mesh_settings_free);
    self->settings[lane] = g_steal_pointer (&settings);
  }
}

/* What is not there yet may come in the next moment: a list that is not loaded says nothing. */
static gboolean
is_known (SessionResource *resource)
{
  KubeListState state = session_resource_get_state (resource);

  return state == KUBE_LIST_LIVE || state == KUBE_LIST_ABSENT;
}

static void
updated_cb (SessionRules *self)
{
  g_autofree char *digest = NULL;
  g_autofree char *old = NULL;

  self->has_new_pods = TRUE;
  if (self->lab == NULL || !is_known (self->services) || !is_known (self->rules))
    return;
  digest = dup_digest (self);
  if (g_strcmp0 (digest, self->digest) == 0)
    return;
  old = g_steal_pointer (&self->digest);
  self->digest = g_steal_pointer (&digest);
  read_settings (self);
  g_signal_emit (self, signals[CHANGED], 0, old != NULL);
}

static void
session_rules_dispose (GObject *object)
{
  g_clear_weak_pointer (&SESSION_RULES (object)->lab);
  G_OBJECT_CLASS (session_rules_parent_class)->dispose (object);
}

static void
session_rules_finalize (GObject *object)
{
  SessionRules *self = SESSION_RULES (object);

  for (guint i = 0; i < SESSION_N_LANES; i++)
    g_clear_pointer (&self->settings[i], mesh_settings_free);
  g_clear_object (&self->services);
  g_clear_object (&self->rules);
  g_clear_object (&self->pods);
  g_clear_object (&self->hosts);
  g_clear_pointer (&self->target, mesh_target_free);
  g_free (self->digest);
  G_OBJECT_CLASS (session_rules_parent_class)->finalize (object);
}

static void
session_rules_class_init (SessionRulesClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = session_rules_dispose;
  G_OBJECT_CLASS (klass)->finalize = session_rules_finalize;

  signals[CHANGED] = g_signal_new ("changed", SESSION_TYPE_RULES, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 1, G_TYPE_BOOLEAN);
}

static void
session_rules_init (SessionRules *self)
{
  self->settings[SESSION_LANE_ANONYMOUS] = mesh_settings_new (NULL);
  self->settings[SESSION_LANE_JASON] = mesh_settings_new (SESSION_LANE_USER);
}

static SessionResource *
follow (SessionRules *self, const char *name, GCallback callback)
{
  SessionResource *resource = g_object_ref (session_lab_get_resource (self->lab, name));

  g_signal_connect_object (resource, "updated", callback, self, G_CONNECT_SWAPPED);
  g_signal_connect_object (resource, "notify::state", callback, self, G_CONNECT_SWAPPED);
  return resource;
}

/**
 * session_rules_new:
 * @lab: whose cluster it is; Bookinfo's reviews are the target
 *
 * Returns: (transfer full): reads what others hold, until session_rules_hold()
 */
SessionRules *
session_rules_new (SessionLab *lab)
{
  SessionRules *self = NULL;

  g_return_val_if_fail (SESSION_IS_LAB (lab), NULL);

  self = g_object_new (SESSION_TYPE_RULES, NULL);
  g_set_weak_pointer (&self->lab, lab);
  self->target = mesh_target_new_reviews (get_namespace (self));
  self->services = follow (self, "virtualservices", G_CALLBACK (updated_cb));
  self->rules = follow (self, "destinationrules", G_CALLBACK (updated_cb));
  self->pods = follow (self, "pods", G_CALLBACK (pods_cb));
  self->hosts = follow (self, "services", G_CALLBACK (pods_cb));
  updated_cb (self);
  return self;
}

static void
for_each_list (SessionRules *self, void (*function) (SessionResource *resource))
{
  function (self->services);
  function (self->rules);
  function (self->pods);
  function (self->hosts);
}

/**
 * session_rules_hold:
 *
 * Watches all that it reads until session_rules_release().
 */
void
session_rules_hold (SessionRules *self)
{
  g_return_if_fail (SESSION_IS_RULES (self));

  for_each_list (self, session_resource_hold);
}

void
session_rules_release (SessionRules *self)
{
  g_return_if_fail (SESSION_IS_RULES (self));

  for_each_list (self, session_resource_release);
}

/**
 * session_rules_set_target:
 * @target: what is asked for; copied
 */
void
session_rules_set_target (SessionRules *self, const MeshTarget *target)
{
  g_return_if_fail (SESSION_IS_RULES (self));
  g_return_if_fail (target != NULL);

  mesh_target_free (self->target);
  self->target = mesh_target_copy (target);
  self->has_new_pods = TRUE;
  g_clear_pointer (&self->digest, g_free);
  read_settings (self);
  g_signal_emit (self, signals[CHANGED], 0, FALSE);
  updated_cb (self);
}

/**
 * session_rules_get_target:
 *
 * Returns: (transfer none): what is asked for; good until another one is set
 */
const MeshTarget *
session_rules_get_target (SessionRules *self)
{
  g_return_val_if_fail (SESSION_IS_RULES (self), NULL);

  return self->target;
}

/**
 * session_rules_get_settings:
 *
 * Returns: (transfer none): what is configured for who asks in a lane; good until the next
 *   "changed"
 */
const MeshSettings *
session_rules_get_settings (SessionRules *self, SessionLane lane)
{
  g_return_val_if_fail (SESSION_IS_RULES (self), NULL);
  g_return_val_if_fail (lane < SESSION_N_LANES, NULL);

  return self->settings[lane];
}

/**
 * session_rules_dup_new_pods:
 *
 * Bookinfo's reviews tell their version by themselves, so that nothing is new of theirs.
 *
 * Returns: (transfer full) (nullable) (element-type utf8 utf8): the names of the pods that may
 *   answer, and their subsets; NULL where they may be no others than when this was last asked
 */
GHashTable *
session_rules_dup_new_pods (SessionRules *self)
{
  const char *namespace_ = NULL;
  g_autoptr (GPtrArray) rules = NULL;
  g_autoptr (GPtrArray) hosts = NULL;
  g_autoptr (GPtrArray) pods = NULL;
  MeshSurroundings surroundings = { 0 };

  g_return_val_if_fail (SESSION_IS_RULES (self), NULL);

  if (!self->has_new_pods || self->target->kind == MESH_TARGET_REVIEWS)
    return NULL;
  self->has_new_pods = FALSE;
  namespace_ = self->target->namespace_;
  surroundings.destination_rules = rules = collect (self->rules, NULL);
  surroundings.services = hosts = collect (self->hosts, NULL);
  surroundings.pods = pods = collect (self->pods, namespace_);
  return mesh_subset_dup_pods (&surroundings, namespace_, self->target->host);
}
