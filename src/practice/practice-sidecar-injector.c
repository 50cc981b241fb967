/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-sidecar-injector.h"

#include "base-json.h"
#include "practice-object.h"

#define NAMESPACES "/namespaces"
#define DEPLOYMENTS "apps/deployments"
#define ISTIO_NAMESPACE "istio-system"
#define INJECTOR "istio-sidecar-injector"
#define PROXY_IMAGE "docker.io/istio/proxyv2:1.3.3"
#define PROXY_PORT 15090
#define HEALTH_PORT 15020

static gboolean
is_wanted (PracticeStore *store, JsonNode *pod)
{
  const char *namespace_ = base_json_get_string (pod, "metadata", "namespace", NULL);
  JsonNode *object = practice_store_get (store, NAMESPACES, NULL, namespace_);
  const char *label = base_json_get_string (object, "metadata", "labels", "istio-injection", NULL);
  const char *annotation =
    base_json_get_string (pod, "metadata", "annotations", "sidecar.istio.io/inject", NULL);

  return g_strcmp0 (label, "enabled") == 0 && g_strcmp0 (annotation, "false") != 0 &&
         !base_json_get_boolean (pod, FALSE, "spec", "hostNetwork", NULL) &&
         practice_store_get (store, DEPLOYMENTS, ISTIO_NAMESPACE, INJECTOR) != NULL;
}

static gboolean
has_container (JsonArray *containers, const char *name)
{
  for (guint i = 0; i < json_array_get_length (containers); i++)
    if (g_strcmp0 (base_json_get_string (json_array_get_element (containers, i), "name", NULL),
                   name) == 0)
      return TRUE;

  return FALSE;
}

/* As the template of 1.3 has it
 * (https://github.com/istio/istio/blob/1.3.3/install/kubernetes/helm/istio/files/injection-template.yaml).
 */
static JsonObject *
new_readiness_probe (void)
{
  static const struct {
    const char *name;
    int value;
  } times[] = {
    { "initialDelaySeconds", 1 }, { "timeoutSeconds", 1 },    { "periodSeconds", 2 },
    { "successThreshold", 1 },    { "failureThreshold", 30 },
  };
  JsonObject *probe = json_object_new ();
  JsonObject *action = json_object_new ();

  json_object_set_string_member (action, "path", "/healthz/ready");
  json_object_set_int_member (action, "port", HEALTH_PORT);
  json_object_set_string_member (action, "scheme", "HTTP");
  json_object_set_object_member (probe, "httpGet", action);
  for (guint i = 0; i < G_N_ELEMENTS (times); i++)
    json_object_set_int_member (probe, times[i].name, times[i].value);
  return probe;
}

static JsonObject *
new_proxy (void)
{
  JsonObject *proxy = json_object_new ();
  JsonObject *port = json_object_new ();
  JsonArray *ports = json_array_new ();

  json_object_set_int_member (port, "containerPort", PROXY_PORT);
  json_object_set_string_member (port, "name", "http-envoy-prom");
  json_object_set_string_member (port, "protocol", "TCP");
  json_array_add_object_element (ports, port);

  json_object_set_string_member (proxy, "name", "istio-proxy");
  json_object_set_string_member (proxy, "image", PROXY_IMAGE);
  json_object_set_string_member (proxy, "imagePullPolicy", "IfNotPresent");
  json_object_set_array_member (proxy, "ports", ports);
  json_object_set_object_member (proxy, "readinessProbe", new_readiness_probe ());
  json_object_set_object_member (proxy, "resources", json_object_new ());
  json_object_set_string_member (proxy, "terminationMessagePath", "/dev/termination-log");
  json_object_set_string_member (proxy, "terminationMessagePolicy", "File");

  return proxy;
}

/**
 * practice_sidecar_injector_inject:
 * @store: the cluster's objects
 * @pod: a Pod to change, about to be stored
 *
 * What Istio's admission webhook does: with Istio installed, a pod of a namespace labelled
 * istio-injection=enabled gets a proxy beside its containers, unless it declines by annotation
 * (https://istio.io/latest/docs/setup/additional-setup/sidecar-injection/). Pods that exist already
 * stay as they are.
 */
void
practice_sidecar_injector_inject (PracticeStore *store, JsonNode *pod)
{
  JsonArray *containers = base_json_get_array (pod, "spec", "containers", NULL);

  g_return_if_fail (PRACTICE_IS_STORE (store));

  if (containers == NULL || has_container (containers, "istio-proxy") || !is_wanted (store, pod))
    return;

  json_array_add_object_element (containers, new_proxy ());
  json_object_set_string_member (practice_object_ensure (pod, "metadata", "annotations", NULL),
                                 "sidecar.istio.io/status", "{\"containers\":[\"istio-proxy\"]}");
}
