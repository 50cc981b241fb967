/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-pod-validation.h"

#include <string.h>

#include "base-json.h"
#include "practice-pod-defaults.h"
#include "practice-validation.h"

#define ENV_NAME "[-._a-zA-Z][-._a-zA-Z0-9]*"

static const char *const protocols[] = { "SCTP", "TCP", "UDP", NULL };
static const char *const pull_policies[] = { "Always", "IfNotPresent", "Never", NULL };
static const char *const message_policies[] = { "FallbackToLogsOnError", "File", NULL };
static const char *const restart_policies[] = { "Always", "OnFailure", "Never", NULL };
static const char *const dns_policies[] = { "ClusterFirst", "ClusterFirstWithHostNet", "Default",
                                            "None", NULL };

static guint
get_length (JsonArray *array)
{
  return array != NULL ? json_array_get_length (array) : 0;
}

/* A label that is required, unique among @seen. */
static void
validate_unique_name (const char *name, const char *field, GHashTable *seen, PracticeCauses *causes)
{
  const char *wrong;

  if (name == NULL || *name == '\0') {
    practice_causes_required (causes, field, NULL);
    return;
  }
  wrong = practice_names_check_label (name);
  if (wrong != NULL)
    practice_causes_invalid (causes, field, name, wrong);
  if (!g_hash_table_add (seen, (gpointer)name))
    practice_causes_duplicate (causes, field, name);
}

static void
validate_container_port (JsonNode *port,
                         const char *field,
                         GHashTable *names,
                         PracticeCauses *causes)
{
  g_autofree char *name_field = g_strconcat (field, ".name", NULL);
  g_autofree char *port_field = g_strconcat (field, ".containerPort", NULL);
  g_autofree char *host_field = g_strconcat (field, ".hostPort", NULL);
  g_autofree char *protocol_field = g_strconcat (field, ".protocol", NULL);
  const char *name = base_json_get_string (port, "name", NULL);
  gint64 number = base_json_get_int (port, 0, "containerPort", NULL);
  gint64 host_port = base_json_get_int (port, 0, "hostPort", NULL);

  if (name != NULL && *name != '\0' && practice_names_validate_port (name, name_field, causes) &&
      !g_hash_table_add (names, (gpointer)name))
    practice_causes_duplicate (causes, name_field, name);
  if (number == 0)
    practice_causes_required (causes, port_field, NULL);
  else
    practice_validation_port (number, port_field, causes);
  if (host_port != 0)
    practice_validation_port (host_port, host_field, causes);
  practice_validation_one_of (base_json_get_string (port, "protocol", NULL), protocol_field, TRUE,
                              protocols, causes);
}

static void
validate_ports (JsonNode *container, const char *field, PracticeCauses *causes)
{
  g_autoptr (GHashTable) names = g_hash_table_new (g_str_hash, g_str_equal);
  JsonArray *ports = base_json_get_array (container, "ports", NULL);

  for (guint i = 0; i < get_length (ports); i++) {
    g_autofree char *one = practice_validation_field ("%s.ports[%u]", field, i);

    validate_container_port (json_array_get_element (ports, i), one, names, causes);
  }
}

static void
validate_env (JsonNode *container, const char *field, PracticeCauses *causes)
{
  JsonArray *env = base_json_get_array (container, "env", NULL);

  for (guint i = 0; i < get_length (env); i++) {
    JsonNode *variable = json_array_get_element (env, i);
    g_autofree char *name_field = practice_validation_field ("%s.env[%u].name", field, i);
    g_autofree char *from_field = practice_validation_field ("%s.env[%u].valueFrom", field, i);
    const char *name = base_json_get_string (variable, "name", NULL);

    if (name == NULL)
      practice_causes_required (causes, name_field, NULL);
    else if (!g_regex_match_simple ("^" ENV_NAME "$", name, 0, 0))
      practice_causes_invalid (
        causes, name_field, name,
        "a valid environment variable name must consist of alphabetic characters, digits, '_', "
        "'-', or '.', and must not start with a digit (e.g. 'my.env-name',  or 'MY_ENV.NAME',  or "
        "'MyEnvName1', regex used for validation is '" ENV_NAME "')");
    if (base_json_get (variable, "valueFrom", NULL) != NULL &&
        base_json_get_string (variable, "value", NULL) != NULL)
      practice_causes_invalid (causes, from_field, "",
                               "may not be specified when `value` is not empty");
  }
}

static void
validate_mounts (JsonNode *container,
                 const char *field,
                 GHashTable *volumes,
                 PracticeCauses *causes)
{
  g_autoptr (GHashTable) paths = g_hash_table_new (g_str_hash, g_str_equal);
  JsonArray *mounts = base_json_get_array (container, "volumeMounts", NULL);

  for (guint i = 0; i < get_length (mounts); i++) {
    JsonNode *mount = json_array_get_element (mounts, i);
    g_autofree char *name_field = practice_validation_field ("%s.volumeMounts[%u].name", field, i);
    g_autofree char *path_field =
      practice_validation_field ("%s.volumeMounts[%u].mountPath", field, i);
    const char *name = base_json_get_string (mount, "name", NULL);
    const char *path = base_json_get_string (mount, "mountPath", NULL);

    if (name == NULL)
      practice_causes_required (causes, name_field, NULL);
    else if (!g_hash_table_contains (volumes, name))
      practice_causes_not_found (causes, name_field, name);
    if (path == NULL)
      practice_causes_required (causes, path_field, NULL);
    else if (!g_hash_table_add (paths, (gpointer)path))
      practice_causes_invalid (causes, path_field, path, "must be unique");
  }
}

/* Exactly one thing to do in a probe or a hook. */
static void
validate_handler (JsonNode *handler, const char *field, PracticeCauses *causes)
{
  const char *actions[] = { "exec", "httpGet", "tcpSocket", "grpc", "sleep" };
  guint count = 0;

  for (guint i = 0; i < G_N_ELEMENTS (actions); i++) {
    JsonNode *action = base_json_get (handler, actions[i], NULL);
    g_autofree char *port_field = practice_validation_field ("%s.%s.port", field, actions[i]);
    g_autofree char *own_field = practice_validation_field ("%s.%s", field, actions[i]);

    if (action == NULL)
      continue;
    if (++count > 1)
      practice_causes_forbidden (causes, own_field, "may not specify more than 1 handler type");
    if (g_str_equal (actions[i], "httpGet") || g_str_equal (actions[i], "tcpSocket"))
      practice_validation_port_or_name (base_json_get (action, "port", NULL), port_field, causes);
  }
  if (count == 0)
    practice_causes_required (causes, field, "must specify a handler type");
}

static void
validate_probes (JsonNode *container, const char *field, PracticeCauses *causes)
{
  const char *probes[] = { "livenessProbe", "readinessProbe", "startupProbe" };
  const char *numbers[] = { "initialDelaySeconds", "timeoutSeconds", "periodSeconds",
                            "successThreshold", "failureThreshold" };

  for (guint i = 0; i < G_N_ELEMENTS (probes); i++) {
    JsonNode *probe = base_json_get (container, probes[i], NULL);
    g_autofree char *own_field = practice_validation_field ("%s.%s", field, probes[i]);

    if (probe == NULL)
      continue;
    validate_handler (probe, own_field, causes);
    for (guint j = 0; j < G_N_ELEMENTS (numbers); j++) {
      g_autofree char *number_field = g_strconcat (own_field, ".", numbers[j], NULL);

      practice_validation_not_negative (base_json_get_int (probe, 0, numbers[j], NULL),
                                        number_field, causes);
    }
  }
}

/* Nobody may ask for more than it is given at most. */
static void
validate_requests (JsonNode *container, const char *field, PracticeCauses *causes)
{
  JsonObject *requests = base_json_get_object (container, "resources", "requests", NULL);
  g_autofree char *own_field = g_strconcat (field, ".resources.requests", NULL);
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;

  if (requests == NULL)
    return;
  json_object_iter_init_ordered (&iter, requests);
  while (json_object_iter_next_ordered (&iter, &name, &value)) {
    JsonNode *limit = base_json_get (container, "resources", "limits", name, NULL);
    g_autofree char *words = g_strdup_printf ("must be less than or equal to %s limit", name);

    if (limit != NULL &&
        practice_validation_read_quantity (value) > practice_validation_read_quantity (limit))
      practice_causes_invalid_node (causes, own_field, value, words);
  }
}

static void
validate_resources (JsonNode *container, const char *field, PracticeCauses *causes)
{
  const char *members[] = { "limits", "requests" };

  for (guint i = 0; i < G_N_ELEMENTS (members); i++) {
    JsonObject *map = base_json_get_object (container, "resources", members[i], NULL);
    JsonObjectIter iter;
    const char *name;
    JsonNode *value;

    if (map == NULL)
      continue;
    json_object_iter_init_ordered (&iter, map);
    while (json_object_iter_next_ordered (&iter, &name, &value)) {
      g_autofree char *own_field =
        practice_validation_field ("%s.resources.%s.%s", field, members[i], name);
      const char *text =
        json_node_get_value_type (value) == G_TYPE_STRING ? json_node_get_string (value) : "";

      if (*text == '-')
        practice_causes_invalid (causes, own_field, text, "must be greater than or equal to 0");
    }
  }
  validate_requests (container, field, causes);
}

static void
validate_container (JsonNode *container,
                    const char *field,
                    GHashTable *names,
                    GHashTable *volumes,
                    PracticeCauses *causes)
{
  g_autofree char *name_field = g_strconcat (field, ".name", NULL);
  g_autofree char *image_field = g_strconcat (field, ".image", NULL);
  g_autofree char *pull_field = g_strconcat (field, ".imagePullPolicy", NULL);
  g_autofree char *message_field = g_strconcat (field, ".terminationMessagePolicy", NULL);
  const char *image = base_json_get_string (container, "image", NULL);

  validate_unique_name (base_json_get_string (container, "name", NULL), name_field, names, causes);
  if (image == NULL || *image == '\0')
    practice_causes_required (causes, image_field, NULL);
  else if (g_ascii_isspace (*image) || g_ascii_isspace (image[strlen (image) - 1]))
    practice_causes_invalid (causes, image_field, image,
                             "must not have leading or trailing whitespace");
  validate_probes (container, field, causes);
  practice_validation_one_of (base_json_get_string (container, "terminationMessagePolicy", NULL),
                              message_field, TRUE, message_policies, causes);
  validate_ports (container, field, causes);
  validate_env (container, field, causes);
  validate_mounts (container, field, volumes, causes);
  practice_validation_one_of (base_json_get_string (container, "imagePullPolicy", NULL), pull_field,
                              TRUE, pull_policies, causes);
  validate_resources (container, field, causes);
}

static void
validate_containers (JsonNode *spec,
                     const char *field,
                     const char *member,
                     GHashTable *names,
                     GHashTable *volumes,
                     PracticeCauses *causes)
{
  JsonArray *containers = base_json_get_array (spec, member, NULL);

  for (guint i = 0; i < get_length (containers); i++) {
    g_autofree char *one = practice_validation_field ("%s.%s[%u]", field, member, i);

    validate_container (json_array_get_element (containers, i), one, names, volumes, causes);
  }
}

static void
validate_volumes (JsonNode *spec, const char *field, GHashTable *names, PracticeCauses *causes)
{
  JsonArray *volumes = base_json_get_array (spec, "volumes", NULL);

  for (guint i = 0; i < get_length (volumes); i++) {
    JsonNode *volume = json_array_get_element (volumes, i);
    g_autofree char *name_field = practice_validation_field ("%s.volumes[%u].name", field, i);
    g_autofree char *own_field = practice_validation_field ("%s.volumes[%u]", field, i);

    validate_unique_name (base_json_get_string (volume, "name", NULL), name_field, names, causes);
    if (json_object_get_size (json_node_get_object (volume)) > 2)
      practice_causes_forbidden (causes, own_field, "may not specify more than 1 volume type");
  }
}

static void
validate_spec (JsonNode *spec, const char *field, PracticeCauses *causes)
{
  g_autoptr (GHashTable) volumes = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GHashTable) names = g_hash_table_new (g_str_hash, g_str_equal);
  g_autofree char *containers_field = g_strconcat (field, ".containers", NULL);
  g_autofree char *restart_field = g_strconcat (field, ".restartPolicy", NULL);
  g_autofree char *dns_field = g_strconcat (field, ".dnsPolicy", NULL);
  g_autofree char *grace_field = g_strconcat (field, ".terminationGracePeriodSeconds", NULL);
  g_autofree char *selector_field = g_strconcat (field, ".nodeSelector", NULL);

  validate_volumes (spec, field, volumes, causes);
  if (get_length (base_json_get_array (spec, "containers", NULL)) == 0)
    practice_causes_required (causes, containers_field, NULL);
  validate_containers (spec, field, "containers", names, volumes, causes);
  validate_containers (spec, field, "initContainers", names, volumes, causes);
  practice_validation_one_of (base_json_get_string (spec, "restartPolicy", NULL), restart_field,
                              TRUE, restart_policies, causes);
  practice_validation_one_of (base_json_get_string (spec, "dnsPolicy", NULL), dns_field, TRUE,
                              dns_policies, causes);
  practice_validation_not_negative (
    base_json_get_int (spec, 0, "terminationGracePeriodSeconds", NULL), grace_field, causes);
  practice_names_validate_labels (base_json_get_object (spec, "nodeSelector", NULL), selector_field,
                                  causes);
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

    for (guint j = 0; j < get_length (containers); j++)
      json_object_remove_member (json_array_get_object_element (containers, j), "image");
  }
  return copy;
}

static void
validate_update (JsonNode *pod, JsonNode *old, PracticeCauses *causes)
{
  g_autoptr (JsonNode) now = dup_fixed_part (base_json_get (pod, "spec", NULL));
  g_autoptr (JsonNode) before = dup_fixed_part (base_json_get (old, "spec", NULL));

  if (get_length (base_json_get_array (pod, "spec", "containers", NULL)) !=
      get_length (base_json_get_array (old, "spec", "containers", NULL)))
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
