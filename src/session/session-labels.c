/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "session-labels.h"

#include "base-json.h"
#include "base-metadata.h"
#include "base-spelling.h"

/**
 * session_labels_fit:
 * @wanted: (nullable): labels, such as the selector of a Service
 *
 * Returns: whether @object has all of them
 */
gboolean
session_labels_fit (JsonObject *wanted, JsonNode *object)
{
  JsonObjectIter iter;
  const char *key;
  JsonNode *value;

  if (wanted == NULL)
    return TRUE;
  json_object_iter_init (&iter, wanted);
  while (json_object_iter_next (&iter, &key, &value)) {
    const char *text = base_json_get_string (value, NULL);

    if (text == NULL || g_strcmp0 (base_metadata_get_label (object, key), text) != 0)
      return FALSE;
  }
  return TRUE;
}

static gboolean
has_value (JsonNode *expression, const char *label)
{
  JsonArray *values = base_json_get_array (expression, "values", NULL);

  for (guint i = 0; label != NULL && i < base_json_get_length (values); i++)
    if (g_strcmp0 (base_json_get_string (json_array_get_element (values, i), NULL), label) == 0)
      return TRUE;
  return FALSE;
}

static gboolean
expression_fits (JsonNode *expression, JsonNode *object)
{
  const char *key = base_json_get_string (expression, "key", NULL);
  const char *operator_ = base_json_get_string (expression, "operator", NULL);
  const char *label = key != NULL ? base_metadata_get_label (object, key) : NULL;

  if (g_strcmp0 (operator_, "In") == 0)
    return has_value (expression, label);
  if (g_strcmp0 (operator_, "NotIn") == 0)
    return !has_value (expression, label);
  if (g_strcmp0 (operator_, "Exists") == 0)
    return label != NULL;
  return g_strcmp0 (operator_, "DoesNotExist") == 0 && label == NULL;
}

/**
 * session_labels_select:
 * @selector: (nullable): a LabelSelector; an empty one selects all
 *   (https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/label-selector/)
 *
 * Returns: whether it selects @object
 */
gboolean
session_labels_select (JsonNode *selector, JsonNode *object)
{
  JsonArray *expressions = base_json_get_array (selector, "matchExpressions", NULL);

  if (!session_labels_fit (base_json_get_object (selector, "matchLabels", NULL), object))
    return FALSE;
  for (guint i = 0; i < base_json_get_length (expressions); i++)
    if (!expression_fits (json_array_get_element (expressions, i), object))
      return FALSE;
  return TRUE;
}

gboolean
session_labels_select_all (JsonNode *selector)
{
  JsonObject *labels = base_json_get_object (selector, "matchLabels", NULL);

  return (labels == NULL || json_object_get_size (labels) == 0) &&
         base_json_get_length (base_json_get_array (selector, "matchExpressions", NULL)) == 0;
}

/**
 * session_labels_dup_text:
 *
 * Returns: (transfer full): as kubectl takes them: "app=redis,version=v1"
 */
char *
session_labels_dup_text (JsonObject *labels)
{
  g_autoptr (GString) text = g_string_new (NULL);
  JsonObjectIter iter;
  const char *key;
  JsonNode *value;

  if (labels != NULL) {
    json_object_iter_init_ordered (&iter, labels);
    while (json_object_iter_next_ordered (&iter, &key, &value)) {
      const char *word = base_json_get_string (value, NULL);

      g_string_append_printf (text, "%s%s=%s", text->len > 0 ? "," : "", key,
                              word != NULL ? word : "");
    }
  }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
add_expression (GString *text, JsonNode *expression)
{
  const char *key = base_json_get_string (expression, "key", NULL);
  const char *operator_ = base_json_get_string (expression, "operator", NULL);
  g_autofree char *word = g_ascii_strdown (operator_ != NULL ? operator_ : "", -1);
  JsonArray *values = base_json_get_array (expression, "values", NULL);

  g_string_append_printf (text, "%s%s%s", text->len > 0 ? "," : "",
                          g_str_equal (word, "doesnotexist") ? "!" : "", key != NULL ? key : "");
  if (base_json_get_length (values) == 0)
    return;
  g_string_append_printf (text, " %s (", word);
  for (guint i = 0; i < base_json_get_length (values); i++) {
    const char *value = base_json_get_string (json_array_get_element (values, i), NULL);

    g_string_append_printf (text, "%s%s", i > 0 ? ", " : "", value != NULL ? value : "");
  }
  g_string_append_c (text, ')');
}

/**
 * session_labels_dup_selector_text:
 * @selector: (nullable): a LabelSelector
 *
 * Returns: (transfer full): as kubectl takes it; empty where it selects all
 */
char *
session_labels_dup_selector_text (JsonNode *selector)
{
  JsonArray *expressions = base_json_get_array (selector, "matchExpressions", NULL);
  g_autofree char *labels =
    session_labels_dup_text (base_json_get_object (selector, "matchLabels", NULL));
  GString *text = g_string_new (labels);

  for (guint i = 0; i < base_json_get_length (expressions); i++)
    add_expression (text, json_array_get_element (expressions, i));
  return g_string_free (text, FALSE);
}

/**
 * session_labels_find_nearest:
 * @wanted: labels that none of @objects has all of
 * @key: (out): a label whose value is written much as it should be
 *
 * Returns: (transfer none) (nullable): the object that was meant, maybe
 */
JsonNode *
session_labels_find_nearest (GPtrArray *objects, JsonObject *wanted, const char **key)
{
  for (guint i = 0; i < objects->len; i++) {
    JsonNode *object = g_ptr_array_index (objects, i);
    JsonObjectIter iter;
    JsonNode *value;

    json_object_iter_init (&iter, wanted);
    while (json_object_iter_next (&iter, key, &value)) {
      const char *label = base_metadata_get_label (object, *key);
      const char *text = base_json_get_string (value, NULL);

      if (label != NULL && text != NULL && base_spelling_is_near (label, text))
        return object;
    }
  }
  return NULL;
}
