/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-daemon-pod.h"

#include "base-json.h"
#include "base-metadata.h"
#include "practice-node-fit.h"
#include "practice-object.h"
#include "practice-pod-template.h"

#define GENERATION "deprecated.daemonset.template.generation"
#define GENERATION_LABEL "pod-template-generation"
#define REQUIRED "requiredDuringSchedulingIgnoredDuringExecution"

/* What a daemon does not run away from
 * (https://kubernetes.io/docs/concepts/workloads/controllers/daemonset/#taints-and-tolerations). */
static const struct {
  const char *key;
  const char *effect;
  gboolean only_host;
} tolerated[] = {
  { "node.kubernetes.io/not-ready", "NoExecute", FALSE },
  { "node.kubernetes.io/unreachable", "NoExecute", FALSE },
  { "node.kubernetes.io/disk-pressure", "NoSchedule", FALSE },
  { "node.kubernetes.io/memory-pressure", "NoSchedule", FALSE },
  { "node.kubernetes.io/pid-pressure", "NoSchedule", FALSE },
  { "node.kubernetes.io/unschedulable", "NoSchedule", FALSE },
  { "node.kubernetes.io/network-unavailable", "NoSchedule", TRUE },
};

static void
add_tolerations (JsonNode *pod)
{
  JsonObject *spec = practice_object_ensure (pod, "spec", NULL);
  gboolean is_host = base_json_get_boolean (pod, FALSE, "spec", "hostNetwork", NULL);
  JsonArray *tolerations;

  if (base_json_get_array (pod, "spec", "tolerations", NULL) == NULL)
    json_object_set_array_member (spec, "tolerations", json_array_new ());
  tolerations = json_object_get_array_member (spec, "tolerations");
  for (guint i = 0; i < G_N_ELEMENTS (tolerated); i++) {
    JsonObject *toleration;

    if (tolerated[i].only_host && !is_host)
      continue;
    toleration = json_object_new ();
    json_object_set_string_member (toleration, "key", tolerated[i].key);
    json_object_set_string_member (toleration, "operator", "Exists");
    json_object_set_string_member (toleration, "effect", tolerated[i].effect);
    json_array_add_object_element (tolerations, toleration);
  }
}

/* The scheduler puts it there, and nowhere else. */
static void
set_node (JsonNode *pod, const char *node)
{
  JsonObject *required =
    practice_object_ensure (pod, "spec", "affinity", "nodeAffinity", REQUIRED, NULL);
  JsonObject *field = json_object_new ();
  JsonObject *term = json_object_new ();
  JsonArray *values = json_array_new ();
  JsonArray *fields = json_array_new ();
  JsonArray *terms = json_array_new ();

  json_array_add_string_element (values, node);
  json_object_set_string_member (field, "key", "metadata.name");
  json_object_set_string_member (field, "operator", "In");
  json_object_set_array_member (field, "values", values);
  json_array_add_object_element (fields, field);
  json_object_set_array_member (term, "matchFields", fields);
  json_array_add_object_element (terms, term);
  json_object_set_array_member (required, "nodeSelectorTerms", terms);
}

/**
 * practice_daemon_pod_new:
 * @set: a stored DaemonSet
 * @node: (nullable): name of the node that it is for
 * @hash: (nullable): of the template
 *
 * Returns: (transfer full): a pod as @set wants it, not stored yet
 */
JsonNode *
practice_daemon_pod_new (JsonNode *set, const char *node, const char *hash)
{
  JsonNode *pod = practice_pod_template_new_pod (set, NULL);
  JsonObject *labels = practice_object_ensure (pod, "metadata", "labels", NULL);
  const char *generation = base_metadata_get_annotation (set, GENERATION);

  if (hash != NULL)
    json_object_set_string_member (labels, PRACTICE_DAEMON_HASH_LABEL, hash);
  if (generation != NULL)
    json_object_set_string_member (labels, GENERATION_LABEL, generation);
  if (node != NULL)
    set_node (pod, node);
  add_tolerations (pod);

  return pod;
}

/**
 * practice_daemon_pod_get_node:
 * @pod: a pod of a DaemonSet
 *
 * Returns: (nullable): the name of the node that it is on, or that it waits for
 */
const char *
practice_daemon_pod_get_node (JsonNode *pod)
{
  const char *node = base_json_get_string (pod, "spec", "nodeName", NULL);
  JsonArray *terms = base_json_get_array (pod, "spec", "affinity", "nodeAffinity", REQUIRED,
                                          "nodeSelectorTerms", NULL);
  JsonArray *fields = NULL;
  JsonArray *values = NULL;

  if (node != NULL)
    return node;
  if (base_json_get_length (terms) == 1)
    fields = base_json_get_array (json_array_get_element (terms, 0), "matchFields", NULL);
  if (base_json_get_length (fields) == 1)
    values = base_json_get_array (json_array_get_element (fields, 0), "values", NULL);
  return base_json_get_length (values) == 1 ? json_array_get_string_element (values, 0) : NULL;
}

static gboolean
is_meant (JsonNode *pod, JsonNode *node)
{
  const char *wanted = base_json_get_string (pod, "spec", "nodeName", NULL);

  return (wanted == NULL || g_strcmp0 (wanted, base_metadata_get_name (node)) == 0) &&
         practice_node_fit_matches_selector (node, pod);
}

/**
 * practice_daemon_pod_may_start:
 * @pod: of practice_daemon_pod_new(), for no node in particular
 * @node: a Node
 *
 * Returns: whether @node should have such a pod
 */
gboolean
practice_daemon_pod_may_start (JsonNode *pod, JsonNode *node)
{
  static const char *const effects[] = { "NoSchedule", "NoExecute", NULL };

  return is_meant (pod, node) && practice_node_fit_find_taint (node, pod, effects) == NULL;
}

/**
 * practice_daemon_pod_may_stay:
 * @pod: of practice_daemon_pod_new(), for no node in particular
 * @node: a Node
 *
 * Returns: whether such a pod that is on @node may stay there
 */
gboolean
practice_daemon_pod_may_stay (JsonNode *pod, JsonNode *node)
{
  static const char *const effects[] = { "NoExecute", NULL };

  return is_meant (pod, node) && practice_node_fit_find_taint (node, pod, effects) == NULL;
}
