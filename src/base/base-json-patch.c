/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base-json-patch.h"

#include "base-json-pointer-private.h"
#include "base-json-private.h"
#include "base-json.h"

#include <string.h>

/* As the Kubernetes API server limits them. */
#define MAX_OPERATIONS 10000

typedef struct {
  JsonNode *document; /* (owned) */
  gsize copied;       /* nodes that operations have added */
  gboolean lenient;   /* what is not there is null, and can be replaced */
} Patcher;

static JsonNode *
fail_missing (GError **error, const char *pointer)
{
  g_set_error (error, BASE_JSON_ERROR, BASE_JSON_ERROR_NOT_FOUND, "%s does not exist", pointer);
  return NULL;
}

/* A "copy" of a value into itself doubles the document, and thirty of them fill the memory. */
static JsonNode *
copy_within_limits (Patcher *self, JsonNode *value, char **tokens, GError **error)
{
  guint deepest = 0;

  self->copied += base_json_measure (value, g_strv_length (tokens), &deepest);
  if (self->copied > BASE_JSON_MAX_NODES || deepest > BASE_JSON_MAX_DEPTH) {
    g_set_error_literal (error, BASE_JSON_ERROR, BASE_JSON_ERROR_TOO_LARGE,
                         "the patch makes too large a document");
    return NULL;
  }

  return base_json_copy (value);
}

/* The value that holds what @tokens name; @tokens are not empty. */
static JsonNode *
find_parent (Patcher *self, char **tokens, const char *pointer, GError **error)
{
  JsonNode *node = self->document;

  for (guint i = 0; tokens[i + 1] != NULL && node != NULL; i++)
    node = base_json_pointer_step (node, tokens[i]);

  if (node == NULL || (!JSON_NODE_HOLDS_OBJECT (node) && !JSON_NODE_HOLDS_ARRAY (node)))
    return fail_missing (error, pointer);

  return node;
}

/* json-glib's arrays can only grow at their end. @drop elements from @index on give way to @value
 * (nullable). */
static void
splice (JsonNode *array_node, guint index, guint drop, JsonNode *value)
{
  JsonArray *old = json_node_get_array (array_node);
  guint length = json_array_get_length (old);
  JsonArray *new = json_array_sized_new (length + 1);

  for (guint i = 0; i < index; i++)
    json_array_add_element (new, json_array_dup_element (old, i));
  if (value != NULL)
    json_array_add_element (new, value);
  for (guint i = index + drop; i < length; i++)
    json_array_add_element (new, json_array_dup_element (old, i));

  json_node_take_array (array_node, new);
}

/* Takes @value. */
static gboolean
add (Patcher *self, char **tokens, const char *pointer, JsonNode *value, GError **error)
{
  g_autoptr (JsonNode) owned = value;
  JsonNode *parent;
  const char *token;
  guint length, index;

  if (tokens[0] == NULL) {
    json_node_unref (self->document);
    self->document = g_steal_pointer (&owned);
    return TRUE;
  }

  parent = find_parent (self, tokens, pointer, error);
  if (parent == NULL)
    return FALSE;

  token = tokens[g_strv_length (tokens) - 1];
  if (JSON_NODE_HOLDS_OBJECT (parent)) {
    json_object_set_member (json_node_get_object (parent), token, g_steal_pointer (&owned));
    return TRUE;
  }

  length = json_array_get_length (json_node_get_array (parent));
  if (g_str_equal (token, "-")) {
    json_array_add_element (json_node_get_array (parent), g_steal_pointer (&owned));
    return TRUE;
  }
  if (!base_json_pointer_parse_index (token, length + 1, &index))
    return fail_missing (error, pointer) != NULL;

  splice (parent, index, 0, g_steal_pointer (&owned));
  return TRUE;
}

/* Returns what was there. */
static JsonNode *
take (Patcher *self, char **tokens, const char *pointer, GError **error)
{
  g_autoptr (JsonNode) taken = NULL;
  JsonNode *parent, *found;
  const char *token;
  guint index;

  if (tokens[0] == NULL) {
    g_set_error_literal (error, BASE_JSON_ERROR, BASE_JSON_ERROR_INVALID,
                         "the whole document cannot be removed or moved");
    return NULL;
  }

  parent = find_parent (self, tokens, pointer, error);
  if (parent == NULL)
    return NULL;

  token = tokens[g_strv_length (tokens) - 1];
  found = base_json_pointer_step (parent, token);
  if (found == NULL)
    return fail_missing (error, pointer);

  taken = json_node_ref (found);
  if (JSON_NODE_HOLDS_OBJECT (parent))
    json_object_remove_member (json_node_get_object (parent), token);
  else if (base_json_pointer_parse_index (token, G_MAXUINT, &index))
    json_array_remove_element (json_node_get_array (parent), index);

  return g_steal_pointer (&taken);
}

/* Takes @value. */
static gboolean
replace (Patcher *self, char **tokens, const char *pointer, JsonNode *value, GError **error)
{
  g_autoptr (JsonNode) owned = value;
  JsonNode *parent;
  const char *token;
  guint index;

  if (tokens[0] == NULL)
    return add (self, tokens, pointer, g_steal_pointer (&owned), error);

  parent = find_parent (self, tokens, pointer, error);
  if (parent == NULL)
    return FALSE;

  token = tokens[g_strv_length (tokens) - 1];
  if (base_json_pointer_step (parent, token) == NULL &&
      !(self->lenient && JSON_NODE_HOLDS_OBJECT (parent)))
    return fail_missing (error, pointer) != NULL;

  if (JSON_NODE_HOLDS_OBJECT (parent))
    json_object_set_member (json_node_get_object (parent), token, g_steal_pointer (&owned));
  else if (base_json_pointer_parse_index (token, G_MAXUINT, &index))
    splice (parent, index, 1, g_steal_pointer (&owned));

  return TRUE;
}

static gboolean
test (Patcher *self, const char *pointer, JsonNode *value, GError **error)
{
  g_autofree char *wanted = NULL;
  g_autofree char *found = NULL;
  JsonNode *node = base_json_pointer_get (self->document, pointer);

  if (node != NULL ? base_json_equal (node, value) : self->lenient && JSON_NODE_HOLDS_NULL (value))
    return TRUE;

  wanted = base_json_write (value, FALSE);
  found = node != NULL ? base_json_write (node, FALSE) : g_strdup ("nothing");
  g_set_error (error, BASE_JSON_ERROR, BASE_JSON_ERROR_TEST_FAILED, "%s is %.200s, not %.200s",
               pointer, found, wanted);
  return FALSE;
}

static gboolean
move (Patcher *self, const char *from, char **tokens, const char *pointer, GError **error)
{
  g_auto (GStrv) from_tokens = base_json_pointer_split (from);
  g_autoptr (JsonNode) value = NULL;
  g_autoptr (JsonNode) copy = NULL;
  gsize length = strlen (from);

  if (from_tokens == NULL)
    return fail_missing (error, from) != NULL;
  if (strncmp (from, pointer, length) == 0 && pointer[length] == '/') {
    g_set_error (error, BASE_JSON_ERROR, BASE_JSON_ERROR_INVALID, "%s cannot be moved into itself",
                 from);
    return FALSE;
  }
  if (g_str_equal (from, pointer) && base_json_pointer_get (self->document, from) != NULL)
    return TRUE;

  value = take (self, from_tokens, from, error);
  if (value == NULL)
    return FALSE;
  copy = copy_within_limits (self, value, tokens, error);
  if (copy == NULL)
    return FALSE;

  return add (self, tokens, pointer, g_steal_pointer (&copy), error);
}

static gboolean
copy_from (Patcher *self, const char *from, char **tokens, const char *pointer, GError **error)
{
  JsonNode *value = base_json_pointer_get (self->document, from);
  JsonNode *copy;

  if (value == NULL)
    return fail_missing (error, from) != NULL;

  copy = copy_within_limits (self, value, tokens, error);
  return copy != NULL && add (self, tokens, pointer, copy, error);
}

static gboolean
fail_member (GError **error, const char *name, const char *member)
{
  g_set_error (error, BASE_JSON_ERROR, BASE_JSON_ERROR_INVALID,
               "the operation \"%s\" needs a valid \"%s\"", name, member);
  return FALSE;
}

static gboolean
apply_with_value (Patcher *self,
                  const char *name,
                  JsonNode *operation,
                  char **tokens,
                  const char *pointer,
                  GError **error)
{
  JsonObject *object = json_node_get_object (operation);
  JsonNode *value = json_object_get_member (object, "value");
  JsonNode *copy;

  /* null is a value; a missing member is not */
  if (value == NULL)
    return fail_member (error, name, "value");
  if (g_str_equal (name, "test"))
    return test (self, pointer, value, error);

  copy = copy_within_limits (self, value, tokens, error);
  if (copy == NULL)
    return FALSE;

  return g_str_equal (name, "add") ? add (self, tokens, pointer, copy, error)
                                   : replace (self, tokens, pointer, copy, error);
}

static gboolean
apply_operation (Patcher *self, JsonNode *operation, GError **error)
{
  const char *name = base_json_get_string (operation, "op", NULL);
  const char *pointer = base_json_get_string (operation, "path", NULL);
  const char *from = base_json_get_string (operation, "from", NULL);
  g_auto (GStrv) tokens = NULL;

  if (name == NULL) {
    g_set_error_literal (error, BASE_JSON_ERROR, BASE_JSON_ERROR_INVALID,
                         "each operation of a patch is an object with \"op\" and \"path\"");
    return FALSE;
  }

  tokens = pointer != NULL ? base_json_pointer_split (pointer) : NULL;
  if (tokens == NULL)
    return fail_member (error, name, "path");

  if (g_str_equal (name, "add") || g_str_equal (name, "replace") || g_str_equal (name, "test"))
    return apply_with_value (self, name, operation, tokens, pointer, error);
  if (g_str_equal (name, "remove")) {
    g_autoptr (JsonNode) removed = take (self, tokens, pointer, error);

    return removed != NULL;
  }
  if (g_str_equal (name, "move") || g_str_equal (name, "copy")) {
    if (from == NULL)
      return fail_member (error, name, "from");
    return g_str_equal (name, "move") ? move (self, from, tokens, pointer, error)
                                      : copy_from (self, from, tokens, pointer, error);
  }

  g_set_error (error, BASE_JSON_ERROR, BASE_JSON_ERROR_INVALID, "no operation has the name \"%s\"",
               name);
  return FALSE;
}

static JsonNode *
apply (JsonNode *target, JsonNode *patch, gboolean lenient, GError **error)
{
  Patcher self = { .lenient = lenient };
  JsonArray *operations;
  guint length;

  operations = base_json_get_array (patch, NULL);
  length = operations != NULL ? json_array_get_length (operations) : G_MAXUINT;
  if (length > MAX_OPERATIONS) {
    g_set_error (error, BASE_JSON_ERROR, BASE_JSON_ERROR_INVALID,
                 "a patch is an array of at most %d operations", MAX_OPERATIONS);
    return NULL;
  }

  self.document = base_json_copy (target);
  for (guint i = 0; i < length; i++) {
    if (!apply_operation (&self, json_array_get_element (operations, i), error)) {
      json_node_unref (self.document);
      return NULL;
    }
  }

  return self.document;
}
/**
 * base_json_patch_apply:
 * @target: a document
 * @patch: the operations, an array
 * @error: return location for a #BaseJsonError
 *
 * Applies a JSON Patch as RFC 6902 says: one operation after the other, all or nothing. @target is
 * not changed. A "test" that does not hold is %BASE_JSON_ERROR_TEST_FAILED, a place that is not
 * there %BASE_JSON_ERROR_NOT_FOUND, and what is no patch %BASE_JSON_ERROR_INVALID.
 *
 * Returns: (transfer full): the new document, or %NULL with @error set
 */
JsonNode *
base_json_patch_apply (JsonNode *target, JsonNode *patch, GError **error)
{
  g_return_val_if_fail (target != NULL && patch != NULL, NULL);

  return apply (target, patch, FALSE, error);
}

/**
 * base_json_patch_apply_lenient:
 * @target: a document
 * @patch: the operations, an array
 * @error: return location for a #BaseJsonError
 *
 * As base_json_patch_apply(), but as Kubernetes does it (github.com/evanphx/json-patch before its
 * version 5): "replace" makes a member that is not there, and "test" takes such a one for null.
 *
 * Returns: (transfer full): the new document, or %NULL with @error set
 */
JsonNode *
base_json_patch_apply_lenient (JsonNode *target, JsonNode *patch, GError **error)
{
  g_return_val_if_fail (target != NULL && patch != NULL, NULL);

  return apply (target, patch, TRUE, error);
}
