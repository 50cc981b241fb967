/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-ingress-validation.h"

#include <string.h>

#include "base-json.h"
#include "base-metadata.h"
#include "practice-validation.h"

/*
 * Rules and words of k8s.io/kubernetes/pkg/apis/networking/validation.
 */
#define CLASS_ANNOTATION "kubernetes.io/ingress.class"

static const char *const path_types[] = { "Exact", "ImplementationSpecific", "Prefix", NULL };

/* How what is checked is called, and what is let through for the sake of old clients. */
typedef struct {
  const char *default_backend;
  const char *service_name;
  const char *port_name;
  const char *port_number;
  gboolean any_secret_name;
  gboolean any_wildcard_rule;
} Dialect;

static const Dialect v1 = {
  .default_backend = "defaultBackend",
  .service_name = "service.name",
  .port_name = "service.port.name",
  .port_number = "service.port.number",
};

static const Dialect beta = {
  .default_backend = "backend",
  .service_name = "serviceName",
  .port_name = "servicePort",
  .port_number = "servicePort",
  .any_secret_name = TRUE,
  .any_wildcard_rule = TRUE,
};

static void
validate_subdomain (const char *name, const char *field, PracticeCauses *causes)
{
  const char *wrong = practice_names_check_subdomain (name);

  if (wrong != NULL)
    practice_causes_invalid (causes, field, name, wrong);
}

static void
validate_segment (JsonNode *reference,
                  const char *member,
                  const char *field,
                  PracticeCauses *causes)
{
  g_autofree char *own = g_strconcat (field, ".", member, NULL);
  const char *text = base_json_get_string (reference, member, NULL);

  if (text == NULL || *text == '\0') {
    g_autofree char *words = g_strconcat (member, " is required", NULL);

    practice_causes_required (causes, own, words);
    return;
  }
  practice_names_validate_segment (text, own, causes);
}

/**
 * practice_ingress_validation_check_reference:
 * @reference: (nullable): what names another object of the same namespace
 * @field: where it is, as "spec.parameters"
 * @causes: where what is wrong is noted
 *
 * Checks a TypedLocalObjectReference.
 */
void
practice_ingress_validation_check_reference (JsonNode *reference,
                                             const char *field,
                                             PracticeCauses *causes)
{
  g_autofree char *group_field = g_strconcat (field, ".apiGroup", NULL);
  const char *group = base_json_get_string (reference, "apiGroup", NULL);

  if (reference == NULL)
    return;
  if (group != NULL)
    validate_subdomain (group, group_field, causes);
  validate_segment (reference, "kind", field, causes);
  validate_segment (reference, "name", field, causes);
}

static void
validate_port (JsonNode *service, const char *field, const Dialect *dialect, PracticeCauses *causes)
{
  g_autofree char *name_field = g_strconcat (field, ".", dialect->port_name, NULL);
  g_autofree char *number_field = g_strconcat (field, ".", dialect->port_number, NULL);
  const char *name = base_json_get_string (service, "port", "name", NULL);
  gint64 number = base_json_get_int (service, 0, "port", "number", NULL);
  gboolean has_name = name != NULL && *name != '\0';

  if (has_name && number != 0)
    practice_causes_invalid (causes, field, "", "cannot set both port name & port number");
  else if (has_name)
    practice_names_validate_port (name, name_field, causes);
  else if (number != 0)
    practice_validation_port (number, number_field, causes);
  else
    practice_causes_required (causes, field, "port name or number is required");
}

static void
validate_service (JsonNode *service,
                  const char *field,
                  const Dialect *dialect,
                  PracticeCauses *causes)
{
  g_autofree char *name_field = g_strconcat (field, ".", dialect->service_name, NULL);
  const char *name = base_json_get_string (service, "name", NULL);
  const char *wrong;

  if (name == NULL || *name == '\0') {
    practice_causes_required (causes, name_field, NULL);
  } else {
    wrong = practice_names_check_service (name);
    if (wrong != NULL)
      practice_causes_invalid (causes, name_field, name, wrong);
  }
  validate_port (service, field, dialect, causes);
}

static void
validate_backend (JsonNode *backend,
                  const char *field,
                  const Dialect *dialect,
                  PracticeCauses *causes)
{
  g_autofree char *resource_field = g_strconcat (field, ".resource", NULL);
  JsonNode *resource = base_json_get (backend, "resource", NULL);
  JsonNode *service = base_json_get (backend, "service", NULL);

  if (resource != NULL && service != NULL)
    practice_causes_invalid (causes, field, "", "cannot set both resource and service backends");
  else if (resource != NULL)
    practice_ingress_validation_check_reference (resource, resource_field, causes);
  else if (service != NULL)
    validate_service (service, field, dialect, causes);
  else
    practice_causes_invalid (causes, field, "", "resource or service backend is required");
}

/* What a path that is compared as it stands may not have, since no request's has it. */
static void
validate_sequences (const char *path, const char *field, PracticeCauses *causes)
{
  static const char *const sequences[] = { "//", "/./", "/../", "%2f", "%2F" };
  static const char *const ends[] = { "/..", "/." };

  for (guint i = 0; i < G_N_ELEMENTS (sequences); i++) {
    g_autofree char *words = g_strdup_printf ("must not contain '%s'", sequences[i]);

    if (strstr (path, sequences[i]) != NULL)
      practice_causes_invalid (causes, field, path, words);
  }
  for (guint i = 0; i < G_N_ELEMENTS (ends); i++) {
    g_autofree char *words = g_strdup_printf ("cannot end with '%s'", ends[i]);

    if (g_str_has_suffix (path, ends[i]))
      practice_causes_invalid (causes, field, path, words);
  }
}

static void
validate_path (JsonNode *path, const char *field, const Dialect *dialect, PracticeCauses *causes)
{
  g_autofree char *type_field = g_strconcat (field, ".pathType", NULL);
  g_autofree char *path_field = g_strconcat (field, ".path", NULL);
  g_autofree char *backend_field = g_strconcat (field, ".backend", NULL);
  const char *type = base_json_get_string (path, "pathType", NULL);
  const char *text = base_json_get_string (path, "path", NULL);
  gboolean is_free = g_strcmp0 (type, "ImplementationSpecific") == 0;

  if (type == NULL) {
    practice_causes_required (causes, type_field, "pathType must be specified");
    return;
  }
  if (text == NULL)
    text = "";
  if (!g_strv_contains (path_types, type)) {
    practice_causes_unsupported (causes, type_field, type, path_types);
  } else {
    if (*text != '/' && !(is_free && *text == '\0'))
      practice_causes_invalid (causes, path_field, text, "must be an absolute path");
    if (!is_free)
      validate_sequences (text, path_field, causes);
  }
  validate_backend (base_json_get (path, "backend", NULL), backend_field, dialect, causes);
}

/* Returns whether it has a wildcard. */
static gboolean
validate_host (const char *host, const char *field, PracticeCauses *causes)
{
  const char *wrong;

  if (host == NULL || *host == '\0')
    return FALSE;
  if (g_hostname_is_ip_address (host))
    practice_causes_invalid (causes, field, host, "must be a DNS name, not an IP address");
  if (strchr (host, '*') == NULL) {
    validate_subdomain (host, field, causes);
    return FALSE;
  }
  wrong = practice_names_check_wildcard (host);
  if (wrong != NULL)
    practice_causes_invalid (causes, field, host, wrong);
  return TRUE;
}

static void
validate_paths (JsonNode *rule, guint i, const Dialect *dialect, PracticeCauses *causes)
{
  g_autofree char *paths_field = practice_validation_field ("spec.rules[%u].http.paths", i);
  JsonArray *paths = base_json_get_array (rule, "http", "paths", NULL);

  if (base_json_get (rule, "http", NULL) == NULL)
    return;
  if (base_json_get_length (paths) == 0)
    practice_causes_required (causes, paths_field, NULL);
  for (guint j = 0; j < base_json_get_length (paths); j++) {
    g_autofree char *field = practice_validation_field ("%s[%u]", paths_field, j);

    validate_path (json_array_get_element (paths, j), field, dialect, causes);
  }
}

static void
validate_rule (JsonNode *rule, guint i, const Dialect *dialect, PracticeCauses *causes)
{
  g_autofree char *host_field = practice_validation_field ("spec.rules[%u].host", i);
  gboolean is_wildcard =
    validate_host (base_json_get_string (rule, "host", NULL), host_field, causes);

  if (!is_wildcard || !dialect->any_wildcard_rule)
    validate_paths (rule, i, dialect, causes);
}

static void
validate_tls (JsonNode *tls, guint i, const Dialect *dialect, PracticeCauses *causes)
{
  g_autofree char *secret_field = practice_validation_field ("spec.tls[%u].secretName", i);
  const char *secret = base_json_get_string (tls, "secretName", NULL);
  JsonArray *hosts = base_json_get_array (tls, "hosts", NULL);

  for (guint j = 0; j < base_json_get_length (hosts); j++) {
    g_autofree char *field = practice_validation_field ("spec.tls[%u].hosts[%u]", i, j);
    const char *host = json_array_get_string_element (hosts, j);
    const char *wrong = strchr (host, '*') != NULL ? practice_names_check_wildcard (host)
                                                   : practice_names_check_subdomain (host);

    if (wrong != NULL)
      practice_causes_invalid (causes, field, host, wrong);
  }
  if (secret != NULL && *secret != '\0' && !dialect->any_secret_name)
    validate_subdomain (secret, secret_field, causes);
}

/* Whether there is a secret's name already that a newer client could not have written. */
static gboolean
has_wrong_secret_name (JsonNode *old)
{
  JsonArray *tls = base_json_get_array (old, "spec", "tls", NULL);

  for (guint i = 0; i < base_json_get_length (tls); i++) {
    const char *name = base_json_get_string (json_array_get_element (tls, i), "secretName", NULL);

    if (name != NULL && *name != '\0' && practice_names_check_subdomain (name) != NULL)
      return TRUE;
  }
  return FALSE;
}

static gboolean
has_wrong_wildcard_rule (JsonNode *old)
{
  JsonArray *rules = base_json_get_array (old, "spec", "rules", NULL);
  g_autoptr (PracticeCauses) causes = practice_causes_new ();

  for (guint i = 0; i < base_json_get_length (rules); i++) {
    JsonNode *rule = json_array_get_element (rules, i);
    const char *host = base_json_get_string (rule, "host", NULL);

    if (host != NULL && strchr (host, '*') != NULL)
      validate_paths (rule, i, &v1, causes);
  }
  return practice_causes_get_length (causes) > 0;
}

static void
validate_class (JsonNode *ingress, JsonNode *old, PracticeCauses *causes)
{
  const char *name = base_json_get_string (ingress, "spec", "ingressClassName", NULL);
  const char *annotation = base_metadata_get_annotation (ingress, CLASS_ANNOTATION);

  if (name == NULL)
    return;
  validate_subdomain (name, "spec.ingressClassName", causes);
  if (old == NULL && annotation != NULL)
    practice_causes_invalid (causes, "annotations." CLASS_ANNOTATION, annotation,
                             "can not be set when the class field is also set");
}

static Dialect
get_dialect (const char *api_version, JsonNode *old)
{
  Dialect dialect = g_str_has_suffix (api_version, "/v1beta1") ? beta : v1;

  if (old != NULL) {
    dialect.any_secret_name |= has_wrong_secret_name (old);
    dialect.any_wildcard_rule |= has_wrong_wildcard_rule (old);
  }
  return dialect;
}

/**
 * practice_ingress_validation_check:
 * @ingress: what is to be stored, in the version v1
 * @old: (nullable): what it replaces
 * @api_version: the version that the client spoke, as "extensions/v1beta1"
 * @causes: where what is wrong is noted
 *
 * Checks an Ingress. The fields are called as they are in @api_version.
 */
void
practice_ingress_validation_check (JsonNode *ingress,
                                   JsonNode *old,
                                   const char *api_version,
                                   PracticeCauses *causes)
{
  Dialect dialect = get_dialect (api_version, old);
  JsonArray *rules = base_json_get_array (ingress, "spec", "rules", NULL);
  JsonArray *tls = base_json_get_array (ingress, "spec", "tls", NULL);
  JsonNode *backend = base_json_get (ingress, "spec", "defaultBackend", NULL);

  if (base_json_get_length (rules) == 0 && backend == NULL) {
    g_autofree char *words =
      g_strdup_printf ("either `%s` or `rules` must be specified", dialect.default_backend);

    practice_causes_invalid_literal (
      causes, "spec",
      rules != NULL ? "[]networking.IngressRule{}" : "[]networking.IngressRule(nil)", words);
  }
  if (backend != NULL) {
    g_autofree char *field = g_strconcat ("spec.", dialect.default_backend, NULL);

    validate_backend (backend, field, &dialect, causes);
  }
  for (guint i = 0; i < base_json_get_length (rules); i++)
    validate_rule (json_array_get_element (rules, i), i, &dialect, causes);
  for (guint i = 0; i < base_json_get_length (tls); i++)
    validate_tls (json_array_get_element (tls, i), i, &dialect, causes);
  validate_class (ingress, old, causes);
}
