/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "mesh-patch.h"

#include <stdio.h>

#include "base-json-patch.h"
#include "base-json.h"

typedef struct {
  JsonNode *from;
  JsonArray *tests;
  JsonArray *changes;
  guint route; /* whose tests are there */
} Builder;

#define NO_ROUTE G_MAXUINT

static void compare (Builder *self, const char *path, JsonNode *from, JsonNode *to);

/* @value: (nullable) */
static void
add_operation (JsonArray *patch, const char *op, const char *path, JsonNode *value)
{
  JsonObject *operation = json_object_new ();

  json_object_set_string_member (operation, "op", op);
  json_object_set_string_member (operation, "path", path);
  if (value != NULL)
    json_object_set_member (operation, "value", base_json_copy (value));
  json_array_add_object_element (patch, operation);
}

static void
add_test (Builder *self, const char *path, JsonNode *value)
{
  if (value != NULL)
    add_operation (self->tests, "test", path, value);
}

/* Before anything in a route is touched: that it is the one that was seen. */
static void
add_tests_of_route (Builder *self, const char *path)
{
  JsonArray *routes = base_json_get_array (self->from, "spec", "http", NULL);
  JsonArray *destinations = NULL;
  JsonNode *route;
  int end = 0; /* set where the path goes on inside the route */
  guint index;
  g_autofree char *match = NULL;

  if (sscanf (path, "/spec/http/%u/%n", &index, &end) != 1 || end == 0 || routes == NULL ||
      index == self->route || index >= json_array_get_length (routes))
    return;
  self->route = index;
  route = json_array_get_element (routes, index);
  match = g_strdup_printf ("/spec/http/%u/match", index);
  add_test (self, match, base_json_get (route, "match", NULL));
  destinations = base_json_get_array (route, "route", NULL);
  for (guint i = 0; i < base_json_get_length (destinations); i++) {
    g_autofree char *pointer = g_strdup_printf ("/spec/http/%u/route/%u/destination", index, i);

    add_test (self, pointer,
              base_json_get (json_array_get_element (destinations, i), "destination", NULL));
  }
}

static void
change (Builder *self, const char *op, const char *path, JsonNode *from, JsonNode *to)
{
  add_tests_of_route (self, path);
  add_test (self, path, from);
  add_operation (self->changes, op, path, to);
}

static char *
dup_member_path (const char *path, const char *name)
{
  g_autofree char *token = base_json_pointer_escape (name);

  return g_strdup_printf ("%s/%s", path, token);
}

static void
compare_objects (Builder *self, const char *path, JsonObject *from, JsonObject *to)
{
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;

  json_object_iter_init_ordered (&iter, from);
  while (json_object_iter_next_ordered (&iter, &name, &value)) {
    g_autofree char *pointer = dup_member_path (path, name);

    compare (self, pointer, value, json_object_get_member (to, name));
  }
  json_object_iter_init_ordered (&iter, to);
  while (json_object_iter_next_ordered (&iter, &name, &value)) {
    g_autofree char *pointer = dup_member_path (path, name);

    if (!json_object_has_member (from, name))
      compare (self, pointer, NULL, value);
  }
}

static guint
count_same (JsonArray *from, JsonArray *to, guint most, gboolean at_end)
{
  guint n = 0;

  while (n < most) {
    guint i = at_end ? json_array_get_length (from) - 1 - n : n;
    guint j = at_end ? json_array_get_length (to) - 1 - n : n;

    if (!base_json_equal (json_array_get_element (from, i), json_array_get_element (to, j)))
      break;
    n++;
  }
  return n;
}

/* What is the same at both ends stays. Between them the elements are compared in pairs, and what
 * is too many or too few comes last, so that the indices before it hold. */
static void
compare_arrays (Builder *self, const char *path, JsonArray *from, JsonArray *to)
{
  guint n_from = json_array_get_length (from);
  guint n_to = json_array_get_length (to);
  guint head = count_same (from, to, MIN (n_from, n_to), FALSE);
  guint tail = count_same (from, to, MIN (n_from, n_to) - head, TRUE);
  guint paired = MIN (n_from, n_to) - tail;

  for (guint i = head; i < paired; i++) {
    g_autofree char *pointer = g_strdup_printf ("%s/%u", path, i);

    compare (self, pointer, json_array_get_element (from, i), json_array_get_element (to, i));
  }
  for (guint i = n_from - tail; i > paired; i--) {
    g_autofree char *pointer = g_strdup_printf ("%s/%u", path, i - 1);

    change (self, "remove", pointer, json_array_get_element (from, i - 1), NULL);
  }
  for (guint i = paired; i < n_to - tail; i++) {
    g_autofree char *pointer = i < n_from - tail || tail > 0 ? g_strdup_printf ("%s/%u", path, i)
                                                             : g_strconcat (path, "/-", NULL);

    change (self, "add", pointer, NULL, json_array_get_element (to, i));
  }
}

static void
compare (Builder *self, const char *path, JsonNode *from, JsonNode *to)
{
  if (from == NULL && to == NULL)
    return;
  if (from == NULL)
    change (self, "add", path, NULL, to);
  else if (to == NULL)
    change (self, "remove", path, from, NULL);
  else if (base_json_equal (from, to))
    return;
  else if (JSON_NODE_HOLDS_OBJECT (from) && JSON_NODE_HOLDS_OBJECT (to))
    compare_objects (self, path, json_node_get_object (from), json_node_get_object (to));
  else if (JSON_NODE_HOLDS_ARRAY (from) && JSON_NODE_HOLDS_ARRAY (to))
    compare_arrays (self, path, json_node_get_array (from), json_node_get_array (to));
  else
    change (self, "replace", path, from, to);
}

/**
 * mesh_patch_new:
 * @from: a VirtualService as it is
 * @to: as it is to be
 *
 * Compares the spec, the labels and the annotations: the rest is the server's. The patch holds on
 * to what was seen by `test` operations: this object, this version, the routes it touches and the
 * values it replaces. A server refuses it where one fails.
 *
 * Returns: (transfer full) (nullable): an array of operations; NULL where nothing is another one
 */
JsonNode *
mesh_patch_new (JsonNode *from, JsonNode *to)
{
  g_autoptr (JsonArray) tests = json_array_new ();
  g_autoptr (JsonArray) changes = json_array_new ();
  Builder self = { .from = from, .tests = tests, .changes = changes, .route = NO_ROUTE };

  g_return_val_if_fail (from != NULL, NULL);
  g_return_val_if_fail (to != NULL, NULL);

  add_test (&self, "/metadata/uid", base_json_get (from, "metadata", "uid", NULL));
  add_test (&self, "/metadata/resourceVersion",
            base_json_get (from, "metadata", "resourceVersion", NULL));
  compare (&self, "/metadata/labels", base_json_get (from, "metadata", "labels", NULL),
           base_json_get (to, "metadata", "labels", NULL));
  compare (&self, "/metadata/annotations", base_json_get (from, "metadata", "annotations", NULL),
           base_json_get (to, "metadata", "annotations", NULL));
  compare (&self, "/spec", base_json_get (from, "spec", NULL), base_json_get (to, "spec", NULL));
  if (json_array_get_length (changes) == 0)
    return NULL;
  for (guint i = 0; i < json_array_get_length (changes); i++)
    json_array_add_element (tests, json_array_dup_element (changes, i));
  return json_node_init_array (json_node_alloc (), tests);
}
