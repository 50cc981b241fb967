/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base-json.h"
#include "base-metadata.h"
#include "practice-age.h"
#include "practice-cells.h"
#include "practice-definition-conversion.h"
#include "practice-kinds.h"
#include "practice-validation.h"

/*
 * CustomResourceDefinition.
 */
static const PracticeColumn columns[] = {
  { "Name", "string", "name", 0 },
  { "Created At", "date", "", 0 },
  { NULL },
};

static const char *const scopes[] = { "Cluster", "Namespaced", NULL };

static void
add_cells (JsonNode *definition, JsonArray *cells)
{
  practice_cells_add_name (cells, definition);
  practice_cells_add_created (cells, definition);
}

static void
set_defaults (JsonNode *definition)
{
  JsonObject *spec = base_json_get_object (definition, "spec", NULL);
  JsonObject *names = base_json_get_object (definition, "spec", "names", NULL);
  const char *kind = base_json_get_string (definition, "spec", "names", "kind", NULL);

  if (names != NULL && kind != NULL) {
    g_autofree char *singular = g_ascii_strdown (kind, -1);
    g_autofree char *list_kind = g_strconcat (kind, "List", NULL);

    if (!json_object_has_member (names, "singular"))
      json_object_set_string_member (names, "singular", singular);
    if (!json_object_has_member (names, "listKind"))
      json_object_set_string_member (names, "listKind", list_kind);
  }
  if (spec != NULL && !json_object_has_member (spec, "conversion")) {
    JsonObject *conversion = json_object_new ();

    json_object_set_string_member (conversion, "strategy", "None");
    json_object_set_object_member (spec, "conversion", conversion);
  }
}

static void
add_condition (JsonArray *conditions, const char *type, const char *reason, const char *message)
{
  JsonObject *condition = json_object_new ();
  g_autofree char *now = practice_age_dup_now ();

  json_object_set_string_member (condition, "type", type);
  json_object_set_string_member (condition, "status", "True");
  json_object_set_string_member (condition, "lastTransitionTime", now);
  json_object_set_string_member (condition, "reason", reason);
  json_object_set_string_member (condition, "message", message);
  json_array_add_object_element (conditions, condition);
}

static const char *
get_storage_version (JsonNode *definition)
{
  JsonArray *versions = base_json_get_array (definition, "spec", "versions", NULL);

  for (guint i = 0; i < base_json_get_length (versions); i++) {
    JsonNode *version = json_array_get_element (versions, i);

    if (base_json_get_boolean (version, FALSE, "storage", NULL))
      return base_json_get_string (version, "name", NULL);
  }
  return NULL;
}

/* The server takes a definition up at once, so it is established from the start. */
static void
prepare (JsonNode *definition, JsonNode *old)
{
  JsonObject *status;
  JsonArray *conditions, *stored;
  JsonNode *names;

  if (old != NULL)
    return;
  set_defaults (definition);
  status = json_object_new ();
  conditions = json_array_new ();
  stored = json_array_new ();
  names = base_json_get (definition, "spec", "names", NULL);
  add_condition (conditions, "NamesAccepted", "NoConflicts", "no conflicts found");
  add_condition (conditions, "Established", "InitialNamesAccepted",
                 "the initial names have been accepted");
  json_object_set_array_member (status, "conditions", conditions);
  if (names != NULL)
    json_object_set_member (status, "acceptedNames", base_json_copy (names));
  if (get_storage_version (definition) != NULL)
    json_array_add_string_element (stored, get_storage_version (definition));
  json_object_set_array_member (status, "storedVersions", stored);
  json_object_set_object_member (json_node_get_object (definition), "status", status);
}

static void
validate_names (JsonNode *definition, PracticeCauses *causes)
{
  const char *name = base_metadata_get_name (definition);
  const char *group = base_json_get_string (definition, "spec", "group", NULL);
  const char *plural = base_json_get_string (definition, "spec", "names", "plural", NULL);
  g_autofree char *expected =
    g_strconcat (plural != NULL ? plural : "", ".", group != NULL ? group : "", NULL);
  const char *wrong;

  if (name != NULL && !g_str_equal (name, expected))
    practice_causes_invalid (causes, "metadata.name", name,
                             "must be spec.names.plural+\".\"+spec.group");
  if (group == NULL)
    practice_causes_required (causes, "spec.group", NULL);
  else if ((wrong = practice_names_check_subdomain (group)) != NULL)
    practice_causes_invalid (causes, "spec.group", group, wrong);
  else if (strchr (group, '.') == NULL)
    practice_causes_invalid (causes, "spec.group", group,
                             "should be a domain with at least one dot");
  if (plural == NULL)
    practice_causes_required (causes, "spec.names.plural", NULL);
  else if ((wrong = practice_names_check_service (plural)) != NULL)
    practice_causes_invalid (causes, "spec.names.plural", plural, wrong);
  if (base_json_get_string (definition, "spec", "names", "kind", NULL) == NULL)
    practice_causes_required (causes, "spec.names.kind", NULL);
  practice_validation_one_of (base_json_get_string (definition, "spec", "scope", NULL),
                              "spec.scope", TRUE, scopes, causes);
}

static void
validate_versions (JsonNode *definition, PracticeCauses *causes)
{
  g_autoptr (GHashTable) names = g_hash_table_new (g_str_hash, g_str_equal);
  JsonArray *versions = base_json_get_array (definition, "spec", "versions", NULL);
  guint storage = 0;

  for (guint i = 0; i < base_json_get_length (versions); i++) {
    JsonNode *version = json_array_get_element (versions, i);
    g_autofree char *name_field = practice_validation_field ("spec.versions[%u].name", i);
    g_autofree char *schema_field =
      practice_validation_field ("spec.versions[%u].schema.openAPIV3Schema", i);
    const char *name = base_json_get_string (version, "name", NULL);
    const char *wrong = practice_names_check_service (name != NULL ? name : "");

    if (wrong != NULL)
      practice_causes_invalid (causes, name_field, name, wrong);
    else if (!g_hash_table_add (names, (gpointer)name))
      practice_causes_invalid (causes, "spec.versions", name, "must contain unique version names");
    if (base_json_get_boolean (version, FALSE, "storage", NULL))
      storage++;
    /* Only definitions of v1beta1 do without. */
    if (base_json_get (version, "schema", "openAPIV3Schema", NULL) == NULL &&
        !base_json_get_boolean (definition, FALSE, "spec", "preserveUnknownFields", NULL))
      practice_causes_required (causes, schema_field, "schemas are required");
  }
  if (storage != 1)
    practice_causes_invalid_node (causes, "spec.versions",
                                  base_json_get (definition, "spec", "versions", NULL),
                                  "must have exactly one version marked as storage version");
}

static void
validate (JsonNode *definition, JsonNode *old, PracticeCauses *causes)
{
  static const char *const fixed[][2] = {
    { "group", NULL }, { "scope", NULL }, { "names", "kind" }, { "names", "plural" }
  };

  validate_names (definition, causes);
  validate_versions (definition, causes);
  for (guint i = 0; old != NULL && i < G_N_ELEMENTS (fixed); i++) {
    g_autofree char *field = g_strjoin (".", "spec", fixed[i][0], fixed[i][1], NULL);
    JsonNode *now = base_json_get (definition, "spec", fixed[i][0], fixed[i][1], NULL);

    if (!base_json_equal (now, base_json_get (old, "spec", fixed[i][0], fixed[i][1], NULL)))
      practice_causes_invalid_node (causes, field, now, "field is immutable");
  }
}

const PracticeKind practice_definition_kind = {
  .group = "apiextensions.k8s.io",
  .plural = "customresourcedefinitions",
  .singular = "customresourcedefinition",
  .kind = "CustomResourceDefinition",
  .versions = { "v1", "v1beta1" },
  .types = { "CustomResourceDefinition", "BetaCustomResourceDefinition" },
  .short_names = { "crd", "crds" },
  .has_status = TRUE,
  .has_generation = TRUE,
  .prepare = prepare,
  .set_defaults = set_defaults,
  .validate = validate,
  .to_storage = practice_definition_conversion_to_v1,
  .from_storage = practice_definition_conversion_to_beta,
  .columns = columns,
  .add_cells = add_cells,
};
