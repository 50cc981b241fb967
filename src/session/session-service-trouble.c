/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "session-service-trouble.h"

#include <glib/gi18n-lib.h>

#include "base-json.h"
#include "base-metadata.h"
#include "base-spelling.h"
#include "session-labels.h"
#include "session-pod-trouble.h"
#include "session-policy.h"

#define SERVICES "services"
#define PODS "pods"
#define DEPLOYMENTS "deployments"
#define POLICIES "networkpolicies"
#define SIDECAR "istio-proxy"

/* (nullable): one without a selector leads to where somebody else says */
static JsonObject *
get_selector (JsonNode *service)
{
  JsonObject *selector = base_json_get_object (service, "spec", "selector", NULL);

  return selector != NULL && json_object_get_size (selector) > 0 ? selector : NULL;
}

/**
 * session_service_list_pods:
 * @service: (nullable): a Service
 *
 * Returns: (transfer full) (nullable) (element-type JsonNode): the pods that it selects, ready or
 *   not; %NULL where that is not known, or it has no selector. They are not to be kept.
 */
GPtrArray *
session_service_list_pods (SessionSight *sight, JsonNode *service)
{
  JsonObject *selector = get_selector (service);
  GPtrArray *all = selector != NULL
                     ? session_sight_list (sight, PODS, base_metadata_get_namespace (service))
                     : NULL;
  GPtrArray *pods;

  if (all == NULL)
    return NULL;
  pods = g_ptr_array_new ();
  for (guint i = 0; i < all->len; i++)
    if (session_labels_fit (selector, g_ptr_array_index (all, i)))
      g_ptr_array_add (pods, g_ptr_array_index (all, i));
  return pods;
}

/* (nullable) */
static JsonNode *
find_ready (GPtrArray *pods)
{
  for (guint i = 0; i < pods->len; i++)
    if (session_pod_is_ready (g_ptr_array_index (pods, i)))
      return g_ptr_array_index (pods, i);
  return NULL;
}

static char *
dup_gone (const SessionRecollection *past, const char *namespace_, const char *name)
{
  g_autofree char *time =
    session_memory_dup_time (past->gone_at != 0 ? past->gone_at : past->seen_at);

  if (past->gone_at != 0)
    /* Translators: a namespace, a service, and a time */
    return g_strdup_printf (
      _ ("The service %s/%s is gone, as was seen at %s. Do again what has made it."), namespace_,
      name, time);
  /* Translators: a namespace, a service, and a time */
  return g_strdup_printf (
    _ ("The service %s/%s is gone; it was there at %s. Do again what has made it."), namespace_,
    name, time);
}

static char *
dup_absence (SessionSight *sight, const char *namespace_, const char *name)
{
  GPtrArray *services = session_sight_list (sight, SERVICES, namespace_);
  const SessionRecollection *past = session_sight_recall (sight, SERVICES, namespace_, name);

  if (past != NULL)
    return dup_gone (past, namespace_, name);
  for (guint i = 0; services != NULL && i < services->len; i++) {
    const char *other = base_metadata_get_name (g_ptr_array_index (services, i));

    if (base_spelling_is_near (other, name))
      /* Translators: a namespace, and a service; then the name of another service */
      return g_strdup_printf (_ ("There is no service %s/%s, but one named %s."), namespace_, name,
                              other);
  }
  /* Translators: a namespace, and a service */
  return g_strdup_printf (_ ("There is no service %s/%s."), namespace_, name);
}

/* (nullable): a Deployment whose pods @service would select */
static JsonNode *
find_deployment (SessionSight *sight, JsonNode *service)
{
  GPtrArray *deployments =
    session_sight_list (sight, DEPLOYMENTS, base_metadata_get_namespace (service));

  for (guint i = 0; deployments != NULL && i < deployments->len; i++) {
    JsonNode *deployment = g_ptr_array_index (deployments, i);

    if (session_labels_fit (get_selector (service),
                            base_json_get (deployment, "spec", "template", NULL)))
      return deployment;
  }
  return NULL;
}

/* The service selects nobody. */
static char *
dup_loneliness (SessionSight *sight, JsonNode *service)
{
  const char *namespace_ = base_metadata_get_namespace (service);
  const char *name = base_metadata_get_name (service);
  JsonNode *deployment = find_deployment (sight, service);
  g_autofree char *labels = session_labels_dup_text (get_selector (service));
  const char *key = NULL;
  JsonNode *pod = NULL;

  if (deployment != NULL && base_json_get_int (deployment, 1, "spec", "replicas", NULL) == 0)
    return g_strdup_printf (
      /* Translators: a namespace, a Deployment, a service, and the Deployment and its namespace
       * again
       */
      _ ("The deployment %s/%s behind the service %s is scaled to no pods. Start it again: kubectl "
         "scale deployment %s --replicas=1 -n %s"),
      namespace_, base_metadata_get_name (deployment), name, base_metadata_get_name (deployment),
      namespace_);
  if (deployment != NULL)
    return g_strdup_printf (
      /* Translators: a namespace, a Deployment, a service, and the Deployment and its namespace
       * again
       */
      _ ("The deployment %s/%s behind the service %s has no pods yet. See why: kubectl describe "
         "deployment %s -n %s"),
      namespace_, base_metadata_get_name (deployment), name, base_metadata_get_name (deployment),
      namespace_);
  pod = session_labels_find_nearest (session_sight_list (sight, PODS, namespace_),
                                     get_selector (service), &key);
  if (pod != NULL)
    return g_strdup_printf (
      /* Translators: a namespace, a service, and labels such as app=redis; then a pod, a label's
       * name, and its value */
      _ ("The service %s/%s selects %s, which no pod has; the pod %s has %s=%s. Mend the label of "
         "the "
         "one or the selector of the other."),
      namespace_, name, labels, base_metadata_get_name (pod), key,
      base_metadata_get_label (pod, key));
  return g_strdup_printf (
    /* Translators: a namespace, a service, and labels such as app=redis; then the namespace again
     */
    _ ("The service %s/%s selects %s, which no pod of %s has: its pod, or the Deployment of it, is "
       "not "
       "there, or has other labels. Make it again, or see the labels: kubectl get pods "
       "--show-labels "
       "-n %s"),
    namespace_, name, labels, namespace_, namespace_);
}

/* (nullable): of the service's ports; any one for 0 */
static JsonNode *
find_port (JsonNode *service, gint64 port)
{
  JsonArray *ports = base_json_get_array (service, "spec", "ports", NULL);

  for (guint i = 0; i < base_json_get_length (ports); i++) {
    JsonNode *node = json_array_get_element (ports, i);

    if (port == 0 || base_json_get_int (node, 0, "port", NULL) == port)
      return node;
  }
  return NULL;
}

static char *
dup_ports (JsonNode *service)
{
  JsonArray *ports = base_json_get_array (service, "spec", "ports", NULL);
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < base_json_get_length (ports); i++)
    g_string_append_printf (text, "%s%" G_GINT64_FORMAT, i > 0 ? ", " : "",
                            base_json_get_int (json_array_get_element (ports, i), 0, "port", NULL));
  return g_string_free (text, FALSE);
}

/* The port of a container of @pod with that @name, or with that number where @name is NULL; 0:
 * none.
 * @n: (out): how many ports the containers name */
static gint64
find_container_port (JsonNode *pod, const char *name, gint64 number, guint *n)
{
  JsonArray *containers = base_json_get_array (pod, "spec", "containers", NULL);
  gint64 found = 0;

  *n = 0;
  for (guint i = 0; i < base_json_get_length (containers); i++) {
    JsonNode *container = json_array_get_element (containers, i);
    JsonArray *ports = base_json_get_array (container, "ports", NULL);

    if (g_strcmp0 (base_json_get_string (container, "name", NULL), SIDECAR) == 0)
      continue;
    for (guint j = 0; j < base_json_get_length (ports); j++) {
      JsonNode *port = json_array_get_element (ports, j);
      gint64 its = base_json_get_int (port, 0, "containerPort", NULL);

      (*n)++;
      if (name != NULL ? g_strcmp0 (base_json_get_string (port, "name", NULL), name) == 0
                       : its == number)
        found = its;
    }
  }
  return found;
}

/* Where @port of the service leads to in @pod; 0: not known */
static gint64
find_target (JsonNode *port, JsonNode *pod)
{
  const char *name = base_json_get_string (port, "targetPort", NULL);
  guint n;

  if (name != NULL)
    return find_container_port (pod, name, 0, &n);
  return base_json_get_int (port, base_json_get_int (port, 0, "port", NULL), "targetPort", NULL);
}

/* (nullable): the port leads to one that the pod does not name. A container need not name its
 * ports: that it names others is what tells. */
static char *
dup_wrong_target (JsonNode *service, JsonNode *port, JsonNode *pod)
{
  const char *name = base_json_get_string (port, "targetPort", NULL);
  gint64 target = find_target (port, pod);
  guint n;
  g_autofree char *shown =
    name != NULL ? g_strdup (name) : g_strdup_printf ("%" G_GINT64_FORMAT, target);

  if (find_container_port (pod, name, target, &n) != 0 || (name == NULL && n == 0))
    return NULL;
  return g_strdup_printf (
    /* Translators: a namespace, a service, a port, and a pod; then the service and its namespace */
    _ ("The service %s/%s leads to port %s, and no container of the pod %s names it. Mend "
       "targetPort: kubectl edit service %s -n %s"),
    base_metadata_get_namespace (service), base_metadata_get_name (service), shown,
    base_metadata_get_name (pod), base_metadata_get_name (service),
    base_metadata_get_namespace (service));
}

/* (nullable) (transfer none): to one that has no address from outside, only other pods come */
static JsonNode *
find_policy_of_pods (
  SessionSight *sight, JsonNode *service, GPtrArray *pods, JsonNode *port, JsonNode **pod)
{
  GPtrArray *policies = session_sight_list (sight, POLICIES, base_metadata_get_namespace (service));
  gboolean from_inside =
    g_strcmp0 (base_json_get_string (service, "spec", "type", NULL), "LoadBalancer") != 0;
  JsonNode *found = NULL;

  /* each of them, since one that can be reached would answer */
  for (guint i = 0; policies != NULL && i < pods->len; i++) {
    *pod = g_ptr_array_index (pods, i);
    if (!session_pod_is_ready (*pod))
      continue;
    found = session_policy_find (policies, *pod, find_target (port, *pod), from_inside);
    if (found == NULL)
      return NULL;
  }
  return found;
}

/**
 * session_service_find_policy:
 * @port: of the Service; 0: any
 *
 * Returns: (transfer none) (nullable): the NetworkPolicy that keeps those who come from outside
 * from every ready pod of the Service; %NULL also where that is not known
 */
JsonNode *
session_service_find_policy (SessionSight *sight,
                             const char *namespace_,
                             const char *name,
                             gint64 port)
{
  JsonNode *service = session_sight_find (sight, SERVICES, namespace_, name);
  g_autoptr (GPtrArray) pods = session_service_list_pods (sight, service);
  JsonNode *pod = NULL;

  return pods != NULL ? find_policy_of_pods (sight, service, pods, find_port (service, port), &pod)
                      : NULL;
}

/**
 * session_service_dup_openness:
 * @port: of the Service
 *
 * Returns: (transfer full) (nullable): why those who come from outside get to the pods of the
 * Service
 */
char *
session_service_dup_openness (SessionSight *sight,
                              const char *namespace_,
                              const char *name,
                              gint64 port)
{
  JsonNode *service = session_sight_find (sight, SERVICES, namespace_, name);
  GPtrArray *policies = session_sight_list (sight, POLICIES, namespace_);
  g_autoptr (GPtrArray) pods = session_service_list_pods (sight, service);
  JsonNode *pod = pods != NULL ? find_ready (pods) : NULL;
  JsonNode *its = service != NULL ? find_port (service, port) : NULL;

  if (policies == NULL || pod == NULL)
    return NULL;
  return session_policy_dup_openness (policies, pod, its != NULL ? find_target (its, pod) : 0);
}

/**
 * session_service_is_served:
 *
 * Returns: %FALSE where the Service is known to have no ready pod
 */
gboolean
session_service_is_served (SessionSight *sight, const char *namespace_, const char *name)
{
  JsonNode *service = session_sight_find (sight, SERVICES, namespace_, name);
  g_autoptr (GPtrArray) pods = session_service_list_pods (sight, service);

  return pods == NULL || find_ready (pods) != NULL;
}

static char *
dup_unready (JsonNode *service, GPtrArray *pods)
{
  g_autofree char *trouble = session_pod_dup_trouble (g_ptr_array_index (pods, 0));

  /* Translators: a namespace, a service, and a sentence about one of its pods */
  return g_strdup_printf (_ ("No pod behind the service %s/%s is ready. %s"),
                          base_metadata_get_namespace (service), base_metadata_get_name (service),
                          trouble);
}

/**
 * session_service_dup_trouble:
 * @port: of the Service; 0: any
 *
 * Returns: (transfer full) (nullable): a sentence that names what is wrong, and what to do; %NULL
 *   where nothing is seen to be
 */
char *
session_service_dup_trouble (SessionSight *sight,
                             const char *namespace_,
                             const char *name,
                             gint64 port)
{
  JsonNode *service = session_sight_find (sight, SERVICES, namespace_, name);
  g_autoptr (GPtrArray) pods = session_service_list_pods (sight, service);
  g_autofree char *ports = NULL;
  JsonNode *policy = NULL;
  JsonNode *pod = NULL;

  if (service == NULL)
    return session_sight_knows (sight, SERVICES, namespace_) ? dup_absence (sight, namespace_, name)
                                                             : NULL;
  ports = dup_ports (service);
  if (*ports != '\0' && find_port (service, port) == NULL) {
    /* Translators: a namespace, a service, a number, and the ports that it has */
    return g_strdup_printf (_ ("The service %s/%s has no port %d, only %s."), namespace_, name,
                            (int)port, ports);
  }
  if (pods == NULL)
    return NULL;
  if (pods->len == 0)
    return dup_loneliness (sight, service);
  if (find_ready (pods) == NULL)
    return dup_unready (service, pods);
  policy = find_policy_of_pods (sight, service, pods, find_port (service, port), &pod);
  if (policy != NULL)
    return session_policy_dup_sentence (session_sight_list (sight, POLICIES, namespace_), pod,
                                        policy);
  return NULL;
}

/**
 * session_service_dup_address_trouble:
 * @type: (nullable): of a Service that has no address from outside
 *
 * Returns: (transfer full): why it has none
 */
char *
session_service_dup_address_trouble (const char *namespace_, const char *name, const char *type)
{
  if (g_strcmp0 (type, "LoadBalancer") != 0)
    /* Translators: a service with its namespace, and its type, such as ClusterIP */
    return g_strdup_printf (
      _ ("The service %s/%s is of the type %s; only one of the type LoadBalancer "
         "gets an address from outside."),
      namespace_, name, type != NULL ? type : "ClusterIP");
  return g_strdup_printf (
    /* Translators: a service with its namespace; then both again */
    _ ("The cluster has not given the service %s/%s an address yet. Where that takes minutes, see "
       "why: "
       "kubectl describe service %s -n %s"),
    namespace_, name, name, namespace_);
}

/**
 * session_service_dup_wrong_port:
 * @port: of the Service
 *
 * For where a ready pod can be reached, and nothing listens.
 *
 * Returns: (transfer full) (nullable): a sentence about a port that no container has
 */
char *
session_service_dup_wrong_port (SessionSight *sight,
                                const char *namespace_,
                                const char *name,
                                gint64 port)
{
  JsonNode *service = session_sight_find (sight, SERVICES, namespace_, name);
  g_autoptr (GPtrArray) pods = session_service_list_pods (sight, service);
  JsonNode *its = service != NULL ? find_port (service, port) : NULL;
  JsonNode *pod = pods != NULL ? find_ready (pods) : NULL;

  return its != NULL && pod != NULL ? dup_wrong_target (service, its, pod) : NULL;
}
