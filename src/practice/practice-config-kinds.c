/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base-json.h"
#include "practice-cells.h"
#include "practice-kinds.h"
#include "practice-validation.h"

/*
 * ConfigMap, Secret and ServiceAccount.
 */
#define MAX_SECRET (1024 * 1024)

static const PracticeColumn configmap_columns[] = {
  { "Name", "string", "name", 0 },
  { "Data", "integer", "", 0 },
  { "Age", "string", "", 0 },
  { NULL },
};

static const PracticeColumn secret_columns[] = {
  { "Name", "string", "name", 0 },
  { "Type", "string", "", 0 },
  { "Data", "integer", "", 0 },
  { "Age", "string", "", 0 },
  { NULL },
};

static const PracticeColumn service_account_columns[] = {
  { "Name", "string", "name", 0 },
  { "Secrets", "integer", "", 0 },
  { "Age", "string", "", 0 },
  { NULL },
};

static const char *const service_account_parts[] = { "token", NULL };

static const char *const secret_fields[] = { "type", NULL };

static guint
get_size (JsonNode *object, const char *member)
{
  JsonObject *map = base_json_get_object (object, member, NULL);

  return map != NULL ? json_object_get_size (map) : 0;
}

static void
add_configmap_cells (JsonNode *object, JsonArray *cells)
{
  practice_cells_add_name (cells, object);
  json_array_add_int_element (cells, get_size (object, "data") + get_size (object, "binaryData"));
  practice_cells_add_age (cells, object);
}

static void
add_secret_cells (JsonNode *object, JsonArray *cells)
{
  practice_cells_add_name (cells, object);
  json_array_add_string_element (cells, base_json_get_string (object, "type", NULL));
  json_array_add_int_element (cells, get_size (object, "data"));
  practice_cells_add_age (cells, object);
}

static void
add_service_account_cells (JsonNode *object, JsonArray *cells)
{
  JsonArray *secrets = base_json_get_array (object, "secrets", NULL);

  practice_cells_add_name (cells, object);
  json_array_add_int_element (cells, base_json_get_length (secrets));
  practice_cells_add_age (cells, object);
}

/* stringData is only for writing: it becomes data. */
static void
set_secret_defaults (JsonNode *object)
{
  JsonObject *secret = json_node_get_object (object);
  JsonObject *plain = base_json_get_object (object, "stringData", NULL);
  JsonObjectIter iter;
  const char *key;
  JsonNode *value;

  if (!json_object_has_member (secret, "type"))
    json_object_set_string_member (secret, "type", "Opaque");
  if (plain == NULL)
    return;
  if (!json_object_has_member (secret, "data"))
    json_object_set_object_member (secret, "data", json_object_new ());
  json_object_iter_init (&iter, plain);
  while (json_object_iter_next (&iter, &key, &value)) {
    const char *text = json_node_get_string (value);
    g_autofree char *encoded = g_base64_encode ((const guchar *)text, strlen (text));

    json_object_set_string_member (json_object_get_object_member (secret, "data"), key, encoded);
  }
  json_object_remove_member (secret, "stringData");
}

static void
validate_keys (JsonNode *object, const char *member, PracticeCauses *causes)
{
  JsonObject *map = base_json_get_object (object, member, NULL);
  JsonObjectIter iter;
  const char *key;
  JsonNode *value;
  gsize size = 0;

  if (map == NULL)
    return;
  json_object_iter_init_ordered (&iter, map);
  while (json_object_iter_next_ordered (&iter, &key, &value)) {
    g_autofree char *field = practice_validation_field ("%s[%s]", member, key);
    const char *wrong = practice_names_check_config_key (key);

    if (wrong != NULL)
      practice_causes_invalid (causes, field, key, wrong);
    size += strlen (json_node_get_string (value));
  }
  if (size > MAX_SECRET)
    practice_causes_too_long (causes, member, MAX_SECRET);
}

static void
validate_immutable (JsonNode *object, JsonNode *old, PracticeCauses *causes)
{
  const char *members[] = { "data", "binaryData" };

  if (old == NULL || !base_json_get_boolean (old, FALSE, "immutable", NULL))
    return;
  for (guint i = 0; i < G_N_ELEMENTS (members); i++) {
    if (!base_json_equal (base_json_get (object, members[i], NULL),
                          base_json_get (old, members[i], NULL)))
      practice_causes_forbidden (causes, members[i], "field is immutable when `immutable` is set");
  }
}

static void
validate_configmap (JsonNode *object, JsonNode *old, PracticeCauses *causes)
{
  validate_keys (object, "data", causes);
  validate_keys (object, "binaryData", causes);
  validate_immutable (object, old, causes);
}

/* What a type of secret must have. */
static void
validate_secret_type (JsonNode *object, const char *type, PracticeCauses *causes)
{
  static const struct {
    const char *type;
    const char *keys[2];
  } types[] = {
    { "kubernetes.io/tls", { "tls.crt", "tls.key" } },
    { "kubernetes.io/dockerconfigjson", { ".dockerconfigjson" } },
    { "kubernetes.io/dockercfg", { ".dockercfg" } },
    { "kubernetes.io/ssh-auth", { "ssh-privatekey" } },
  };

  for (guint i = 0; i < G_N_ELEMENTS (types); i++) {
    for (guint j = 0; g_strcmp0 (type, types[i].type) == 0 && j < 2; j++) {
      const char *key = types[i].keys[j];
      g_autofree char *field = practice_validation_field ("data[%s]", key);

      if (key != NULL && base_json_get (object, "data", key, NULL) == NULL)
        practice_causes_required (causes, field, NULL);
    }
  }
}

static void
validate_secret (JsonNode *object, JsonNode *old, PracticeCauses *causes)
{
  const char *type = base_json_get_string (object, "type", NULL);

  validate_keys (object, "data", causes);
  validate_secret_type (object, type, causes);
  validate_immutable (object, old, causes);
  if (old != NULL && g_strcmp0 (type, base_json_get_string (old, "type", NULL)) != 0)
    practice_causes_invalid (causes, "type", type, "field is immutable");
}

const PracticeKind practice_configmap_kind = {
  .group = "",
  .plural = "configmaps",
  .singular = "configmap",
  .kind = "ConfigMap",
  .versions = { "v1" },
  .types = { "ConfigMap" },
  .short_names = { "cm" },
  .namespaced = TRUE,
  .validate = validate_configmap,
  .columns = configmap_columns,
  .add_cells = add_configmap_cells,
};

const PracticeKind practice_secret_kind = {
  .group = "",
  .plural = "secrets",
  .singular = "secret",
  .kind = "Secret",
  .versions = { "v1" },
  .types = { "Secret" },
  .namespaced = TRUE,
  .set_defaults = set_secret_defaults,
  .validate = validate_secret,
  .columns = secret_columns,
  .add_cells = add_secret_cells,
  .selectable_fields = secret_fields,
};

const PracticeKind practice_service_account_kind = {
  .group = "",
  .plural = "serviceaccounts",
  .singular = "serviceaccount",
  .kind = "ServiceAccount",
  .versions = { "v1" },
  .types = { "ServiceAccount" },
  .short_names = { "sa" },
  .namespaced = TRUE,
  .columns = service_account_columns,
  .subresources = service_account_parts,
  .add_cells = add_service_account_cells,
};
