/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-field-owners.h"

#include <string.h>

#include "base-json.h"
#include "base-metadata.h"
#include "practice-field-merge.h"
#include "practice-status.h"

/*
 * What becomes of the owners follows sigs.k8s.io/structured-merge-diff and
 * k8s.io/apiserver/pkg/endpoints/handlers/fieldmanager
 * (https://kubernetes.io/docs/reference/using-api/server-side-apply/).
 */
#define LAST_APPLIED "kubectl.kubernetes.io/last-applied-configuration"
#define KUBECTL "kubectl"

/* The owner of what was there before the first apply to an object that was not watched so. */
#define BEFORE_FIRST_APPLY "before-first-apply"

/* Fields that nobody owns. */
static const char *const not_owned[] = {
  "name",       "namespace",     "creationTimestamp", "selfLink",    "uid",
  "generation", "managedFields", "resourceVersion",   "clusterName",
};

static void
strip (PracticeFieldSet *fields)
{
  static const char *const members[] = { "f:apiVersion", "f:kind", "f:metadata" };

  for (guint i = 0; i < G_N_ELEMENTS (members); i++) {
    g_autoptr (GPtrArray) path = g_ptr_array_new ();

    g_ptr_array_add (path, (gpointer)members[i]);
    practice_field_set_remove (fields, path);
  }
  for (guint i = 0; i < G_N_ELEMENTS (not_owned); i++) {
    g_autofree char *edge = g_strconcat ("f:", not_owned[i], NULL);
    g_autoptr (GPtrArray) path = g_ptr_array_new ();

    g_ptr_array_add (path, (gpointer) "f:metadata");
    g_ptr_array_add (path, edge);
    practice_field_set_remove (fields, path);
  }
}

static const PracticeVersion *
find_api_version (PracticeResource *resource, const char *api_version)
{
  for (guint i = 0; i < resource->versions->len; i++) {
    const PracticeVersion *version = resource->versions->pdata[i];

    if (g_str_equal (version->api_version, api_version))
      return version;
  }
  return NULL;
}

static JsonNode *
convert (PracticeResource *resource, const PracticeVersion *version, JsonNode *object)
{
  g_autoptr (JsonNode) stored = NULL;

  if (object == NULL)
    return NULL;
  stored = practice_resource_to_storage (resource, base_json_copy (object));
  return practice_resource_from_storage (resource, version, stored);
}

/* Compares in @version two states that are in another. */
static PracticeFieldComparison *
compare_in (PracticeResource *resource,
            PracticeSchema *schema,
            const PracticeVersion *version,
            JsonNode *old,
            JsonNode *object)
{
  g_autoptr (JsonNode) before = convert (resource, version, old);
  g_autoptr (JsonNode) after = convert (resource, version, object);
  PracticeFieldPlace root;

  practice_field_place_init (&root, version, schema);
  return practice_field_comparison_new (&root, before, after);
}

/* A change takes its fields away from all but @self (nullable). Where @conflicts is not NULL it
 * gets those who would lose, and nothing is changed. */
static void
take_fields (PracticeFieldManagers *managers,
             PracticeFieldManager *self,
             PracticeResource *resource,
             PracticeSchema *schema,
             JsonNode *old,
             JsonNode *object,
             PracticeFieldManagers *conflicts)
{
  g_autoptr (GHashTable) comparisons = g_hash_table_new_full (
    g_str_hash, g_str_equal, NULL, (GDestroyNotify)practice_field_comparison_free);

  for (guint i = 0; i < practice_field_managers_get_length (managers); i++) {
    PracticeFieldManager *entry = practice_field_managers_get (managers, i);
    const PracticeVersion *version = find_api_version (resource, entry->api_version);
    PracticeFieldComparison *comparison;
    g_autoptr (PracticeFieldSet) lost = NULL;

    if (entry == self || version == NULL)
      continue;
    comparison = g_hash_table_lookup (comparisons, version->api_version);
    if (comparison == NULL) {
      comparison = compare_in (resource, schema, version, old, object);
      g_hash_table_insert (comparisons, version->api_version, comparison);
    }
    lost = practice_field_set_intersect (entry->fields, comparison->changed);
    if (conflicts != NULL) {
      if (!practice_field_set_is_empty (lost))
        practice_field_managers_set (conflicts, entry->manager, entry->applied, entry->api_version,
                                     g_steal_pointer (&lost));
      continue;
    }
    practice_field_set_subtract (entry->fields, lost);
    practice_field_set_subtract (entry->fields, comparison->removed);
  }
}

/* A client may take all owners away: an empty list, or one empty entry. */
static gboolean
is_reset (JsonNode *given)
{
  JsonArray *array = JSON_NODE_HOLDS_ARRAY (given) ? json_node_get_array (given) : NULL;

  if (array == NULL)
    return FALSE;
  if (json_array_get_length (array) == 0)
    return TRUE;
  return json_array_get_length (array) == 1 &&
         base_json_get (json_array_get_element (array, 0), "fieldsV1", NULL) == NULL &&
         base_json_get_string (json_array_get_element (array, 0), "manager", NULL) == NULL;
}

static PracticeFieldManagers *
read_managers (JsonNode *old, JsonNode *given)
{
  PracticeFieldManagers *managers;

  if (given != NULL && is_reset (given))
    return practice_field_managers_new (NULL);
  managers = practice_field_managers_new (given);
  if (practice_field_managers_get_length (managers) > 0)
    return managers;
  practice_field_managers_free (managers);
  return practice_field_managers_new (base_json_get (old, "metadata", "managedFields", NULL));
}

static JsonNode *
copy_without (JsonNode *object, const char *member)
{
  JsonNode *copy = base_json_copy (object);

  json_object_remove_member (json_node_get_object (copy), member);
  return copy;
}

/* Adds to @managers what @manager has changed. */
static void
own_changes (PracticeFieldManagers *managers,
             PracticeResource *resource,
             PracticeSchema *schema,
             const PracticeVersion *version,
             JsonNode *old,
             JsonNode *object,
             const char *manager)
{
  PracticeFieldManager *entry =
    practice_field_managers_find (managers, manager, FALSE, version->api_version);
  g_autoptr (PracticeFieldComparison) comparison =
    compare_in (resource, schema, version, old, object);
  PracticeFieldSet *fields =
    entry != NULL ? practice_field_set_copy (entry->fields) : practice_field_set_new ();

  take_fields (managers, entry, resource, schema, old, object, NULL);
  practice_field_set_add (fields, comparison->changed);
  practice_field_set_subtract (fields, comparison->removed);
  strip (fields);
  practice_field_managers_set (managers, manager, FALSE, version->api_version, fields);
  practice_field_managers_tidy (managers);
}

/**
 * practice_field_owners_track:
 * @resource: the resource
 * @schema: the types of the server
 * @version: the version of the request
 * @old: (nullable): what was stored; %NULL for a creation
 * @object: what is to be stored, changed in place
 * @given: (nullable): the managedFields that came with it
 * @manager: who writes
 *
 * Notes that @manager owns what it has changed, and nobody else does. An object whose owners were
 * not noted from the beginning stays so until it is applied.
 */
void
practice_field_owners_track (PracticeResource *resource,
                             PracticeSchema *schema,
                             const PracticeVersion *version,
                             JsonNode *old,
                             JsonNode *object,
                             JsonNode *given,
                             const char *manager)
{
  g_autoptr (PracticeFieldManagers) managers = read_managers (old, given);
  g_autoptr (JsonNode) before = NULL;
  g_autoptr (JsonNode) after = NULL;

  json_object_remove_member (base_json_get_object (object, "metadata", NULL), "managedFields");
  if (old != NULL && practice_field_managers_get_length (managers) == 0)
    return;
  if (old != NULL) {
    before = base_json_copy (old);
    json_object_remove_member (base_json_get_object (before, "metadata", NULL), "managedFields");
    after = json_node_ref (object);
  } else {
    /* The first status is the server's. */
    after = copy_without (object, "status");
  }
  own_changes (managers, resource, schema, version, before, after, manager);
  practice_field_managers_store (managers, object);
}

/* What kubectl noted as applied and is still so: taking it over is no conflict. (nullable) */
static PracticeFieldSet *
get_last_applied (const PracticeFieldApply *self, JsonNode *live)
{
  const char *text = base_metadata_get_annotation (live, LAST_APPLIED);
  g_autoptr (JsonNode) last = text != NULL ? base_json_parse (text, -1, NULL) : NULL;
  g_autoptr (PracticeFieldComparison) comparison = NULL;
  g_autoptr (PracticeFieldSet) fields = NULL;
  PracticeFieldPlace root;

  if (last == NULL || !JSON_NODE_HOLDS_OBJECT (last) ||
      g_strcmp0 (base_json_get_string (last, "apiVersion", NULL), self->version->api_version) != 0)
    return NULL;
  practice_field_place_init (&root, self->version, self->schema);
  fields = practice_field_comparison_collect (&root, last, NULL);
  if (fields == NULL)
    return NULL;
  comparison = practice_field_comparison_new (&root, last, live);
  practice_field_set_subtract (fields, comparison->changed);
  practice_field_set_subtract (fields, comparison->removed);
  return g_steal_pointer (&fields);
}

static char *
describe_manager (PracticeFieldManager *entry)
{
  return entry->applied ? g_strdup_printf ("\"%s\"", entry->manager)
                        : g_strdup_printf ("\"%s\" using %s", entry->manager, entry->api_version);
}

static void
add_causes (JsonArray *causes, const char *manager, GPtrArray *paths)
{
  g_autofree char *message = g_strconcat ("conflict with ", manager, NULL);

  for (guint i = 0; i < paths->len; i++) {
    JsonObject *cause = json_object_new ();

    json_object_set_string_member (cause, "reason", "FieldManagerConflict");
    json_object_set_string_member (cause, "message", message);
    json_object_set_string_member (cause, "field", paths->pdata[i]);
    json_array_add_object_element (causes, cause);
  }
}

static void
set_conflict (GError **error, PracticeFieldManagers *conflicts)
{
  JsonArray *causes = json_array_new ();
  g_autoptr (GString) list = g_string_new (NULL);
  g_autofree char *message = NULL;
  guint count;

  for (guint i = 0; i < practice_field_managers_get_length (conflicts); i++) {
    PracticeFieldManager *entry = practice_field_managers_get (conflicts, i);
    g_autoptr (GPtrArray) paths = practice_field_set_dup_paths (entry->fields);
    g_autofree char *manager = describe_manager (entry);

    add_causes (causes, manager, paths);
    g_string_append_printf (list, "%sconflicts with %s:", list->len > 0 ? "\n" : "", manager);
    for (guint j = 0; j < paths->len; j++)
      g_string_append_printf (list, "\n- %s", (char *)paths->pdata[j]);
  }
  count = json_array_get_length (causes);
  if (count == 1) {
    JsonNode *cause = json_array_get_element (causes, 0);

    message = g_strdup_printf ("Apply failed with 1 conflict: %s: %s",
                               base_json_get_string (cause, "message", NULL),
                               base_json_get_string (cause, "field", NULL));
  } else {
    message = g_strdup_printf ("Apply failed with %u conflicts: %s", count, list->str);
  }
  practice_status_set_apply_conflict (error, message, causes);
}

/* FALSE with a Status, where somebody else would lose fields. */
static gboolean
check_conflicts (const PracticeFieldApply *self,
                 PracticeFieldManagers *conflicts,
                 JsonNode *live,
                 GError **error)
{
  g_autoptr (PracticeFieldSet) allowed =
    g_str_equal (self->manager, KUBECTL) ? get_last_applied (self, live) : NULL;
  guint count = 0;

  for (guint i = 0; i < practice_field_managers_get_length (conflicts); i++) {
    PracticeFieldManager *entry = practice_field_managers_get (conflicts, i);

    if (allowed != NULL)
      practice_field_set_subtract (entry->fields, allowed);
    count += !practice_field_set_is_empty (entry->fields);
  }
  if (count == 0)
    return TRUE;
  practice_field_managers_tidy (conflicts);
  practice_field_managers_sort_by_name (conflicts);
  set_conflict (error, conflicts);
  return FALSE;
}

/* Takes out what this manager applied before and does not now, where nobody else owns it. Takes
 * @merged. NULL with an error. */
static JsonNode *
prune (const PracticeFieldApply *self,
       JsonNode *merged,
       PracticeFieldManagers *managers,
       PracticeFieldSet *last,
       GError **error)
{
  g_autoptr (JsonNode) whole = merged;
  g_autoptr (JsonNode) pruned = NULL;
  g_autoptr (PracticeFieldSet) all = NULL;
  g_autoptr (PracticeFieldSet) kept = NULL;
  g_autoptr (PracticeFieldSet) gone = NULL;
  g_autoptr (PracticeFieldSet) mine = NULL;
  PracticeFieldPlace root;

  practice_field_place_init (&root, self->version, self->schema);
  all = practice_field_comparison_collect (&root, whole, error);
  if (all == NULL)
    return NULL;
  pruned = practice_field_merge_remove (&root, whole, last);
  kept = practice_field_comparison_collect (&root, pruned, error);
  if (kept == NULL)
    return NULL;
  for (guint i = 0; i < practice_field_managers_get_length (managers); i++)
    practice_field_set_add (kept, practice_field_managers_get (managers, i)->fields);
  gone = practice_field_set_copy (all);
  practice_field_set_subtract (gone, kept);
  mine = practice_field_set_intersect (gone, last);
  return practice_field_merge_remove (&root, whole, mine);
}

/* kubectl's own note of what it applied goes with it, where there is one. */
static void
update_last_applied (JsonNode *object, JsonNode *config)
{
  g_autoptr (JsonNode) copy = base_json_copy (config);
  JsonObject *annotations = base_json_get_object (object, "metadata", "annotations", NULL);
  JsonObject *own = base_json_get_object (copy, "metadata", "annotations", NULL);
  g_autofree char *text = NULL;
  g_autofree char *line = NULL;

  if (annotations == NULL || !json_object_has_member (annotations, LAST_APPLIED))
    return;
  if (own != NULL)
    json_object_remove_member (own, LAST_APPLIED);
  text = base_json_write (copy, FALSE);
  line = g_strconcat (text, "\n", NULL);
  json_object_set_string_member (annotations, LAST_APPLIED, line);
}

static PracticeFieldManagers *
read_live_managers (const PracticeFieldApply *self, JsonNode *live)
{
  PracticeFieldManagers *managers =
    practice_field_managers_new (base_json_get (live, "metadata", "managedFields", NULL));

  if (live != NULL && practice_field_managers_get_length (managers) == 0)
    own_changes (managers, self->resource, self->schema, self->version, NULL, live,
                 BEFORE_FIRST_APPLY);
  return managers;
}

static JsonNode *
merge (const PracticeFieldApply *self, JsonNode *live, JsonNode *config)
{
  g_autoptr (JsonNode) plain = NULL;
  PracticeFieldPlace root;

  if (live == NULL)
    return base_json_copy (config);
  plain = base_json_copy (live);
  json_object_remove_member (base_json_get_object (plain, "metadata", NULL), "managedFields");
  practice_field_place_init (&root, self->version, self->schema);
  return practice_field_merge_apply (&root, plain, config);
}

static PracticeFieldSet *
collect_config (const PracticeFieldApply *self, JsonNode *config, GError **error)
{
  g_autoptr (GError) why = NULL;
  g_autofree char *message = NULL;
  PracticeFieldPlace root;
  PracticeFieldSet *fields;

  practice_field_place_init (&root, self->version, self->schema);
  fields = practice_field_comparison_collect (&root, config, &why);
  if (fields == NULL) {
    message = g_strdup_printf ("failed to create typed patch object: %s", why->message);
    practice_status_set_unknown (error, message);
  }
  return fields;
}

/**
 * practice_field_owners_apply:
 * @self: the apply
 * @live: (nullable): what is there, in the version of the apply; %NULL where nothing is
 * @config: what is applied
 * @error: return location
 *
 * Does what a server-side apply does: lays @config over @live, takes out what the manager applied
 * before and does not any more, and notes who owns what.
 *
 * Returns: (transfer full) (nullable): what is to be stored, or %NULL with a Status: of a conflict
 *   where others own what changes and @self does not force it
 */
JsonNode *
practice_field_owners_apply (const PracticeFieldApply *self,
                             JsonNode *live,
                             JsonNode *config,
                             GError **error)
{
  g_autoptr (PracticeFieldSet) fields = collect_config (self, config, error);
  g_autoptr (PracticeFieldManagers) managers = NULL;
  g_autoptr (PracticeFieldManagers) conflicts = NULL;
  g_autoptr (PracticeFieldSet) last = NULL;
  g_autoptr (JsonNode) merged = NULL;
  PracticeFieldManager *entry;

  if (fields == NULL)
    return NULL;
  strip (fields);
  managers = read_live_managers (self, live);
  entry = practice_field_managers_find (managers, self->manager, TRUE, self->version->api_version);
  last = entry != NULL ? practice_field_set_copy (entry->fields) : NULL;
  practice_field_managers_set (managers, self->manager, TRUE, self->version->api_version,
                               g_steal_pointer (&fields));
  entry = practice_field_managers_find (managers, self->manager, TRUE, self->version->api_version);
  merged = merge (self, live, config);
  if (last != NULL)
    merged = prune (self, g_steal_pointer (&merged), managers, last, error);
  if (merged == NULL)
    return NULL;
  if (live != NULL) {
    g_autoptr (JsonNode) before = base_json_copy (live);

    json_object_remove_member (base_json_get_object (before, "metadata", NULL), "managedFields");
    conflicts = practice_field_managers_new (NULL);
    if (!self->force)
      take_fields (managers, entry, self->resource, self->schema, before, merged, conflicts);
    if (!check_conflicts (self, conflicts, before, error))
      return NULL;
    take_fields (managers, entry, self->resource, self->schema, before, merged, NULL);
  }
  practice_field_managers_tidy (managers);
  if (g_str_equal (self->manager, KUBECTL))
    update_last_applied (merged, config);
  practice_field_managers_store (managers, merged);
  return g_steal_pointer (&merged);
}
