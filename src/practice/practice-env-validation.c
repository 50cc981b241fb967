/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-env-validation.h"

#include <string.h>

#include "base-json.h"
#include "practice-validation.h"

/*
 * Rules and words of k8s.io/kubernetes/pkg/apis/core/validation, ValidateEnv and ValidateEnvFrom.
 */
#define ENV_NAME "[-._a-zA-Z][-._a-zA-Z0-9]*"

/* What the conversion of a path knows, and which of it can be a variable. */
static const char *const known_paths[] = {
  "metadata.annotations",
  "metadata.labels",
  "metadata.name",
  "metadata.namespace",
  "metadata.uid",
  "spec.nodeName",
  "spec.restartPolicy",
  "spec.serviceAccountName",
  "spec.schedulerName",
  "status.phase",
  "status.hostIP",
  "status.podIP",
  "status.podIPs",
  "spec.host",
  NULL,
};
static const char *const paths[] = {
  "metadata.name", "metadata.namespace",      "metadata.uid",
  "spec.nodeName", "spec.serviceAccountName", "status.hostIP",
  "status.podIP",  "status.podIPs",           NULL,
};
static const char *const resources[] = {
  "limits.cpu",   "limits.ephemeral-storage",   "limits.memory",
  "requests.cpu", "requests.ephemeral-storage", "requests.memory",
  NULL,
};

static void
validate_variable_name (const char *name, const char *field, PracticeCauses *causes)
{
  if (!g_regex_match_simple ("^" ENV_NAME "$", name, G_REGEX_DOLLAR_ENDONLY, 0))
    practice_causes_invalid (
      causes, field, name,
      "a valid environment variable name must consist of alphabetic characters, digits, '_', '-', "
      "or '.', and must not start with a digit (e.g. 'my.env-name',  or 'MY_ENV.NAME',  or "
      "'MyEnvName1', regex used for validation is '" ENV_NAME "')");
  if (g_str_equal (name, "."))
    practice_causes_invalid (causes, field, name, "must not be '.'");
  else if (g_str_equal (name, ".."))
    practice_causes_invalid (causes, field, name, "must not be '..'");
  else if (g_str_has_prefix (name, ".."))
    practice_causes_invalid (causes, field, name, "must not start with '..'");
}

/* "metadata.labels['app']": one of many that an object can have. */
static void
validate_subscript (const char *path, const char *field, PracticeCauses *causes)
{
  const char *bracket = strstr (path, "['");
  g_autofree char *list = g_strndup (path, (gsize)(bracket - path));
  g_autofree char *key = g_strndup (bracket + 2, strlen (bracket) - 4);
  const char *wrong;

  if (!g_str_equal (list, "metadata.annotations") && !g_str_equal (list, "metadata.labels")) {
    g_autofree char *own = g_strconcat (field, ".fieldPath", NULL);
    g_autofree char *words = g_strconcat (
      "error converting fieldPath: field label does not support subscript: ", path, NULL);

    practice_causes_invalid (causes, own, path, words);
    return;
  }
  wrong = practice_names_check_label_key (key);
  if (wrong != NULL)
    practice_causes_invalid (causes, field, key, wrong);
}

static void
validate_field (JsonNode *source, const char *field, PracticeCauses *causes)
{
  g_autofree char *own = g_strconcat (field, ".fieldPath", NULL);
  const char *path = practice_validation_get_text (source, "fieldPath");

  if (*path == '\0') {
    practice_causes_required (causes, own, NULL);
  } else if (strstr (path, "['") != NULL && g_str_has_suffix (path, "']")) {
    validate_subscript (path, field, causes);
  } else if (!g_strv_contains (known_paths, path)) {
    g_autofree char *words =
      g_strconcat ("error converting fieldPath: field label not supported: ", path, NULL);

    practice_causes_invalid (causes, own, path, words);
  } else if (!g_str_equal (path, "spec.host") && !g_strv_contains (paths, path)) {
    practice_causes_unsupported (causes, own, path, paths);
  }
}

static void
validate_resource (JsonNode *source, const char *field, PracticeCauses *causes)
{
  g_autofree char *own = g_strconcat (field, ".resource", NULL);

  practice_validation_one_of (base_json_get_string (source, "resource", NULL), own, TRUE, resources,
                              causes);
}

static void
validate_key (JsonNode *source, const char *field, PracticeCauses *causes)
{
  g_autofree char *name_field = g_strconcat (field, ".name", NULL);
  g_autofree char *key_field = g_strconcat (field, ".key", NULL);
  const char *name = practice_validation_get_text (source, "name");
  const char *key = practice_validation_get_text (source, "key");
  const char *wrong = practice_names_check_subdomain (name);

  if (wrong != NULL)
    practice_causes_invalid (causes, name_field, name, wrong);
  if (*key == '\0') {
    practice_causes_required (causes, key_field, NULL);
    return;
  }
  wrong = practice_names_check_config_key (key);
  if (wrong != NULL)
    practice_causes_invalid (causes, key_field, key, wrong);
}

static void
validate_source (JsonNode *variable, const char *field, PracticeCauses *causes)
{
  static const struct {
    const char *member;
    void (*validate) (JsonNode *source, const char *field, PracticeCauses *causes);
  } sources[] = {
    { "fieldRef", validate_field },
    { "resourceFieldRef", validate_resource },
    { "configMapKeyRef", validate_key },
    { "secretKeyRef", validate_key },
  };
  guint count = 0;

  for (guint i = 0; i < G_N_ELEMENTS (sources); i++) {
    g_autofree char *own = g_strconcat (field, ".", sources[i].member, NULL);
    JsonNode *source = base_json_get (variable, "valueFrom", sources[i].member, NULL);

    if (source == NULL)
      continue;
    count++;
    sources[i].validate (source, own, causes);
  }
  if (count == 0)
    practice_causes_invalid (causes, field, "",
                             "must specify one of: `fieldRef`, `resourceFieldRef`, "
                             "`configMapKeyRef` or `secretKeyRef`");
  else if (*practice_validation_get_text (variable, "value") != '\0')
    practice_causes_invalid (causes, field, "", "may not be specified when `value` is not empty");
  else if (count > 1)
    practice_causes_invalid (causes, field, "",
                             "may not have more than one field specified at a time");
}

static void
validate_variable (JsonNode *variable, const char *field, PracticeCauses *causes)
{
  g_autofree char *name_field = g_strconcat (field, ".name", NULL);
  g_autofree char *source_field = g_strconcat (field, ".valueFrom", NULL);
  const char *name = practice_validation_get_text (variable, "name");

  if (*name == '\0')
    practice_causes_required (causes, name_field, NULL);
  else
    validate_variable_name (name, name_field, causes);
  if (base_json_get (variable, "valueFrom", NULL) != NULL)
    validate_source (variable, source_field, causes);
}

/* All variables of a ConfigMap or a Secret; @list is called where neither is meant. */
static void
validate_bulk (JsonNode *bulk, const char *field, const char *list, PracticeCauses *causes)
{
  const char *const members[] = { "configMapRef", "secretRef" };
  g_autofree char *prefix_field = g_strconcat (field, ".prefix", NULL);
  const char *prefix = practice_validation_get_text (bulk, "prefix");
  guint count = 0;

  if (*prefix != '\0')
    validate_variable_name (prefix, prefix_field, causes);
  for (guint i = 0; i < G_N_ELEMENTS (members); i++) {
    g_autofree char *own = g_strconcat (field, ".", members[i], ".name", NULL);
    JsonNode *source = base_json_get (bulk, members[i], NULL);
    const char *name = practice_validation_get_text (source, "name");
    const char *wrong = practice_names_check_subdomain (name);

    if (source == NULL)
      continue;
    count++;
    if (*name == '\0')
      practice_causes_required (causes, own, NULL);
    else if (wrong != NULL)
      practice_causes_invalid (causes, own, name, wrong);
  }
  if (count == 0)
    practice_causes_invalid (causes, list, "",
                             "must specify one of: `configMapRef` or `secretRef`");
  else if (count > 1)
    practice_causes_invalid (causes, list, "",
                             "may not have more than one field specified at a time");
}

/**
 * practice_env_validation_check:
 * @container: a container, with its defaults
 * @field: where it is, as "spec.containers[0]"
 * @causes: where what is wrong is noted
 *
 * Checks the variables of a container, and where their values come from.
 */
void
practice_env_validation_check (JsonNode *container, const char *field, PracticeCauses *causes)
{
  JsonArray *variables = base_json_get_array (container, "env", NULL);
  JsonArray *bulks = base_json_get_array (container, "envFrom", NULL);
  g_autofree char *list = g_strconcat (field, ".envFrom", NULL);

  for (guint i = 0; i < base_json_get_length (variables); i++) {
    g_autofree char *own = practice_validation_field ("%s.env[%u]", field, i);

    validate_variable (json_array_get_element (variables, i), own, causes);
  }
  for (guint i = 0; i < base_json_get_length (bulks); i++) {
    g_autofree char *own = practice_validation_field ("%s[%u]", list, i);

    validate_bulk (json_array_get_element (bulks, i), own, list, causes);
  }
}
