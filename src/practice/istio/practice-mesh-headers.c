/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-mesh-headers.h"

#include <string.h>

#include "base-json.h"

/* A rule may name what no header can be. */
static gboolean
is_header (const char *name, const char *value)
{
  return *name != '\0' && strpbrk (name, " \t\r\n:") == NULL && strpbrk (value, "\r\n") == NULL;
}

/**
 * practice_mesh_headers_change:
 * @operations: "headers" of a rule or a destination
 * @part: "request" or "response"
 * @headers: what to change
 *
 * Sets, adds and removes what @operations say.
 */
void
practice_mesh_headers_change (JsonNode *operations, const char *part, SoupMessageHeaders *headers)
{
  static const char *const members[] = { "set", "add" };
  JsonArray *removed = base_json_get_array (operations, part, "remove", NULL);
  guint n_removed = base_json_get_length (removed);

  for (guint i = 0; i < G_N_ELEMENTS (members); i++) {
    JsonObject *values = base_json_get_object (operations, part, members[i], NULL);
    JsonObjectIter iter;
    const char *name;
    JsonNode *value;

    if (values == NULL)
      continue;
    json_object_iter_init (&iter, values);
    while (json_object_iter_next (&iter, &name, &value)) {
      const char *text = JSON_NODE_HOLDS_VALUE (value) ? json_node_get_string (value) : NULL;

      if (text == NULL || !is_header (name, text))
        continue;
      if (i == 0)
        soup_message_headers_replace (headers, name, text);
      else
        soup_message_headers_append (headers, name, text);
    }
  }
  for (guint i = 0; i < n_removed; i++) {
    JsonNode *name = json_array_get_element (removed, i);

    if (JSON_NODE_HOLDS_VALUE (name) && json_node_get_string (name) != NULL)
      soup_message_headers_remove (headers, json_node_get_string (name));
  }
}
