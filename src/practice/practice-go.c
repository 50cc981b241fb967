/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-go.h"

#include <string.h>

#include "base-json.h"

static GList *
get_sorted_members (JsonObject *object)
{
  return g_list_sort (json_object_get_members (object), (GCompareFunc)strcmp);
}

static void
print (GString *text, JsonNode *node)
{
  g_autofree char *value = NULL;

  if (JSON_NODE_HOLDS_OBJECT (node)) {
    JsonObject *object = json_node_get_object (node);
    g_autoptr (GList) names = get_sorted_members (object);

    g_string_append (text, "map[");
    for (GList *l = names; l != NULL; l = l->next) {
      g_string_append_printf (text, "%s%s:", l != names ? " " : "", (char *)l->data);
      print (text, json_object_get_member (object, l->data));
    }
    g_string_append_c (text, ']');
  } else if (JSON_NODE_HOLDS_ARRAY (node)) {
    JsonArray *array = json_node_get_array (node);

    g_string_append_c (text, '[');
    for (guint i = 0; i < json_array_get_length (array); i++) {
      g_string_append (text, i > 0 ? " " : "");
      print (text, json_array_get_element (array, i));
    }
    g_string_append_c (text, ']');
  } else if (JSON_NODE_HOLDS_NULL (node)) {
    g_string_append (text, "<nil>");
  } else if (json_node_get_value_type (node) == G_TYPE_STRING) {
    g_string_append (text, json_node_get_string (node));
  } else {
    value = base_json_write (node, FALSE);
    g_string_append (text, value);
  }
}

/**
 * practice_go_print:
 * @node: a value
 *
 * Returns: (transfer full): @node as Go prints it with "%v"
 */
char *
practice_go_print (JsonNode *node)
{
  GString *text = g_string_new (NULL);

  print (text, node);
  return g_string_free (text, FALSE);
}

/**
 * practice_go_print_labels:
 * @labels: (nullable): labels
 *
 * Returns: (transfer full): @labels as Go prints them with "%#v"
 */
char *
practice_go_print_labels (JsonObject *labels)
{
  GString *text = g_string_new ("map[string]string");
  g_autoptr (GList) names = NULL;

  if (labels == NULL) {
    g_string_append (text, "(nil)");
    return g_string_free (text, FALSE);
  }
  names = get_sorted_members (labels);
  g_string_append_c (text, '{');
  for (GList *l = names; l != NULL; l = l->next)
    g_string_append_printf (text, "%s\"%s\":\"%s\"", l != names ? ", " : "", (char *)l->data,
                            json_object_get_string_member_with_default (labels, l->data, ""));
  g_string_append_c (text, '}');
  return g_string_free (text, FALSE);
}

/**
 * practice_go_print_strings:
 * @array: (nullable): strings
 * @type: what Go calls each of them, as "string"
 *
 * Returns: (transfer full): @array as Go prints it with "%#v"
 */
char *
practice_go_print_strings (JsonArray *array, const char *type)
{
  GString *text = g_string_new ("[]");

  g_string_append (text, type);
  if (array == NULL) {
    g_string_append (text, "(nil)");
    return g_string_free (text, FALSE);
  }
  g_string_append_c (text, '{');
  for (guint i = 0; i < json_array_get_length (array); i++)
    g_string_append_printf (text, "%s\"%s\"", i > 0 ? ", " : "",
                            json_array_get_string_element (array, i));
  g_string_append_c (text, '}');
  return g_string_free (text, FALSE);
}

/**
 * practice_go_print_number_or_text:
 * @value: (nullable): a number or a text
 *
 * Returns: (transfer full): @value as Go prints an IntOrString with "%#v"
 */
char *
practice_go_print_number_or_text (JsonNode *value)
{
  gboolean is_text = value != NULL && json_node_get_value_type (value) == G_TYPE_STRING;

  return g_strdup_printf ("intstr.IntOrString{Type:%d, IntVal:%" G_GINT64_FORMAT ", StrVal:\"%s\"}",
                          is_text ? 1 : 0,
                          !is_text && value != NULL ? json_node_get_int (value) : 0,
                          is_text ? json_node_get_string (value) : "");
}

static void
print_expression (GString *text, JsonNode *expression)
{
  const char *key = base_json_get_string (expression, "key", NULL);
  const char *operator= base_json_get_string (expression, "operator", NULL);
  g_autofree char *values =
    practice_go_print_strings (base_json_get_array (expression, "values", NULL), "string");

  g_string_append_printf (
    text, "v1.LabelSelectorRequirement{Key:\"%s\", Operator:\"%s\", Values:%s}",
    key != NULL ? key : "", operator != NULL ? operator : "", values);
}

/**
 * practice_go_print_selector:
 * @selector: a LabelSelector
 *
 * Returns: (transfer full): @selector as Go prints it with "%#v"
 */
char *
practice_go_print_selector (JsonNode *selector)
{
  g_autofree char *labels =
    practice_go_print_labels (base_json_get_object (selector, "matchLabels", NULL));
  JsonArray *expressions = base_json_get_array (selector, "matchExpressions", NULL);
  GString *text = g_string_new (NULL);

  g_string_printf (
    text, "v1.LabelSelector{MatchLabels:%s, MatchExpressions:[]v1.LabelSelectorRequirement",
    labels);
  if (expressions == NULL) {
    g_string_append (text, "(nil)}");
    return g_string_free (text, FALSE);
  }
  g_string_append_c (text, '{');
  for (guint i = 0; i < json_array_get_length (expressions); i++) {
    g_string_append (text, i > 0 ? ", " : "");
    print_expression (text, json_array_get_element (expressions, i));
  }
  g_string_append (text, "}}");
  return g_string_free (text, FALSE);
}

/**
 * practice_go_is_cut:
 * @data: what should be JSON
 * @length: of it
 *
 * Returns: whether @data ends inside of something, as far as its brackets and quotes tell
 */
gboolean
practice_go_is_cut (const char *data, gsize length)
{
  gboolean quoted = FALSE;
  int depth = 0;

  for (gsize i = 0; i < length; i++) {
    if (quoted && data[i] == '\\')
      i++;
    else if (data[i] == '"')
      quoted = !quoted;
    else if (!quoted && strchr ("{[", data[i]) != NULL && data[i] != '\0')
      depth++;
    else if (!quoted && strchr ("}]", data[i]) != NULL && data[i] != '\0')
      depth--;
  }
  return quoted || depth > 0;
}
