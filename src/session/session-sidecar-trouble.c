/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "session-sidecar-trouble.h"

#include <glib/gi18n-lib.h>

#include "base-json.h"
#include "base-metadata.h"

#define VIRTUAL_SERVICES "virtualservices"
#define SERVICES "services"
#define SIDECAR "istio-proxy"
#define INJECTION "istio-injection"
#define REVISION "istio.io/rev"

static gboolean
has_container (JsonNode *pod, const char *member, const char *name)
{
  JsonArray *containers = base_json_get_array (pod, "spec", member, NULL);

  for (guint i = 0; i < base_json_get_length (containers); i++)
    if (g_strcmp0 (base_json_get_string (json_array_get_element (containers, i), "name", NULL),
                   name) == 0)
      return TRUE;
  return FALSE;
}

/* Since Kubernetes 1.29 a sidecar may be an init container that goes on. */
static gboolean
has_sidecar (JsonNode *pod)
{
  return has_container (pod, "containers", SIDECAR) ||
         has_container (pod, "initContainers", SIDECAR);
}

/* What puts sidecars into new pods: istiod, or in Istio up to 1.4 a program of its own. Where not
 * all services may be seen, it may be one of the others. */
static gboolean
lacks_injector (SessionSight *sight)
{
  GPtrArray *services = session_sight_list (sight, SERVICES, NULL);

  for (guint i = 0; services != NULL && i < services->len; i++) {
    const char *name = base_metadata_get_name (g_ptr_array_index (services, i));

    if (g_str_has_prefix (name, "istiod") || g_str_has_prefix (name, "istio-sidecar-injector"))
      return FALSE;
  }
  return services != NULL;
}

/* Who deletes a pod that something watches over gets a new one; any other is gone for good. */
static gboolean
is_made_anew (JsonNode *pod)
{
  return base_json_get_length (base_json_get_array (pod, "metadata", "ownerReferences", NULL)) > 0;
}

/* The pod was there before what would have given it a sidecar, as others may have been. */
static char *
dup_older (SessionSight *sight, JsonNode *pod)
{
  const char *namespace_ = base_metadata_get_namespace (pod);
  const char *name = base_metadata_get_name (pod);
  GPtrArray *pods = session_sight_list (sight, "pods", namespace_);
  g_autoptr (GString) others = g_string_new (NULL);

  for (guint i = 0; pods != NULL && i < pods->len; i++) {
    JsonNode *other = g_ptr_array_index (pods, i);

    if (!has_sidecar (other) && is_made_anew (other) &&
        base_json_get (other, "metadata", "deletionTimestamp", NULL) == NULL)
      g_string_append_printf (others, " %s", base_metadata_get_name (other));
  }
  if (!is_made_anew (pod))
    return g_strdup_printf (
      /* Translators: a pod, and its namespace; then both again */
      _ ("The pod %s has no sidecar: it was made before Istio or the label of the namespace %s was "
         "there, and nothing makes a new one of it. Delete it, and create it again: kubectl delete "
         "pod %s -n %s"),
      name, namespace_, name, namespace_);
  return g_strdup_printf (
    /* Translators: a pod, and its namespace; then names of pods, with a space before each, and the
     * namespace again */
    _ ("The pod %s has no sidecar: it was made before Istio or the label of the namespace %s was "
       "there. Have new ones made of all such pods: kubectl delete pod%s -n %s"),
    name, namespace_, others->str, namespace_);
}

/**
 * session_sidecar_dup_trouble:
 * @pod: a pod
 *
 * Returns: (transfer full) (nullable): why it has no sidecar; %NULL where it has one, or what its
 *   namespace is like is not known
 */
char *
session_sidecar_dup_trouble (SessionSight *sight, JsonNode *pod)
{
  const char *name = base_metadata_get_namespace (pod);
  JsonNode *namespace_ = NULL;
  const char *label = NULL;

  if (has_sidecar (pod) || !session_sight_knows (sight, "namespaces", NULL))
    return NULL;
  if (session_sight_lacks (sight, VIRTUAL_SERVICES) || lacks_injector (sight))
    return g_strdup_printf (
      /* Translators: a pod; then its namespace */
      _ ("The pod %s has no sidecar: Istio, which adds it, is not installed. Install Istio, then "
         "have the pods made anew: kubectl rollout restart deployment -n %s"),
      base_metadata_get_name (pod), name);
  namespace_ = session_sight_find (sight, "namespaces", NULL, name);
  label = base_metadata_get_label (namespace_, INJECTION);
  if (g_strcmp0 (label, "enabled") != 0 && base_metadata_get_label (namespace_, REVISION) == NULL)
    return g_strdup_printf (
      /* Translators: a pod, and its namespace; then the namespace again */
      _ ("The pod %s has no sidecar, and the namespace %s does not have the label "
         "istio-injection=enabled. Give it the label, and have the pods made anew: kubectl label "
         "namespace %s istio-injection=enabled --overwrite; kubectl rollout restart deployment -n "
         "%s"),
      base_metadata_get_name (pod), name, name, name);
  return dup_older (sight, pod);
}
