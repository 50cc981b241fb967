/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "course-absence.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base-json.h"

#define MAX_NAMES 8
#define MAX_LETTERS 60

/* What an element of a list is told from the others by, in Kubernetes's objects. */
static const char *const keys[] = { "name", "type", "host", "ip", "hostname", "subset" };

/* The next place from @p on where a part of the expression ends and another one begins. */
static const char *
find_boundary (const char *p)
{
  guint depth = 0;
  char quote = '\0';

  for (; *p != '\0'; p++) {
    if (quote != '\0')
      quote = *p == quote ? '\0' : quote;
    else if (depth == 0 && (*p == '.' || *p == '['))
      return p;
    else if (*p == '"' || *p == '\'')
      quote = *p;
    else if (*p == '[' || *p == '(')
      depth++;
    else if (*p == ']' || *p == ')')
      depth -= depth > 0;
  }
  return p;
}

/* Where the part that begins at @p ends. */
static const char *
find_end (const char *p)
{
  if (*p == '[') {
    guint depth = 0;
    char quote = '\0';

    for (; *p != '\0'; p++) {
      if (quote != '\0')
        quote = *p == quote ? '\0' : quote;
      else if (*p == '"' || *p == '\'')
        quote = *p;
      else if (*p == '[')
        depth++;
      else if (*p == ']' && --depth == 0)
        return p + 1;
    }
    return p;
  }
  return *p != '\0' ? find_boundary (p + 1) : p;
}

/* (transfer full): as readers know it: "status.phase" */
static char *
dup_shown_path (const char *expression)
{
  if (g_str_has_prefix (expression, "$.") && expression[2] != '.')
    expression += 2;
  return g_strdup (expression);
}

/* (nullable) (transfer full): the first node that the first @length bytes of @expression lead to */
static JsonNode *
find_node (const char *expression, gsize length, JsonNode *object)
{
  g_autofree char *text = g_strndup (expression, length);
  /* half of ".." is no part of its own */
  g_autoptr (BaseJsonPath) path =
    g_str_has_suffix (text, ".") ? NULL : base_json_path_new (text, NULL);
  g_autoptr (GPtrArray) found = path != NULL ? base_json_path_match (path, object) : NULL;

  return found != NULL && found->len > 0 ? json_node_ref (g_ptr_array_index (found, 0)) : NULL;
}

/* (nullable) (transfer full): how far @expression leads in @object
 * @shown: (out) (transfer full): the part of it that does */
static JsonNode *
find_deepest (const char *expression, JsonNode *object, char **shown)
{
  const char *end = find_boundary (expression);
  JsonNode *deepest = NULL;
  gsize length = 0;

  for (;; end = find_end (end)) {
    g_autoptr (JsonNode) node = find_node (expression, end - expression, object);

    if (node != NULL) {
      g_clear_pointer (&deepest, json_node_unref);
      deepest = g_steal_pointer (&node);
      length = end - expression;
    }
    if (*end == '\0')
      break;
  }
  if (deepest != NULL) {
    g_autofree char *text = g_strndup (expression, length);

    *shown = dup_shown_path (text);
  }
  return deepest;
}

static void
append_name (GString *names, guint i, const char *name)
{
  if (i < MAX_NAMES)
    g_string_append_printf (names, "%s%.*s", i > 0 ? ", " : "", MAX_LETTERS, name);
  else if (i == MAX_NAMES)
    g_string_append (names, ", …");
}

static const char *
get_key (JsonNode *element)
{
  const char *name = base_json_get_string (element, NULL);

  for (gsize i = 0; name == NULL && i < G_N_ELEMENTS (keys); i++)
    name = base_json_get_string (element, keys[i], NULL);
  return name;
}

/* (transfer full): what is in @node: its members' names, or its elements' */
static char *
dup_contents (JsonNode *node)
{
  JsonArray *array = base_json_get_array (node, NULL);
  JsonObject *object = base_json_get_object (node, NULL);
  g_autoptr (GString) names = g_string_new (NULL);
  guint n = 0;

  if (object != NULL) {
    JsonObjectIter iter;
    const char *name; /* json-glib 1.6 needs it */
    JsonNode *value;

    json_object_iter_init_ordered (&iter, object);
    while (json_object_iter_next_ordered (&iter, &name, &value))
      append_name (names, n++, name);
  }
  if (JSON_NODE_HOLDS_VALUE (node)) {
    g_autofree char *text = base_json_write (node, FALSE);
    const char *plain = base_json_get_string (node, NULL);

    append_name (names, 0, plain != NULL ? plain : text);
  }
  for (; n < base_json_get_length (array); n++) {
    const char *name = get_key (json_array_get_element (array, n));

    append_name (names, n, name != NULL ? name : "?");
  }
  return g_utf8_make_valid (names->str, -1);
}

/**
 * course_absence_dup_words:
 * @path: what is looked for
 * @object: where @path finds nothing that says something
 *
 * Returns: (transfer full): in a few words what is not there, and what is in its place
 */
char *
course_absence_dup_words (BaseJsonPath *path, JsonNode *object)
{
  const char *expression = base_json_path_get_expression (path);
  g_autofree char *sought = dup_shown_path (expression);
  g_autofree char *shown = NULL;
  g_autofree char *contents = NULL;
  g_autoptr (JsonNode) deepest = find_deepest (expression, object, &shown);

  if (deepest == NULL || g_str_equal (shown, "$"))
    /* Translators: a path in an object, such as status.phase */
    return g_strdup_printf (_ ("there is no %s yet"), sought);
  if (g_str_equal (shown, sought))
    /* Translators: a path in an object, such as status.phase */
    return g_strdup_printf (_ ("%s is empty"), sought);
  contents = dup_contents (deepest);
  if (JSON_NODE_HOLDS_VALUE (deepest))
    /* Translators: two paths in an object, the second one the beginning of the first one, and what
     * stands there */
    return g_strdup_printf (_ ("there is no %s yet; %s is “%s”"), sought, shown, contents);
  if (*contents == '\0')
    /* Translators: two paths in an object, the second one the beginning of the first one */
    return g_strdup_printf (_ ("there is no %s yet: %s is empty"), sought, shown);
  /* Translators: two paths in an object, the second one the beginning of the first one, and the
   * names of what is in it */
  return g_strdup_printf (_ ("there is no %s yet; %s has %s"), sought, shown, contents);
}
