/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-istio-admission.h"

#include "base-json.h"
#include "base-metadata.h"
#include "practice-istio-schema.h"
#include "practice-istio-validation.h"

#define DENIED "admission webhook \"pilot.validation.istio.io\" denied the request: "

static char *
dup_complaint (const char *kind, JsonNode *object, JsonNode *spec, guint minor)
{
  g_auto (PracticeIstioErrors) errors;

  practice_istio_errors_init (&errors);
  if (g_str_equal (kind, "VirtualService"))
    practice_istio_validate_virtual_service (spec, minor, &errors);
  else if (g_str_equal (kind, "DestinationRule"))
    practice_istio_validate_destination_rule (spec, &errors);
  else if (g_str_equal (kind, "Gateway"))
    practice_istio_validate_gateway (base_metadata_get_name (object), spec, &errors);
  return practice_istio_errors_dup_text (&errors);
}

/**
 * practice_istio_admission_dup_refusal:
 * @object: an object that is to be stored
 * @minor: the minor number of the Istio whose rules count
 *
 * Asks what Galley's webhook is asked
 * (https://istio.io/v1.3/docs/ops/setup/validation/). VirtualServices, DestinationRules and
 * Gateways are looked at.
 *
 * Returns: (transfer full) (nullable): why not; %NULL: nothing is wrong
 */
char *
practice_istio_admission_dup_refusal (JsonNode *object, guint minor)
{
  const char *kind = base_json_get_string (object, "kind", NULL);
  JsonNode *spec = base_json_get (object, "spec", NULL);
  g_autoptr (JsonNode) empty = json_node_new (JSON_NODE_OBJECT);
  g_autofree char *complaint = NULL;

  if (kind == NULL)
    return NULL;
  json_node_take_object (empty, json_object_new ());
  if (spec == NULL || JSON_NODE_HOLDS_NULL (spec))
    spec = empty;
  complaint = practice_istio_schema_dup_complaint (kind, spec);
  if (complaint != NULL)
    return g_strconcat (DENIED "error decoding configuration: ", complaint, NULL);
  complaint = dup_complaint (kind, object, spec, minor);
  return complaint != NULL ? g_strconcat (DENIED "configuration is invalid: ", complaint, NULL)
                           : NULL;
}
