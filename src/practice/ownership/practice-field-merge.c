/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-field-merge.h"

#include "base-json.h"

static JsonNode *
merge_objects (const PracticeFieldPlace *place, JsonNode *present, JsonNode *wanted)
{
  JsonNode *merged = base_json_copy (present);
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;

  json_object_iter_init_ordered (&iter, json_node_get_object (wanted));
  while (json_object_iter_next_ordered (&iter, &name, &value)) {
    JsonNode *old = base_json_get (present, name, NULL);
    PracticeFieldPlace member;

    practice_field_place_get_member (place, name, &member);
    json_object_set_member (json_node_get_object (merged), name,
                            old != NULL ? practice_field_merge_apply (&member, old, value)
                                        : base_json_copy (value));
  }
  return merged;
}

/* (nullable): the element of @array with that edge. */
static JsonNode *
find_element (const PracticeFieldPlace *place,
              PracticeOwned owned,
              JsonArray *array,
              const char *edge)
{
  for (guint i = 0; edge != NULL && i < json_array_get_length (array); i++) {
    JsonNode *element = json_array_get_element (array, i);
    g_autofree char *other = practice_field_place_dup_edge (place, owned, element, NULL);

    if (g_strcmp0 (other, edge) == 0)
      return element;
  }
  return NULL;
}

/* What is there keeps its place, what is new comes after it. */
static JsonNode *
merge_lists (const PracticeFieldPlace *place,
             PracticeOwned owned,
             JsonNode *present,
             JsonNode *wanted)
{
  JsonArray *old = json_node_get_array (present);
  JsonArray *new_ = json_node_get_array (wanted);
  JsonArray *merged = json_array_new ();
  PracticeFieldPlace element;

  practice_field_place_get_element (place, &element);
  for (guint i = 0; i < json_array_get_length (old); i++) {
    JsonNode *value = json_array_get_element (old, i);
    g_autofree char *edge = practice_field_place_dup_edge (place, owned, value, NULL);
    JsonNode *other = find_element (place, owned, new_, edge);

    json_array_add_element (merged, other != NULL
                                      ? practice_field_merge_apply (&element, value, other)
                                      : base_json_copy (value));
  }
  for (guint i = 0; i < json_array_get_length (new_); i++) {
    JsonNode *value = json_array_get_element (new_, i);
    g_autofree char *edge = practice_field_place_dup_edge (place, owned, value, NULL);

    if (find_element (place, owned, old, edge) == NULL)
      json_array_add_element (merged, base_json_copy (value));
  }
  return base_json_take_array (merged);
}

/**
 * practice_field_merge_apply:
 * @root: the place of the objects
 * @present: an object; not changed
 * @wanted: what is applied to it
 *
 * Lays @wanted over @present, as the place says what goes together
 * (https://kubernetes.io/docs/reference/using-api/server-side-apply/#merge-strategy).
 *
 * Returns: (transfer full): the result
 */
JsonNode *
practice_field_merge_apply (const PracticeFieldPlace *root, JsonNode *present, JsonNode *wanted)
{
  PracticeOwned owned = practice_field_place_classify (root, wanted);

  if (owned == PRACTICE_OWNED_WHOLE ||
      json_node_get_node_type (present) != json_node_get_node_type (wanted))
    return base_json_copy (wanted);
  return owned == PRACTICE_OWNED_MEMBERS ? merge_objects (root, present, wanted)
                                         : merge_lists (root, owned, present, wanted);
}

static JsonNode *
remove_members (const PracticeFieldPlace *place, JsonNode *node, PracticeFieldSet *gone)
{
  JsonObject *kept = json_object_new ();
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;

  json_object_iter_init_ordered (&iter, json_node_get_object (node));
  while (json_object_iter_next_ordered (&iter, &name, &value)) {
    g_autofree char *edge = g_strconcat ("f:", name, NULL);
    PracticeFieldSet *part = practice_field_set_descend (gone, edge);
    PracticeFieldPlace member;

    if (part != NULL && practice_field_set_is_member (part))
      continue;
    practice_field_place_get_member (place, name, &member);
    json_object_set_member (kept, name,
                            part != NULL ? practice_field_merge_remove (&member, value, part)
                                         : base_json_copy (value));
  }
  return base_json_take_object (kept);
}

static JsonNode *
remove_elements (const PracticeFieldPlace *place,
                 PracticeOwned owned,
                 JsonNode *node,
                 PracticeFieldSet *gone)
{
  JsonArray *array = json_node_get_array (node);
  JsonArray *kept = json_array_new ();
  PracticeFieldPlace element;

  practice_field_place_get_element (place, &element);
  for (guint i = 0; i < json_array_get_length (array); i++) {
    JsonNode *value = json_array_get_element (array, i);
    g_autofree char *edge = practice_field_place_dup_edge (place, owned, value, NULL);
    PracticeFieldSet *part = edge != NULL ? practice_field_set_descend (gone, edge) : NULL;

    if (part != NULL && practice_field_set_is_member (part))
      continue;
    json_array_add_element (kept, part != NULL ? practice_field_merge_remove (&element, value, part)
                                               : base_json_copy (value));
  }
  return base_json_take_array (kept);
}

/**
 * practice_field_merge_remove:
 * @root: the place of the object
 * @object: an object; not changed
 * @gone: fields
 *
 * Returns: (transfer full): @object without the fields of @gone
 */
JsonNode *
practice_field_merge_remove (const PracticeFieldPlace *root,
                             JsonNode *object,
                             PracticeFieldSet *gone)
{
  PracticeOwned owned = practice_field_place_classify (root, object);

  if (owned == PRACTICE_OWNED_MEMBERS)
    return remove_members (root, object, gone);
  if (owned == PRACTICE_OWNED_WHOLE)
    return base_json_copy (object);
  return remove_elements (root, owned, object, gone);
}
