/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base-json-patch.h"

#include "base-json-pointer-private.h"

#include <string.h>

/* "~1" is "/" and "~0" is "~"; a "~" before anything else is not a pointer. */
static gboolean
unescape (char *token)
{
  char *to = token;

  for (const char *from = token; *from != '\0'; from++) {
    if (*from != '~') {
      *to++ = *from;
      continue;
    }
    from++;
    if (*from != '0' && *from != '1')
      return FALSE;
    *to++ = *from == '0' ? '~' : '/';
  }
  *to = '\0';

  return TRUE;
}

/*
 * base_json_pointer_split:
 * @pointer: a JSON pointer
 *
 * Returns: (transfer full) (nullable): the tokens of @pointer, unescaped, none where it is empty;
 *   %NULL where it is not a pointer
 */
char **
base_json_pointer_split (const char *pointer)
{
  g_auto (GStrv) tokens = NULL;

  if (*pointer == '\0')
    return g_new0 (char *, 1);
  if (*pointer != '/')
    return NULL;

  tokens = g_strsplit (pointer + 1, "/", -1);
  /* g_strsplit() makes nothing of the empty string, but "/" names the member "" */
  if (tokens[0] == NULL) {
    g_free (tokens);
    tokens = g_new0 (char *, 2);
    tokens[0] = g_strdup ("");
  }
  for (guint i = 0; tokens[i] != NULL; i++) {
    if (!unescape (tokens[i]))
      return NULL;
  }

  return g_steal_pointer (&tokens);
}

/*
 * base_json_pointer_parse_index:
 * @token: a token
 * @limit: the first number that is too large
 * @index: (out): the number
 *
 * Returns: whether @token is an array index by the grammar of RFC 6901, and below @limit
 */
gboolean
base_json_pointer_parse_index (const char *token, guint limit, guint *index)
{
  guint64 value;

  if (!g_ascii_isdigit (*token) || (*token == '0' && token[1] != '\0'))
    return FALSE;
  if (!g_ascii_string_to_unsigned (token, 10, 0, G_MAXUINT, &value, NULL) || value >= limit)
    return FALSE;

  *index = (guint)value;
  return TRUE;
}

/*
 * base_json_pointer_step:
 * @node: a value
 * @token: an unescaped token
 *
 * Returns: (transfer none) (nullable): the member or element of @node that @token names
 */
JsonNode *
base_json_pointer_step (JsonNode *node, const char *token)
{
  if (JSON_NODE_HOLDS_OBJECT (node))
    return json_object_get_member (json_node_get_object (node), token);
  if (JSON_NODE_HOLDS_ARRAY (node)) {
    JsonArray *array = json_node_get_array (node);
    guint index;

    if (base_json_pointer_parse_index (token, json_array_get_length (array), &index))
      return json_array_get_element (array, index);
  }

  return NULL;
}

/**
 * base_json_pointer_get:
 * @root: (nullable): a document
 * @pointer: a JSON pointer, RFC 6901
 *
 * Returns: (transfer none) (nullable): what @pointer names in @root; %NULL where that is missing
 *   or @pointer is not one
 */
JsonNode *
base_json_pointer_get (JsonNode *root, const char *pointer)
{
  g_auto (GStrv) tokens = NULL;
  JsonNode *node = root;

  g_return_val_if_fail (pointer != NULL, NULL);

  tokens = base_json_pointer_split (pointer);
  if (tokens == NULL)
    return NULL;

  for (guint i = 0; tokens[i] != NULL && node != NULL; i++)
    node = base_json_pointer_step (node, tokens[i]);

  return node;
}

/**
 * base_json_pointer_escape:
 * @token: the name of a member
 *
 * Returns: (transfer full): @token such as it stands in a JSON pointer
 */
char *
base_json_pointer_escape (const char *token)
{
  GString *escaped;

  g_return_val_if_fail (token != NULL, NULL);

  escaped = g_string_new (token);
  g_string_replace (escaped, "~", "~0", 0);
  g_string_replace (escaped, "/", "~1", 0);

  return g_string_free (escaped, FALSE);
}
