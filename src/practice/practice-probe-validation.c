/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-probe-validation.h"

#include "base-json.h"
#include "practice-validation.h"

/*
 * Rules and words of k8s.io/kubernetes/pkg/apis/core/validation, validateProbe and validateHandler.
 */
static const char *const schemes[] = { "HTTP", "HTTPS", NULL };

static void
validate_command (JsonNode *action, const char *field, PracticeCauses *causes)
{
  g_autofree char *own = g_strconcat (field, ".command", NULL);
  JsonArray *command = base_json_get_array (action, "command", NULL);

  if (base_json_get_length (command) == 0)
    practice_causes_required (causes, own, NULL);
}

static void
validate_port (JsonNode *action, const char *field, PracticeCauses *causes)
{
  g_autofree char *own = g_strconcat (field, ".port", NULL);

  practice_validation_port_or_name (base_json_get (action, "port", NULL), own, causes);
}

static void
validate_get (JsonNode *action, const char *field, PracticeCauses *causes)
{
  g_autofree char *path_field = g_strconcat (field, ".path", NULL);
  g_autofree char *scheme_field = g_strconcat (field, ".scheme", NULL);
  const char *path = base_json_get_string (action, "path", NULL);
  const char *scheme = base_json_get_string (action, "scheme", NULL);

  if (path == NULL || *path == '\0')
    practice_causes_required (causes, path_field, NULL);
  validate_port (action, field, causes);
  if (scheme == NULL || !g_strv_contains (schemes, scheme))
    practice_causes_unsupported (causes, scheme_field, scheme, schemes);
}

/* What newer servers know beside the first three is taken as it is. */
static void
validate_handler (JsonNode *handler, const char *field, PracticeCauses *causes)
{
  static const struct {
    const char *member;
    void (*validate) (JsonNode *action, const char *field, PracticeCauses *causes);
  } actions[] = {
    { "exec", validate_command },
    { "httpGet", validate_get },
    { "tcpSocket", validate_port },
    { "grpc", NULL },
    { "sleep", NULL },
  };
  guint count = 0;

  for (guint i = 0; i < G_N_ELEMENTS (actions); i++) {
    g_autofree char *own = g_strconcat (field, ".", actions[i].member, NULL);
    JsonNode *action = base_json_get (handler, actions[i].member, NULL);

    if (action == NULL)
      continue;
    if (count++ > 0)
      practice_causes_forbidden (causes, own, "may not specify more than 1 handler type");
    else if (actions[i].validate != NULL)
      actions[i].validate (action, own, causes);
  }
  if (count == 0)
    practice_causes_required (causes, field, "must specify a handler type");
}

/**
 * practice_probe_validation_check:
 * @probe: (nullable): a probe, with its defaults
 * @field: where it is, as "spec.containers[0].livenessProbe"
 * @causes: where what is wrong is noted
 *
 * Checks how a container is asked whether it is well. Only a readiness probe can want more than one
 * good answer.
 */
void
practice_probe_validation_check (JsonNode *probe, const char *field, PracticeCauses *causes)
{
  static const char *const numbers[] = { "initialDelaySeconds", "timeoutSeconds", "periodSeconds",
                                         "successThreshold", "failureThreshold" };
  gint64 successes = base_json_get_int (probe, 0, "successThreshold", NULL);

  if (probe == NULL)
    return;
  validate_handler (probe, field, causes);
  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++) {
    g_autofree char *own = g_strconcat (field, ".", numbers[i], NULL);

    practice_validation_not_negative (base_json_get_int (probe, 0, numbers[i], NULL), own, causes);
  }
  if (!g_str_has_suffix (field, ".readinessProbe") && successes != 1) {
    g_autofree char *own = g_strconcat (field, ".successThreshold", NULL);

    practice_causes_invalid_int (causes, own, successes, "must be 1");
  }
}

/**
 * practice_probe_validation_check_lifecycle:
 * @lifecycle: (nullable): what is done when
 * @field: where it is, as "spec.containers[0].lifecycle"
 * @causes: where what is wrong is noted
 *
 * Checks what a container does at its start and at its end.
 */
void
practice_probe_validation_check_lifecycle (JsonNode *lifecycle,
                                           const char *field,
                                           PracticeCauses *causes)
{
  static const char *const moments[] = { "postStart", "preStop" };

  for (guint i = 0; i < G_N_ELEMENTS (moments); i++) {
    g_autofree char *own = g_strconcat (field, ".", moments[i], NULL);
    JsonNode *handler = base_json_get (lifecycle, moments[i], NULL);

    if (handler != NULL)
      validate_handler (handler, own, causes);
  }
}
