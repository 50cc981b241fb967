/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base-condition.h"
#include "base-json.h"
#include "base-metadata.h"
#include "practice-api-service-keeper.h"
#include "practice-cells.h"
#include "practice-kinds.h"
#include "practice-names.h"
#include "practice-validation.h"

/* k8s.io/kube-aggregator/pkg/apis/apiregistration/validation */
#define MAX_GROUP_PRIORITY 20000
#define MAX_VERSION_PRIORITY 1000

#define DEFAULT_PORT 443

static const PracticeColumn columns[] = {
  { "Name", "string", "name", 0 },
  { "Service", "string", "", 0 },
  { "Available", "string", "", 0 },
  { "Age", "string", "", 0 },
  { NULL },
};

static void
add_service (JsonNode *object, JsonArray *cells)
{
  g_autofree char *text = NULL;

  if (base_json_get (object, "spec", "service", NULL) == NULL) {
    json_array_add_string_element (cells, "Local");
    return;
  }
  text =
    g_strdup_printf ("%s/%s", base_json_get_string (object, "spec", "service", "namespace", NULL),
                     base_json_get_string (object, "spec", "service", "name", NULL));
  json_array_add_string_element (cells, text);
}

static void
add_available (JsonNode *object, JsonArray *cells)
{
  JsonNode *condition = base_condition_find (object, PRACTICE_API_SERVICE_AVAILABLE);
  const char *status = base_json_get_string (condition, "status", NULL);
  g_autofree char *text = NULL;

  if (condition == NULL)
    text = g_strdup ("Unknown");
  else if (g_strcmp0 (status, "True") == 0)
    text = g_strdup (status);
  else
    text = g_strdup_printf ("%s (%s)", status, base_json_get_string (condition, "reason", NULL));
  json_array_add_string_element (cells, text);
}

static void
add_cells (JsonNode *object, JsonArray *cells)
{
  practice_cells_add_name (cells, object);
  add_service (object, cells);
  add_available (object, cells);
  practice_cells_add_age (cells, object);
}

static void
set_defaults (JsonNode *object)
{
  JsonObject *service = base_json_get_object (object, "spec", "service", NULL);

  if (service != NULL && !json_object_has_member (service, "port"))
    json_object_set_int_member (service, "port", DEFAULT_PORT);
}

static const char *
get_text (JsonNode *object, const char *member)
{
  const char *text = base_json_get_string (object, "spec", member, NULL);

  return text != NULL ? text : "";
}

static void
validate_names (JsonNode *object, PracticeCauses *causes)
{
  const char *name = base_metadata_get_name (object);
  const char *group = get_text (object, "group");
  const char *version = get_text (object, "version");
  g_autofree char *wanted = g_strdup_printf ("%s.%s", version, group);
  const char *wrong;

  if (name == NULL || *name == '\0') {
    practice_causes_required (causes, "metadata.name", "name or generateName is required");
  } else if (!g_str_equal (name, wanted)) {
    g_autofree char *detail =
      g_strdup_printf ("must be `spec.version+\".\"+spec.group`: \"%s\"", wanted);

    practice_causes_invalid (causes, "metadata.name", name, detail);
  }
  if (*group == '\0' && !g_str_equal (version, "v1"))
    practice_causes_required (causes, "spec.group",
                              "only v1 may have an empty group and it better be legacy kube");
  wrong = *group != '\0' ? practice_names_check_subdomain (group) : NULL;
  if (wrong != NULL)
    practice_causes_invalid (causes, "spec.group", group, wrong);
  wrong = practice_names_check_service (version);
  if (wrong != NULL)
    practice_causes_invalid (causes, "spec.version", version, wrong);
}

static void
validate_priority (JsonNode *object, const char *member, gint64 most, PracticeCauses *causes)
{
  gint64 priority = base_json_get_int (object, 0, "spec", member, NULL);
  g_autofree char *field = g_strconcat ("spec.", member, NULL);
  g_autofree char *detail =
    g_strdup_printf ("must be positive and less than %" G_GINT64_FORMAT, most);

  if (priority <= 0 || priority > most)
    practice_causes_invalid_int (causes, field, priority, detail);
}

static gsize
get_bundle_length (JsonNode *object)
{
  gsize length = 0;
  g_autofree guchar *bundle = g_base64_decode (get_text (object, "caBundle"), &length);

  return length;
}

static void
validate_local (JsonNode *object, PracticeCauses *causes)
{
  gsize length = get_bundle_length (object);

  if (length > 0) {
    g_autofree char *bytes = g_strdup_printf ("%" G_GSIZE_FORMAT " bytes", length);

    practice_causes_invalid (causes, "spec.caBundle", bytes,
                             "local APIServices may not have a caBundle");
  }
  if (base_json_get_boolean (object, FALSE, "spec", "insecureSkipTLSVerify", NULL))
    practice_causes_invalid_literal (causes, "spec.insecureSkipTLSVerify", "true",
                                     "local APIServices may not have insecureSkipTLSVerify");
}

static void
validate_service (JsonNode *object, PracticeCauses *causes)
{
  static const char *const members[] = { "namespace", "name" };
  JsonNode *service = base_json_get (object, "spec", "service", NULL);
  gint64 port = base_json_get_int (service, DEFAULT_PORT, "port", NULL);

  for (guint i = 0; i < G_N_ELEMENTS (members); i++) {
    const char *value = base_json_get_string (service, members[i], NULL);
    g_autofree char *field = g_strconcat ("spec.service.", members[i], NULL);

    if (value == NULL || *value == '\0')
      practice_causes_required (causes, field, NULL);
  }
  if (port < 1 || port > G_MAXUINT16)
    practice_causes_invalid_int (causes, "spec.service.port", port,
                                 "port is not valid: must be between 1 and 65535, inclusive");
  if (base_json_get_boolean (object, FALSE, "spec", "insecureSkipTLSVerify", NULL) &&
      get_bundle_length (object) > 0)
    practice_causes_invalid_literal (causes, "spec.insecureSkipTLSVerify", "true",
                                     "may not be true if caBundle is present");
}

static void
validate (JsonNode *object, JsonNode *old, PracticeCauses *causes)
{
  validate_names (object, causes);
  validate_priority (object, "groupPriorityMinimum", MAX_GROUP_PRIORITY, causes);
  validate_priority (object, "versionPriority", MAX_VERSION_PRIORITY, causes);
  if (base_json_get (object, "spec", "service", NULL) == NULL)
    validate_local (object, causes);
  else
    validate_service (object, causes);
}

const PracticeKind practice_api_service_kind = {
  .group = "apiregistration.k8s.io",
  .plural = "apiservices",
  .singular = "apiservice",
  .kind = "APIService",
  .versions = { "v1" },
  .types = { "APIService" },
  .categories = { "api-extensions" },
  .has_status = TRUE,
  .checks_name = TRUE,
  .set_defaults = set_defaults,
  .validate = validate,
  .columns = columns,
  .add_cells = add_cells,
};
