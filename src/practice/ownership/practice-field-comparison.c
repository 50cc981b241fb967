/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-field-comparison.h"

#include "base-json.h"

typedef struct {
  PracticeFieldComparison *comparison;
  GPtrArray *path;
} Walk;

static void compare (Walk *self, const PracticeFieldPlace *place, JsonNode *old, JsonNode *new_);

/**
 * practice_field_comparison_free:
 * @self: (transfer full): a comparison
 *
 * Frees @self.
 */
void
practice_field_comparison_free (PracticeFieldComparison *self)
{
  practice_field_set_free (self->changed);
  practice_field_set_free (self->removed);
  g_free (self);
}

static void
note (Walk *self, JsonNode *old, JsonNode *new_)
{
  if (new_ == NULL)
    practice_field_set_insert (self->comparison->removed, self->path);
  else if (old == NULL || !base_json_equal (old, new_))
    practice_field_set_insert (self->comparison->changed, self->path);
}

static void
compare_member (
  Walk *self, const PracticeFieldPlace *place, const char *name, JsonNode *old, JsonNode *new_)
{
  PracticeFieldPlace member;

  practice_field_place_get_member (place, name, &member);
  g_ptr_array_add (self->path, g_strconcat ("f:", name, NULL));
  compare (self, &member, old, new_);
  g_ptr_array_set_size (self->path, (int)self->path->len - 1);
}

/* @old, @new_: (nullable): objects. */
static void
compare_objects (Walk *self, const PracticeFieldPlace *place, JsonNode *old, JsonNode *new_)
{
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;

  if (new_ != NULL) {
    json_object_iter_init (&iter, json_node_get_object (new_));
    while (json_object_iter_next (&iter, &name, &value))
      compare_member (self, place, name, base_json_get (old, name, NULL), value);
  }
  if (old == NULL)
    return;
  json_object_iter_init (&iter, json_node_get_object (old));
  while (json_object_iter_next (&iter, &name, &value)) {
    if (base_json_get (new_, name, NULL) == NULL)
      compare_member (self, place, name, value, NULL);
  }
}

/* The elements of @list (nullable) by their edges, in its order: edges has the order. */
static GHashTable *
index_list (const PracticeFieldPlace *place, PracticeOwned owned, JsonNode *list, GPtrArray *edges)
{
  GHashTable *index = g_hash_table_new (g_str_hash, g_str_equal);
  JsonArray *array = list != NULL ? json_node_get_array (list) : NULL;

  for (guint i = 0; i < base_json_get_length (array); i++) {
    JsonNode *element = json_array_get_element (array, i);
    char *edge = practice_field_place_dup_edge (place, owned, element, NULL);

    if (edge == NULL)
      continue;
    g_ptr_array_add (edges, edge);
    g_hash_table_insert (index, edge, element);
  }
  return index;
}

static void
compare_lists (
  Walk *self, const PracticeFieldPlace *place, PracticeOwned owned, JsonNode *old, JsonNode *new_)
{
  g_autoptr (GPtrArray) edges = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GHashTable) before = index_list (place, owned, old, edges);
  g_autoptr (GHashTable) after = index_list (place, owned, new_, edges);
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  PracticeFieldPlace element;

  practice_field_place_get_element (place, &element);
  for (guint i = 0; i < edges->len; i++) {
    const char *edge = edges->pdata[i];

    if (!g_hash_table_add (seen, (gpointer)edge))
      continue;
    g_ptr_array_add (self->path, g_strdup (edge));
    compare (self, &element, g_hash_table_lookup (before, edge), g_hash_table_lookup (after, edge));
    g_ptr_array_set_size (self->path, (int)self->path->len - 1);
  }
}

static gboolean
is_empty (JsonNode *node)
{
  if (node == NULL)
    return TRUE;
  if (JSON_NODE_HOLDS_OBJECT (node))
    return json_object_get_size (json_node_get_object (node)) == 0;
  return JSON_NODE_HOLDS_ARRAY (node) && json_array_get_length (json_node_get_array (node)) == 0;
}

/* One of @old and @new_ may be NULL. */
static void
compare (Walk *self, const PracticeFieldPlace *place, JsonNode *old, JsonNode *new_)
{
  JsonNode *one = new_ != NULL ? new_ : old;
  PracticeOwned owned = practice_field_place_classify (place, one);

  /* What is of another sort now is compared as a value. */
  if (old != NULL && new_ != NULL &&
      json_node_get_node_type (old) != json_node_get_node_type (new_))
    owned = PRACTICE_OWNED_WHOLE;
  if (owned == PRACTICE_OWNED_WHOLE || (is_empty (old) && is_empty (new_))) {
    note (self, old, new_);
    return;
  }
  if (owned == PRACTICE_OWNED_MEMBERS)
    compare_objects (self, place, old, new_);
  else
    compare_lists (self, place, owned, old, new_);
  if ((old == NULL || new_ == NULL) && practice_field_place_is_noted (place))
    note (self, old, new_);
}

/**
 * practice_field_comparison_new:
 * @root: the place of the objects
 * @old: (nullable): an object; %NULL where there was none
 * @new_: what has become of it
 *
 * Returns: (transfer full): what differs
 */
PracticeFieldComparison *
practice_field_comparison_new (const PracticeFieldPlace *root, JsonNode *old, JsonNode *new_)
{
  PracticeFieldComparison *self = g_new0 (PracticeFieldComparison, 1);
  g_autoptr (GPtrArray) path = g_ptr_array_new_with_free_func (g_free);
  Walk walk = { self, path };

  self->changed = practice_field_set_new ();
  self->removed = practice_field_set_new ();
  compare (&walk, root, old, new_);
  return self;
}

typedef struct {
  PracticeFieldSet *set;
  GPtrArray *path;
  GError **error;
} Collection;

static gboolean collect (Collection *self, const PracticeFieldPlace *place, JsonNode *node);

static gboolean
set_error (Collection *self, const char *name, const char *message)
{
  g_autoptr (PracticeFieldSet) place = practice_field_set_new ();
  g_autoptr (GPtrArray) paths = NULL;

  practice_field_set_insert (place, self->path);
  paths = practice_field_set_dup_paths (place);
  g_set_error (self->error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "%s%s%s: %s",
               paths->len > 0 ? (char *)paths->pdata[0] : "", name != NULL ? "." : "",
               name != NULL ? name : "", message);
  return FALSE;
}

static gboolean
collect_members (Collection *self, const PracticeFieldPlace *place, JsonNode *node)
{
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;

  json_object_iter_init_ordered (&iter, json_node_get_object (node));
  while (json_object_iter_next_ordered (&iter, &name, &value)) {
    PracticeFieldPlace member;

    if (!practice_field_place_get_member (place, name, &member))
      return set_error (self, name, "field not declared in schema");
    g_ptr_array_add (self->path, g_strconcat ("f:", name, NULL));
    if (!collect (self, &member, value))
      return FALSE;
    if (JSON_NODE_HOLDS_NULL (value) || (JSON_NODE_HOLDS_OBJECT (value) && is_empty (value)))
      practice_field_set_insert (self->set, self->path);
    g_ptr_array_set_size (self->path, (int)self->path->len - 1);
  }
  return TRUE;
}

static gboolean
collect_elements (Collection *self,
                  const PracticeFieldPlace *place,
                  PracticeOwned owned,
                  JsonNode *node)
{
  JsonArray *array = json_node_get_array (node);
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  PracticeFieldPlace element;

  practice_field_place_get_element (place, &element);
  for (guint i = 0; i < json_array_get_length (array); i++) {
    JsonNode *value = json_array_get_element (array, i);
    g_autoptr (GError) why = NULL;
    char *edge = practice_field_place_dup_edge (place, owned, value, &why);

    if (edge == NULL) {
      g_autofree char *message = g_strdup_printf ("element %u: %s", i, why->message);

      return set_error (self, NULL, message);
    }
    g_ptr_array_add (self->path, edge);
    if (!g_hash_table_add (seen, g_strdup (edge)))
      return set_error (self, NULL, "duplicate entries for key");
    practice_field_set_insert (self->set, self->path);
    if (!collect (self, &element, value))
      return FALSE;
    g_ptr_array_set_size (self->path, (int)self->path->len - 1);
  }
  return TRUE;
}

static gboolean
collect (Collection *self, const PracticeFieldPlace *place, JsonNode *node)
{
  PracticeOwned owned = practice_field_place_classify (place, node);

  if (owned == PRACTICE_OWNED_MEMBERS)
    return collect_members (self, place, node);
  if (owned != PRACTICE_OWNED_WHOLE)
    return collect_elements (self, place, owned, node);
  practice_field_set_insert (self->set, self->path);
  return TRUE;
}

/**
 * practice_field_comparison_collect:
 * @root: the place of the object
 * @object: an object, which may be in parts only
 * @error: return location
 *
 * Collects the fields that @object sets.
 *
 * Returns: (transfer full) (nullable): them, or %NULL with %G_IO_ERROR_INVALID_DATA where one is
 *   not declared or cannot be told from another
 */
PracticeFieldSet *
practice_field_comparison_collect (const PracticeFieldPlace *root, JsonNode *object, GError **error)
{
  g_autoptr (PracticeFieldSet) set = practice_field_set_new ();
  g_autoptr (GPtrArray) path = g_ptr_array_new_with_free_func (g_free);
  Collection collection = { set, path, error };

  return collect (&collection, root, object) ? g_steal_pointer (&set) : NULL;
}
