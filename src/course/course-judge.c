/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "base-json.h"
#include "course-check-private.h"

#define MAX_SHOWN_LETTERS 60

static gboolean
is_number (JsonNode *node)
{
  GType type = json_node_get_value_type (node);

  return JSON_NODE_HOLDS_VALUE (node) && (type == G_TYPE_INT64 || type == G_TYPE_DOUBLE);
}

/* (transfer full): the text of a scalar, the JSON of anything else */
static char *
dup_text (JsonNode *node)
{
  const char *text = base_json_get_string (node, NULL);

  return text != NULL ? g_strdup (text) : base_json_write (node, FALSE);
}

/* A course says `equals: True` or `equals: 50` where the cluster has "True" or "50": the same
 * text is the same value. */
static gboolean
values_equal (JsonNode *seen, JsonNode *expected)
{
  g_autofree char *left = NULL;
  g_autofree char *right = NULL;

  if (is_number (seen) && is_number (expected))
    return json_node_get_double (seen) == json_node_get_double (expected);
  if (!JSON_NODE_HOLDS_VALUE (seen) || !JSON_NODE_HOLDS_VALUE (expected))
    return base_json_equal (seen, expected);

  left = dup_text (seen);
  right = dup_text (expected);
  if (json_node_get_value_type (expected) == G_TYPE_BOOLEAN)
    return g_ascii_strcasecmp (left, right) == 0;
  return strcmp (left, right) == 0;
}

static gboolean
text_matches (JsonNode *seen, GRegex *regex)
{
  g_autofree char *text = dup_text (seen);

  return g_regex_match (regex, text, 0, NULL);
}

static gboolean
is_at_least (JsonNode *seen, double number)
{
  g_autofree char *text = NULL;
  char *end = NULL;
  double value;

  if (is_number (seen))
    return json_node_get_double (seen) >= number;
  text = dup_text (seen);
  value = g_ascii_strtod (text, &end);
  return end != text && *end == '\0' && value >= number;
}

static gboolean
is_empty (JsonNode *node)
{
  return JSON_NODE_HOLDS_NULL (node) || g_strcmp0 (base_json_get_string (node, NULL), "") == 0;
}

static char *
describe_value (JsonNode *node)
{
  g_autofree char *text = dup_text (node);
  g_autofree char *shown = g_utf8_make_valid (text, -1);

  if (g_utf8_strlen (shown, -1) > MAX_SHOWN_LETTERS) {
    g_autofree char *start = g_utf8_substring (shown, 0, MAX_SHOWN_LETTERS);

    return g_strdup_printf (_ ("it is “%s…”"), start);
  }
  return g_strdup_printf (_ ("it is “%s”"), shown);
}

/* (transfer full): what @object has at the check's path that says something, in order */
static GPtrArray *
find_values (CourseCheck *self, JsonNode *object)
{
  g_autoptr (GPtrArray) found = base_json_path_match (self->path, object);
  GPtrArray *values = g_ptr_array_new_with_free_func ((GDestroyNotify)json_node_unref);

  for (guint i = 0; i < found->len; i++) {
    JsonNode *node = g_ptr_array_index (found, i);

    if (!is_empty (node))
      g_ptr_array_add (values, json_node_ref (node));
  }
  return values;
}

static gboolean
value_passes (CourseCheck *self, JsonNode *value)
{
  if (self->match == COURSE_MATCH_EQUALS)
    return values_equal (value, self->expected);
  if (self->match == COURSE_MATCH_REGEX)
    return text_matches (value, self->regex);
  if (self->match == COURSE_MATCH_AT_LEAST)
    return is_at_least (value, self->number);
  return TRUE;
}

/* Every object must have a value at the path, and every value must pass. */
static gboolean
judge_values (CourseCheck *self, GPtrArray *objects, char **observed)
{
  for (guint i = 0; i < objects->len; i++) {
    g_autoptr (GPtrArray) values = find_values (self, g_ptr_array_index (objects, i));

    if (values->len == 0) {
      *observed = g_strdup (_ ("nothing there yet"));
      return FALSE;
    }
    for (guint j = 0; j < values->len; j++) {
      JsonNode *value = g_ptr_array_index (values, j);

      if (!value_passes (self, value)) {
        *observed = describe_value (value);
        return FALSE;
      }
    }
  }
  return TRUE;
}

static guint
count_found (CourseCheck *self, GPtrArray *objects)
{
  guint count = 0;

  if (self->path == NULL)
    return objects->len;
  for (guint i = 0; i < objects->len; i++) {
    g_autoptr (GPtrArray) values = find_values (self, g_ptr_array_index (objects, i));

    count += values->len;
  }
  return count;
}

static gboolean
judge_number (CourseCheck *self, GPtrArray *objects, char **observed)
{
  guint count = count_found (self, objects);

  if (self->match == COURSE_MATCH_COUNT ? count == self->number : count >= self->number)
    return TRUE;
  /* Translators: how many objects of a kind there are now */
  *observed = g_strdup_printf (ngettext ("there is %u", "there are %u", count), count);
  return FALSE;
}

static gboolean
judge_absent (CourseCheck *self, GPtrArray *objects, char **observed)
{
  if (count_found (self, objects) == 0)
    return TRUE;
  *observed = g_strdup (_ ("it is still there"));
  return FALSE;
}

/**
 * course_check_judge:
 * @self: a check of a resource, or of a file
 * @objects: (element-type JsonNode): the objects that resource, name and selector single out; the
 *   file's documents
 * @observed: (out) (transfer full) (nullable): what was seen instead, in a few words; %NULL where
 *   the check passes
 *
 * Judges what the cluster has. With a path, every object must have there what the check asks for;
 * `count` and an `at-least` without a path count objects, a `count` with a path counts what the
 * path finds in all of them.
 *
 * Returns: whether the check passes
 */
gboolean
course_check_judge (CourseCheck *self, GPtrArray *objects, char **observed)
{
  g_autofree char *seen = NULL;
  gboolean passes;

  g_return_val_if_fail (COURSE_IS_CHECK (self), FALSE);
  g_return_val_if_fail (self->type == COURSE_CHECK_RESOURCE || self->type == COURSE_CHECK_FILE,
                        FALSE);
  g_return_val_if_fail (objects != NULL, FALSE);

  if (self->match == COURSE_MATCH_ABSENT) {
    passes = judge_absent (self, objects, &seen);
  } else if (self->match == COURSE_MATCH_COUNT ||
             (self->match == COURSE_MATCH_AT_LEAST && self->path == NULL)) {
    passes = judge_number (self, objects, &seen);
  } else if (objects->len == 0) {
    seen = g_strdup (_ ("not there yet"));
    passes = FALSE;
  } else {
    passes = self->path == NULL || judge_values (self, objects, &seen);
  }

  if (observed != NULL)
    *observed = g_steal_pointer (&seen);
  return passes;
}
