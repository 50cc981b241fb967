/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-field-set.h"

#include <string.h>

#include "base-json.h"

/* An object cannot be nested more deeply either. */
#define MAX_DEPTH BASE_JSON_MAX_DEPTH

struct _PracticeFieldSet {
  gboolean member;
  GHashTable *children; /* (nullable) (element-type utf8 PracticeFieldSet): by edge */
};

/**
 * practice_field_set_new:
 *
 * Returns: (transfer full): an empty set
 */
PracticeFieldSet *
practice_field_set_new (void)
{
  return g_new0 (PracticeFieldSet, 1);
}

/**
 * practice_field_set_free:
 * @self: (transfer full): a set
 *
 * Frees @self.
 */
void
practice_field_set_free (PracticeFieldSet *self)
{
  g_clear_pointer (&self->children, g_hash_table_unref);
  g_free (self);
}

static PracticeFieldSet *
ensure_child (PracticeFieldSet *self, const char *edge)
{
  PracticeFieldSet *child;

  if (self->children == NULL)
    self->children = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                            (GDestroyNotify)practice_field_set_free);
  child = g_hash_table_lookup (self->children, edge);
  if (child == NULL) {
    child = practice_field_set_new ();
    g_hash_table_insert (self->children, g_strdup (edge), child);
  }
  return child;
}

static gboolean
has_children (PracticeFieldSet *self)
{
  return self->children != NULL && g_hash_table_size (self->children) > 0;
}

/**
 * practice_field_set_copy:
 * @self: a set
 *
 * Returns: (transfer full): one that is equal
 */
PracticeFieldSet *
practice_field_set_copy (PracticeFieldSet *self)
{
  PracticeFieldSet *copy = practice_field_set_new ();

  practice_field_set_add (copy, self);
  return copy;
}

static void
read_children (PracticeFieldSet *self, JsonObject *object, guint depth)
{
  JsonObjectIter iter;
  const char *edge;
  JsonNode *value;

  json_object_iter_init (&iter, object);
  while (json_object_iter_next (&iter, &edge, &value)) {
    PracticeFieldSet *child;

    if (g_str_equal (edge, ".")) {
      self->member = TRUE;
      continue;
    }
    if (strlen (edge) < 2 || edge[1] != ':' || !JSON_NODE_HOLDS_OBJECT (value))
      continue;
    child = ensure_child (self, edge);
    if (json_object_get_size (json_node_get_object (value)) == 0)
      child->member = TRUE;
    else if (depth < MAX_DEPTH)
      read_children (child, json_node_get_object (value), depth + 1);
  }
}

/**
 * practice_field_set_new_from_node:
 * @fields: (nullable): a fieldsV1
 *
 * Reads a set as an object has it
 * (https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/object-meta/). What
 * cannot be understood is left out.
 *
 * Returns: (transfer full): the set
 */
PracticeFieldSet *
practice_field_set_new_from_node (JsonNode *fields)
{
  PracticeFieldSet *self = practice_field_set_new ();

  if (fields != NULL && JSON_NODE_HOLDS_OBJECT (fields))
    read_children (self, json_node_get_object (fields), 0);
  self->member = FALSE;
  return self;
}

static GList *
get_sorted_edges (PracticeFieldSet *self)
{
  if (self->children == NULL)
    return NULL;
  return g_list_sort (g_hash_table_get_keys (self->children), (GCompareFunc)strcmp);
}

/**
 * practice_field_set_dup_node:
 * @self: a set
 *
 * Returns: (transfer full): @self as a fieldsV1
 */
JsonNode *
practice_field_set_dup_node (PracticeFieldSet *self)
{
  g_autoptr (GList) edges = get_sorted_edges (self);
  JsonObject *object = json_object_new ();

  if (self->member && edges != NULL)
    json_object_set_object_member (object, ".", json_object_new ());
  for (GList *l = edges; l != NULL; l = l->next)
    json_object_set_member (
      object, l->data, practice_field_set_dup_node (g_hash_table_lookup (self->children, l->data)));
  return base_json_take_object (object);
}

/**
 * practice_field_set_insert:
 * @self: a set
 * @path: (element-type utf8): the edges to a field; an empty path is the object itself, which is
 *   never in a set
 *
 * Adds a field.
 */
void
practice_field_set_insert (PracticeFieldSet *self, GPtrArray *path)
{
  for (guint i = 0; i < path->len; i++)
    self = ensure_child (self, path->pdata[i]);
  self->member = path->len > 0;
}

/* FALSE: nothing is left of @self. */
static gboolean
remove_below (PracticeFieldSet *self, GPtrArray *path, guint i)
{
  PracticeFieldSet *child;

  if (i == path->len) {
    self->member = FALSE;
  } else {
    child = practice_field_set_descend (self, path->pdata[i]);
    if (child != NULL && !remove_below (child, path, i + 1))
      g_hash_table_remove (self->children, path->pdata[i]);
  }
  return !practice_field_set_is_empty (self);
}

/**
 * practice_field_set_remove:
 * @self: a set
 * @path: (element-type utf8): the edges to a field
 *
 * Takes out a field; what is below it stays.
 */
void
practice_field_set_remove (PracticeFieldSet *self, GPtrArray *path)
{
  remove_below (self, path, 0);
}

/**
 * practice_field_set_descend:
 * @self: a set
 * @edge: an edge
 *
 * Returns: (transfer none) (nullable): the part of @self that is below @edge
 */
PracticeFieldSet *
practice_field_set_descend (PracticeFieldSet *self, const char *edge)
{
  return self->children != NULL ? g_hash_table_lookup (self->children, edge) : NULL;
}

/**
 * practice_field_set_is_member:
 * @self: the part of a set for a field
 *
 * Returns: whether that field is in the set, not only fields below it
 */
gboolean
practice_field_set_is_member (PracticeFieldSet *self)
{
  return self->member;
}

/**
 * practice_field_set_is_empty:
 * @self: a set
 *
 * Returns: whether it has no field
 */
gboolean
practice_field_set_is_empty (PracticeFieldSet *self)
{
  return !self->member && !has_children (self);
}

/**
 * practice_field_set_equal:
 * @a: a set
 * @b: a set
 *
 * Returns: whether both have the same fields
 */
gboolean
practice_field_set_equal (PracticeFieldSet *a, PracticeFieldSet *b)
{
  GHashTableIter iter;
  gpointer edge, child;

  if (a->member != b->member || has_children (a) != has_children (b))
    return FALSE;
  if (!has_children (a))
    return TRUE;
  if (g_hash_table_size (a->children) != g_hash_table_size (b->children))
    return FALSE;
  g_hash_table_iter_init (&iter, a->children);
  while (g_hash_table_iter_next (&iter, &edge, &child)) {
    PracticeFieldSet *other = practice_field_set_descend (b, edge);

    if (other == NULL || !practice_field_set_equal (child, other))
      return FALSE;
  }
  return TRUE;
}

/**
 * practice_field_set_add:
 * @self: a set
 * @other: a set
 *
 * Adds all fields of @other.
 */
void
practice_field_set_add (PracticeFieldSet *self, PracticeFieldSet *other)
{
  GHashTableIter iter;
  gpointer edge, child;

  self->member |= other->member;
  if (other->children == NULL)
    return;
  g_hash_table_iter_init (&iter, other->children);
  while (g_hash_table_iter_next (&iter, &edge, &child))
    practice_field_set_add (ensure_child (self, edge), child);
}

/**
 * practice_field_set_subtract:
 * @self: a set
 * @other: a set
 *
 * Takes out all fields of @other.
 */
void
practice_field_set_subtract (PracticeFieldSet *self, PracticeFieldSet *other)
{
  GHashTableIter iter;
  gpointer edge, child;

  if (other->member)
    self->member = FALSE;
  if (self->children == NULL)
    return;
  g_hash_table_iter_init (&iter, self->children);
  while (g_hash_table_iter_next (&iter, &edge, &child)) {
    PracticeFieldSet *gone = practice_field_set_descend (other, edge);

    if (gone != NULL)
      practice_field_set_subtract (child, gone);
    if (practice_field_set_is_empty (child))
      g_hash_table_iter_remove (&iter);
  }
}

/**
 * practice_field_set_intersect:
 * @a: a set
 * @b: a set
 *
 * Returns: (transfer full): the fields that are in both
 */
PracticeFieldSet *
practice_field_set_intersect (PracticeFieldSet *a, PracticeFieldSet *b)
{
  PracticeFieldSet *common = practice_field_set_new ();
  GHashTableIter iter;
  gpointer edge, child;

  common->member = a->member && b->member;
  if (a->children == NULL)
    return common;
  g_hash_table_iter_init (&iter, a->children);
  while (g_hash_table_iter_next (&iter, &edge, &child)) {
    PracticeFieldSet *other = practice_field_set_descend (b, edge);
    g_autoptr (PracticeFieldSet) both = NULL;

    if (other == NULL)
      continue;
    both = practice_field_set_intersect (child, other);
    if (!practice_field_set_is_empty (both))
      practice_field_set_add (ensure_child (common, edge), both);
  }
  return common;
}

/* ".name", "[name="x"]", "[="x"]" */
static void
append_edge (GString *path, const char *edge)
{
  g_autoptr (JsonNode) keys = NULL;
  g_autoptr (GList) names = NULL;

  switch (*edge) {
    case 'k':
      keys = base_json_parse (edge + 2, -1, NULL);
      if (keys == NULL || !JSON_NODE_HOLDS_OBJECT (keys))
        return;
      names =
        g_list_sort (json_object_get_members (json_node_get_object (keys)), (GCompareFunc)strcmp);
      for (GList *l = names; l != NULL; l = l->next) {
        g_autofree char *value = base_json_write (base_json_get (keys, l->data, NULL), FALSE);

        g_string_append_printf (path, "%s%s=%s", l == names ? "[" : ",", (char *)l->data, value);
      }
      g_string_append_c (path, ']');
      break;
    case 'v':
      g_string_append_printf (path, "[=%s]", edge + 2);
      break;
    case 'i':
      g_string_append_printf (path, "[%s]", edge + 2);
      break;
    default:
      g_string_append_printf (path, ".%s", edge + 2);
      break;
  }
}

static void
add_paths (PracticeFieldSet *self, GString *path, GPtrArray *paths)
{
  g_autoptr (GList) edges = get_sorted_edges (self);
  gsize length = path->len;

  for (GList *l = edges; l != NULL; l = l->next) {
    PracticeFieldSet *child = g_hash_table_lookup (self->children, l->data);

    append_edge (path, l->data);
    if (child->member)
      g_ptr_array_add (paths, g_strdup (path->str));
    add_paths (child, path, paths);
    g_string_truncate (path, length);
  }
}

/**
 * practice_field_set_dup_paths:
 * @self: a set
 *
 * Returns: (transfer full) (element-type utf8): its fields as a conflict names them, sorted
 */
GPtrArray *
practice_field_set_dup_paths (PracticeFieldSet *self)
{
  GPtrArray *paths = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GString) path = g_string_new (NULL);

  add_paths (self, path, paths);
  return paths;
}
