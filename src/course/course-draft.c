/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "base-json.h"
#include "course-draft.h"
#include "course-yaml.h"

#define MAX_PATTERN 1024
#define MAX_SECONDS (60 * 60)

/**
 * course_draft_fail:
 * @self: a check on its way
 * @format: what is wrong with it
 *
 * Reports an error; the check is not used.
 */
void
course_draft_fail (CourseDraft *self, const char *format, ...)
{
  g_autofree char *text = NULL;
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  course_report_error (self->report, self->line, "%s", text);
  self->failed = TRUE;
}

/**
 * course_draft_check_keys:
 * @self: a check on its way
 * @object: a mapping of it
 * @known: what it may have
 * @more: (nullable): what it may have, too
 *
 * Complains of every other key.
 */
void
course_draft_check_keys (CourseDraft *self,
                         JsonObject *object,
                         const char *const *known,
                         const char *const *more)
{
  g_autoptr (GList) members = json_object_get_members (object);

  for (GList *l = members; l != NULL; l = l->next) {
    const char *key = l->data;

    if (!g_strv_contains (known, key) && (more == NULL || !g_strv_contains (more, key)))
      course_draft_fail (self, _ ("A check knows no “%s” here"), key);
  }
}

/**
 * course_draft_dup_scalar:
 * @self: a check on its way
 * @object: a mapping of it
 * @key: a key
 *
 * Returns: (transfer full) (nullable): the value as text: a label or a version may look like a
 *   number
 */
char *
course_draft_dup_scalar (CourseDraft *self, JsonObject *object, const char *key)
{
  JsonNode *node = json_object_get_member (object, key);

  if (node == NULL)
    return NULL;
  if (!JSON_NODE_HOLDS_VALUE (node)) {
    course_draft_fail (self, _ ("“%s” must be text"), key);
    return NULL;
  }
  if (base_json_get_string (node, NULL) != NULL)
    return g_strdup (base_json_get_string (node, NULL));
  return base_json_write (node, FALSE);
}

/**
 * course_draft_get_number:
 * @self: a check on its way
 * @object: a mapping of it
 * @key: a key
 * @fallback: the value where there is none
 * @lowest: what the value may be at least
 * @highest: what it may be at most
 *
 * Returns: the value, @fallback where it is wrong
 */
guint
course_draft_get_number (CourseDraft *self,
                         JsonObject *object,
                         const char *key,
                         guint fallback,
                         guint lowest,
                         guint highest)
{
  JsonNode *node = json_object_get_member (object, key);
  gint64 number;

  if (node == NULL)
    return fallback;
  number = base_json_get_int (node, -1, NULL);
  if (number < lowest || number > highest) {
    course_draft_fail (self, _ ("“%s” must be a number from %u to %u"), key, lowest, highest);
    return fallback;
  }
  return number;
}

/**
 * course_draft_check_unit:
 * @self: a check on its way
 * @object: a mapping of it
 * @key: a key of a time
 *
 * Says how a time without a unit is read.
 */
void
course_draft_check_unit (CourseDraft *self, JsonObject *object, const char *key)
{
  if (course_yaml_lacks_unit (json_object_get_member (object, key)))
    course_report_warning (self->report, self->line, _ ("“%s” has no unit, and counts as seconds"),
                           key);
}

/**
 * course_draft_get_milliseconds:
 * @self: a check on its way
 * @object: a mapping of it
 * @key: a key
 *
 * Returns: "1.5s", "500ms" or seconds in milliseconds; 0 where there is none
 */
guint
course_draft_get_milliseconds (CourseDraft *self, JsonObject *object, const char *key)
{
  g_autofree char *text = course_draft_dup_scalar (self, object, key);
  char *end = NULL;
  double number;

  if (text == NULL)
    return 0;
  course_draft_check_unit (self, object, key);
  number = g_ascii_strtod (text, &end);
  if (end != text && strcmp (end, "ms") == 0)
    number /= 1000;
  else if (end == text || (*end != '\0' && strcmp (end, "s") != 0))
    number = 0;
  if (number >= 0.001 && number <= MAX_SECONDS)
    return number * 1000;
  course_draft_fail (self, _ ("“%s” is a time, such as 2s or 500ms"), key);
  return 0;
}

/**
 * course_draft_new_regex:
 * @self: a check on its way
 * @object: a mapping of it
 * @key: a key
 *
 * Returns: (transfer full) (nullable): the value as a pattern whose work is limited
 */
GRegex *
course_draft_new_regex (CourseDraft *self, JsonObject *object, const char *key)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *pattern = course_draft_dup_scalar (self, object, key);
  g_autofree char *limited = NULL;
  GRegex *regex = NULL;

  if (pattern == NULL)
    return NULL;
  if (strlen (pattern) > MAX_PATTERN) {
    course_draft_fail (self, _ ("“%s” is too long"), key);
    return NULL;
  }
  /* A pattern like (a+)+$ must not hold the program up: pcre2pattern(3), "Setting match resource
   * limits". */
  limited = g_strconcat ("(*LIMIT_MATCH=100000)", pattern, NULL);
  /* First as it stands: what is wrong with it is told by its own characters. */
  regex = g_regex_new (pattern, 0, 0, &error);
  if (regex != NULL) {
    g_regex_unref (regex);
    regex = g_regex_new (limited, 0, 0, &error);
  }
  if (regex == NULL)
    course_draft_fail (self, _ ("“%s” is not a regular expression: %s"), key, error->message);
  return regex;
}
