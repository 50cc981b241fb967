/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base-json-path.h"

#include "base-json-path-private.h"
#include "base-json.h"

/* Values that one match may look at: paths come from courses, and a few ".." in a row would
 * multiply. */
#define MAX_VISITS (4 * 1000 * 1000)

struct _BaseJsonPath {
  char *expression;
  GPtrArray *steps; /* (element-type BaseJsonPathStep) */
};

typedef struct {
  JsonNode *root;
  guint visits;
} Match;

G_DEFINE_BOXED_TYPE (BaseJsonPath, base_json_path, base_json_path_ref, base_json_path_unref)

static GPtrArray *match_steps (Match *self, GPtrArray *steps, JsonNode *start);

static void
add (Match *self, GPtrArray *found, JsonNode *node)
{
  if (self->visits == MAX_VISITS)
    return;

  self->visits++;
  g_ptr_array_add (found, node);
}

static void
match_children (Match *self, JsonNode *node, GPtrArray *found)
{
  if (JSON_NODE_HOLDS_ARRAY (node)) {
    JsonArray *array = json_node_get_array (node);

    for (guint i = 0; i < json_array_get_length (array); i++)
      add (self, found, json_array_get_element (array, i));
  } else if (JSON_NODE_HOLDS_OBJECT (node)) {
    JsonObjectIter iter;
    const char *name; /* json-glib 1.6 needs it */
    JsonNode *value;

    json_object_iter_init_ordered (&iter, json_node_get_object (node));
    while (json_object_iter_next_ordered (&iter, &name, &value))
      add (self, found, value);
  }
}

/* The node and all objects and arrays in it, each before what it holds. */
static void
match_recursive (Match *self, JsonNode *node, GPtrArray *found)
{
  g_autoptr (GPtrArray) children = NULL;

  if (!JSON_NODE_HOLDS_ARRAY (node) && !JSON_NODE_HOLDS_OBJECT (node))
    return;

  add (self, found, node);
  children = g_ptr_array_new ();
  match_children (self, node, children);
  for (guint i = 0; i < children->len; i++)
    match_recursive (self, children->pdata[i], found);
}

/* kubectl splits ['metadata.name'] at its dot. Where there is a member of the whole name, that
 * is what was meant. */
static void
match_names (Match *self, const BaseJsonPathStep *step, JsonNode *node, GPtrArray *found)
{
  JsonNode *member;

  if (!JSON_NODE_HOLDS_OBJECT (node))
    return;

  member = json_object_get_member (json_node_get_object (node), step->name);
  if (member == NULL && step->names[1] != NULL) {
    member = node;
    for (guint i = 0; step->names[i] != NULL && member != NULL; i++)
      member = JSON_NODE_HOLDS_OBJECT (member)
                 ? json_object_get_member (json_node_get_object (member), step->names[i])
                 : NULL;
  }

  if (member != NULL)
    add (self, found, member);
}

static void
match_slice (Match *self, const BaseJsonPathStep *step, JsonNode *node, GPtrArray *found)
{
  JsonArray *array;
  gint64 length, start, end;

  if (!JSON_NODE_HOLDS_ARRAY (node))
    return;

  array = json_node_get_array (node);
  length = json_array_get_length (array);
  start = step->start < 0 ? step->start + length : step->start;
  if (step->is_index)
    end = start + 1;
  else if (step->has_end)
    end = step->end < 0 ? step->end + length : step->end;
  else
    end = length;

  /* an index before the first element is none, a slice from there begins at the first */
  if (start < 0)
    start = step->is_index ? end : 0;
  for (gint64 i = start; i < MIN (end, length); i += step->stride)
    add (self, found, json_array_get_element (array, (guint)i));
}

/* Returns: (transfer none) (nullable): the one value of @operand */
static JsonNode *
evaluate (Match *self, const BaseJsonPathOperand *operand, JsonNode *element)
{
  g_autoptr (GPtrArray) found = NULL;

  if (operand->literal != NULL)
    return operand->literal;

  found = match_steps (self, operand->steps, operand->from_root ? self->root : element);
  return found->len == 1 ? found->pdata[0] : NULL;
}

static gboolean
exists (Match *self, const BaseJsonPathOperand *operand, JsonNode *element)
{
  g_autoptr (GPtrArray) found = NULL;

  if (operand->literal != NULL)
    return TRUE;

  found = match_steps (self, operand->steps, operand->from_root ? self->root : element);
  return found->len > 0;
}

static gboolean
is_number (JsonNode *node)
{
  return JSON_NODE_HOLDS_VALUE (node) && (json_node_get_value_type (node) == G_TYPE_INT64 ||
                                          json_node_get_value_type (node) == G_TYPE_DOUBLE);
}

static gboolean
is_string (JsonNode *node)
{
  return JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING;
}

/* Only two numbers or two texts have an order. */
static gboolean
compare_order (JsonNode *left, JsonNode *right, BaseJsonPathComparison comparison)
{
  int order;

  if (is_number (left) && is_number (right)) {
    double a = json_node_get_double (left);
    double b = json_node_get_double (right);

    order = (a > b) - (a < b);
  } else if (is_string (left) && is_string (right)) {
    order = g_strcmp0 (json_node_get_string (left), json_node_get_string (right));
  } else {
    return FALSE;
  }

  if (comparison == BASE_JSON_PATH_LESS)
    return order < 0;
  if (comparison == BASE_JSON_PATH_LESS_EQUAL)
    return order <= 0;
  if (comparison == BASE_JSON_PATH_GREATER)
    return order > 0;

  return order >= 0;
}

static gboolean
passes (Match *self, const BaseJsonPathStep *filter, JsonNode *element)
{
  JsonNode *left, *right;

  if (filter->comparison == BASE_JSON_PATH_EXISTS)
    return exists (self, &filter->left, element);

  left = evaluate (self, &filter->left, element);
  right = evaluate (self, &filter->right, element);
  if (left == NULL || right == NULL)
    return FALSE;
  if (filter->comparison == BASE_JSON_PATH_EQUAL)
    return base_json_equal (left, right);
  if (filter->comparison == BASE_JSON_PATH_NOT_EQUAL)
    return !base_json_equal (left, right);

  return compare_order (left, right, filter->comparison);
}

static void
match_filter (Match *self, const BaseJsonPathStep *step, JsonNode *node, GPtrArray *found)
{
  JsonArray *array;

  if (!JSON_NODE_HOLDS_ARRAY (node))
    return;

  array = json_node_get_array (node);
  for (guint i = 0; i < json_array_get_length (array) && self->visits < MAX_VISITS; i++) {
    JsonNode *element = json_array_get_element (array, i);

    self->visits++;
    if (passes (self, step, element))
      add (self, found, element);
  }
}

static void
match_step (Match *self, const BaseJsonPathStep *step, JsonNode *node, GPtrArray *found)
{
  switch (step->kind) {
    case BASE_JSON_PATH_NAMES:
      match_names (self, step, node, found);
      break;
    case BASE_JSON_PATH_SLICE:
      match_slice (self, step, node, found);
      break;
    case BASE_JSON_PATH_WILDCARD:
      match_children (self, node, found);
      break;
    case BASE_JSON_PATH_FILTER:
      match_filter (self, step, node, found);
      break;
    case BASE_JSON_PATH_UNION:
      for (guint i = 0; i < step->choices->len; i++)
        match_step (self, step->choices->pdata[i], node, found);
      break;
    case BASE_JSON_PATH_RECURSIVE:
      match_recursive (self, node, found);
      break;
    default:
      g_assert_not_reached ();
  }
}

/* Returns: (transfer container): the nodes of the document that @steps lead to */
static GPtrArray *
match_steps (Match *self, GPtrArray *steps, JsonNode *start)
{
  GPtrArray *nodes = g_ptr_array_new ();

  g_ptr_array_add (nodes, start);
  for (guint i = 0; i < steps->len && nodes->len > 0; i++) {
    g_autoptr (GPtrArray) from = g_steal_pointer (&nodes);

    nodes = g_ptr_array_new ();
    for (guint j = 0; j < from->len; j++)
      match_step (self, steps->pdata[i], from->pdata[j], nodes);
  }

  return nodes;
}

static void
clear (gpointer data)
{
  BaseJsonPath *self = data;

  g_clear_pointer (&self->expression, g_free);
  g_clear_pointer (&self->steps, g_ptr_array_unref);
}

/**
 * base_json_path_new:
 * @expression: a path, with or without kubectl's braces around it
 * @error: return location for a #BaseJsonError
 *
 * Compiles a path as kubectl's "-o jsonpath" takes it: `$` (may be left out), `.name`, `['name']`,
 * `[0]`, `[-1]`, `[1:3]`, `[*]`, `.*`, `..name`, several of them in one bracket with commas
 * between, and filters of one comparison, `[?(@.type=="Ready")]`. A dot in a name is written `\.`;
 * in quotes it need not be. See https://kubernetes.io/docs/reference/kubectl/jsonpath/ for the
 * original.
 *
 * Returns: (transfer full): the path, or %NULL with @error set
 */
BaseJsonPath *
base_json_path_new (const char *expression, GError **error)
{
  g_autoptr (GPtrArray) steps = NULL;
  BaseJsonPath *self;

  g_return_val_if_fail (expression != NULL, NULL);

  steps = base_json_path_parse (expression, error);
  if (steps == NULL)
    return NULL;

  self = g_atomic_rc_box_new0 (BaseJsonPath);
  self->expression = g_strdup (expression);
  self->steps = g_steal_pointer (&steps);
  return self;
}

/**
 * base_json_path_ref:
 * @self: a path
 *
 * Returns: (transfer full): @self with one more reference
 */
BaseJsonPath *
base_json_path_ref (BaseJsonPath *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return g_atomic_rc_box_acquire (self);
}

/**
 * base_json_path_unref:
 * @self: (transfer full): a path
 *
 * Releases a reference, and frees @self with the last.
 */
void
base_json_path_unref (BaseJsonPath *self)
{
  g_return_if_fail (self != NULL);

  g_atomic_rc_box_release_full (self, clear);
}

/**
 * base_json_path_get_expression:
 * @self: a path
 *
 * Returns: (transfer none): what @self was compiled from
 */
const char *
base_json_path_get_expression (BaseJsonPath *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->expression;
}

/**
 * base_json_path_match:
 * @self: a path
 * @root: (nullable): a document
 *
 * Finds the values that @self leads to in @root. What is missing, or of another type than a step
 * needs, is not an error; there is just no match. Members come in the order of the document. A
 * match looks at no more than some million values; what is beyond is not found.
 *
 * Returns: (transfer full) (element-type JsonNode): the values, each with a reference of its own
 */
GPtrArray *
base_json_path_match (BaseJsonPath *self, JsonNode *root)
{
  Match match = { .root = root };
  g_autoptr (GPtrArray) found = NULL;
  GPtrArray *nodes;

  g_return_val_if_fail (self != NULL, NULL);

  nodes = g_ptr_array_new_with_free_func ((GDestroyNotify)json_node_unref);
  if (root == NULL)
    return nodes;

  found = match_steps (&match, self->steps, root);
  for (guint i = 0; i < found->len; i++)
    g_ptr_array_add (nodes, json_node_ref (found->pdata[i]));

  return nodes;
}
