/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "mesh-merge.h"

#include <glib/gi18n-lib.h>

#include "base-json.h"
#include "base-metadata.h"
#include "mesh-error.h"

/* Where a value stands, as far as it matters here. */
typedef enum {
  PLACE_OBJECT,
  PLACE_SPEC,
  PLACE_ROUTES,
  PLACE_ROUTE,
  PLACE_DESTINATIONS,
  PLACE_ELSEWHERE,
} Place;

typedef struct {
  gboolean conflict;
} Merger;

static JsonNode *
merge_node (Merger *self, Place place, JsonNode *from, JsonNode *to, JsonNode *now);

/* All of these may be NULL, for what is not there. */
static JsonNode *
dup_node (JsonNode *node)
{
  return node != NULL ? base_json_copy (node) : NULL;
}

static JsonNode *
get_member (JsonNode *node, const char *name)
{
  return json_object_get_member (json_node_get_object (node), name);
}

static JsonNode *
get_element (JsonNode *node, guint index)
{
  return json_array_get_element (json_node_get_array (node), index);
}

static guint
get_length (JsonNode *node)
{
  return json_array_get_length (json_node_get_array (node));
}

static Place
get_place_of_member (Place place, const char *name)
{
  if (place == PLACE_OBJECT && g_str_equal (name, "spec"))
    return PLACE_SPEC;
  if (place == PLACE_SPEC && g_str_equal (name, "http"))
    return PLACE_ROUTES;
  if (place == PLACE_ROUTE && g_str_equal (name, "route"))
    return PLACE_DESTINATIONS;
  return PLACE_ELSEWHERE;
}

static gboolean
is_all (JsonNodeType type, JsonNode *from, JsonNode *to, JsonNode *now)
{
  return from != NULL && to != NULL && now != NULL && json_node_get_node_type (from) == type &&
         json_node_get_node_type (to) == type && json_node_get_node_type (now) == type;
}

/* The user's wins; whether that is wanted is for the caller to say. */
static JsonNode *
clash (Merger *self, JsonNode *to)
{
  self->conflict = TRUE;
  return dup_node (to);
}

static void
merge_member (
  Merger *self, Place place, const char *name, JsonNode *from, JsonNode *to, JsonNode *result)
{
  JsonObject *object = json_node_get_object (result);
  JsonNode *merged = merge_node (self, get_place_of_member (place, name), get_member (from, name),
                                 get_member (to, name), json_object_get_member (object, name));

  if (merged != NULL)
    json_object_set_member (object, name, merged);
  else
    json_object_remove_member (object, name);
}

static JsonNode *
merge_objects (Merger *self, Place place, JsonNode *from, JsonNode *to, JsonNode *now)
{
  JsonNode *result = base_json_copy (now);
  g_autoptr (GList) old_names = json_object_get_members (json_node_get_object (from));
  g_autoptr (GList) new_names = json_object_get_members (json_node_get_object (to));

  for (GList *l = old_names; l != NULL; l = l->next)
    merge_member (self, place, l->data, from, to, result);
  for (GList *l = new_names; l != NULL; l = l->next) {
    if (get_member (from, l->data) == NULL)
      merge_member (self, place, l->data, from, to, result);
  }
  return result;
}

/* A route is known by its name and its match, a destination by what it is. */
static gboolean
is_same_item (Place place, JsonNode *a, JsonNode *b)
{
  if (place == PLACE_ROUTES)
    return base_json_equal (base_json_get (a, "match", NULL), base_json_get (b, "match", NULL)) &&
           base_json_equal (base_json_get (a, "name", NULL), base_json_get (b, "name", NULL));
  return base_json_equal (base_json_get (a, "destination", NULL),
                          base_json_get (b, "destination", NULL));
}

/* Whether nothing has come, gone or moved. */
static gboolean
has_same_items (Place place, JsonNode *a, JsonNode *b)
{
  if (get_length (a) != get_length (b))
    return FALSE;
  for (guint i = 0; i < get_length (a); i++) {
    if (!is_same_item (place, get_element (a, i), get_element (b, i)))
      return FALSE;
  }
  return TRUE;
}

/* Where the item @index of @from is in @now; where it was, first: two may be the same. */
static gboolean
locate (Place place, JsonNode *from, guint index, JsonNode *now, guint *found)
{
  JsonNode *item = get_element (from, index);
  guint n = get_length (now);

  if (index < n && is_same_item (place, item, get_element (now, index))) {
    *found = index;
    return TRUE;
  }
  for (guint i = 0; i < n; i++) {
    if (is_same_item (place, item, get_element (now, i))) {
      *found = i;
      return TRUE;
    }
  }
  return FALSE;
}

/* Weights are shares of one whole: who changes one has seen all. */
static gboolean
has_seen_weights (JsonNode *from, JsonNode *to, JsonNode *now)
{
  gboolean weighs = FALSE;
  guint found;

  for (guint i = 0; i < get_length (from); i++)
    weighs = weighs || !base_json_equal (base_json_get (get_element (from, i), "weight", NULL),
                                         base_json_get (get_element (to, i), "weight", NULL));
  if (!weighs)
    return TRUE;
  if (get_length (from) != get_length (now))
    return FALSE;
  for (guint i = 0; i < get_length (from); i++) {
    if (!locate (PLACE_DESTINATIONS, from, i, now, &found) ||
        !base_json_equal (base_json_get (get_element (from, i), "weight", NULL),
                          base_json_get (get_element (now, found), "weight", NULL)))
      return FALSE;
  }
  return TRUE;
}

static JsonNode *
with_element (JsonNode *array, guint index, JsonNode *element)
{
  g_autoptr (JsonArray) result = json_array_new ();

  for (guint i = 0; i < get_length (array); i++)
    json_array_add_element (result, i == index ? g_steal_pointer (&element)
                                               : base_json_copy (get_element (array, i)));
  return json_node_init_array (json_node_alloc (), result);
}

static JsonNode *
merge_items (Merger *self, Place place, JsonNode *from, JsonNode *to, JsonNode *now)
{
  g_autoptr (JsonNode) result = base_json_copy (now);
  Place item_place = place == PLACE_ROUTES ? PLACE_ROUTE : PLACE_ELSEWHERE;

  if (!has_same_items (place, from, to))
    return clash (self, to);
  if (place == PLACE_DESTINATIONS && !has_seen_weights (from, to, now))
    self->conflict = TRUE;
  for (guint i = 0; i < get_length (from); i++) {
    JsonNode *old = get_element (from, i);
    JsonNode *new = get_element (to, i);
    JsonNode *longer;
    guint found;

    if (base_json_equal (old, new))
      continue;
    if (!locate (place, from, i, now, &found))
      return clash (self, to);
    longer = with_element (result, found,
                           merge_node (self, item_place, old, new, get_element (now, found)));
    json_node_unref (result);
    result = longer;
  }
  return g_steal_pointer (&result);
}

static JsonNode *
merge_node (Merger *self, Place place, JsonNode *from, JsonNode *to, JsonNode *now)
{
  if (base_json_equal (from, to))
    return dup_node (now);
  if (base_json_equal (now, from) || base_json_equal (now, to))
    return dup_node (to);
  if (is_all (JSON_NODE_OBJECT, from, to, now))
    return merge_objects (self, place, from, to, now);
  if ((place == PLACE_ROUTES || place == PLACE_DESTINATIONS) &&
      is_all (JSON_NODE_ARRAY, from, to, now))
    return merge_items (self, place, from, to, now);
  return clash (self, to);
}

/* Labels and annotations are the user's, too; all else of the metadata is the server's. */
static void
merge_metadata (Merger *self, JsonNode *from, JsonNode *to, JsonNode *result)
{
  JsonObject *metadata = base_json_get_object (result, "metadata", NULL);
  static const char *const names[] = { "labels", "annotations" };

  for (gsize i = 0; metadata != NULL && i < G_N_ELEMENTS (names); i++) {
    JsonNode *merged = merge_node (
      self, PLACE_ELSEWHERE, base_json_get (from, "metadata", names[i], NULL),
      base_json_get (to, "metadata", names[i], NULL), json_object_get_member (metadata, names[i]));

    if (merged != NULL)
      json_object_set_member (metadata, names[i], merged);
    else
      json_object_remove_member (metadata, names[i]);
  }
}

/**
 * mesh_merge:
 * @from: what the user saw
 * @to: what the user made of it
 * @now: what the server has
 *
 * A route is found again by its name and match, a destination by its host, subset and port,
 * wherever they stand by now. The weights of a route belong together: one that is another by now
 * is a change of what was changed.
 *
 * Returns: (transfer full): @now with the user's changes; NULL and MESH_ERROR_CHANGED where
 *   someone else has changed the same
 */
JsonNode *
mesh_merge (JsonNode *from, JsonNode *to, JsonNode *now, MeshMergeMode mode, GError **error)
{
  Merger self = { .conflict = FALSE };
  g_autoptr (JsonNode) result = NULL;

  g_return_val_if_fail (from != NULL && JSON_NODE_HOLDS_OBJECT (from), NULL);
  g_return_val_if_fail (to != NULL && JSON_NODE_HOLDS_OBJECT (to), NULL);
  g_return_val_if_fail (now != NULL && JSON_NODE_HOLDS_OBJECT (now), NULL);

  result = base_json_copy (now);
  merge_member (&self, PLACE_OBJECT, "spec", from, to, result);
  merge_metadata (&self, from, to, result);
  if (!self.conflict || mode == MESH_MERGE_FORCED)
    return g_steal_pointer (&result);
  g_set_error (error, MESH_ERROR, MESH_ERROR_CHANGED,
               /* Translators: %s is the name of a VirtualService */
               _ ("Someone else has changed the routes of %s meanwhile."),
               base_metadata_get_name (now));
  return NULL;
}
