/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-definition-conversion.h"

#include "base-json.h"

/*
 * v1beta1 has one schema, one set of subresources and of columns for all versions, or one a
 * version; v1 has always one a version
 * (https://kubernetes.io/docs/reference/using-api/deprecation-guide/#customresourcedefinition-v122).
 */
static const struct {
  const char *beta;
  const char *v1;
} per_version[] = {
  { "validation", "schema" },
  { "subresources", "subresources" },
  { "additionalPrinterColumns", "additionalPrinterColumns" },
};

static void
rename_member (JsonObject *object, const char *from, const char *to)
{
  JsonNode *node = json_object_get_member (object, from);

  if (node == NULL)
    return;
  json_object_set_member (object, to, base_json_copy (node));
  json_object_remove_member (object, from);
}

static void
rename_paths (JsonObject *version, const char *from, const char *to)
{
  JsonNode *node = json_object_get_member (version, "additionalPrinterColumns");
  JsonArray *columns =
    node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;

  for (guint i = 0; i < base_json_get_length (columns); i++)
    rename_member (json_array_get_object_element (columns, i), from, to);
}

/* spec.version alone, as the first definitions had it. */
static void
ensure_versions (JsonObject *spec)
{
  const char *name = json_object_get_string_member_with_default (spec, "version", NULL);
  JsonArray *versions;
  JsonObject *version;

  if (name == NULL || json_object_has_member (spec, "versions"))
    return;
  versions = json_array_new ();
  version = json_object_new ();
  json_object_set_string_member (version, "name", name);
  json_object_set_boolean_member (version, "served", TRUE);
  json_object_set_boolean_member (version, "storage", TRUE);
  json_array_add_object_element (versions, version);
  json_object_set_array_member (spec, "versions", versions);
}

/**
 * practice_definition_conversion_to_v1:
 * @definition: (transfer full): one of v1beta1, changed in place
 *
 * Returns: (transfer full): @definition as v1 has it
 */
JsonNode *
practice_definition_conversion_to_v1 (JsonNode *definition)
{
  JsonObject *spec = base_json_get_object (definition, "spec", NULL);
  JsonArray *versions;

  if (spec == NULL)
    return definition;
  ensure_versions (spec);
  versions = base_json_get_array (definition, "spec", "versions", NULL);
  for (guint i = 0; i < base_json_get_length (versions); i++) {
    JsonObject *version = json_array_get_object_element (versions, i);

    for (guint j = 0; j < G_N_ELEMENTS (per_version); j++) {
      JsonNode *shared = json_object_get_member (spec, per_version[j].beta);

      if (shared != NULL && !json_object_has_member (version, per_version[j].v1))
        json_object_set_member (version, per_version[j].v1, base_json_copy (shared));
    }
    rename_paths (version, "JSONPath", "jsonPath");
  }
  json_object_remove_member (spec, "version");
  for (guint j = 0; j < G_N_ELEMENTS (per_version); j++)
    json_object_remove_member (spec, per_version[j].beta);
  if (!json_object_has_member (spec, "preserveUnknownFields"))
    json_object_set_boolean_member (spec, "preserveUnknownFields", TRUE);
  return definition;
}

/**
 * practice_definition_conversion_to_beta:
 * @definition: (transfer full): one of v1, changed in place
 *
 * Returns: (transfer full): @definition as v1beta1 has it
 */
JsonNode *
practice_definition_conversion_to_beta (JsonNode *definition)
{
  JsonObject *spec = base_json_get_object (definition, "spec", NULL);
  JsonArray *versions = base_json_get_array (definition, "spec", "versions", NULL);
  guint length = base_json_get_length (versions);

  for (guint i = 0; i < length; i++) {
    JsonObject *version = json_array_get_object_element (versions, i);

    rename_paths (version, "jsonPath", "JSONPath");
    if (i == 0)
      json_object_set_string_member (
        spec, "version", json_object_get_string_member_with_default (version, "name", ""));
    for (guint j = 0; length == 1 && j < G_N_ELEMENTS (per_version); j++) {
      JsonNode *own = json_object_get_member (version, per_version[j].v1);

      if (own == NULL)
        continue;
      json_object_set_member (spec, per_version[j].beta, base_json_copy (own));
      json_object_remove_member (version, per_version[j].v1);
    }
  }
  return definition;
}
