/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base-json.h"
#include "practice-cells.h"
#include "practice-kinds.h"
#include "practice-validation.h"

/*
 * Whom an API server asks before it stores something. These objects are kept and shown; those that
 * Istio brings tell of what the cluster does by itself, practice-sidecar-injector.c and
 * practice-istio-admission.c.
 */
static const PracticeColumn columns[] = {
  { "Name", "string", "name", 0 },
  { "Webhooks", "integer", "", 0 },
  { "Age", "string", "", 0 },
  { NULL },
};

static const char *const side_effects[] = { "None", "NoneOnDryRun", NULL };
static const char *const failure_policies[] = { "Fail", "Ignore", NULL };
static const char *const match_policies[] = { "Equivalent", "Exact", NULL };

static void
add_cells (JsonNode *object, JsonArray *cells)
{
  practice_cells_add_name (cells, object);
  json_array_add_int_element (
    cells, base_json_get_length (base_json_get_array (object, "webhooks", NULL)));
  practice_cells_add_age (cells, object);
}

static void
default_string (JsonObject *object, const char *member, const char *value)
{
  if (!json_object_has_member (object, member))
    json_object_set_string_member (object, member, value);
}

static void
default_int (JsonObject *object, const char *member, gint64 value)
{
  if (!json_object_has_member (object, member))
    json_object_set_int_member (object, member, value);
}

static void
default_object (JsonObject *object, const char *member)
{
  if (!json_object_has_member (object, member))
    json_object_set_object_member (object, member, json_object_new ());
}

/* k8s.io/kubernetes/pkg/apis/admissionregistration/v1/defaults.go */
static void
set_webhook_defaults (JsonNode *webhook)
{
  JsonObject *members = json_node_get_object (webhook);
  JsonObject *service = base_json_get_object (webhook, "clientConfig", "service", NULL);
  JsonArray *rules = base_json_get_array (webhook, "rules", NULL);

  default_string (members, "failurePolicy", "Fail");
  default_string (members, "matchPolicy", "Equivalent");
  default_object (members, "namespaceSelector");
  default_object (members, "objectSelector");
  default_int (members, "timeoutSeconds", 10);
  if (service != NULL)
    default_int (service, "port", 443);
  for (guint i = 0; i < base_json_get_length (rules); i++)
    default_string (json_array_get_object_element (rules, i), "scope", "*");
}

static void
set_validating_defaults (JsonNode *object)
{
  JsonArray *webhooks = base_json_get_array (object, "webhooks", NULL);

  for (guint i = 0; i < base_json_get_length (webhooks); i++)
    set_webhook_defaults (json_array_get_element (webhooks, i));
}

static void
set_mutating_defaults (JsonNode *object)
{
  JsonArray *webhooks = base_json_get_array (object, "webhooks", NULL);

  set_validating_defaults (object);
  for (guint i = 0; i < base_json_get_length (webhooks); i++)
    default_string (json_array_get_object_element (webhooks, i), "reinvocationPolicy", "Never");
}

static void
validate_name (const char *name, const char *field, PracticeCauses *causes)
{
  g_auto (GStrv) parts = g_strsplit (name, ".", -1);
  const char *wrong = *name != '\0' ? practice_names_check_subdomain (name) : NULL;

  if (*name == '\0')
    practice_causes_required (causes, field, NULL);
  else if (wrong != NULL)
    practice_causes_invalid (causes, field, name, wrong);
  else if (g_strv_length (parts) < 3)
    practice_causes_invalid (causes, field, name,
                             "should be a domain with at least three segments separated by dots");
}

static void
validate_client (JsonNode *webhook, const char *field, PracticeCauses *causes)
{
  g_autofree char *own = g_strconcat (field, ".clientConfig", NULL);
  gboolean has_url = base_json_get (webhook, "clientConfig", "url", NULL) != NULL;
  gboolean has_service = base_json_get (webhook, "clientConfig", "service", NULL) != NULL;

  if (has_url == has_service)
    practice_causes_required (causes, own, "exactly one of url or service is required");
}

static void
validate_webhook (JsonNode *webhook, const char *field, PracticeCauses *causes)
{
  g_autofree char *name_field = g_strconcat (field, ".name", NULL);
  g_autofree char *failure_field = g_strconcat (field, ".failurePolicy", NULL);
  g_autofree char *match_field = g_strconcat (field, ".matchPolicy", NULL);
  g_autofree char *effects_field = g_strconcat (field, ".sideEffects", NULL);
  g_autofree char *seconds_field = g_strconcat (field, ".timeoutSeconds", NULL);
  g_autofree char *namespaces_field = g_strconcat (field, ".namespaceSelector", NULL);
  const char *name = base_json_get_string (webhook, "name", NULL);
  const char *effects = base_json_get_string (webhook, "sideEffects", NULL);
  gint64 seconds = base_json_get_int (webhook, 0, "timeoutSeconds", NULL);

  validate_name (name != NULL ? name : "", name_field, causes);
  practice_validation_one_of (base_json_get_string (webhook, "failurePolicy", NULL), failure_field,
                              FALSE, failure_policies, causes);
  practice_validation_one_of (base_json_get_string (webhook, "matchPolicy", NULL), match_field,
                              FALSE, match_policies, causes);
  if (effects == NULL)
    practice_causes_required (causes, effects_field, "must specify one of None, NoneOnDryRun");
  else
    practice_validation_one_of (effects, effects_field, FALSE, side_effects, causes);
  if (seconds < 1 || seconds > 30)
    practice_causes_invalid_int (causes, seconds_field, seconds,
                                 "the timeout value must be between 1 and 30 seconds");
  practice_validation_selector (base_json_get (webhook, "namespaceSelector", NULL),
                                namespaces_field, causes);
  validate_client (webhook, field, causes);
}

static void
validate (JsonNode *object, JsonNode *old, PracticeCauses *causes)
{
  JsonArray *webhooks = base_json_get_array (object, "webhooks", NULL);

  for (guint i = 0; i < base_json_get_length (webhooks); i++) {
    g_autofree char *field = practice_validation_field ("webhooks[%u]", i);

    validate_webhook (json_array_get_element (webhooks, i), field, causes);
  }
}

const PracticeKind practice_mutating_webhook_kind = {
  .group = "admissionregistration.k8s.io",
  .plural = "mutatingwebhookconfigurations",
  .singular = "mutatingwebhookconfiguration",
  .kind = "MutatingWebhookConfiguration",
  .versions = { "v1" },
  .types = { "MutatingWebhookConfiguration" },
  .has_generation = TRUE,
  .set_defaults = set_mutating_defaults,
  .validate = validate,
  .columns = columns,
  .add_cells = add_cells,
};

const PracticeKind practice_validating_webhook_kind = {
  .group = "admissionregistration.k8s.io",
  .plural = "validatingwebhookconfigurations",
  .singular = "validatingwebhookconfiguration",
  .kind = "ValidatingWebhookConfiguration",
  .versions = { "v1" },
  .types = { "ValidatingWebhookConfiguration" },
  .has_generation = TRUE,
  .set_defaults = set_validating_defaults,
  .validate = validate,
  .columns = columns,
  .add_cells = add_cells,
};
