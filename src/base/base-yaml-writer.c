/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base-yaml.h"

#include "base-json.h"
#include "base-yaml-scalar-private.h"

#include <string.h>
#include <yaml.h>

static void write_value (yaml_emitter_t *emitter, JsonNode *node);

static int
append_cb (void *data, unsigned char *buffer, size_t size)
{
  g_string_append_len (data, (const char *)buffer, (gssize)size);
  return 1;
}

/* An emitter that writes to memory fails only by a wrong order of events. */
static void
emit (yaml_emitter_t *emitter, yaml_event_t *event)
{
  if (!yaml_emitter_emit (emitter, event))
    g_error ("YAML emitter: %s", emitter->problem);
}

static void
write_text (yaml_emitter_t *emitter, const char *text, yaml_scalar_style_t style)
{
  yaml_event_t event;

  yaml_scalar_event_initialize (&event, NULL, NULL, (const guchar *)text, (int)strlen (text), TRUE,
                                TRUE, style);
  emit (emitter, &event);
}

static void
write_string (yaml_emitter_t *emitter, const char *text)
{
  yaml_scalar_style_t style = YAML_PLAIN_SCALAR_STYLE;

  if (base_yaml_scalar_needs_quotes (text))
    style = YAML_DOUBLE_QUOTED_SCALAR_STYLE;
  else if (strchr (text, '\n') != NULL)
    style = YAML_LITERAL_SCALAR_STYLE;

  /* where the style cannot hold the text, the emitter takes one that can */
  write_text (emitter, text, style);
}

static void
write_array (yaml_emitter_t *emitter, JsonArray *array)
{
  yaml_event_t event;

  yaml_sequence_start_event_initialize (&event, NULL, NULL, TRUE, YAML_BLOCK_SEQUENCE_STYLE);
  emit (emitter, &event);
  for (guint i = 0; i < json_array_get_length (array); i++)
    write_value (emitter, json_array_get_element (array, i));
  yaml_sequence_end_event_initialize (&event);
  emit (emitter, &event);
}

static void
write_object (yaml_emitter_t *emitter, JsonObject *object)
{
  yaml_event_t event;
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;

  yaml_mapping_start_event_initialize (&event, NULL, NULL, TRUE, YAML_BLOCK_MAPPING_STYLE);
  emit (emitter, &event);
  json_object_iter_init_ordered (&iter, object);
  while (json_object_iter_next_ordered (&iter, &name, &value)) {
    write_string (emitter, name);
    write_value (emitter, value);
  }
  yaml_mapping_end_event_initialize (&event);
  emit (emitter, &event);
}

static void
write_value (yaml_emitter_t *emitter, JsonNode *node)
{
  if (JSON_NODE_HOLDS_OBJECT (node)) {
    write_object (emitter, json_node_get_object (node));
  } else if (JSON_NODE_HOLDS_ARRAY (node)) {
    write_array (emitter, json_node_get_array (node));
  } else if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING) {
    write_string (emitter, json_node_get_string (node));
  } else {
    g_autofree char *text = base_json_write (node, FALSE);

    write_text (emitter, text, YAML_PLAIN_SCALAR_STYLE);
  }
}

/**
 * base_yaml_write:
 * @node: the value
 *
 * Writes YAML as "kubectl get -o yaml" does: two spaces, lists not indented, text of several lines
 * as a block, quotes only where a string without them would be read as something else. Members
 * keep their order, and lines are not folded.
 *
 * Returns: (transfer full): the text, with a line break at its end
 */
char *
base_yaml_write (JsonNode *node)
{
  GString *text;
  yaml_emitter_t emitter;
  yaml_event_t event;

  g_return_val_if_fail (node != NULL, NULL);

  text = g_string_new (NULL);
  if (!yaml_emitter_initialize (&emitter))
    g_error ("out of memory");
  yaml_emitter_set_output (&emitter, append_cb, text);
  yaml_emitter_set_unicode (&emitter, TRUE);
  yaml_emitter_set_width (&emitter, -1);

  yaml_stream_start_event_initialize (&event, YAML_UTF8_ENCODING);
  emit (&emitter, &event);
  yaml_document_start_event_initialize (&event, NULL, NULL, NULL, TRUE);
  emit (&emitter, &event);
  write_value (&emitter, node);
  yaml_document_end_event_initialize (&event, TRUE);
  emit (&emitter, &event);
  yaml_stream_end_event_initialize (&event);
  emit (&emitter, &event);
  yaml_emitter_delete (&emitter);

  return g_string_free (text, FALSE);
}
