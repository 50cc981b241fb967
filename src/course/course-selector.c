/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "base-json.h"
#include "course-course.h"
#include "course-selector.h"

/* The forms of a label selector:
 * https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors */
typedef enum {
  OPERATOR_IN,
  OPERATOR_NOT_IN,
  OPERATOR_EXISTS,
  OPERATOR_ABSENT,
} Operator;

typedef struct {
  char *key;
  Operator operator_;
  GStrv values;
} Requirement;

static void
requirement_free (gpointer data)
{
  Requirement *requirement = data;

  g_free (requirement->key);
  g_strfreev (requirement->values);
  g_free (requirement);
}

/* Splits at the commas outside of parentheses. */
static GPtrArray *
split_requirements (const char *selector)
{
  g_autoptr (GPtrArray) parts = g_ptr_array_new_with_free_func (g_free);
  const char *start = selector;
  int depth = 0;

  for (const char *p = selector; TRUE; p++) {
    if (*p == '(')
      depth++;
    else if (*p == ')')
      depth--;
    if (*p == '\0' || (*p == ',' && depth == 0)) {
      g_ptr_array_add (parts, g_strstrip (g_strndup (start, p - start)));
      start = p + 1;
    }
    if (*p == '\0')
      return g_steal_pointer (&parts);
  }
}

static gboolean
is_label_text (const char *text)
{
  for (const char *p = text; *p != '\0'; p++)
    if (!g_ascii_isalnum (*p) && strchr ("-_./", *p) == NULL)
      return FALSE;
  return TRUE;
}

static void
take_equality (Requirement *requirement, const char *text, const char *equals)
{
  const char *value = equals + 1;

  requirement->operator_ = OPERATOR_IN;
  if (*value == '=')
    value++;
  if (equals > text && equals[-1] == '!') {
    requirement->operator_ = OPERATOR_NOT_IN;
    equals--;
  }
  requirement->key = g_strstrip (g_strndup (text, equals - text));
  requirement->values = g_new0 (char *, 2);
  requirement->values[0] = g_strstrip (g_strdup (value));
}

/* "key in (a, b)", "key notin (a)" */
static gboolean
take_set (Requirement *requirement, const char *text, const char *open)
{
  g_auto (GStrv) words = NULL;
  g_autofree char *head = g_strchomp (g_strndup (text, open - text));
  g_autofree char *inner = NULL;
  char *space = strrchr (head, ' ');

  if (space == NULL || !g_str_has_suffix (text, ")"))
    return FALSE;
  if (strcmp (space + 1, "in") == 0)
    requirement->operator_ = OPERATOR_IN;
  else if (strcmp (space + 1, "notin") == 0)
    requirement->operator_ = OPERATOR_NOT_IN;
  else
    return FALSE;

  requirement->key = g_strstrip (g_strndup (head, space - head));
  inner = g_strndup (open + 1, strlen (open) - 2);
  requirement->values = g_strsplit (inner, ",", 64);
  for (guint i = 0; requirement->values[i] != NULL; i++)
    g_strstrip (requirement->values[i]);
  return TRUE;
}

static gboolean
is_valid (const Requirement *requirement)
{
  if (requirement->key == NULL || requirement->key[0] == '\0' || !is_label_text (requirement->key))
    return FALSE;
  for (guint i = 0; requirement->values != NULL && requirement->values[i] != NULL; i++)
    if (!is_label_text (requirement->values[i]))
      return FALSE;
  return TRUE;
}

static Requirement *
parse_requirement (const char *text)
{
  Requirement *requirement = g_new0 (Requirement, 1);
  const char *open = strchr (text, '(');
  const char *equals = strchr (text, '=');

  if (open != NULL) {
    if (!take_set (requirement, text, open)) {
      requirement_free (requirement);
      return NULL;
    }
  } else if (equals != NULL) {
    take_equality (requirement, text, equals);
  } else {
    requirement->operator_ = text[0] == '!' ? OPERATOR_ABSENT : OPERATOR_EXISTS;
    requirement->key = g_strstrip (g_strdup (text[0] == '!' ? text + 1 : text));
  }
  if (!is_valid (requirement)) {
    requirement_free (requirement);
    return NULL;
  }
  return requirement;
}

static gboolean
requirement_matches (const Requirement *requirement, JsonObject *labels)
{
  const char *value = NULL;

  if (labels != NULL && json_object_has_member (labels, requirement->key))
    value = json_object_get_string_member_with_default (labels, requirement->key, NULL);

  switch (requirement->operator_) {
    case OPERATOR_EXISTS:
      return value != NULL;
    case OPERATOR_ABSENT:
      return value == NULL;
    case OPERATOR_IN:
      return value != NULL && g_strv_contains ((const char *const *)requirement->values, value);
    case OPERATOR_NOT_IN:
      return value == NULL || !g_strv_contains ((const char *const *)requirement->values, value);
    default:
      g_assert_not_reached ();
  }
}

/**
 * course_selector_validate:
 * @selector: a label selector as written
 * @error: return location for a #GError
 *
 * Returns: whether @selector is one
 */
gboolean
course_selector_validate (const char *selector, GError **error)
{
  g_autoptr (GPtrArray) parts = split_requirements (selector);

  for (guint i = 0; i < parts->len; i++) {
    Requirement *requirement = parse_requirement (g_ptr_array_index (parts, i));

    if (requirement == NULL) {
      g_set_error (error, COURSE_ERROR, COURSE_ERROR_NOT_A_COURSE,
                   _ ("“%s” is not a label selector, such as app=redis"), selector);
      return FALSE;
    }
    requirement_free (requirement);
  }
  return TRUE;
}

/**
 * course_selector_matches:
 * @selector: a label selector
 * @object: an object of the cluster
 *
 * Returns: whether the labels of @object fit; never for a selector that is none
 */
gboolean
course_selector_matches (const char *selector, JsonNode *object)
{
  g_autoptr (GPtrArray) parts = NULL;
  JsonObject *labels;

  g_return_val_if_fail (selector != NULL, FALSE);

  labels = base_json_get_object (object, "metadata", "labels", NULL);
  parts = split_requirements (selector);
  for (guint i = 0; i < parts->len; i++) {
    Requirement *requirement = parse_requirement (g_ptr_array_index (parts, i));
    gboolean matches = requirement != NULL && requirement_matches (requirement, labels);

    g_clear_pointer (&requirement, requirement_free);
    if (!matches)
      return FALSE;
  }
  return TRUE;
}
