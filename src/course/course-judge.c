/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base-json.h"
#include "base-metadata.h"
#include "course-absence.h"
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

/* A number, or a text that is one. */
static gboolean
read_number (JsonNode *node, double *number)
{
  g_autofree char *text = NULL;
  char *end = NULL;

  if (!JSON_NODE_HOLDS_VALUE (node))
    return FALSE;
  text = dup_text (node);
  *number = g_ascii_strtod (text, &end);
  return end != text && *end == '\0';
}

static gboolean
is_at_least (JsonNode *seen, double number)
{
  double value;

  return read_number (seen, &value) && value >= number;
}

static gboolean
is_empty (JsonNode *node)
{
  return JSON_NODE_HOLDS_NULL (node) || g_strcmp0 (base_json_get_string (node, NULL), "") == 0;
}

/* In one line beside the check. */
static char *
dup_shown (JsonNode *node)
{
  g_autofree char *text = dup_text (node);
  g_autofree char *shown = g_utf8_make_valid (text, -1);

  if (g_utf8_strlen (shown, -1) > MAX_SHOWN_LETTERS) {
    g_autofree char *start = g_utf8_substring (shown, 0, MAX_SHOWN_LETTERS);

    return g_strdup_printf ("%s…", start);
  }
  return g_steal_pointer (&shown);
}

static char *
describe_value (CourseCheck *self, JsonNode *node)
{
  g_autofree char *shown = dup_shown (node);
  g_autofree char *expected = NULL;

  if (self->match == COURSE_MATCH_AT_LEAST)
    /* Translators: a value that the cluster has, and a number */
    return g_strdup_printf (_ ("it is “%s”, less than %g"), shown, self->number);
  if (self->match != COURSE_MATCH_EQUALS || !JSON_NODE_HOLDS_VALUE (self->expected) ||
      !JSON_NODE_HOLDS_VALUE (node))
    return g_strdup_printf (_ ("it is “%s”"), shown);
  expected = dup_shown (self->expected);
  /* Translators: a value that the cluster has, and the one that it should have */
  return g_strdup_printf (_ ("it is “%s” instead of “%s”"), shown, expected);
}

/* (nullable): what a path singles out by name: istio of [?(@.name=="istio")]. */
static char *
dup_sought (CourseCheck *self)
{
  const char *expression = self->path != NULL ? base_json_path_get_expression (self->path) : "";
  g_autoptr (GRegex) regex = g_regex_new ("==\\s*(['\"])(.*?)\\1", 0, 0, NULL);
  g_autoptr (GMatchInfo) match = NULL;

  return g_regex_match (regex, expression, 0, &match) ? g_match_info_fetch (match, 2) : NULL;
}

/* Of many objects, which one it is; of a file, whose own name says nothing, what it is in there.
 * Takes @words. */
static char *
add_name (CourseCheck *self, JsonNode *object, char *words)
{
  g_autofree char *name = self->type == COURSE_CHECK_FILE
                            ? dup_sought (self)
                            : g_strdup (base_metadata_get_name (object));
  g_autofree char *old = words;

  if (self->name != NULL || name == NULL)
    return g_steal_pointer (&old);
  /* Translators: an object's name, and what is seen of it in a few words */
  return g_strdup_printf (_ ("%s: %s"), name, old);
}

/* No object is singled out. */
static char *
describe_nothing (CourseCheck *self)
{
  if (self->type == COURSE_CHECK_FILE)
    /* Translators: %s is a file */
    return g_strdup_printf (_ ("there is nothing in %s"), self->file);
  if (self->name != NULL)
    /* Translators: a kind of objects, such as pod, and a name */
    return g_strdup_printf (_ ("there is no %s named %s yet"), self->resource, self->name);
  if (self->selector != NULL)
    /* Translators: a kind of objects in the plural, such as pods, and labels, such as app=redis */
    return g_strdup_printf (_ ("there are no %s with %s yet"), self->resource, self->selector);
  /* Translators: a kind of objects in the plural, such as pods */
  return g_strdup_printf (_ ("there are no %s yet"), self->resource);
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

/* (transfer full): the same, where an array stands for what is in it */
static GPtrArray *
find_elements (CourseCheck *self, JsonNode *object)
{
  g_autoptr (GPtrArray) values = find_values (self, object);
  GPtrArray *elements = g_ptr_array_new_with_free_func ((GDestroyNotify)json_node_unref);

  for (guint i = 0; i < values->len; i++) {
    JsonNode *value = g_ptr_array_index (values, i);
    JsonArray *array = base_json_get_array (value, NULL);

    if (array == NULL)
      g_ptr_array_add (elements, json_node_ref (value));
    for (guint j = 0; j < base_json_get_length (array); j++)
      g_ptr_array_add (elements, json_node_ref (json_array_get_element (array, j)));
  }
  return elements;
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
      *observed = add_name (self, g_ptr_array_index (objects, i),
                            course_absence_dup_words (self->path, g_ptr_array_index (objects, i)));
      return FALSE;
    }
    for (guint j = 0; j < values->len; j++) {
      JsonNode *value = g_ptr_array_index (values, j);

      if (!value_passes (self, value)) {
        *observed = add_name (self, g_ptr_array_index (objects, i), describe_value (self, value));
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
    g_autoptr (GPtrArray) elements = find_elements (self, g_ptr_array_index (objects, i));

    count += elements->len;
  }
  return count;
}

/* Whether the path finds one number in each object, which is compared itself. One that is for many
 * values is there to count them, though it finds a single one now. */
static gboolean
has_numbers (CourseCheck *self, GPtrArray *objects)
{
  const char *expression = base_json_path_get_expression (self->path);

  if (strstr (expression, "[*]") != NULL || strstr (expression, ".*") != NULL ||
      strstr (expression, "..") != NULL)
    return FALSE;
  for (guint i = 0; i < objects->len; i++) {
    g_autoptr (GPtrArray) values = find_values (self, g_ptr_array_index (objects, i));
    double number;

    if (values->len > 1 ||
        (values->len == 1 && !read_number (g_ptr_array_index (values, 0), &number)))
      return FALSE;
  }
  return TRUE;
}

static gboolean
counts (CourseCheck *self, GPtrArray *objects)
{
  if (self->match == COURSE_MATCH_COUNT)
    return TRUE;
  return self->match == COURSE_MATCH_AT_LEAST &&
         (self->path == NULL || !has_numbers (self, objects));
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
  for (guint i = 0; i < objects->len; i++) {
    g_autoptr (GPtrArray) values =
      self->path != NULL ? find_values (self, g_ptr_array_index (objects, i)) : NULL;

    if (values == NULL || values->len > 0) {
      *observed = g_strdup (_ ("it is still there"));
      return FALSE;
    }
  }
  return TRUE;
}

/**
 * course_check_judge:
 * @self: a check of a resource, or of a file
 * @objects: (element-type JsonNode): the objects that resource, name and selector single out; the
 *   file's documents
 * @observed: (out) (transfer full) (nullable): what was seen instead, in a few words; %NULL where
 *   the check passes
 *
 * Judges what the cluster has. With a path, every object must have there what the check asks for.
 * `count` and `at-least` count objects; with a path they count what it finds in all of them, and an
 * array stands for its elements. An `at-least` compares the value itself where the path is for one
 * value of an object, and that is a number.
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
  } else if (counts (self, objects)) {
    passes = judge_number (self, objects, &seen);
  } else if (objects->len == 0) {
    seen = describe_nothing (self);
    passes = FALSE;
  } else {
    passes = self->path == NULL || judge_values (self, objects, &seen);
  }

  if (observed != NULL)
    *observed = g_steal_pointer (&seen);
  return passes;
}
