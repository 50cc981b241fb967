/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "base-json.h"
#include "base-yaml.h"
#include "course-lines.h"
#include "course-yaml.h"

/**
 * course_yaml_parse:
 * @yaml: YAML inside of another file
 * @first_line: the line of that file where @yaml begins
 * @report: where to say what is wrong with it
 *
 * Returns: (transfer full) (nullable): the document
 */
JsonNode *
course_yaml_parse (const char *yaml, guint first_line, const CourseReport *report)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) node = base_yaml_parse (yaml, -1, "", BASE_YAML_FEW_ALIASES, &error);
  const char *message;
  guint line = first_line;

  if (node != NULL)
    return g_steal_pointer (&node);

  /* ":LINE:COLUMN: what", of the piece; the reader wants the line of the file. */
  message = error->message;
  if (message[0] == ':' && g_ascii_isdigit (message[1])) {
    line = first_line + g_ascii_strtoull (message + 1, (char **)&message, 10) - 1;
    message += strspn (message, ":0123456789 ");
  }
  course_report_error (report, line, _ ("This is not YAML: %s"), message);
  return NULL;
}

/**
 * course_yaml_find_key:
 * @yaml: YAML whose document is a mapping
 * @first_line: the line where @yaml begins
 * @key: a key of that mapping
 *
 * Returns: the line of @key, or @first_line where it is written in an unusual way
 */
guint
course_yaml_find_key (const char *yaml, guint first_line, const char *key)
{
  g_auto (GStrv) lines = course_lines_split (yaml);
  gsize length = strlen (key);

  for (guint i = 0; lines[i] != NULL; i++)
    if (strncmp (lines[i], key, length) == 0 && lines[i][length] == ':')
      return first_line + i;
  return first_line;
}

/**
 * course_yaml_find_items:
 * @yaml: YAML whose document is a list
 * @first_line: the line where @yaml begins
 *
 * Returns: (transfer full) (element-type uint): the lines where its items begin, as far as it is
 *   written in the usual way, a dash a line
 */
GArray *
course_yaml_find_items (const char *yaml, guint first_line)
{
  g_auto (GStrv) lines = course_lines_split (yaml);
  GArray *items = g_array_new (FALSE, FALSE, sizeof (guint));
  gsize indent = G_MAXSIZE;

  for (guint i = 0; lines[i] != NULL; i++) {
    gsize blanks = strspn (lines[i], " ");
    const char *rest = lines[i] + blanks;

    if (rest[0] == '-' && (rest[1] == ' ' || rest[1] == '\0') &&
        (indent == G_MAXSIZE || blanks == indent)) {
      guint line = first_line + i;

      indent = blanks;
      g_array_append_val (items, line);
    }
  }
  return items;
}

/**
 * course_yaml_dup_strings:
 * @node: (nullable): a list of strings, or one string
 *
 * Returns: (transfer full): its strings, %NULL-terminated; what is no string is left out
 */
GStrv
course_yaml_dup_strings (JsonNode *node)
{
  g_autoptr (GStrvBuilder) strings = g_strv_builder_new ();

  if (node != NULL && JSON_NODE_HOLDS_ARRAY (node)) {
    JsonArray *array = json_node_get_array (node);

    for (guint i = 0; i < json_array_get_length (array); i++) {
      const char *text = base_json_get_string (json_array_get_element (array, i), NULL);

      if (text != NULL)
        g_strv_builder_add (strings, text);
    }
  } else if (base_json_get_string (node, NULL) != NULL) {
    g_strv_builder_add (strings, base_json_get_string (node, NULL));
  }
  return g_strv_builder_end (strings);
}

/**
 * course_yaml_lacks_unit:
 * @node: (nullable): a time, such as 90s
 *
 * Returns: whether it is a number alone
 */
gboolean
course_yaml_lacks_unit (JsonNode *node)
{
  const char *text = base_json_get_string (node, NULL);

  if (text != NULL)
    return *text != '\0' && text[strspn (text, "0123456789.")] == '\0';
  return node != NULL && JSON_NODE_HOLDS_VALUE (node) &&
         json_node_get_value_type (node) != G_TYPE_BOOLEAN;
}
