/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-cells.h"

#include "base-json.h"
#include "base-metadata.h"
#include "practice-age.h"

/**
 * practice_cells_add_name:
 * @cells: the cells of a row, which get one more
 * @object: a stored object
 *
 * Adds the name.
 */
void
practice_cells_add_name (JsonArray *cells, JsonNode *object)
{
  json_array_add_string_element (cells, base_metadata_get_name (object));
}

/**
 * practice_cells_add_age:
 * @cells: the cells of a row, which get one more
 * @object: a stored object
 *
 * Adds the time since the creation.
 */
void
practice_cells_add_age (JsonArray *cells, JsonNode *object)
{
  g_autofree char *age =
    practice_age_dup_since (base_json_get_string (object, "metadata", "creationTimestamp", NULL));

  json_array_add_string_element (cells, age);
}

/**
 * practice_cells_add_created:
 * @cells: the cells of a row, which get one more
 * @object: a stored object
 *
 * Adds the time of the creation, for a column of type "date" of which kubectl makes an age.
 */
void
practice_cells_add_created (JsonArray *cells, JsonNode *object)
{
  json_array_add_string_element (
    cells, base_json_get_string (object, "metadata", "creationTimestamp", NULL));
}

/**
 * practice_cells_add_number:
 * @cells: the cells of a row, which get one more
 * @number: what is to be shown
 *
 * Adds @number as text, for a column of type "string".
 */
void
practice_cells_add_number (JsonArray *cells, gint64 number)
{
  g_autofree char *text = g_strdup_printf ("%" G_GINT64_FORMAT, number);

  json_array_add_string_element (cells, text);
}

/**
 * practice_cells_add_or_none:
 * @cells: the cells of a row, which get one more
 * @text: (nullable): what is to be shown
 *
 * Adds @text, or "<none>".
 */
void
practice_cells_add_or_none (JsonArray *cells, const char *text)
{
  json_array_add_string_element (cells, text != NULL && *text != '\0' ? text : "<none>");
}

static void
append_separator (GString *text)
{
  if (text->len > 0)
    g_string_append_c (text, ',');
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (a, b);
}

static void
append_labels (GString *text, JsonObject *labels)
{
  g_autoptr (GList) names = labels != NULL ? json_object_get_members (labels) : NULL;

  names = g_list_sort (g_steal_pointer (&names), compare_names);
  for (GList *l = names; l != NULL; l = l->next) {
    append_separator (text);
    g_string_append_printf (text, "%s=%s", (char *)l->data,
                            json_object_get_string_member (labels, l->data));
  }
}

static void
append_expression (GString *text, JsonNode *expression)
{
  const char *key = base_json_get_string (expression, "key", NULL);
  const char *operator= base_json_get_string (expression, "operator", NULL);
  JsonArray *values = base_json_get_array (expression, "values", NULL);

  append_separator (text);
  if (g_strcmp0 (operator, "Exists") == 0 || g_strcmp0 (operator, "DoesNotExist") == 0) {
    g_string_append_printf (text, "%s%s", *operator== 'D' ? "!" : "", key);
    return;
  }
  g_string_append_printf (text, "%s %s (", key,
                          g_strcmp0 (operator, "NotIn") == 0 ? "notin" : "in");
  for (guint i = 0; i < base_json_get_length (values); i++)
    g_string_append_printf (text, "%s%s", i > 0 ? "," : "",
                            json_array_get_string_element (values, i));
  g_string_append_c (text, ')');
}

/**
 * practice_cells_add_selector:
 * @cells: the cells of a row, which get one more
 * @selector: (nullable): a LabelSelector
 *
 * Adds "a=b,c in (d,e)", or "<none>" for a selector of all.
 */
void
practice_cells_add_selector (JsonArray *cells, JsonNode *selector)
{
  g_autoptr (GString) text = g_string_new (NULL);
  JsonArray *expressions = base_json_get_array (selector, "matchExpressions", NULL);

  append_labels (text, base_json_get_object (selector, "matchLabels", NULL));
  for (guint i = 0; i < base_json_get_length (expressions); i++)
    append_expression (text, json_array_get_element (expressions, i));
  practice_cells_add_or_none (cells, text->str);
}

/**
 * practice_cells_add_labels:
 * @cells: the cells of a row, which get one more
 * @labels: (nullable): labels
 *
 * Adds "a=b,c=d", or "<none>".
 */
void
practice_cells_add_labels (JsonArray *cells, JsonObject *labels)
{
  g_autoptr (GString) text = g_string_new (NULL);

  append_labels (text, labels);
  practice_cells_add_or_none (cells, text->str);
}

/**
 * practice_cells_add_containers:
 * @cells: the cells of a row, which get one more
 * @pod_spec: (nullable): a PodSpec
 *
 * Adds two cells: names and images of the containers.
 */
void
practice_cells_add_containers (JsonArray *cells, JsonNode *pod_spec)
{
  const char *members[] = { "name", "image" };
  JsonArray *containers = base_json_get_array (pod_spec, "containers", NULL);

  for (guint i = 0; i < G_N_ELEMENTS (members); i++) {
    g_autoptr (GString) text = g_string_new (NULL);

    for (guint j = 0; j < base_json_get_length (containers); j++) {
      const char *value =
        base_json_get_string (json_array_get_element (containers, j), members[i], NULL);

      append_separator (text);
      g_string_append (text, value != NULL ? value : "");
    }
    json_array_add_string_element (cells, text->str);
  }
}

/**
 * practice_cells_dup_balancer:
 * @object: a stored object
 *
 * Returns: (transfer full) (nullable): the addresses of status.loadBalancer with commas between;
 *   %NULL while there is none
 */
char *
practice_cells_dup_balancer (JsonNode *object)
{
  JsonArray *ingress = base_json_get_array (object, "status", "loadBalancer", "ingress", NULL);
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < base_json_get_length (ingress); i++) {
    JsonNode *point = json_array_get_element (ingress, i);
    const char *address = base_json_get_string (point, "ip", NULL);

    if (address == NULL || *address == '\0')
      address = base_json_get_string (point, "hostname", NULL);
    if (address == NULL)
      continue;
    append_separator (text);
    g_string_append (text, address);
  }
  return g_string_free (text, text->len == 0);
}
