/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-deployment-validation.h"

#include <string.h>

#include "base-json.h"
#include "practice-go.h"
#include "practice-validation.h"
#include "practice-workload.h"

/*
 * Rules and words of k8s.io/kubernetes/pkg/apis/apps/validation.
 */
#define ROLLING "spec.strategy.rollingUpdate"

static gint64
get_number (JsonNode *deployment, const char *member)
{
  return base_json_get_int (deployment, 0, "spec", member, NULL);
}

static gboolean
is_text (JsonNode *value)
{
  return value != NULL && json_node_get_value_type (value) == G_TYPE_STRING;
}

/* Whether @value is "25%"; @percent is what stands before the sign. */
static gboolean
read_percent (JsonNode *value, gint64 *percent)
{
  const char *text = is_text (value) ? json_node_get_string (value) : "";
  gsize digits = strspn (text, "0123456789");

  if (digits == 0 || !g_str_equal (text + digits, "%"))
    return FALSE;
  *percent = g_ascii_strtoll (text, NULL, 10);
  return TRUE;
}

/* 0 for what is neither a number nor a percentage, as in Go. */
static gint64
read_number (JsonNode *value)
{
  gint64 percent;

  if (read_percent (value, &percent))
    return percent;
  if (is_text (value))
    return g_ascii_strtoll (json_node_get_string (value), NULL, 10);
  return value != NULL ? json_node_get_int (value) : 0;
}

static void
invalid (JsonNode *value, const char *field, const char *words, PracticeCauses *causes)
{
  g_autofree char *printed = practice_go_print_number_or_text (value);

  practice_causes_invalid_literal (causes, field, printed, words);
}

static void
validate_share (JsonNode *value, const char *field, PracticeCauses *causes)
{
  gint64 percent;

  if (!is_text (value))
    practice_validation_not_negative (read_number (value), field, causes);
  else if (!read_percent (value, &percent))
    invalid (value, field,
             "a valid percent string must be a numeric string followed by an ending '%' (e.g. "
             "'1%',  or '93%', regex used for validation is '[0-9]+%')",
             causes);
}

static void
validate_rolling_update (JsonNode *update, PracticeCauses *causes)
{
  JsonNode *unavailable = base_json_get (update, "maxUnavailable", NULL);
  JsonNode *surge = base_json_get (update, "maxSurge", NULL);
  gint64 percent;

  validate_share (unavailable, ROLLING ".maxUnavailable", causes);
  validate_share (surge, ROLLING ".maxSurge", causes);
  if (read_number (unavailable) == 0 && read_number (surge) == 0)
    invalid (unavailable, ROLLING ".maxUnavailable", "may not be 0 when `maxSurge` is 0", causes);
  if (read_percent (unavailable, &percent) && percent > 100)
    invalid (unavailable, ROLLING ".maxUnavailable", "must not be greater than 100%", causes);
}

/* The type is printed with what stands beside it. */
static void
refuse_type (const char *type, PracticeCauses *causes)
{
  static const char *const types[] = { "Recreate", "RollingUpdate", NULL };
  g_autofree char *printed = g_strdup_printf ("apps.DeploymentStrategy{Type:\"%s\", "
                                              "RollingUpdate:(*apps.RollingUpdateDeployment)(nil)}",
                                              type != NULL ? type : "");

  practice_causes_unsupported_literal (causes, "spec.strategy", printed, types);
}

static void
validate_strategy (JsonNode *deployment, PracticeCauses *causes)
{
  const char *type = base_json_get_string (deployment, "spec", "strategy", "type", NULL);
  JsonNode *update = base_json_get (deployment, "spec", "strategy", "rollingUpdate", NULL);

  if (g_strcmp0 (type, "RollingUpdate") == 0)
    validate_rolling_update (update, causes);
  else if (g_strcmp0 (type, "Recreate") != 0)
    refuse_type (type, causes);
  else if (update != NULL)
    practice_causes_forbidden (causes, ROLLING,
                               "may not be specified when strategy `type` is 'Recreate'");
}

static void
validate_times (JsonNode *deployment, PracticeCauses *causes)
{
  gint64 ready = get_number (deployment, "minReadySeconds");
  gint64 deadline = get_number (deployment, "progressDeadlineSeconds");

  practice_validation_not_negative (ready, "spec.minReadySeconds", causes);
  practice_validation_not_negative (get_number (deployment, "revisionHistoryLimit"),
                                    "spec.revisionHistoryLimit", causes);
  practice_validation_not_negative (deadline, "spec.progressDeadlineSeconds", causes);
  if (deadline <= ready)
    practice_causes_invalid_int (causes, "spec.progressDeadlineSeconds", deadline,
                                 "must be greater than minReadySeconds");
}

/**
 * practice_deployment_validation_check:
 * @deployment: what is to be stored, with its defaults
 * @old: (nullable): what it replaces
 * @causes: where what is wrong is noted
 *
 * Checks a Deployment.
 */
void
practice_deployment_validation_check (JsonNode *deployment, JsonNode *old, PracticeCauses *causes)
{
  practice_validation_not_negative (get_number (deployment, "replicas"), "spec.replicas", causes);
  if (practice_workload_validate_selector (deployment, "deployment", causes))
    practice_workload_validate_template (deployment, "ReplicaSet", causes);
  if (base_json_get (deployment, "spec", NULL) != NULL) {
    validate_strategy (deployment, causes);
    validate_times (deployment, causes);
  }
  practice_workload_validate_same_selector (deployment, old, causes);
}
