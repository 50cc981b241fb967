/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base-json.h"

#include <math.h>
#include <string.h>

typedef struct {
  GString *text;
  gboolean pretty;
  guint depth;
} Writer;

static void write_value (Writer *self, JsonNode *node);

static void
write_break (Writer *self)
{
  if (!self->pretty)
    return;

  g_string_append_c (self->text, '\n');
  for (guint i = 0; i < self->depth; i++)
    g_string_append (self->text, "  ");
}

static void
write_string (Writer *self, const char *string)
{
  static const char names[] = "\"\\bfnrt";
  static const char values[] = "\"\\\b\f\n\r\t";

  g_string_append_c (self->text, '"');
  while (*string != '\0') {
    const char *run = string;
    const char *value;

    while ((guchar)*string >= 0x20 && *string != '"' && *string != '\\')
      string++;
    g_string_append_len (self->text, run, string - run);
    if (*string == '\0')
      break;

    value = strchr (values, *string);
    if (value != NULL)
      g_string_append_printf (self->text, "\\%c", names[value - values]);
    else
      g_string_append_printf (self->text, "\\u%04x", (guint)(guchar)*string);
    string++;
  }
  g_string_append_c (self->text, '"');
}

/* The shortest digits that read back as the same number, always with a sign that it is one with
 * a fraction. JSON has no words for what is not finite. */
static void
write_double (Writer *self, double value)
{
  char buffer[G_ASCII_DTOSTR_BUF_SIZE];
  static const char *const formats[] = { "%.15g", "%.16g", "%.17g" };

  if (!isfinite (value)) {
    g_string_append (self->text, "null");
    return;
  }

  for (guint i = 0; i < G_N_ELEMENTS (formats); i++) {
    g_ascii_formatd (buffer, sizeof buffer, formats[i], value);
    if (g_ascii_strtod (buffer, NULL) == value)
      break;
  }
  g_string_append (self->text, buffer);
  if (strpbrk (buffer, ".e") == NULL)
    g_string_append (self->text, ".0");
}

static void
write_scalar (Writer *self, JsonNode *node)
{
  GType type = json_node_get_value_type (node);

  if (type == G_TYPE_STRING)
    write_string (self, json_node_get_string (node));
  else if (type == G_TYPE_INT64)
    g_string_append_printf (self->text, "%" G_GINT64_FORMAT, json_node_get_int (node));
  else if (type == G_TYPE_DOUBLE)
    write_double (self, json_node_get_double (node));
  else
    g_string_append (self->text, json_node_get_boolean (node) ? "true" : "false");
}

static void
write_array (Writer *self, JsonArray *array)
{
  guint length = json_array_get_length (array);

  g_string_append_c (self->text, '[');
  self->depth++;
  for (guint i = 0; i < length; i++) {
    if (i > 0)
      g_string_append_c (self->text, ',');
    write_break (self);
    write_value (self, json_array_get_element (array, i));
  }
  self->depth--;
  if (length > 0)
    write_break (self);
  g_string_append_c (self->text, ']');
}

static void
write_object (Writer *self, JsonObject *object)
{
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;
  gboolean first = TRUE;

  g_string_append_c (self->text, '{');
  self->depth++;
  json_object_iter_init_ordered (&iter, object);
  while (json_object_iter_next_ordered (&iter, &name, &value)) {
    if (!first)
      g_string_append_c (self->text, ',');
    first = FALSE;
    write_break (self);
    write_string (self, name);
    g_string_append (self->text, self->pretty ? ": " : ":");
    write_value (self, value);
  }
  self->depth--;
  if (!first)
    write_break (self);
  g_string_append_c (self->text, '}');
}

static void
write_value (Writer *self, JsonNode *node)
{
  switch (json_node_get_node_type (node)) {
    case JSON_NODE_OBJECT:
      write_object (self, json_node_get_object (node));
      break;
    case JSON_NODE_ARRAY:
      write_array (self, json_node_get_array (node));
      break;
    case JSON_NODE_VALUE:
      write_scalar (self, node);
      break;
    case JSON_NODE_NULL:
      g_string_append (self->text, "null");
      break;
    default:
      g_assert_not_reached ();
  }
}

/**
 * base_json_write:
 * @node: the value
 * @pretty: whether to break lines and indent by two spaces
 *
 * Writes @node as base_json_parse() reads it: members in their order, integers in full, and
 * numbers with a fraction such that reading them gives the same number.
 *
 * Returns: (transfer full): the text, without a line break at its end
 */
char *
base_json_write (JsonNode *node, gboolean pretty)
{
  Writer self = { .pretty = pretty };

  g_return_val_if_fail (node != NULL, NULL);

  self.text = g_string_new (NULL);
  write_value (&self, node);

  return g_string_free (self.text, FALSE);
}

/**
 * base_json_write_bytes:
 * @node: the value
 *
 * Returns: (transfer full): what base_json_write() makes of it, on one line
 */
GBytes *
base_json_write_bytes (JsonNode *node)
{
  g_autofree char *text = base_json_write (node, FALSE);

  /* A copy: what a string has grown to can be twice as long as what is in it. */
  return g_bytes_new (text, strlen (text));
}
