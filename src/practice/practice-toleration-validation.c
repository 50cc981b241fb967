/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-toleration-validation.h"

#include "base-json.h"
#include "practice-validation.h"

/*
 * Rules and words of k8s.io/kubernetes/pkg/apis/core/validation, ValidateTolerations.
 */
static const char *const operators[] = { "Equal", "Exists", NULL };
static const char *const effects[] = { "NoSchedule", "PreferNoSchedule", "NoExecute", NULL };

/* Such a toleration is printed as Go prints it. */
static void
refuse_value (JsonNode *toleration, const char *field, PracticeCauses *causes)
{
  g_autofree char *printed =
    g_strdup_printf ("core.Toleration{Key:\"%s\", Operator:\"%s\", Value:\"%s\", Effect:\"%s\", "
                     "TolerationSeconds:(*int64)(nil)}",
                     practice_validation_get_text (toleration, "key"),
                     practice_validation_get_text (toleration, "operator"),
                     practice_validation_get_text (toleration, "value"),
                     practice_validation_get_text (toleration, "effect"));

  practice_causes_invalid_literal (causes, field, printed,
                                   "value must be empty when `operator` is 'Exists'");
}

static void
validate_operator (JsonNode *toleration, const char *field, PracticeCauses *causes)
{
  const char *operator_ = practice_validation_get_text (toleration, "operator");
  const char *value = practice_validation_get_text (toleration, "value");
  const char *wrong = practice_names_check_label_value (value);

  if (*operator_ == '\0' || g_str_equal (operator_, "Equal")) {
    if (wrong != NULL)
      practice_causes_invalid (causes, field, value, wrong);
  } else if (!g_str_equal (operator_, "Exists")) {
    practice_causes_unsupported (causes, field, operator_, operators);
  } else if (*value != '\0') {
    refuse_value (toleration, field, causes);
  }
}

static void
validate_toleration (JsonNode *toleration, const char *field, PracticeCauses *causes)
{
  g_autofree char *key_field = g_strconcat (field, ".key", NULL);
  g_autofree char *operator_field = g_strconcat (field, ".operator", NULL);
  g_autofree char *effect_field = g_strconcat (field, ".effect", NULL);
  const char *key = practice_validation_get_text (toleration, "key");
  const char *effect = practice_validation_get_text (toleration, "effect");
  const char *wrong = *key != '\0' ? practice_names_check_label_key (key) : NULL;

  if (wrong != NULL)
    practice_causes_invalid (causes, key_field, key, wrong);
  if (*key == '\0' &&
      !g_str_equal (practice_validation_get_text (toleration, "operator"), "Exists"))
    practice_causes_invalid (causes, operator_field,
                             practice_validation_get_text (toleration, "operator"),
                             "operator must be Exists when `key` is empty, which means \"match all "
                             "values and all keys\"");
  if (base_json_get (toleration, "tolerationSeconds", NULL) != NULL &&
      !g_str_equal (effect, "NoExecute"))
    practice_causes_invalid (causes, effect_field, effect,
                             "effect must be 'NoExecute' when `tolerationSeconds` is set");
  validate_operator (toleration, operator_field, causes);
  practice_validation_one_of (effect, effect_field, FALSE, effects, causes);
}

/**
 * practice_toleration_validation_check:
 * @spec: the spec of a pod, with its defaults
 * @field: where it is, as "spec"
 * @causes: where what is wrong is noted
 *
 * Checks which taints of nodes a pod bears.
 */
void
practice_toleration_validation_check (JsonNode *spec, const char *field, PracticeCauses *causes)
{
  JsonArray *tolerations = base_json_get_array (spec, "tolerations", NULL);

  for (guint i = 0; i < base_json_get_length (tolerations); i++) {
    g_autofree char *own = practice_validation_field ("%s.tolerations[%u]", field, i);

    validate_toleration (json_array_get_element (tolerations, i), own, causes);
  }
}
