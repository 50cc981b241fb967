/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-field-managers.h"

#include <string.h>

#include "base-json.h"
#include "practice-age.h"

/* k8s.io/apiserver/pkg/endpoints/handlers/fieldmanager: DefaultMaxUpdateManagers */
#define MAX_UPDATERS 10

#define OLD_UPDATERS "ancient-changes"

/* More than an object can come to have. */
#define MAX_ENTRIES 1000

struct _PracticeFieldManagers {
  GPtrArray *entries; /* (element-type PracticeFieldManager) */
};

static void
entry_free (gpointer data)
{
  PracticeFieldManager *entry = data;

  g_free (entry->manager);
  g_free (entry->api_version);
  g_free (entry->time);
  practice_field_set_free (entry->fields);
  g_free (entry);
}

/* Takes @fields. */
static PracticeFieldManager *
add_entry (PracticeFieldManagers *self,
           const char *manager,
           gboolean applied,
           const char *api_version,
           const char *time,
           PracticeFieldSet *fields)
{
  PracticeFieldManager *entry = g_new0 (PracticeFieldManager, 1);

  entry->manager = g_strdup (manager != NULL ? manager : "");
  entry->applied = applied;
  entry->api_version = g_strdup (api_version != NULL ? api_version : "");
  entry->time = g_strdup (time);
  entry->fields = fields;
  g_ptr_array_add (self->entries, entry);
  return entry;
}

static PracticeFieldManagers *
managers_new (void)
{
  PracticeFieldManagers *self = g_new0 (PracticeFieldManagers, 1);

  self->entries = g_ptr_array_new_with_free_func (entry_free);
  return self;
}

/**
 * practice_field_managers_new:
 * @managed: (nullable): a metadata.managedFields
 *
 * Returns: (transfer full): what it says
 */
PracticeFieldManagers *
practice_field_managers_new (JsonNode *managed)
{
  PracticeFieldManagers *self = managers_new ();
  JsonArray *array =
    managed != NULL && JSON_NODE_HOLDS_ARRAY (managed) ? json_node_get_array (managed) : NULL;

  for (guint i = 0; array != NULL && i < MIN (json_array_get_length (array), MAX_ENTRIES); i++) {
    JsonNode *node = json_array_get_element (array, i);
    JsonNode *fields = base_json_get (node, "fieldsV1", NULL);

    if (fields != NULL)
      add_entry (self, base_json_get_string (node, "manager", NULL),
                 g_strcmp0 (base_json_get_string (node, "operation", NULL), "Apply") == 0,
                 base_json_get_string (node, "apiVersion", NULL),
                 base_json_get_string (node, "time", NULL),
                 practice_field_set_new_from_node (fields));
  }
  return self;
}

/**
 * practice_field_managers_copy:
 * @self: managers
 *
 * Returns: (transfer full): the same again
 */
PracticeFieldManagers *
practice_field_managers_copy (PracticeFieldManagers *self)
{
  PracticeFieldManagers *copy = managers_new ();

  for (guint i = 0; i < self->entries->len; i++) {
    PracticeFieldManager *entry = self->entries->pdata[i];

    add_entry (copy, entry->manager, entry->applied, entry->api_version, entry->time,
               practice_field_set_copy (entry->fields));
  }
  return copy;
}

/**
 * practice_field_managers_free:
 * @self: (transfer full): managers
 *
 * Frees @self.
 */
void
practice_field_managers_free (PracticeFieldManagers *self)
{
  g_ptr_array_unref (self->entries);
  g_free (self);
}

/**
 * practice_field_managers_get_length:
 * @self: managers
 *
 * Returns: how many there are
 */
guint
practice_field_managers_get_length (PracticeFieldManagers *self)
{
  return self->entries->len;
}

/**
 * practice_field_managers_get:
 * @self: managers
 * @i: which
 *
 * Returns: (transfer none): one of them
 */
PracticeFieldManager *
practice_field_managers_get (PracticeFieldManagers *self, guint i)
{
  return self->entries->pdata[i];
}

/**
 * practice_field_managers_find:
 * @self: managers
 * @manager: a name
 * @applied: whether by a server-side apply
 * @api_version: in what version
 *
 * Returns: (transfer none) (nullable): the manager
 */
PracticeFieldManager *
practice_field_managers_find (PracticeFieldManagers *self,
                              const char *manager,
                              gboolean applied,
                              const char *api_version)
{
  for (guint i = 0; i < self->entries->len; i++) {
    PracticeFieldManager *entry = self->entries->pdata[i];

    if (entry->applied == applied && g_str_equal (entry->manager, manager) &&
        g_str_equal (entry->api_version, api_version))
      return entry;
  }
  return NULL;
}

/**
 * practice_field_managers_set:
 * @self: managers
 * @manager: a name
 * @applied: whether by a server-side apply
 * @api_version: in what version
 * @fields: (transfer full): what the manager owns from now on
 *
 * Sets what a manager owns.
 */
void
practice_field_managers_set (PracticeFieldManagers *self,
                             const char *manager,
                             gboolean applied,
                             const char *api_version,
                             PracticeFieldSet *fields)
{
  PracticeFieldManager *entry = practice_field_managers_find (self, manager, applied, api_version);
  g_autofree char *now = practice_age_dup_now ();

  if (entry == NULL) {
    add_entry (self, manager, applied, api_version, now, fields);
    return;
  }
  if (!practice_field_set_equal (entry->fields, fields)) {
    g_free (entry->time);
    entry->time = g_steal_pointer (&now);
  }
  practice_field_set_free (entry->fields);
  entry->fields = fields;
}

/* Those who applied come first, then by time and name. */
static int
compare_entries (gconstpointer a, gconstpointer b)
{
  const PracticeFieldManager *one = *(const PracticeFieldManager *const *)a;
  const PracticeFieldManager *other = *(const PracticeFieldManager *const *)b;
  int order;

  if (one->applied != other->applied)
    return one->applied ? -1 : 1;
  order = g_strcmp0 (one->time, other->time);
  return order != 0 ? order : strcmp (one->manager, other->manager);
}

static guint
count_updaters (PracticeFieldManagers *self)
{
  guint count = 0;

  for (guint i = 0; i < self->entries->len; i++)
    count += !((PracticeFieldManager *)self->entries->pdata[i])->applied;
  return count;
}

/* Puts the two oldest updaters of one version together. FALSE: there are no two. */
static gboolean
join_oldest (PracticeFieldManagers *self)
{
  for (guint i = 0; i < self->entries->len; i++) {
    PracticeFieldManager *old = self->entries->pdata[i];

    for (guint j = i + 1; !old->applied && j < self->entries->len; j++) {
      PracticeFieldManager *next = self->entries->pdata[j];

      if (next->applied || !g_str_equal (old->api_version, next->api_version))
        continue;
      practice_field_set_add (next->fields, old->fields);
      g_free (next->manager);
      next->manager = g_strdup (OLD_UPDATERS);
      g_ptr_array_remove_index (self->entries, i);
      return TRUE;
    }
  }
  return FALSE;
}

/**
 * practice_field_managers_tidy:
 * @self: managers
 *
 * Drops managers that own nothing; of more than ten that update the oldest become one.
 */
void
practice_field_managers_tidy (PracticeFieldManagers *self)
{
  for (guint i = self->entries->len; i > 0; i--) {
    PracticeFieldManager *entry = self->entries->pdata[i - 1];

    if (practice_field_set_is_empty (entry->fields))
      g_ptr_array_remove_index (self->entries, i - 1);
  }
  g_ptr_array_sort (self->entries, compare_entries);
  while (count_updaters (self) > MAX_UPDATERS && join_oldest (self))
    continue;
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  const PracticeFieldManager *one = *(const PracticeFieldManager *const *)a;
  const PracticeFieldManager *other = *(const PracticeFieldManager *const *)b;

  return strcmp (one->manager, other->manager);
}

/**
 * practice_field_managers_sort_by_name:
 * @self: managers
 *
 * Sorts them as a conflict names them.
 */
void
practice_field_managers_sort_by_name (PracticeFieldManagers *self)
{
  g_ptr_array_sort (self->entries, compare_names);
}

static JsonObject *
entry_to_object (PracticeFieldManager *entry)
{
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "manager", entry->manager);
  json_object_set_string_member (object, "operation", entry->applied ? "Apply" : "Update");
  json_object_set_string_member (object, "apiVersion", entry->api_version);
  if (entry->time != NULL)
    json_object_set_string_member (object, "time", entry->time);
  json_object_set_string_member (object, "fieldsType", "FieldsV1");
  json_object_set_member (object, "fieldsV1", practice_field_set_dup_node (entry->fields));
  return object;
}

/**
 * practice_field_managers_store:
 * @self: managers
 * @object: an object, changed in place
 *
 * Makes @self the managedFields of @object.
 */
void
practice_field_managers_store (PracticeFieldManagers *self, JsonNode *object)
{
  JsonObject *metadata = base_json_get_object (object, "metadata", NULL);
  JsonArray *array;

  if (self->entries->len == 0) {
    json_object_remove_member (metadata, "managedFields");
    return;
  }
  array = json_array_new ();
  for (guint i = 0; i < self->entries->len; i++)
    json_array_add_object_element (array, entry_to_object (self->entries->pdata[i]));
  json_object_set_array_member (metadata, "managedFields", array);
}
