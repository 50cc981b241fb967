/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-strategic-merge.h"

#include <string.h>

#include "base-json.h"
#include "practice-go.h"

/*
 * As k8s.io/apimachinery/pkg/util/strategicpatch;
 * https://github.com/kubernetes/community/blob/master/contributors/devel/sig-api-machinery/strategic-merge-patch.md
 */
#define DIRECTIVE "$patch"
#define RETAIN_KEYS "$retainKeys"
#define ORDER_PREFIX "$setElementOrder/"
#define DELETE_PREFIX "$deleteFromPrimitiveList/"

/* Bodies are limited in depth too; this is for a patch onto a deep object. */
#define MAX_DEPTH 100

static gboolean merge_objects (
  const PracticeType *type, JsonObject *target, JsonObject *patch, guint depth, GError **error);

static gboolean
set_error (GError **error, const char *message)
{
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, message);
  return FALSE;
}

static const char *
get_directive (JsonNode *node)
{
  return base_json_get_string (node, DIRECTIVE, NULL);
}

static gboolean
is_directive (const char *name)
{
  return g_str_equal (name, DIRECTIVE) || g_str_equal (name, RETAIN_KEYS) ||
         g_str_has_prefix (name, ORDER_PREFIX) || g_str_has_prefix (name, DELETE_PREFIX);
}

/* A copy of what a patch adds, without nulls and directives. */
static JsonNode *
copy_clean (JsonNode *node)
{
  JsonNode *copy = base_json_copy (node);

  if (JSON_NODE_HOLDS_OBJECT (copy)) {
    JsonObject *object = json_node_get_object (copy);
    g_autoptr (GList) names = json_object_get_members (object);

    for (GList *l = names; l != NULL; l = l->next) {
      JsonNode *value = json_object_get_member (object, l->data);

      if (is_directive (l->data) || JSON_NODE_HOLDS_NULL (value))
        json_object_remove_member (object, l->data);
      else if (!JSON_NODE_HOLDS_VALUE (value))
        json_object_set_member (object, l->data, copy_clean (value));
    }
  } else if (JSON_NODE_HOLDS_ARRAY (copy)) {
    g_autoptr (JsonArray) clean = json_array_new ();
    JsonArray *array = json_node_get_array (copy);

    for (guint i = 0; i < json_array_get_length (array); i++) {
      JsonNode *element = json_array_get_element (array, i);

      if (get_directive (element) == NULL)
        json_array_add_element (clean, copy_clean (element));
    }
    json_node_set_array (copy, clean);
  }
  return copy;
}

/* The index of the element of @array that has the same key, or is the same where @key is NULL. */
static int
find_element (JsonArray *array, const char *key, JsonNode *element)
{
  JsonNode *wanted = key != NULL ? base_json_get (element, key, NULL) : element;

  for (guint i = 0; wanted != NULL && i < json_array_get_length (array); i++) {
    JsonNode *other = json_array_get_element (array, i);

    if (key != NULL)
      other = base_json_get (other, key, NULL);
    if (other != NULL && base_json_equal (other, wanted))
      return (int)i;
  }
  return -1;
}

static gboolean
merge_element (
  const PracticeField *field, JsonArray *target, JsonNode *element, guint depth, GError **error)
{
  const char *directive = get_directive (element);
  int i = find_element (target, field->merge_key, element);

  if (base_json_get (element, field->merge_key, NULL) == NULL) {
    g_autofree char *text = practice_go_print (element);

    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                 "map: %s does not contain declared merge key: %s", text, field->merge_key);
    return FALSE;
  }
  if (g_strcmp0 (directive, "delete") == 0) {
    if (i >= 0)
      json_array_remove_element (target, (guint)i);
    return TRUE;
  }
  if (i < 0) {
    json_array_add_element (target, copy_clean (element));
    return TRUE;
  }
  return merge_objects (field->type, json_array_get_object_element (target, (guint)i),
                        json_node_get_object (element), depth + 1, error);
}

static gboolean
merge_lists (
  const PracticeField *field, JsonArray *target, JsonArray *patch, guint depth, GError **error)
{
  gboolean plain = g_str_equal (field->merge_key, "-");

  for (guint i = 0; i < json_array_get_length (patch); i++) {
    if (g_strcmp0 (get_directive (json_array_get_element (patch, i)), "replace") != 0)
      continue;
    while (json_array_get_length (target) > 0)
      json_array_remove_element (target, 0);
  }
  for (guint i = 0; i < json_array_get_length (patch); i++) {
    JsonNode *element = json_array_get_element (patch, i);

    if (g_strcmp0 (get_directive (element), "replace") == 0)
      continue;
    if (plain) {
      if (find_element (target, NULL, element) < 0)
        json_array_add_element (target, base_json_copy (element));
    } else if (!JSON_NODE_HOLDS_OBJECT (element)) {
      return set_error (error, "unable to find api field: list of objects expected");
    } else if (!merge_element (field, target, element, depth, error)) {
      return FALSE;
    }
  }
  return TRUE;
}

/* Merges elements that the patch knows, in its order, with those that only the server knows, in the
 * order in which they were. */
static void
order_list (const char *key, JsonArray *target, JsonArray *order, JsonArray *before)
{
  g_autoptr (GPtrArray) known = g_ptr_array_new ();
  g_autoptr (GPtrArray) others = g_ptr_array_new ();
  g_autoptr (JsonArray) sorted = json_array_new ();
  guint i = 0, j = 0;

  for (guint k = 0; k < json_array_get_length (order); k++) {
    int found = find_element (target, key, json_array_get_element (order, k));

    if (found >= 0)
      g_ptr_array_add (known, json_array_get_element (target, (guint)found));
  }
  for (guint k = 0; k < json_array_get_length (target); k++) {
    JsonNode *element = json_array_get_element (target, k);

    if (find_element (order, key, element) < 0)
      g_ptr_array_add (others, element);
  }
  while (i < known->len || j < others->len) {
    int place = i < known->len ? find_element (before, key, known->pdata[i]) : -1;
    int other = j < others->len ? find_element (before, key, others->pdata[j]) : -1;
    gboolean take_other =
      i >= known->len || (j < others->len && place >= 0 && other >= 0 && other < place);

    json_array_add_element (sorted,
                            base_json_copy (take_other ? others->pdata[j++] : known->pdata[i++]));
  }
  while (json_array_get_length (target) > 0)
    json_array_remove_element (target, 0);
  for (guint k = 0; k < json_array_get_length (sorted); k++)
    json_array_add_element (target, json_array_dup_element (sorted, k));
}

static const PracticeField *
find_field (const PracticeType *type, const char *name)
{
  return type != NULL ? practice_type_find_field (type, name) : NULL;
}

static JsonArray *
get_array (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  return node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
}

static void
delete_plain (JsonArray *target, JsonArray *gone)
{
  for (guint i = 0; i < json_array_get_length (gone); i++) {
    int found = find_element (target, NULL, json_array_get_element (gone, i));

    if (found >= 0)
      json_array_remove_element (target, (guint)found);
  }
}

static void
retain_keys (JsonObject *target, JsonArray *keys)
{
  g_autoptr (GList) names = json_object_get_members (target);

  for (GList *l = names; l != NULL; l = l->next) {
    gboolean kept = FALSE;

    for (guint i = 0; i < json_array_get_length (keys) && !kept; i++)
      kept = g_strcmp0 (json_array_get_string_element (keys, i), l->data) == 0;
    if (!kept)
      json_object_remove_member (target, l->data);
  }
}

static gboolean
merge_member (const PracticeField *field,
              JsonObject *target,
              const char *name,
              JsonNode *value,
              guint depth,
              GError **error)
{
  JsonNode *present = json_object_get_member (target, name);

  if (JSON_NODE_HOLDS_NULL (value)) {
    json_object_remove_member (target, name);
    return TRUE;
  }
  if (present != NULL && JSON_NODE_HOLDS_OBJECT (present) && JSON_NODE_HOLDS_OBJECT (value)) {
    const char *directive = get_directive (value);
    gboolean is_map = field != NULL && field->shape == PRACTICE_SHAPE_MAP;

    if (g_strcmp0 (directive, "delete") == 0)
      json_object_remove_member (target, name);
    else if (g_strcmp0 (directive, "replace") == 0)
      json_object_set_member (target, name, copy_clean (value));
    else
      return merge_objects (field != NULL && !is_map ? field->type : NULL,
                            json_node_get_object (present), json_node_get_object (value), depth + 1,
                            error);
    return TRUE;
  }
  if (present != NULL && JSON_NODE_HOLDS_ARRAY (present) && JSON_NODE_HOLDS_ARRAY (value) &&
      field != NULL && field->merge_key != NULL)
    return merge_lists (field, json_node_get_array (present), json_node_get_array (value), depth,
                        error);
  json_object_set_member (target, name, copy_clean (value));
  return TRUE;
}

static gboolean
merge_members (
  const PracticeType *type, JsonObject *target, JsonObject *patch, guint depth, GError **error)
{
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;

  json_object_iter_init_ordered (&iter, patch);
  while (json_object_iter_next_ordered (&iter, &name, &value)) {
    if (g_str_has_prefix (name, DELETE_PREFIX)) {
      JsonArray *array = get_array (target, name + strlen (DELETE_PREFIX));

      if (array != NULL && JSON_NODE_HOLDS_ARRAY (value))
        delete_plain (array, json_node_get_array (value));
    } else if (!is_directive (name) &&
               !merge_member (find_field (type, name), target, name, value, depth, error)) {
      return FALSE;
    }
  }
  return TRUE;
}

/* @before has the lists as they were. */
static void
order_lists (const PracticeType *type, JsonObject *target, JsonObject *patch, JsonObject *before)
{
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;

  json_object_iter_init (&iter, patch);
  while (json_object_iter_next (&iter, &name, &value)) {
    gboolean directive = g_str_has_prefix (name, ORDER_PREFIX);
    const char *list = directive ? name + strlen (ORDER_PREFIX) : name;
    g_autofree char *order_name = g_strconcat (ORDER_PREFIX, list, NULL);
    const PracticeField *field;
    g_autoptr (JsonArray) empty = json_array_new ();
    JsonArray *array, *old;

    /* Without an order of its own a patch is in order itself. */
    if (!JSON_NODE_HOLDS_ARRAY (value) || (!directive && is_directive (name)) ||
        (!directive && json_object_has_member (patch, order_name)))
      continue;
    field = find_field (type, list);
    array = get_array (target, list);
    old = get_array (before, list);
    if (field == NULL || field->merge_key == NULL || array == NULL)
      continue;
    order_list (g_str_equal (field->merge_key, "-") ? NULL : field->merge_key, array,
                json_node_get_array (value), old != NULL ? old : empty);
  }
}

static gboolean
merge_objects (
  const PracticeType *type, JsonObject *target, JsonObject *patch, guint depth, GError **error)
{
  g_autoptr (JsonNode) wrapped = json_node_init_object (json_node_alloc (), target);
  g_autoptr (JsonNode) before = base_json_copy (wrapped);
  JsonArray *keys = get_array (patch, RETAIN_KEYS);

  if (depth > MAX_DEPTH)
    return set_error (error, "the patch is nested too deeply");
  if (keys != NULL)
    retain_keys (target, keys);
  if (!merge_members (type, target, patch, depth, error))
    return FALSE;
  order_lists (type, target, patch, json_node_get_object (before));
  return TRUE;
}

/**
 * practice_strategic_merge_apply:
 * @type: (nullable): the type of @original; without one lists are replaced
 * @original: an object
 * @patch: what is to be merged into it
 * @error: return location
 *
 * Returns: (transfer full) (nullable): the patched object
 */
JsonNode *
practice_strategic_merge_apply (const PracticeType *type,
                                JsonNode *original,
                                JsonNode *patch,
                                GError **error)
{
  g_autoptr (JsonNode) target = base_json_copy (original);

  if (!JSON_NODE_HOLDS_OBJECT (target) || !JSON_NODE_HOLDS_OBJECT (patch)) {
    set_error (error, "the patch is not an object");
    return NULL;
  }
  if (g_strcmp0 (get_directive (patch), "replace") == 0)
    return copy_clean (patch);
  if (!merge_objects (type, json_node_get_object (target), json_node_get_object (patch), 0, error))
    return NULL;
  return g_steal_pointer (&target);
}
