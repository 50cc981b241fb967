/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-role-keeper.h"

#include "base-json.h"
#include "base-metadata.h"
#include "practice-addon-catalog.h"
#include "practice-authorizer.h"
#include "practice-selector.h"

#define MANIFEST "roles.yaml"

struct _PracticeRoleKeeper {
  GObject parent_instance;
  PracticeStore *store;
  gboolean working;
};

G_DEFINE_FINAL_TYPE (PracticeRoleKeeper, practice_role_keeper, G_TYPE_OBJECT)

static gboolean
is_selected (JsonNode *aggregated, JsonNode *role)
{
  JsonArray *selectors =
    base_json_get_array (aggregated, "aggregationRule", "clusterRoleSelectors", NULL);

  for (guint i = 0; i < base_json_get_length (selectors); i++) {
    g_autoptr (PracticeSelector) selector =
      practice_selector_new_from_object (json_array_get_element (selectors, i));

    if (practice_selector_matches_labels (selector, role))
      return TRUE;
  }
  return FALSE;
}

static gboolean
has_rule (JsonArray *rules, JsonNode *rule)
{
  for (guint i = 0; i < json_array_get_length (rules); i++) {
    if (base_json_equal (json_array_get_element (rules, i), rule))
      return TRUE;
  }
  return FALSE;
}

static void
aggregate_one (PracticeRoleKeeper *self, JsonNode *aggregated, GPtrArray *roles)
{
  JsonArray *rules = json_array_new ();
  g_autoptr (JsonNode) changed = base_json_copy (aggregated);

  for (guint i = 0; i < roles->len; i++) {
    JsonArray *own = base_json_get_array (roles->pdata[i], "rules", NULL);

    if (roles->pdata[i] == aggregated || own == NULL || !is_selected (aggregated, roles->pdata[i]))
      continue;
    for (guint j = 0; j < json_array_get_length (own); j++) {
      JsonNode *rule = json_array_get_element (own, j);

      if (!has_rule (rules, rule))
        json_array_add_element (rules, base_json_copy (rule));
    }
  }
  json_object_set_array_member (json_node_get_object (changed), "rules", rules);
  practice_store_update (self->store, PRACTICE_CLUSTER_ROLES, g_steal_pointer (&changed), NULL,
                         NULL);
}

/* A role that is made of others may itself be part of one: twice is enough for those there are. */
static void
aggregate (PracticeRoleKeeper *self)
{
  self->working = TRUE;
  for (guint round = 0; round < 2; round++) {
    g_autoptr (GPtrArray) roles = practice_store_list (self->store, PRACTICE_CLUSTER_ROLES, NULL);

    for (guint i = 0; i < roles->len; i++) {
      if (base_json_get (roles->pdata[i], "aggregationRule", NULL) != NULL)
        aggregate_one (self, roles->pdata[i], roles);
    }
  }
  self->working = FALSE;
}

static void
event_cb (PracticeStore *store,
          PracticeEventType type,
          const char *resource,
          JsonNode *object,
          JsonNode *old,
          PracticeRoleKeeper *self)
{
  if (!self->working)
    aggregate (self);
}

/* As a real server does at each start, but what somebody has changed stays so. */
static gboolean
create_missing (PracticeRoleKeeper *self, GError **error)
{
  g_autoptr (GPtrArray) documents = practice_addon_catalog_read_manifest (MANIFEST, error);

  if (documents == NULL)
    return FALSE;
  for (guint i = 0; i < documents->len; i++) {
    JsonNode *object = documents->pdata[i];
    const char *kind = base_json_get_string (object, "kind", NULL);
    const char *resource = g_strcmp0 (kind, "ClusterRole") == 0 ? PRACTICE_CLUSTER_ROLES
                                                                : PRACTICE_CLUSTER_ROLE_BINDINGS;

    if (practice_store_get (self->store, resource, NULL, base_metadata_get_name (object)) == NULL &&
        practice_store_create (self->store, resource, base_json_copy (object), error) == NULL)
      return FALSE;
  }
  return TRUE;
}

static void
practice_role_keeper_finalize (GObject *object)
{
  PracticeRoleKeeper *self = PRACTICE_ROLE_KEEPER (object);

  g_clear_object (&self->store);

  G_OBJECT_CLASS (practice_role_keeper_parent_class)->finalize (object);
}

static void
practice_role_keeper_class_init (PracticeRoleKeeperClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = practice_role_keeper_finalize;
}

static void
practice_role_keeper_init (PracticeRoleKeeper *self)
{
}

/**
 * practice_role_keeper_new:
 * @store: the state
 * @error: return location
 *
 * Creates the roles and bindings that are missing
 * (https://kubernetes.io/docs/reference/access-authn-authz/rbac/#default-roles-and-role-bindings),
 * and watches over those that are made of others.
 *
 * Returns: (transfer full) (nullable): the keeper
 */
PracticeRoleKeeper *
practice_role_keeper_new (PracticeStore *store, GError **error)
{
  g_autoptr (PracticeRoleKeeper) self = g_object_new (PRACTICE_TYPE_ROLE_KEEPER, NULL);

  self->store = g_object_ref (store);
  if (!create_missing (self, error))
    return NULL;
  aggregate (self);
  g_signal_connect_object (store, "event::" PRACTICE_CLUSTER_ROLES, G_CALLBACK (event_cb), self, 0);
  return g_steal_pointer (&self);
}
