/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-sidecar-injector.h"

#include "base-json.h"
#include "base-metadata.h"
#include "base-yaml.h"
#include "practice-account-admission.h"
#include "practice-object.h"
#include "practice-resources.h"

#define NAMESPACES "/namespaces"
#define DEPLOYMENTS "apps/deployments"
#define ISTIO_NAMESPACE "istio-system"
#define INJECTOR "istio-sidecar-injector"
#define TEMPLATE "/io/github/konvoylab/practice/sidecar.yaml"
#define HEALTH_PORT 15020

static gboolean
is_wanted (PracticeStore *store, JsonNode *pod)
{
  const char *namespace_ = base_metadata_get_namespace (pod);
  JsonNode *object = practice_store_get (store, NAMESPACES, NULL, namespace_);
  const char *label = base_metadata_get_label (object, "istio-injection");
  const char *annotation = base_metadata_get_annotation (pod, "sidecar.istio.io/inject");

  return g_strcmp0 (label, "enabled") == 0 && g_strcmp0 (annotation, "false") != 0 &&
         !base_json_get_boolean (pod, FALSE, "spec", "hostNetwork", NULL) &&
         practice_store_get (store, DEPLOYMENTS, ISTIO_NAMESPACE, INJECTOR) != NULL;
}

static gboolean
has_container (JsonArray *containers, const char *name)
{
  for (guint i = 0; i < base_json_get_length (containers); i++)
    if (g_strcmp0 (base_json_get_string (json_array_get_element (containers, i), "name", NULL),
                   name) == 0)
      return TRUE;

  return FALSE;
}

/* The text of the template, for this pod. */
static char *
dup_template (JsonNode *pod)
{
  g_autoptr (GBytes) data =
    g_resource_lookup_data (practice_get_resource (), TEMPLATE, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
  const char *app = base_metadata_get_label (pod, "app");
  GString *text = g_string_new_len (g_bytes_get_data (data, NULL), (gssize)g_bytes_get_size (data));

  g_string_replace (text, "$(APP)", app != NULL ? app : "istio-proxy", 0);
  g_string_replace (text, "$(NAMESPACE)", base_metadata_get_namespace (pod), 0);

  return g_string_free (text, FALSE);
}

/* (nullable): where @pod has the token of its account. */
static JsonNode *
find_account_mount (JsonNode *pod)
{
  JsonArray *containers = base_json_get_array (pod, "spec", "containers", NULL);
  JsonNode *first =
    base_json_get_length (containers) > 0 ? json_array_get_element (containers, 0) : NULL;
  JsonArray *mounts = base_json_get_array (first, "volumeMounts", NULL);

  for (guint i = 0; i < base_json_get_length (mounts); i++) {
    JsonNode *mount = json_array_get_element (mounts, i);

    if (g_strcmp0 (base_json_get_string (mount, "mountPath", NULL), PRACTICE_ACCOUNT_FOLDER) == 0)
      return mount;
  }

  return NULL;
}

static void
add_all (JsonNode *pod, JsonNode *template, const char *list)
{
  JsonArray *present = base_json_get_array (pod, "spec", list, NULL);
  JsonArray *added = base_json_get_array (template, list, NULL);

  if (present == NULL) {
    present = json_array_new ();
    json_object_set_array_member (practice_object_ensure (pod, "spec", NULL), list, present);
  }
  for (guint i = 0; i < base_json_get_length (added); i++)
    json_array_add_element (present, base_json_copy (json_array_get_element (added, i)));
}

static void
note (JsonNode *pod, const char *text)
{
  g_autofree char *version = g_compute_checksum_for_string (G_CHECKSUM_SHA256, text, -1);
  g_autofree char *status =
    g_strdup_printf ("{\"version\":\"%s\",\"initContainers\":[\"istio-init\"],\"containers\":["
                     "\"istio-proxy\"],\"volumes\":[\"istio-envoy\",\"istio-certs\"],"
                     "\"imagePullSecrets\":null}",
                     version);

  json_object_set_string_member (practice_object_ensure (pod, "metadata", "annotations", NULL),
                                 "sidecar.istio.io/status", status);
}

/**
 * practice_sidecar_injector_inject:
 * @store: the cluster's objects
 * @pod: a Pod to change, about to be stored
 *
 * What Istio's admission webhook does: with Istio installed, a pod of a namespace labelled
 * istio-injection=enabled gets a proxy beside its containers, and before them one that leads its
 * connections there, unless it declines by annotation
 * (https://istio.io/latest/docs/setup/additional-setup/sidecar-injection/). Pods that exist already
 * stay as they are.
 */
void
practice_sidecar_injector_inject (PracticeStore *store, JsonNode *pod)
{
  static const char *const lists[] = { "initContainers", "containers", "volumes" };
  JsonArray *containers = base_json_get_array (pod, "spec", "containers", NULL);
  g_autofree char *text = NULL;
  g_autoptr (JsonNode) template = NULL;
  JsonNode *mount;

  g_return_if_fail (PRACTICE_IS_STORE (store));

  if (containers == NULL || has_container (containers, "istio-proxy") || !is_wanted (store, pod))
    return;

  text = dup_template (pod);
  template = base_yaml_parse (text, -1, "sidecar.yaml", BASE_YAML_NONE, NULL);
  mount = find_account_mount (pod);
  if (mount != NULL)
    json_array_add_element (
      base_json_get_array (
        json_array_get_element (base_json_get_array (template, "containers", NULL), 0),
        "volumeMounts", NULL),
      base_json_copy (mount));
  for (guint i = 0; i < G_N_ELEMENTS (lists); i++)
    add_all (pod, template, lists[i]);
  note (pod, text);
}
