/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-field-reference.h"

#include <string.h>

#include "base-json.h"

/* "key="value"" lines, as the downward API writes a map. */
static char *
dup_map (JsonObject *map)
{
  GString *text = g_string_new (NULL);
  g_autoptr (GList) keys = map != NULL ? json_object_get_members (map) : NULL;

  keys = g_list_sort (keys, (GCompareFunc)strcmp);
  for (GList *key = keys; key != NULL; key = key->next) {
    g_autofree char *value =
      g_strescape (json_object_get_string_member_with_default (map, key->data, ""), NULL);

    g_string_append_printf (text, "%s%s=\"%s\"", key == keys ? "" : "\n", (char *)key->data, value);
  }
  return g_string_free (text, FALSE);
}

/* "labels['app']" of the metadata. */
static char *
dup_subscript (JsonNode *pod, const char *map, const char *rest)
{
  const char *end = g_str_has_suffix (rest, "']") ? rest + strlen (rest) - 2 : NULL;
  g_autofree char *key = NULL;
  const char *value;

  if (end == NULL || !g_str_has_prefix (rest, "['") || end < rest + 2)
    return NULL;
  key = g_strndup (rest + 2, end - rest - 2);
  value = base_json_get_string (pod, "metadata", map, key, NULL);
  return g_strdup (value != NULL ? value : "");
}

/**
 * practice_field_reference_dup_value:
 * @pod: a Pod
 * @path: (nullable): the path of a field
 *
 * Looks up a field by the paths that the downward API knows
 * (https://kubernetes.io/docs/concepts/workloads/pods/downward-api/).
 *
 * Returns: (transfer full) (nullable): its value
 */
char *
practice_field_reference_dup_value (JsonNode *pod, const char *path)
{
  g_auto (GStrv) parts = g_strsplit (path != NULL ? path : "", ".", 2);
  const char *value;

  if (g_strv_length (parts) != 2)
    return NULL;
  if (g_str_equal (parts[0], "metadata")) {
    if (g_str_equal (parts[1], "labels") || g_str_equal (parts[1], "annotations"))
      return dup_map (base_json_get_object (pod, "metadata", parts[1], NULL));
    if (g_str_has_prefix (parts[1], "labels["))
      return dup_subscript (pod, "labels", parts[1] + strlen ("labels"));
    if (g_str_has_prefix (parts[1], "annotations["))
      return dup_subscript (pod, "annotations", parts[1] + strlen ("annotations"));
  }
  value = base_json_get_string (pod, parts[0], parts[1], NULL);
  return g_strdup (value);
}
