/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-strategy.h"

#include "base-json.h"
#include "base-metadata.h"
#include "practice-custom-validation.h"
#include "practice-istio-admission.h"
#include "practice-mesh-config.h"
#include "practice-metadata.h"
#include "practice-status.h"
#include "practice-structural-schema.h"

#define ISTIO_GROUP "networking.istio.io"

static JsonObject *
get_metadata (JsonNode *object)
{
  return base_json_get_object (object, "metadata", NULL);
}

static gboolean
has_status_subresource (PracticeResource *resource)
{
  PracticeVersion *version = resource->versions->len > 0 ? resource->versions->pdata[0] : NULL;

  return version != NULL && version->has_status;
}

/**
 * practice_strategy_has_generation:
 * @resource: a resource
 *
 * Returns: whether its objects count the changes of what is wanted of them in metadata.generation
 */
gboolean
practice_strategy_has_generation (PracticeResource *resource)
{
  return resource->kind_class == NULL || resource->kind_class->has_generation;
}

/* (nullable): without one all is good. */
static JsonNode *
get_storage_schema (PracticeResource *resource)
{
  for (guint i = 0; i < resource->versions->len; i++) {
    PracticeVersion *version = resource->versions->pdata[i];

    if (g_str_equal (version->api_version, resource->storage_api_version))
      return version->schema;
  }
  return NULL;
}

static void
prepare_custom (PracticeResource *resource, JsonNode *object)
{
  JsonNode *schema = get_storage_schema (resource);

  if (schema == NULL)
    return;
  if (resource->prunes)
    practice_structural_schema_prune (schema, object, NULL);
  practice_structural_schema_set_defaults (schema, object);
}

static void
prepare (PracticeResource *resource, JsonNode *object, JsonNode *old)
{
  const PracticeKind *kind = resource->kind_class;

  if (kind == NULL)
    prepare_custom (resource, object);

  if (kind != NULL && kind->prepare != NULL)
    kind->prepare (object, old);
  if (kind != NULL && kind->set_defaults != NULL)
    kind->set_defaults (object);
}

/**
 * practice_strategy_prepare_creation:
 * @resource: the resource
 * @object: a new object, changed in place
 *
 * Takes out what a client cannot set, gives it a generated name and a first status, and fills in
 * the defaults.
 */
void
practice_strategy_prepare_creation (PracticeResource *resource, JsonNode *object)
{
  static const char *const cleared[] = {
    "uid",           "creationTimestamp", "deletionTimestamp",         "selfLink",
    "managedFields", "generation",        "deletionGracePeriodSeconds"
  };
  JsonObject *metadata = get_metadata (object);
  const char *prefix = base_json_get_string (object, "metadata", "generateName", NULL);

  for (guint i = 0; i < G_N_ELEMENTS (cleared); i++)
    json_object_remove_member (metadata, cleared[i]);
  if (base_metadata_get_name (object) == NULL && prefix != NULL) {
    g_autofree char *name = practice_names_generate (prefix);

    json_object_set_string_member (metadata, "name", name);
  }
  if (has_status_subresource (resource))
    json_object_remove_member (json_node_get_object (object), "status");
  if (practice_strategy_has_generation (resource))
    json_object_set_int_member (metadata, "generation", 1);
  prepare (resource, object, NULL);
}

static void
keep_member (JsonObject *to, JsonObject *from, const char *name)
{
  JsonNode *node = from != NULL ? json_object_get_member (from, name) : NULL;

  if (node != NULL)
    json_object_set_member (to, name, base_json_copy (node));
  else
    json_object_remove_member (to, name);
}

static gboolean
differ_beyond_status (JsonNode *a, JsonNode *b)
{
  JsonNode *nodes[] = { a, b };
  g_autoptr (GHashTable) names = g_hash_table_new (g_str_hash, g_str_equal);
  GHashTableIter iter;
  gpointer name;

  for (guint i = 0; i < G_N_ELEMENTS (nodes); i++) {
    JsonObjectIter members;
    const char *member;

    json_object_iter_init (&members, json_node_get_object (nodes[i]));
    while (json_object_iter_next (&members, &member, NULL))
      g_hash_table_add (names, (gpointer)member);
  }
  g_hash_table_iter_init (&iter, names);
  while (g_hash_table_iter_next (&iter, &name, NULL)) {
    JsonNode *one = base_json_get (a, name, NULL);
    JsonNode *other = base_json_get (b, name, NULL);

    if (g_str_equal (name, "metadata") || g_str_equal (name, "status"))
      continue;
    if (one == NULL || other == NULL || !base_json_equal (one, other))
      return TRUE;
  }
  return FALSE;
}

/**
 * practice_strategy_prepare_update:
 * @resource: the resource
 * @object: the new state, changed in place
 * @old: the stored one
 *
 * What an update cannot change, it keeps; the rest gets its defaults.
 */
void
practice_strategy_prepare_update (PracticeResource *resource, JsonNode *object, JsonNode *old)
{
  static const char *const kept[] = {
    "uid",  "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds",
    "name", "generation",        "generateName",
  };
  JsonObject *metadata = get_metadata (object);

  for (guint i = 0; i < G_N_ELEMENTS (kept); i++)
    keep_member (metadata, get_metadata (old), kept[i]);
  json_object_remove_member (metadata, "selfLink");
  json_object_remove_member (metadata, "managedFields");
  if (has_status_subresource (resource))
    keep_member (json_node_get_object (object), json_node_get_object (old), "status");
  prepare (resource, object, old);
  if (practice_strategy_has_generation (resource) && differ_beyond_status (object, old))
    json_object_set_int_member (metadata, "generation",
                                base_json_get_int (old, 0, "metadata", "generation", NULL) + 1);
}

/**
 * practice_strategy_merge_status:
 * @object: (transfer full): the new state
 * @old: the stored one
 *
 * Returns: (transfer full): @old with the status of @object, for an update of the status changes
 *   nothing else
 */
JsonNode *
practice_strategy_merge_status (JsonNode *object, JsonNode *old)
{
  g_autoptr (JsonNode) node = object;
  JsonNode *merged = base_json_copy (old);

  keep_member (json_node_get_object (merged), json_node_get_object (node), "status");
  return merged;
}

/* Where Istio's resources are, its webhook is, too. */
static gboolean
admit (PracticeResource *resource, JsonNode *object, GError **error)
{
  g_autofree char *refusal = NULL;

  if (g_strcmp0 (resource->group, ISTIO_GROUP) != 0)
    return TRUE;
  refusal = practice_istio_admission_dup_refusal (object, PRACTICE_MESH_MINOR);
  if (refusal == NULL)
    return TRUE;
  practice_status_set_denied (error, refusal);
  return FALSE;
}

/**
 * practice_strategy_validate:
 * @resource: the resource
 * @object: what is to be stored
 * @old: (nullable): what it replaces
 * @version: (nullable): the version that the client spoke; %NULL for that of the store
 * @error: return location
 *
 * Returns: %FALSE with a Status that names all that is wrong
 */
gboolean
practice_strategy_validate (PracticeResource *resource,
                            JsonNode *object,
                            JsonNode *old,
                            const PracticeVersion *version,
                            GError **error)
{
  g_autoptr (PracticeCauses) causes = practice_causes_new ();
  const PracticeKind *kind = resource->kind_class;

  practice_metadata_validate (resource, object, old, causes);
  if (practice_resource_is_custom (resource))
    practice_custom_validation_check (get_storage_schema (resource), object, causes);
  else if (kind->validate != NULL)
    kind->validate (object, old, causes);
  else if (kind->validate_version != NULL)
    kind->validate_version (
      object, old, version != NULL ? version->api_version : resource->storage_api_version, causes);
  if (practice_causes_get_length (causes) == 0)
    return admit (resource, object, error);
  practice_status_set_invalid (error, resource, base_metadata_get_name (object), causes);
  return FALSE;
}

/**
 * practice_strategy_check_preconditions:
 * @resource: the resource
 * @old: the stored object
 * @uid: (nullable): the uid it must have
 * @version: (nullable): the resourceVersion it must have
 * @error: return location
 *
 * Returns: %FALSE with a Status, where the object is not the one that is meant
 */
gboolean
practice_strategy_check_preconditions (
  PracticeResource *resource, JsonNode *old, const char *uid, const char *version, GError **error)
{
  const char *present = base_metadata_get_uid (old);
  g_autofree char *why = NULL;

  if (uid != NULL && *uid != '\0' && g_strcmp0 (uid, present) != 0) {
    why = g_strdup_printf ("Precondition failed: UID in precondition: %s, UID in object meta: %s",
                           uid, present);
    practice_status_set_conflict (error, resource, base_metadata_get_name (old), why);
    return FALSE;
  }
  present = base_json_get_string (old, "metadata", "resourceVersion", NULL);
  if (version != NULL && *version != '\0' && g_strcmp0 (version, present) != 0) {
    practice_status_set_conflict (error, resource, base_metadata_get_name (old), NULL);
    return FALSE;
  }
  return TRUE;
}
