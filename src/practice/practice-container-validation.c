/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-container-validation.h"

#include <string.h>

#include "base-json.h"
#include "practice-env-validation.h"
#include "practice-probe-validation.h"
#include "practice-security-validation.h"
#include "practice-validation.h"
#include "practice-volume-validation.h"

/*
 * Rules and words of k8s.io/kubernetes/pkg/apis/core/validation, validateContainers.
 */
#define MESSAGE_WORDS "must be 'File' or 'FallbackToLogsOnError'"

static const char *const protocols[] = { "SCTP", "TCP", "UDP", NULL };
static const char *const pull_policies[] = { "Always", "IfNotPresent", "Never", NULL };
static const char *const message_policies[] = { "FallbackToLogsOnError", "File", NULL };

/* What is counted without a prefix. */
static const char *const standard_resources[] = {
  "cpu",
  "memory",
  "ephemeral-storage",
  NULL,
};

/* A label that is required, unique among @seen. */
static void
validate_name (JsonNode *container, const char *field, GHashTable *seen, PracticeCauses *causes)
{
  const char *name = practice_validation_get_text (container, "name");
  const char *wrong = practice_names_check_label (name);

  if (*name == '\0')
    practice_causes_required (causes, field, NULL);
  else if (wrong != NULL)
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

  for (guint i = 0; i < base_json_get_length (ports); i++) {
    g_autofree char *one = practice_validation_field ("%s.ports[%u]", field, i);

    validate_container_port (json_array_get_element (ports, i), one, names, causes);
  }
}

static void
validate_resource_name (const char *name, const char *field, PracticeCauses *causes)
{
  const char *wrong = practice_names_check_label_key (name);

  if (wrong != NULL)
    practice_causes_invalid (causes, field, name, wrong);
  if (strchr (name, '/') != NULL || g_str_has_prefix (name, "hugepages-") ||
      g_strv_contains (standard_resources, name))
    return;
  if (wrong == NULL)
    practice_causes_invalid (causes, field, name,
                             "must be a standard resource type or fully qualified");
  practice_causes_invalid (causes, field, name, "must be a standard resource for containers");
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
        practice_validation_field ("%s.resources.%s[%s]", field, members[i], name);
      const char *text =
        json_node_get_value_type (value) == G_TYPE_STRING ? json_node_get_string (value) : "";

      validate_resource_name (name, own_field, causes);
      if (*text == '-')
        practice_causes_invalid (causes, own_field, text, "must be greater than or equal to 0");
    }
  }
  validate_requests (container, field, causes);
}

static void
validate_message_policy (JsonNode *container, const char *field, PracticeCauses *causes)
{
  g_autofree char *own = g_strconcat (field, ".terminationMessagePolicy", NULL);
  const char *policy = practice_validation_get_text (container, "terminationMessagePolicy");

  if (*policy == '\0')
    practice_causes_required (causes, own, MESSAGE_WORDS);
  else if (!g_strv_contains (message_policies, policy))
    practice_causes_invalid (causes, own, policy, MESSAGE_WORDS);
}

static void
validate_probe (JsonNode *container, const char *member, const char *field, PracticeCauses *causes)
{
  g_autofree char *own = g_strconcat (field, ".", member, NULL);

  practice_probe_validation_check (base_json_get (container, member, NULL), own, causes);
}

static void
validate_life (JsonNode *container, const char *field, PracticeCauses *causes)
{
  g_autofree char *own = g_strconcat (field, ".lifecycle", NULL);

  practice_probe_validation_check_lifecycle (base_json_get (container, "lifecycle", NULL), own,
                                             causes);
  validate_probe (container, "livenessProbe", field, causes);
  validate_probe (container, "startupProbe", field, causes);
  validate_message_policy (container, field, causes);
  validate_probe (container, "readinessProbe", field, causes);
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

  validate_name (container, name_field, names, causes);
  if (*practice_validation_get_text (container, "image") == '\0')
    practice_causes_required (causes, image_field, NULL);
  validate_life (container, field, causes);
  validate_ports (container, field, causes);
  practice_env_validation_check (container, field, causes);
  practice_volume_validation_check_mounts (container, field, volumes, causes);
  practice_validation_one_of (base_json_get_string (container, "imagePullPolicy", NULL), pull_field,
                              TRUE, pull_policies, causes);
  validate_resources (container, field, causes);
  practice_security_validation_check_container (container, field, causes);
}

/* Two containers that want the same port of the node, in @seen. */
static void
validate_host_ports (JsonNode *container,
                     const char *field,
                     GHashTable *seen,
                     PracticeCauses *causes)
{
  JsonArray *ports = base_json_get_array (container, "ports", NULL);

  for (guint i = 0; i < base_json_get_length (ports); i++) {
    JsonNode *port = json_array_get_element (ports, i);
    gint64 number = base_json_get_int (port, 0, "hostPort", NULL);
    g_autofree char *own = practice_validation_field ("%s.ports[%u].hostPort", field, i);
    g_autofree char *key =
      g_strdup_printf ("%s/%s/%" G_GINT64_FORMAT, practice_validation_get_text (port, "protocol"),
                       practice_validation_get_text (port, "hostIP"), number);

    if (number == 0)
      continue;
    if (g_hash_table_contains (seen, key))
      practice_causes_duplicate (causes, own, key);
    else
      g_hash_table_add (seen, g_steal_pointer (&key));
  }
}

/* Those that run beside each other share the ports of the node; those that run one after another do
 * not, and a real server calls each of them the first. */
static void
validate_all_host_ports (JsonArray *containers,
                         const char *list,
                         gboolean beside,
                         PracticeCauses *causes)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < base_json_get_length (containers); i++) {
    g_autofree char *own = practice_validation_field ("%s[%u]", list, beside ? i : 0);

    if (!beside)
      g_hash_table_remove_all (seen);
    validate_host_ports (json_array_get_element (containers, i), own, seen, causes);
  }
}

static JsonArray *
validate_list (
  JsonNode *spec, const char *member, const char *list, GHashTable *volumes, PracticeCauses *causes)
{
  g_autoptr (GHashTable) names = g_hash_table_new (g_str_hash, g_str_equal);
  JsonArray *containers = base_json_get_array (spec, member, NULL);

  for (guint i = 0; i < base_json_get_length (containers); i++) {
    g_autofree char *own = practice_validation_field ("%s[%u]", list, i);

    validate_container (json_array_get_element (containers, i), own, names, volumes, causes);
  }
  return containers;
}

/* What is started before the others has a name of its own, and nobody who asks how it is. */
static void
validate_init_containers (JsonArray *before,
                          JsonArray *containers,
                          const char *list,
                          PracticeCauses *causes)
{
  static const char *const members[] = { "lifecycle", "livenessProbe", "readinessProbe",
                                         "startupProbe" };
  g_autoptr (GHashTable) names = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < base_json_get_length (containers); i++)
    g_hash_table_add (names, (gpointer)practice_validation_get_text (
                               json_array_get_element (containers, i), "name"));
  for (guint i = 0; i < base_json_get_length (before); i++) {
    g_autofree char *name_field = practice_validation_field ("%s[%u].name", list, i);
    JsonNode *container = json_array_get_element (before, i);
    const char *name = practice_validation_get_text (container, "name");

    if (!g_hash_table_add (names, (gpointer)name))
      practice_causes_duplicate (causes, name_field, name);
    for (guint j = 0; j < G_N_ELEMENTS (members); j++) {
      g_autofree char *own = practice_validation_field ("%s[%u].%s", list, i, members[j]);
      JsonNode *value = base_json_get (container, members[j], NULL);

      if (value != NULL)
        practice_causes_invalid_node (causes, own, value, "must not be set for init containers");
    }
  }
}

/**
 * practice_container_validation_check:
 * @spec: the spec of a pod, with its defaults
 * @field: where it is, as "spec"
 * @volumes: the names of the volumes that can be mounted
 * @causes: where what is wrong is noted
 *
 * Checks the containers of a pod.
 */
void
practice_container_validation_check (JsonNode *spec,
                                     const char *field,
                                     GHashTable *volumes,
                                     PracticeCauses *causes)
{
  g_autofree char *list = g_strconcat (field, ".containers", NULL);
  g_autofree char *before_list = g_strconcat (field, ".initContainers", NULL);
  JsonArray *containers = validate_list (spec, "containers", list, volumes, causes);
  JsonArray *before;

  if (base_json_get_length (containers) == 0)
    practice_causes_required (causes, list, NULL);
  validate_all_host_ports (containers, list, TRUE, causes);
  before = validate_list (spec, "initContainers", before_list, volumes, causes);
  validate_all_host_ports (before, before_list, FALSE, causes);
  validate_init_containers (before, containers, before_list, causes);
}
