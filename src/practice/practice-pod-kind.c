/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base-condition.h"
#include "base-json.h"
#include "practice-cells.h"
#include "practice-kinds.h"
#include "practice-pod-defaults.h"
#include "practice-pod-validation.h"

/*
 * How kubectl shows a pod: k8s.io/kubernetes/pkg/printers/internalversion, printPod.
 */
static const PracticeColumn columns[] = {
  { "Name", "string", "name", 0 },
  { "Ready", "string", "", 0 },
  { "Status", "string", "", 0 },
  { "Restarts", "integer", "", 0 },
  { "Age", "string", "", 0 },
  { "IP", "string", "", 1 },
  { "Node", "string", "", 1 },
  { "Nominated Node", "string", "", 1 },
  { "Readiness Gates", "string", "", 1 },
  { NULL },
};

static const char *const selectable_fields[] = {
  "spec.nodeName", "spec.restartPolicy", "spec.schedulerName",       "spec.serviceAccountName",
  "status.phase",  "status.podIP",       "status.nominatedNodeName", NULL,
};

static const char *const subresources[] = {
  "attach", "eviction", "exec", "log", "portforward", NULL
};

typedef struct {
  GString *reason;
  gint64 restarts;
  guint ready;
  gboolean has_running;
} Summary;

/* Why a container ended, in a word. */
static void
set_end_reason (GString *reason, const char *prefix, JsonNode *terminated)
{
  const char *word = base_json_get_string (terminated, "reason", NULL);
  gint64 signal = base_json_get_int (terminated, 0, "signal", NULL);

  if (word != NULL && *word != '\0')
    g_string_printf (reason, "%s%s", prefix, word);
  else if (signal != 0)
    g_string_printf (reason, "%sSignal:%" G_GINT64_FORMAT, prefix, signal);
  else
    g_string_printf (reason, "%sExitCode:%" G_GINT64_FORMAT, prefix,
                     base_json_get_int (terminated, 0, "exitCode", NULL));
}

/* TRUE: the pod is still about its init containers. */
static gboolean
sum_up_init (JsonNode *pod, Summary *summary)
{
  JsonArray *statuses = base_json_get_array (pod, "status", "initContainerStatuses", NULL);
  guint total = base_json_get_length (base_json_get_array (pod, "spec", "initContainers", NULL));

  for (guint i = 0; i < base_json_get_length (statuses); i++) {
    JsonNode *status = json_array_get_element (statuses, i);
    JsonNode *terminated = base_json_get (status, "state", "terminated", NULL);
    const char *waiting = base_json_get_string (status, "state", "waiting", "reason", NULL);

    summary->restarts += base_json_get_int (status, 0, "restartCount", NULL);
    if (terminated != NULL && base_json_get_int (terminated, 0, "exitCode", NULL) == 0)
      continue;
    if (terminated != NULL)
      set_end_reason (summary->reason, "Init:", terminated);
    else if (waiting != NULL && *waiting != '\0' && !g_str_equal (waiting, "PodInitializing"))
      g_string_printf (summary->reason, "Init:%s", waiting);
    else
      g_string_printf (summary->reason, "Init:%u/%u", i, total);
    return TRUE;
  }
  return FALSE;
}

static void
sum_up_container (JsonNode *status, Summary *summary)
{
  const char *waiting = base_json_get_string (status, "state", "waiting", "reason", NULL);
  JsonNode *terminated = base_json_get (status, "state", "terminated", NULL);

  summary->restarts += base_json_get_int (status, 0, "restartCount", NULL);
  if (waiting != NULL && *waiting != '\0') {
    g_string_assign (summary->reason, waiting);
  } else if (terminated != NULL) {
    set_end_reason (summary->reason, "", terminated);
  } else if (base_json_get_boolean (status, FALSE, "ready", NULL) &&
             base_json_get (status, "state", "running", NULL) != NULL) {
    summary->has_running = TRUE;
    summary->ready++;
  }
}

static void
sum_up (JsonNode *pod, Summary *summary)
{
  JsonArray *statuses = base_json_get_array (pod, "status", "containerStatuses", NULL);
  const char *reason = base_json_get_string (pod, "status", "reason", NULL);

  if (reason == NULL || *reason == '\0')
    reason = base_json_get_string (pod, "status", "phase", NULL);
  g_string_assign (summary->reason, reason != NULL ? reason : "");

  if (!sum_up_init (pod, summary)) {
    summary->restarts = 0;
    for (guint i = base_json_get_length (statuses); i > 0; i--)
      sum_up_container (json_array_get_element (statuses, i - 1), summary);
    if (g_str_equal (summary->reason->str, "Completed") && summary->has_running)
      g_string_assign (summary->reason,
                       base_condition_is_true (pod, "Ready") ? "Running" : "NotReady");
  }
  if (base_json_get_string (pod, "metadata", "deletionTimestamp", NULL) != NULL)
    g_string_assign (summary->reason,
                     g_strcmp0 (base_json_get_string (pod, "status", "reason", NULL), "NodeLost") ==
                         0
                       ? "Unknown"
                       : "Terminating");
}

static void
add_cells (JsonNode *pod, JsonArray *cells)
{
  g_autoptr (GString) reason = g_string_new (NULL);
  Summary summary = { reason };
  g_autofree char *ready = NULL;

  sum_up (pod, &summary);
  ready =
    g_strdup_printf ("%u/%u", summary.ready,
                     base_json_get_length (base_json_get_array (pod, "spec", "containers", NULL)));
  practice_cells_add_name (cells, pod);
  json_array_add_string_element (cells, ready);
  json_array_add_string_element (cells, reason->str);
  json_array_add_int_element (cells, summary.restarts);
  practice_cells_add_age (cells, pod);
  practice_cells_add_or_none (cells, base_json_get_string (pod, "status", "podIP", NULL));
  practice_cells_add_or_none (cells, base_json_get_string (pod, "spec", "nodeName", NULL));
  practice_cells_add_or_none (cells,
                              base_json_get_string (pod, "status", "nominatedNodeName", NULL));
  json_array_add_string_element (cells, "<none>");
}

static void
prepare (JsonNode *pod, JsonNode *old)
{
  if (old == NULL)
    practice_pod_defaults_admit (pod);
}

static void
set_defaults (JsonNode *pod)
{
  JsonNode *spec = base_json_get (pod, "spec", NULL);

  if (spec != NULL)
    practice_pod_defaults_apply (spec);
}

const PracticeKind practice_pod_kind = {
  .group = "",
  .plural = "pods",
  .singular = "pod",
  .kind = "Pod",
  .versions = { "v1" },
  .types = { "Pod" },
  .short_names = { "po" },
  .categories = { "all" },
  .namespaced = TRUE,
  .has_status = TRUE,
  .prepare = prepare,
  .set_defaults = set_defaults,
  .validate = practice_pod_validation_check,
  .columns = columns,
  .add_cells = add_cells,
  .selectable_fields = selectable_fields,
  .subresources = subresources,
};
