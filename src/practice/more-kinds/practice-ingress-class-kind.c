/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "base-json.h"
#include "practice-cells.h"
#include "practice-ingress-validation.h"
#include "practice-kinds.h"
#include "practice-validation.h"

#define MAX_CONTROLLER 250
#define PATH "[A-Za-z0-9/\\-._~%!$&'()*+,;=:]+"

static const PracticeColumn columns[] = {
  { "Name", "string", "name", 0 },
  { "Controller", "string", "", 0 },
  { "Parameters", "string", "", 0 },
  { "Age", "string", "", 0 },
  { NULL },
};

static void
add_parameters (JsonArray *cells, JsonNode *parameters)
{
  const char *group = base_json_get_string (parameters, "apiGroup", NULL);
  g_autofree char *text = NULL;

  if (parameters != NULL)
    text = g_strdup_printf ("%s%s%s/%s", base_json_get_string (parameters, "kind", NULL),
                            group != NULL ? "." : "", group != NULL ? group : "",
                            base_json_get_string (parameters, "name", NULL));
  practice_cells_add_or_none (cells, text);
}

static void
add_cells (JsonNode *object, JsonArray *cells)
{
  const char *controller = base_json_get_string (object, "spec", "controller", NULL);

  practice_cells_add_name (cells, object);
  json_array_add_string_element (cells, controller != NULL ? controller : "");
  add_parameters (cells, base_json_get (object, "spec", "parameters", NULL));
  practice_cells_add_age (cells, object);
}

/* "example.com/ingress-controller": a domain, and a path within it
 * (k8s.io/apimachinery/pkg/util/validation, IsDomainPrefixedPath). */
static void
validate_controller (const char *controller, PracticeCauses *causes)
{
  static const char field[] = "spec.controller";
  g_auto (GStrv) parts = g_strsplit (controller, "/", 2);
  const char *wrong;

  if (strlen (controller) > MAX_CONTROLLER)
    practice_causes_too_long (causes, field, MAX_CONTROLLER);
  if (*controller == '\0') {
    practice_causes_required (causes, field, NULL);
    return;
  }
  if (g_strv_length (parts) != 2 || *parts[0] == '\0' || *parts[1] == '\0') {
    practice_causes_invalid (causes, field, controller,
                             "must be a domain-prefixed path (such as \"acme.io/foo\")");
    return;
  }
  wrong = practice_names_check_subdomain (parts[0]);
  if (wrong != NULL)
    practice_causes_invalid (causes, field, parts[0], wrong);
  if (!g_regex_match_simple ("^" PATH "$", parts[1], G_REGEX_DOLLAR_ENDONLY, 0))
    practice_causes_invalid (causes, field, parts[1],
                             "Invalid path (regex used for validation is '" PATH "')");
}

static void
validate (JsonNode *object, JsonNode *old, PracticeCauses *causes)
{
  const char *controller = base_json_get_string (object, "spec", "controller", NULL);
  const char *before = base_json_get_string (old, "spec", "controller", NULL);

  if (old != NULL && g_strcmp0 (controller, before) != 0)
    practice_causes_invalid (causes, "spec.controller", controller, "field is immutable");
  validate_controller (controller != NULL ? controller : "", causes);
  practice_ingress_validation_check_reference (base_json_get (object, "spec", "parameters", NULL),
                                               "spec.parameters", causes);
}

const PracticeKind practice_ingress_class_kind = {
  .group = "networking.k8s.io",
  .plural = "ingressclasses",
  .singular = "ingressclass",
  .kind = "IngressClass",
  .versions = { "v1", "v1beta1" },
  .types = { "IngressClass", "BetaIngressClass" },
  .has_generation = TRUE,
  .validate = validate,
  .columns = columns,
  .add_cells = add_cells,
};
