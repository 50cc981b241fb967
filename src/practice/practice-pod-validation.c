/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-pod-validation.h"

#include <string.h>

#include "base-json.h"
#include "practice-cidr.h"
#include "practice-container-validation.h"
#include "practice-dns-validation.h"
#include "practice-placement-validation.h"
#include "practice-pod-defaults.h"
#include "practice-security-validation.h"
#include "practice-toleration-validation.h"
#include "practice-validation.h"
#include "practice-volume-validation.h"

/*
 * Rules and words of k8s.io/kubernetes/pkg/apis/core/validation, ValidatePodSpec.
 */
static const char *const restart_policies[] = { "Always", "OnFailure", "Never", NULL };
static const char *const dns_policies[] = { "ClusterFirstWithHostNet", "ClusterFirst", "Default",
                                            "None", NULL };
static const char *const preemption_policies[] = { "PreemptLowerPriority", "Never", NULL };

/* Checks the word that is @member, where there is one, by @check. */
static void
validate_word (JsonNode *spec,
               const char *member,
               const char *(*check) (const char *text),
               const char *field,
               PracticeCauses *causes)
{
  g_autofree char *own = g_strconcat (field, ".", member, NULL);
  const char *text = base_json_get_string (spec, member, NULL);
  const char *wrong = text != NULL && *text != '\0' ? check (text) : NULL;

  if (wrong != NULL)
    practice_causes_invalid (causes, own, text, wrong);
}

static void
validate_deadline (JsonNode *spec, const char *field, PracticeCauses *causes)
{
  g_autofree char *own = g_strconcat (field, ".activeDeadlineSeconds", NULL);
  gint64 seconds = base_json_get_int (spec, 1, "activeDeadlineSeconds", NULL);

  if (seconds < 1 || seconds > G_MAXINT32)
    practice_causes_invalid_int (causes, own, seconds,
                                 "must be between 1 and 2147483647, inclusive");
}

/* The fields are called without the number of the alias. */
static void
validate_alias (JsonNode *alias, const char *field, PracticeCauses *causes)
{
  g_autofree char *address_field = g_strconcat (field, ".hostAliases.ip", NULL);
  g_autofree char *names_field = g_strconcat (field, ".hostAliases.hostnames", NULL);
  const char *text = base_json_get_string (alias, "ip", NULL);
  g_autoptr (GInetAddress) address = practice_cidr_parse_address (text != NULL ? text : "");
  JsonArray *names = base_json_get_array (alias, "hostnames", NULL);

  if (address == NULL)
    practice_causes_invalid (causes, address_field, text, "must be valid IP address");
  for (guint i = 0; i < base_json_get_length (names); i++) {
    const char *name = json_array_get_string_element (names, i);
    const char *wrong = practice_names_check_subdomain (name);

    if (wrong != NULL)
      practice_causes_invalid (causes, names_field, name, wrong);
  }
}

static void
validate_policies (JsonNode *spec, const char *field, PracticeCauses *causes)
{
  g_autofree char *restart_field = g_strconcat (field, ".restartPolicy", NULL);
  g_autofree char *dns_field = g_strconcat (field, ".dnsPolicy", NULL);
  g_autofree char *selector_field = g_strconcat (field, ".nodeSelector", NULL);

  practice_validation_one_of (base_json_get_string (spec, "restartPolicy", NULL), restart_field,
                              TRUE, restart_policies, causes);
  practice_validation_one_of (base_json_get_string (spec, "dnsPolicy", NULL), dns_field, TRUE,
                              dns_policies, causes);
  practice_names_validate_labels (base_json_get_object (spec, "nodeSelector", NULL), selector_field,
                                  causes);
  practice_security_validation_check (spec, field, causes);
  practice_placement_validation_check_affinity (spec, field, causes);
  practice_dns_validation_check (spec, field, causes);
  practice_placement_validation_check_spread (spec, field, causes);
}

static void
validate_spec (JsonNode *spec, const char *field, PracticeCauses *causes)
{
  g_autoptr (GHashTable) volumes = g_hash_table_new (g_str_hash, g_str_equal);
  g_autofree char *preemption_field = g_strconcat (field, ".preemptionPolicy", NULL);
  JsonArray *aliases = base_json_get_array (spec, "hostAliases", NULL);

  practice_volume_validation_check (spec, field, volumes, causes);
  practice_container_validation_check (spec, field, volumes, causes);
  validate_policies (spec, field, causes);
  validate_word (spec, "serviceAccountName", practice_names_check_subdomain, field, causes);
  validate_word (spec, "nodeName", practice_names_check_subdomain, field, causes);
  validate_deadline (spec, field, causes);
  validate_word (spec, "hostname", practice_names_check_label, field, causes);
  validate_word (spec, "subdomain", practice_names_check_label, field, causes);
  practice_toleration_validation_check (spec, field, causes);
  for (guint i = 0; i < base_json_get_length (aliases); i++)
    validate_alias (json_array_get_element (aliases, i), field, causes);
  validate_word (spec, "priorityClassName", practice_names_check_subdomain, field, causes);
  validate_word (spec, "runtimeClassName", practice_names_check_subdomain, field, causes);
  practice_validation_one_of (base_json_get_string (spec, "preemptionPolicy", NULL),
                              preemption_field, FALSE, preemption_policies, causes);
}

/* What is let through in a template, and is wrong in a pod. */
static void
validate_images (JsonNode *pod, const char *member, PracticeCauses *causes)
{
  JsonArray *containers = base_json_get_array (pod, "spec", member, NULL);

  for (guint i = 0; i < base_json_get_length (containers); i++) {
    g_autofree char *field = practice_validation_field ("spec.%s[%u].image", member, i);
    const char *image =
      base_json_get_string (json_array_get_element (containers, i), "image", NULL);

    if (image != NULL && *image != '\0' &&
        (g_ascii_isspace (*image) || g_ascii_isspace (image[strlen (image) - 1])))
      practice_causes_invalid (causes, field, image,
                               "must not have leading or trailing whitespace");
  }
}

/* Copies @spec without what an update may change: images, tolerations, two times. What is missing
 * is taken for its default, for a pod that a controller has stored without. */
static JsonNode *
dup_fixed_part (JsonNode *spec)
{
  const char *members[] = { "containers", "initContainers" };
  const char *changeable[] = { "activeDeadlineSeconds", "terminationGracePeriodSeconds",
                               "tolerations", "nodeName", "ephemeralContainers" };
  JsonNode *copy = base_json_copy (spec);

  practice_pod_defaults_apply (copy);
  for (guint i = 0; i < G_N_ELEMENTS (changeable); i++)
    json_object_remove_member (json_node_get_object (copy), changeable[i]);
  for (guint i = 0; i < G_N_ELEMENTS (members); i++) {
    JsonArray *containers = base_json_get_array (copy, members[i], NULL);

    for (guint j = 0; j < base_json_get_length (containers); j++)
      json_object_remove_member (json_array_get_object_element (containers, j), "image");
  }
  return copy;
}

static void
validate_update (JsonNode *pod, JsonNode *old, PracticeCauses *causes)
{
  g_autoptr (JsonNode) now = dup_fixed_part (base_json_get (pod, "spec", NULL));
  g_autoptr (JsonNode) before = dup_fixed_part (base_json_get (old, "spec", NULL));

  if (base_json_get_length (base_json_get_array (pod, "spec", "containers", NULL)) !=
      base_json_get_length (base_json_get_array (old, "spec", "containers", NULL)))
    practice_causes_forbidden (causes, "spec.containers",
                               "pod updates may not add or remove containers");
  else if (!base_json_equal (now, before))
    practice_causes_forbidden (
      causes, "spec",
      "pod updates may not change fields other than `spec.containers[*].image`, "
      "`spec.initContainers[*].image`, `spec.activeDeadlineSeconds` or `spec.tolerations` (only "
      "additions to existing tolerations)");
}

/**
 * practice_pod_validation_check:
 * @pod: what is to be stored, with its defaults
 * @old: (nullable): what it replaces
 * @causes: where what is wrong is noted
 *
 * Checks a pod.
 */
void
practice_pod_validation_check (JsonNode *pod, JsonNode *old, PracticeCauses *causes)
{
  JsonNode *spec = base_json_get (pod, "spec", NULL);

  if (spec == NULL) {
    practice_causes_required (causes, "spec.containers", NULL);
    return;
  }
  validate_spec (spec, "spec", causes);
  validate_images (pod, "containers", causes);
  validate_images (pod, "initContainers", causes);
  if (old != NULL)
    validate_update (pod, old, causes);
}

/**
 * practice_pod_validation_check_template:
 * @template_: (nullable): a PodTemplateSpec, with its defaults
 * @field: where it is, as "spec.template"
 * @causes: where what is wrong is noted
 *
 * Checks the template of a workload.
 */
void
practice_pod_validation_check_template (JsonNode *template_,
                                        const char *field,
                                        PracticeCauses *causes)
{
  g_autofree char *labels_field = g_strconcat (field, ".labels", NULL);
  g_autofree char *spec_field = g_strconcat (field, ".spec", NULL);
  JsonNode *spec = base_json_get (template_, "spec", NULL);

  practice_names_validate_labels (base_json_get_object (template_, "metadata", "labels", NULL),
                                  labels_field, causes);
  if (spec != NULL)
    validate_spec (spec, spec_field, causes);
}
