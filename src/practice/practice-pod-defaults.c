/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-pod-defaults.h"

#include <string.h>

#include "base-json.h"

static void
default_string (JsonObject *object, const char *member, const char *value)
{
  if (!json_object_has_member (object, member))
    json_object_set_string_member (object, member, value);
}

static void
default_int (JsonObject *object, const char *member, gint64 value)
{
  if (json_object_get_int_member_with_default (object, member, 0) == 0)
    json_object_set_int_member (object, member, value);
}

static void
default_object (JsonObject *object, const char *member)
{
  if (!json_object_has_member (object, member))
    json_object_set_object_member (object, member, json_object_new ());
}

/* Calls @function for each object in the list @member. */
static void
for_each (JsonObject *object, const char *member, void (*function) (JsonObject *element))
{
  JsonNode *node = json_object_get_member (object, member);
  JsonArray *array =
    node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;

  for (guint i = 0; i < base_json_get_length (array); i++)
    function (json_array_get_object_element (array, i));
}

static JsonObject *
get_object (JsonObject *object, const char *member)
{
  JsonNode *node = object != NULL ? json_object_get_member (object, member) : NULL;

  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

static void
set_http_defaults (JsonObject *action)
{
  if (action == NULL)
    return;
  default_string (action, "path", "/");
  default_string (action, "scheme", "HTTP");
}

static void
set_probe_defaults (JsonObject *probe)
{
  if (probe == NULL)
    return;
  default_int (probe, "timeoutSeconds", 1);
  default_int (probe, "periodSeconds", 10);
  default_int (probe, "successThreshold", 1);
  default_int (probe, "failureThreshold", 3);
  set_http_defaults (get_object (probe, "httpGet"));
}

static void
set_port_defaults (JsonObject *port)
{
  default_string (port, "protocol", "TCP");
}

static void
set_env_defaults (JsonObject *env)
{
  JsonObject *field = get_object (get_object (env, "valueFrom"), "fieldRef");

  if (field != NULL)
    default_string (field, "apiVersion", "v1");
}

/* An image without a tag, or tagged latest, is always pulled. */
static const char *
get_pull_policy (const char *image)
{
  const char *name = strrchr (image, '/');
  const char *tag;

  if (strchr (image, '@') != NULL)
    return "IfNotPresent";
  tag = strchr (name != NULL ? name : image, ':');
  return tag == NULL || g_str_equal (tag, ":latest") ? "Always" : "IfNotPresent";
}

/* What is limited and not asked for is asked for as much. */
static void
set_resource_defaults (JsonObject *container)
{
  JsonObject *resources = get_object (container, "resources");
  JsonObject *limits = get_object (resources, "limits");
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;

  if (limits == NULL)
    return;
  default_object (resources, "requests");
  json_object_iter_init (&iter, limits);
  while (json_object_iter_next (&iter, &name, &value)) {
    JsonObject *requests = get_object (resources, "requests");

    if (!json_object_has_member (requests, name))
      json_object_set_member (requests, name, base_json_copy (value));
  }
}

static void
set_container_defaults (JsonObject *container)
{
  const char *probes[] = { "livenessProbe", "readinessProbe", "startupProbe" };
  const char *hooks[] = { "postStart", "preStop" };
  const char *image = json_object_get_string_member_with_default (container, "image", "");

  default_object (container, "resources");
  set_resource_defaults (container);
  default_string (container, "terminationMessagePath", "/dev/termination-log");
  default_string (container, "terminationMessagePolicy", "File");
  default_string (container, "imagePullPolicy", get_pull_policy (image));
  for_each (container, "ports", set_port_defaults);
  for_each (container, "env", set_env_defaults);
  for (guint i = 0; i < G_N_ELEMENTS (probes); i++)
    set_probe_defaults (get_object (container, probes[i]));
  for (guint i = 0; i < G_N_ELEMENTS (hooks); i++)
    set_http_defaults (
      get_object (get_object (get_object (container, "lifecycle"), hooks[i]), "httpGet"));
}

static void
set_item_defaults (JsonObject *item)
{
  JsonObject *field = get_object (item, "fieldRef");

  if (field != NULL)
    default_string (field, "apiVersion", "v1");
}

static void
set_source_defaults (JsonObject *source)
{
  JsonObject *token = get_object (source, "serviceAccountToken");
  JsonObject *downward = get_object (source, "downwardAPI");

  if (token != NULL)
    default_int (token, "expirationSeconds", 3600);
  if (downward != NULL)
    for_each (downward, "items", set_item_defaults);
}

static void
set_volume_defaults (JsonObject *volume)
{
  const char *with_mode[] = { "secret", "configMap", "downwardAPI", "projected" };
  JsonObject *host_path = get_object (volume, "hostPath");
  JsonObject *projected = get_object (volume, "projected");

  if (json_object_get_size (volume) == 1)
    default_object (volume, "emptyDir");
  if (host_path != NULL)
    default_string (host_path, "type", "");
  for (guint i = 0; i < G_N_ELEMENTS (with_mode); i++) {
    JsonObject *source = get_object (volume, with_mode[i]);

    if (source != NULL && !json_object_has_member (source, "defaultMode"))
      json_object_set_int_member (source, "defaultMode", 0644);
  }
  set_source_defaults (volume);
  if (projected != NULL)
    for_each (projected, "sources", set_source_defaults);
}

/* In the network of its node each port is one of the node's. */
static void
set_host_port_default (JsonObject *port)
{
  if (json_object_get_int_member_with_default (port, "hostPort", 0) == 0 &&
      json_object_has_member (port, "containerPort"))
    json_object_set_int_member (port, "hostPort",
                                json_object_get_int_member (port, "containerPort"));
}

static void
set_host_port_defaults (JsonObject *container)
{
  for_each (container, "ports", set_host_port_default);
}

/**
 * practice_pod_defaults_apply:
 * @pod_spec: the spec of a pod or of a template, changed in place
 *
 * Fills in what a real server fills in (k8s.io/kubernetes/pkg/apis/core/v1/defaults.go).
 */
void
practice_pod_defaults_apply (JsonNode *pod_spec)
{
  JsonObject *spec = json_node_get_object (pod_spec);

  default_string (spec, "restartPolicy", "Always");
  if (!json_object_has_member (spec, "terminationGracePeriodSeconds"))
    json_object_set_int_member (spec, "terminationGracePeriodSeconds", 30);
  default_string (spec, "dnsPolicy", "ClusterFirst");
  default_object (spec, "securityContext");
  default_string (spec, "schedulerName", "default-scheduler");
  /* The old name of the field is kept beside the new one, as real servers do. */
  if (json_object_has_member (spec, "serviceAccountName"))
    json_object_set_string_member (spec, "serviceAccount",
                                   json_object_get_string_member (spec, "serviceAccountName"));
  else if (json_object_has_member (spec, "serviceAccount"))
    json_object_set_string_member (spec, "serviceAccountName",
                                   json_object_get_string_member (spec, "serviceAccount"));
  for_each (spec, "containers", set_container_defaults);
  for_each (spec, "initContainers", set_container_defaults);
  for_each (spec, "volumes", set_volume_defaults);
  if (!json_object_get_boolean_member_with_default (spec, "hostNetwork", FALSE))
    return;
  for_each (spec, "containers", set_host_port_defaults);
  for_each (spec, "initContainers", set_host_port_defaults);
}

static gboolean
tolerates (JsonArray *tolerations, const char *key)
{
  for (guint i = 0; i < json_array_get_length (tolerations); i++) {
    JsonNode *toleration = json_array_get_element (tolerations, i);
    const char *other = base_json_get_string (toleration, "key", NULL);
    const char *effect = base_json_get_string (toleration, "effect", NULL);

    if ((other == NULL || g_str_equal (other, key)) &&
        (effect == NULL || g_str_equal (effect, "NoExecute")))
      return TRUE;
  }
  return FALSE;
}

/* A pod stays five minutes on a node that is not heard of (DefaultTolerationSeconds). */
static void
add_tolerations (JsonObject *spec)
{
  const char *keys[] = { "node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable" };
  JsonArray *tolerations;

  if (!json_object_has_member (spec, "tolerations"))
    json_object_set_array_member (spec, "tolerations", json_array_new ());
  tolerations = json_object_get_array_member (spec, "tolerations");
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++) {
    JsonObject *toleration;

    if (tolerates (tolerations, keys[i]))
      continue;
    toleration = json_object_new ();
    json_object_set_string_member (toleration, "key", keys[i]);
    json_object_set_string_member (toleration, "operator", "Exists");
    json_object_set_string_member (toleration, "effect", "NoExecute");
    json_object_set_int_member (toleration, "tolerationSeconds", 300);
    json_array_add_object_element (tolerations, toleration);
  }
}

/* Guaranteed: every container has limits of both kinds and asks for no less. BestEffort: none
 * has any of either. */
static const char *
get_quality (JsonNode *pod)
{
  const char *kinds[] = { "cpu", "memory" };
  JsonArray *containers = base_json_get_array (pod, "spec", "containers", NULL);
  gboolean any = FALSE, all = TRUE;

  for (guint i = 0; i < base_json_get_length (containers); i++) {
    JsonNode *resources = base_json_get (json_array_get_element (containers, i), "resources", NULL);

    for (guint j = 0; j < G_N_ELEMENTS (kinds); j++) {
      JsonNode *limit = base_json_get (resources, "limits", kinds[j], NULL);
      JsonNode *request = base_json_get (resources, "requests", kinds[j], NULL);

      any = any || limit != NULL || request != NULL;
      all = all && limit != NULL && (request == NULL || base_json_equal (limit, request));
    }
  }
  if (!any)
    return "BestEffort";
  return all ? "Guaranteed" : "Burstable";
}

/**
 * practice_pod_defaults_admit:
 * @pod: a new pod, changed in place
 *
 * Does to a new pod what admission and its first status do: service account, priority, tolerations,
 * phase and quality of service.
 */
void
practice_pod_defaults_admit (JsonNode *pod)
{
  JsonObject *spec = base_json_get_object (pod, "spec", NULL);
  JsonObject *status = json_object_new ();

  json_object_set_string_member (status, "phase", "Pending");
  json_object_set_string_member (status, "qosClass", get_quality (pod));
  json_object_set_object_member (json_node_get_object (pod), "status", status);
  if (spec == NULL)
    return;
  if (!json_object_has_member (spec, "serviceAccount"))
    default_string (spec, "serviceAccountName", "default");
  if (!json_object_has_member (spec, "priority"))
    json_object_set_int_member (spec, "priority", 0);
  if (!json_object_has_member (spec, "enableServiceLinks"))
    json_object_set_boolean_member (spec, "enableServiceLinks", TRUE);
  add_tolerations (spec);
}
