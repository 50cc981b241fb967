/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-python-json.h"

#include "base-json.h"

static void append_node (GString *text, JsonNode *node);

/* ASCII only (https://docs.python.org/3/library/json.html, ensure_ascii). */
static void
append_string (GString *text, const char *string)
{
  g_string_append_c (text, '"');
  for (const char *c = string; *c != '\0'; c = g_utf8_next_char (c)) {
    gunichar code = g_utf8_get_char (c);

    if (code == '"' || code == '\\')
      g_string_append_printf (text, "\\%c", (char)code);
    else if (code == '\n')
      g_string_append (text, "\\n");
    else if (code >= 0x20 && code < 0x7f)
      g_string_append_c (text, code);
    else if (code < 0x10000)
      g_string_append_printf (text, "\\u%04x", code);
    else
      g_string_append_printf (text, "\\u%04x\\u%04x", 0xd800 + ((code - 0x10000) >> 10),
                              0xdc00 + ((code - 0x10000) & 0x3ff));
  }
  g_string_append_c (text, '"');
}

static void
append_object (GString *text, JsonObject *object)
{
  g_autoptr (GList) names = json_object_get_members (object);

  g_string_append_c (text, '{');
  for (GList *link = names; link != NULL; link = link->next) {
    if (link != names)
      g_string_append (text, ", ");
    append_string (text, link->data);
    g_string_append (text, ": ");
    append_node (text, json_object_get_member (object, link->data));
  }
  g_string_append_c (text, '}');
}

static void
append_array (GString *text, JsonArray *array)
{
  g_string_append_c (text, '[');
  for (guint i = 0; i < json_array_get_length (array); i++) {
    if (i > 0)
      g_string_append (text, ", ");
    append_node (text, json_array_get_element (array, i));
  }
  g_string_append_c (text, ']');
}

static void
append_node (GString *text, JsonNode *node)
{
  g_autofree char *plain = NULL;

  if (JSON_NODE_HOLDS_OBJECT (node)) {
    append_object (text, json_node_get_object (node));
  } else if (JSON_NODE_HOLDS_ARRAY (node)) {
    append_array (text, json_node_get_array (node));
  } else if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING) {
    append_string (text, json_node_get_string (node));
  } else {
    plain = base_json_write (node, FALSE);
    g_string_append (text, plain);
  }
}

/**
 * practice_python_json_dup:
 * @node: JSON
 *
 * Returns: (transfer full): its text, with a space behind each comma and colon
 */
char *
practice_python_json_dup (JsonNode *node)
{
  GString *text = g_string_new (NULL);

  append_node (text, node);

  return g_string_free (text, FALSE);
}
