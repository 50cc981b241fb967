/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "session-object-trouble.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base-json.h"
#include "base-metadata.h"
#include "base-spelling.h"
#include "session-gone.h"
#include "session-labels.h"
#include "session-mesh-trouble.h"
#include "session-node-trouble.h"
#include "session-pod-trouble.h"
#include "session-service-trouble.h"
#include "session-sidecar-trouble.h"

#define SIDECAR "istio-proxy"

/* "default/redis", or "default" for a namespace itself */
static char *
dup_full_name (const char *namespace_, const char *name)
{
  return namespace_ != NULL ? g_strdup_printf ("%s/%s", namespace_, name) : g_strdup (name);
}

static char *
dup_unknown_kind (const KubeKind *kind)
{
  char *sentence = session_mesh_dup_absence (kind->plural);

  if (sentence != NULL)
    return sentence;
  /* Translators: a kind such as Ingress, and a group of the API such as networking.k8s.io */
  return g_strdup_printf (_ ("The cluster does not know the kind %s (%s)."), kind->kind,
                          kind->group);
}

static gboolean
lacks_namespace (SessionSight *sight, CourseCheck *check)
{
  const char *namespace_ = course_check_get_namespace (check);

  return namespace_ != NULL && session_sight_knows (sight, "namespaces", NULL) &&
         session_sight_find (sight, "namespaces", NULL, namespace_) == NULL;
}

/* The one that is named is not there. */
static char *
dup_missing (SessionSight *sight, CourseCheck *check, const KubeKind *kind, const char *namespace_)
{
  const char *name = course_check_get_name (check);
  GPtrArray *others = session_sight_list (sight, kind->plural, namespace_);
  g_autofree char *full_name = dup_full_name (namespace_, name);
  char *gone = session_gone_dup_object (sight, kind, namespace_, name);

  if (gone != NULL)
    return gone;
  if (g_str_equal (kind->plural, "customresourcedefinitions") &&
      g_str_has_suffix (name, ".istio.io"))
    /* Translators: %s is like virtualservices.networking.istio.io */
    return g_strdup_printf (_ ("Istio is not installed: there is no customresourcedefinition %s"),
                            name);
  for (guint i = 0; others != NULL && i < others->len; i++) {
    const char *other = base_metadata_get_name (g_ptr_array_index (others, i));

    if (base_spelling_is_near (other, name))
      /* Translators: a kind such as service, a name, and the name of another one of the kind */
      return g_strdup_printf (_ ("there is no %s %s, but one named %s"), kind->singular, full_name,
                              other);
  }
  if (namespace_ != NULL && lacks_namespace (sight, check))
    /* Translators: a kind such as service, a name with its namespace, and the namespace */
    return g_strdup_printf (_ ("there is no %s %s yet, nor the namespace %s"), kind->singular,
                            full_name, namespace_);
  /* Translators: a kind such as service, and a name */
  return g_strdup_printf (_ ("there is no %s %s yet"), kind->singular, full_name);
}

/**
 * session_object_find_deployment:
 * @selector: of pods
 *
 * Returns: (transfer none) (nullable): a Deployment whose pods fit @selector, until the main loop
 *   runs again; %NULL also where that is not known
 */
JsonNode *
session_object_find_deployment (SessionSight *sight, const char *selector, const char *namespace_)
{
  GPtrArray *deployments = session_sight_list (sight, "deployments", namespace_);

  for (guint i = 0; deployments != NULL && i < deployments->len; i++) {
    JsonNode *deployment = g_ptr_array_index (deployments, i);
    JsonNode *template_ = base_json_get (deployment, "spec", "template", NULL);

    if (template_ != NULL && course_selector_matches (selector, template_))
      return deployment;
  }
  return NULL;
}

static char *
dup_scaled_down (JsonNode *deployment)
{
  return g_strdup_printf (
    /* Translators: a Deployment with its namespace; then both again */
    _ ("The deployment %s/%s is scaled to no pods. Start it again: kubectl scale deployment %s "
       "--replicas=1 -n %s"),
    base_metadata_get_namespace (deployment), base_metadata_get_name (deployment),
    base_metadata_get_name (deployment), base_metadata_get_namespace (deployment));
}

/* (nullable) (transfer full): the labels of a selector that is no more than one: "app=redis" */
static JsonNode *
parse_label (const char *selector)
{
  g_auto (GStrv) parts = g_strsplit (selector, "=", 2);
  g_autoptr (JsonObject) labels = NULL;
  JsonNode *node = NULL;

  if (g_strv_length (parts) != 2 || strpbrk (selector, " ,!()") != NULL || *parts[1] == '=')
    return NULL;
  labels = json_object_new ();
  json_object_set_string_member (labels, parts[0], parts[1]);
  node = json_node_alloc ();
  json_node_init_object (node, labels);
  return node;
}

/* (nullable): a pod whose labels are nearly @labels (nullable)
 * @key: (out): the label that is another, as long as @labels lives */
static JsonNode *
find_near_pod (SessionSight *sight, JsonNode *labels, const char *namespace_, const char **key)
{
  GPtrArray *pods = session_sight_list (sight, "pods", namespace_);

  return labels != NULL && pods != NULL
           ? session_labels_find_nearest (pods, json_node_get_object (labels), key)
           : NULL;
}

/* That no pod fits the selector has another cause than that they are gone. */
static gboolean
has_no_pod_yet (SessionSight *sight, const char *selector, const char *namespace_)
{
  g_autoptr (JsonNode) labels = parse_label (selector);
  const char *key = NULL;

  return session_object_find_deployment (sight, selector, namespace_) != NULL ||
         find_near_pod (sight, labels, namespace_, &key) != NULL;
}

/* No pod fits the selector. */
static char *
dup_no_pod (SessionSight *sight, const char *selector, const char *namespace_)
{
  JsonNode *deployment = session_object_find_deployment (sight, selector, namespace_);
  g_autoptr (JsonNode) labels = parse_label (selector);
  const char *key = NULL;
  JsonNode *near = NULL;

  if (deployment != NULL && base_json_get_int (deployment, 1, "spec", "replicas", NULL) == 0)
    return dup_scaled_down (deployment);
  near = find_near_pod (sight, labels, namespace_, &key);
  if (near != NULL)
    return g_strdup_printf (
      /* Translators: a namespace, labels such as app=redis, a pod, a label's name, and its value */
      _ ("No pod of %s has %s; the pod %s has %s=%s."), namespace_, selector,
      base_metadata_get_name (near), key, base_metadata_get_label (near, key));
  /* Translators: a namespace, and labels such as app=redis */
  return g_strdup_printf (_ ("No pod of %s has %s."), namespace_, selector);
}

/* (nullable) */
static char *
dup_pods_trouble (SessionSight *sight, CourseCheck *check, GPtrArray *pods)
{
  const char *path = course_check_get_path (check);

  for (guint i = 0; i < pods->len; i++)
    if (!session_pod_is_ready (g_ptr_array_index (pods, i)))
      return session_pod_dup_trouble (g_ptr_array_index (pods, i));
  for (guint i = 0; path != NULL && strstr (path, SIDECAR) != NULL && i < pods->len; i++) {
    char *trouble = session_sidecar_dup_trouble (sight, g_ptr_array_index (pods, i));

    if (trouble != NULL)
      return trouble;
  }
  return NULL;
}

/* (nullable) */
static char *
dup_deployment_trouble (SessionSight *sight, JsonNode *deployment)
{
  GPtrArray *all = session_sight_list (sight, "pods", base_metadata_get_namespace (deployment));
  JsonNode *selector = base_json_get (deployment, "spec", "selector", NULL);

  if (base_json_get_int (deployment, 1, "spec", "replicas", NULL) == 0)
    return dup_scaled_down (deployment);
  for (guint i = 0; all != NULL && i < all->len; i++) {
    JsonNode *pod = g_ptr_array_index (all, i);

    if (session_labels_select (selector, pod) && !session_pod_is_ready (pod))
      return session_pod_dup_trouble (pod);
  }
  return NULL;
}

/* (nullable): why a Service has no address */
static char *
dup_address_trouble (JsonNode *service, const char *path)
{
  const char *type = base_json_get_string (service, "spec", "type", NULL);
  JsonArray *ingress = base_json_get_array (service, "status", "loadBalancer", "ingress", NULL);

  if (path == NULL || strstr (path, "loadBalancer") == NULL || (base_json_get_length (ingress) > 0))
    return NULL;
  return session_service_dup_address_trouble (base_metadata_get_namespace (service),
                                              base_metadata_get_name (service), type);
}

static char *
dup_kind_trouble (SessionSight *sight, CourseCheck *check, const KubeKind *kind, GPtrArray *objects)
{
  JsonNode *first = g_ptr_array_index (objects, 0);

  if (g_str_equal (kind->plural, "pods"))
    return dup_pods_trouble (sight, check, objects);
  if (g_str_equal (kind->plural, "nodes"))
    return session_node_dup_trouble (objects);
  if (g_str_equal (kind->plural, "deployments"))
    return dup_deployment_trouble (sight, first);
  if (g_str_equal (kind->plural, "services"))
    return dup_address_trouble (first, course_check_get_path (check));
  if (g_str_equal (kind->plural, "endpoints"))
    return session_service_dup_trouble (sight, base_metadata_get_namespace (first),
                                        base_metadata_get_name (first), 0);
  return NULL;
}

/* It is there, and what it has is not what it should have. */
static char *
dup_where (CourseCheck *check, const KubeKind *kind, JsonNode *object)
{
  const char *path = course_check_get_path (check);
  const char *namespace_ = base_metadata_get_namespace (object);
  g_autofree char *full_name = dup_full_name (namespace_, base_metadata_get_name (object));

  if (path == NULL || course_check_get_name (check) == NULL)
    return NULL;
  if (g_str_has_prefix (path, "$."))
    path += 2;
  return g_strdup_printf (
    /* Translators: a path in an object, a kind such as service, and a name; then kind and name for
     * a command, and more of it */
    _ ("See %s of the %s %s: kubectl get %s %s%s%s -o yaml"), path, kind->singular, full_name,
    kind->singular, base_metadata_get_name (object), namespace_ != NULL ? " -n " : "",
    namespace_ != NULL ? namespace_ : "");
}

/* What should be gone is there. */
static char *
dup_presence (const KubeKind *kind, JsonNode *object)
{
  const char *namespace_ = base_metadata_get_namespace (object);
  g_autofree char *full_name = dup_full_name (namespace_, base_metadata_get_name (object));

  /* Translators: a kind such as networkpolicy, and a name; then both for a command, and more of it
   */
  return g_strdup_printf (_ ("the %s %s is still there. Delete it: kubectl delete %s %s%s%s"),
                          kind->singular, full_name, kind->singular,
                          base_metadata_get_name (object), namespace_ != NULL ? " -n " : "",
                          namespace_ != NULL ? namespace_ : "");
}

/* (nullable): what stands in the place of what was observed */
static char *
dup_other_words (SessionSight *sight,
                 CourseCheck *check,
                 const KubeKind *kind,
                 const char *namespace_,
                 GPtrArray *objects)
{
  const char *name = course_check_get_name (check);
  const char *selector = course_check_get_selector (check);

  if (course_check_get_expect_absent (check))
    return name != NULL && objects->len > 0 && course_check_get_path (check) == NULL
             ? dup_presence (kind, g_ptr_array_index (objects, 0))
             : NULL;
  if (session_sight_lacks (sight, kind->plural))
    return dup_unknown_kind (kind);
  if (!session_sight_knows (sight, kind->plural, namespace_))
    return NULL;
  if (name != NULL)
    return objects->len == 0 ? dup_missing (sight, check, kind, namespace_) : NULL;
  if (objects->len == 0 && selector != NULL && g_str_equal (kind->plural, "pods") &&
      has_no_pod_yet (sight, selector, namespace_))
    return NULL;
  return session_gone_dup_group (sight, check, kind, namespace_, objects);
}

/* (nullable): what is said beside what was observed */
static char *
dup_trouble (SessionSight *sight,
             CourseCheck *check,
             const KubeKind *kind,
             const char *namespace_,
             GPtrArray *objects)
{
  const char *selector = course_check_get_selector (check);

  if (course_check_get_expect_absent (check))
    return NULL;
  if (objects->len > 0)
    return dup_kind_trouble (sight, check, kind, objects);
  return selector != NULL && g_str_equal (kind->plural, "pods")
           ? dup_no_pod (sight, selector, namespace_)
           : NULL;
}

/**
 * session_object_dup_words:
 * @check: a check of a resource that does not pass
 * @namespace_: (nullable): that it looks in
 * @objects: (element-type JsonNode): those that it is about
 * @observed: what course_check_judge() says of them
 * @at_length: for somebody who waits: where to look, too
 *
 * Returns: (transfer full): what is wrong, with the object's name, and what to do where that is
 * known
 */
char *
session_object_dup_words (SessionSight *sight,
                          CourseCheck *check,
                          const char *namespace_,
                          GPtrArray *objects,
                          const char *observed,
                          gboolean at_length)
{
  const KubeKind *kind = kube_kind_lookup (course_check_get_resource (check));
  g_autofree char *trouble = NULL;

  if (kind == NULL)
    return g_strdup (observed);
  trouble = dup_other_words (sight, check, kind, namespace_, objects);
  if (trouble != NULL)
    return g_steal_pointer (&trouble);
  trouble = dup_trouble (sight, check, kind, namespace_, objects);
  /* that there is none is said by why there is none */
  if (trouble != NULL && objects->len == 0 && !course_check_counts_objects (check))
    return g_steal_pointer (&trouble);
  if (trouble == NULL && at_length && objects->len > 0)
    trouble = dup_where (check, kind, g_ptr_array_index (objects, 0));
  return trouble != NULL ? g_strdup_printf ("%s. %s", observed, trouble) : g_strdup (observed);
}
