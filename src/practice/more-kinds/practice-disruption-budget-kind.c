/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base-json.h"
#include "practice-cells.h"
#include "practice-kinds.h"
#include "practice-validation.h"

static const PracticeColumn columns[] = {
  { "Name", "string", "name", 0 },
  { "Min Available", "string", "", 0 },
  { "Max Unavailable", "string", "", 0 },
  { "Allowed Disruptions", "integer", "", 0 },
  { "Age", "string", "", 0 },
  { NULL },
};

static void
add_limit (JsonNode *budget, const char *member, JsonArray *cells)
{
  const char *text = base_json_get_string (budget, "spec", member, NULL);
  g_autofree char *number = NULL;

  if (base_json_get (budget, "spec", member, NULL) == NULL)
    text = "N/A";
  else if (text == NULL)
    number =
      g_strdup_printf ("%" G_GINT64_FORMAT, base_json_get_int (budget, 0, "spec", member, NULL));
  json_array_add_string_element (cells, text != NULL ? text : number);
}

static void
add_cells (JsonNode *budget, JsonArray *cells)
{
  practice_cells_add_name (cells, budget);
  add_limit (budget, "minAvailable", cells);
  add_limit (budget, "maxUnavailable", cells);
  json_array_add_int_element (cells,
                              base_json_get_int (budget, 0, "status", "disruptionsAllowed", NULL));
  practice_cells_add_age (cells, budget);
}

static void
prepare (JsonNode *budget, JsonNode *old)
{
  static const char *const counted[] = { "disruptionsAllowed", "currentHealthy", "desiredHealthy",
                                         "expectedPods" };
  JsonObject *status;

  if (old != NULL)
    return;
  status = json_object_new ();
  for (guint i = 0; i < G_N_ELEMENTS (counted); i++)
    json_object_set_int_member (status, counted[i], 0);
  json_object_set_object_member (json_node_get_object (budget), "status", status);
}

static gboolean
is_percentage (const char *text)
{
  return g_regex_match_simple ("^[0-9]+%$", text, 0, 0);
}

static void
validate_limit (JsonNode *budget, const char *member, PracticeCauses *causes)
{
  g_autofree char *field = g_strconcat ("spec.", member, NULL);
  const char *text = base_json_get_string (budget, "spec", member, NULL);

  if (text == NULL)
    practice_validation_not_negative (base_json_get_int (budget, 0, "spec", member, NULL), field,
                                      causes);
  else if (!is_percentage (text))
    practice_causes_invalid (causes, field, text,
                             "a valid percent string must be a numeric string followed by an "
                             "ending '%' (e.g. '1%',  or '93%', regex used for validation is "
                             "'[0-9]+%')");
  else if (g_ascii_strtod (text, NULL) > 100)
    practice_causes_invalid (causes, field, text, "must not be greater than 100%");
}

static void
validate (JsonNode *budget, JsonNode *old, PracticeCauses *causes)
{
  JsonNode *spec = base_json_get (budget, "spec", NULL);

  if (base_json_get (spec, "minAvailable", NULL) != NULL &&
      base_json_get (spec, "maxUnavailable", NULL) != NULL)
    practice_causes_invalid_node (causes, "spec", spec,
                                  "minAvailable and maxUnavailable cannot be both set");
  validate_limit (budget, "minAvailable", causes);
  validate_limit (budget, "maxUnavailable", causes);
  practice_validation_selector (base_json_get (spec, "selector", NULL), "spec.selector", causes);
}

/* Kubernetes before 1.21 has the older version only, and its kubectl knows no other. */
const PracticeKind practice_disruption_budget_kind = {
  .group = "policy",
  .plural = "poddisruptionbudgets",
  .singular = "poddisruptionbudget",
  .kind = "PodDisruptionBudget",
  .versions = { "v1", "v1beta1" },
  .types = { "PodDisruptionBudget", "BetaPodDisruptionBudget" },
  .short_names = { "pdb" },
  .namespaced = TRUE,
  .has_status = TRUE,
  .has_generation = TRUE,
  .prepare = prepare,
  .validate = validate,
  .columns = columns,
  .add_cells = add_cells,
};
