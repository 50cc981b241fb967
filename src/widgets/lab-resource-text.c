/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lab-resource-text.h"

#include "base-condition.h"
#include "base-json.h"
#include "mesh-virtual-service.h"

#include <glib/gi18n-lib.h>

/* What kubectl's columns say of an object, or the same in words where the words tell a learner
 * more. The rules are those of the table printers of Kubernetes (pkg/printers/internalversion). */

#define NONE "<none>"
#define ROLE_PREFIX "node-role.kubernetes.io/"

static char *
join (GPtrArray *parts, const char *separator, const char *empty)
{
  if (parts->len == 0)
    return g_strdup (empty);
  g_ptr_array_add (parts, NULL);

  return g_strjoinv (separator, (char **)parts->pdata);
}

/* %NULL where the element is no string. */
static const char *
get_string_at (JsonArray *array, guint i)
{
  JsonNode *node = json_array_get_element (array, i);

  return JSON_NODE_HOLDS_VALUE (node) ? json_node_get_string (node) : NULL;
}

/* The addresses that a load balancer gave: IP addresses or host names. */
static char *
dup_load_balancer (JsonNode *object)
{
  JsonArray *points = base_json_get_array (object, "status", "loadBalancer", "ingress", NULL);
  g_autoptr (GPtrArray) parts = g_ptr_array_new ();

  for (guint i = 0; i < base_json_get_length (points); i++) {
    JsonNode *point = json_array_get_element (points, i);
    const char *address = base_json_get_string (point, "ip", NULL);

    if (address == NULL)
      address = base_json_get_string (point, "hostname", NULL);
    if (address != NULL)
      g_ptr_array_add (parts, (char *)address);
  }

  return join (parts, ",", "");
}

static int
compare_strings (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *)a, *(const char *const *)b);
}

/**
 * lab_node_dup_status:
 * @node: a Node
 *
 * Returns: (transfer full): "Ready", "NotReady", with ",SchedulingDisabled" for a cordoned node
 */
char *
lab_node_dup_status (JsonNode *node)
{
  const char *ready = base_condition_is_true (node, "Ready") ? "Ready" : "NotReady";

  if (base_json_get_boolean (node, FALSE, "spec", "unschedulable", NULL))
    return g_strconcat (ready, ",SchedulingDisabled", NULL);

  return g_strdup (ready);
}

/**
 * lab_node_dup_roles:
 * @node: a Node
 *
 * Returns: (transfer full): the roles that its labels name, sorted
 */
char *
lab_node_dup_roles (JsonNode *node)
{
  JsonObject *labels = base_json_get_object (node, "metadata", "labels", NULL);
  g_autoptr (GPtrArray) roles = g_ptr_array_new ();

  if (labels != NULL) {
    JsonObjectIter iter;
    const char *name;
    JsonNode *value;

    json_object_iter_init (&iter, labels);
    while (json_object_iter_next (&iter, &name, &value)) {
      if (g_str_has_prefix (name, ROLE_PREFIX) && name[strlen (ROLE_PREFIX)] != '\0')
        g_ptr_array_add (roles, (char *)name + strlen (ROLE_PREFIX));
      else if (g_strcmp0 (name, "kubernetes.io/role") == 0 && JSON_NODE_HOLDS_VALUE (value))
        g_ptr_array_add (roles, (char *)json_node_get_string (value));
    }
  }
  g_ptr_array_sort (roles, compare_strings);

  return join (roles, ",", NONE);
}

/**
 * lab_node_dup_version:
 * @node: a Node
 *
 * Returns: (transfer full): its kubelet's version
 */
char *
lab_node_dup_version (JsonNode *node)
{
  return g_strdup (base_json_get_string (node, "status", "nodeInfo", "kubeletVersion", NULL));
}

/**
 * lab_service_dup_type:
 * @service: a Service
 *
 * Returns: (transfer full): its type, which is ClusterIP where none is written
 */
char *
lab_service_dup_type (JsonNode *service)
{
  const char *type = base_json_get_string (service, "spec", "type", NULL);

  return g_strdup (type != NULL ? type : "ClusterIP");
}

/**
 * lab_service_dup_cluster_ip:
 * @service: a Service
 *
 * Returns: (transfer full): its address inside the cluster; "None" for a headless one
 */
char *
lab_service_dup_cluster_ip (JsonNode *service)
{
  const char *address = base_json_get_string (service, "spec", "clusterIP", NULL);

  return g_strdup (address != NULL && *address != '\0' ? address : NONE);
}

/**
 * lab_service_is_pending:
 * @service: a Service
 *
 * Returns: whether it is a load balancer that has no address yet
 */
gboolean
lab_service_is_pending (JsonNode *service)
{
  g_autofree char *address = NULL;

  if (g_strcmp0 (base_json_get_string (service, "spec", "type", NULL), "LoadBalancer") != 0)
    return FALSE;
  address = dup_load_balancer (service);

  return *address == '\0';
}

/**
 * lab_service_dup_external_ip:
 * @service: a Service
 *
 * Returns: (transfer full): its address outside the cluster, in words while it is awaited
 */
char *
lab_service_dup_external_ip (JsonNode *service)
{
  const char *type = base_json_get_string (service, "spec", "type", NULL);
  JsonArray *external = base_json_get_array (service, "spec", "externalIPs", NULL);
  g_autofree char *address = NULL;
  g_autoptr (GPtrArray) parts = NULL;

  if (g_strcmp0 (type, "ExternalName") == 0)
    return g_strdup (base_json_get_string (service, "spec", "externalName", NULL));
  if (lab_service_is_pending (service))
    /* Translators: an address that a load balancer is about to get (kubectl says <pending>) */
    return g_strdup (_ ("waiting…"));

  address = dup_load_balancer (service);
  parts = g_ptr_array_new ();
  if (*address != '\0')
    g_ptr_array_add (parts, address);
  for (guint i = 0; i < base_json_get_length (external); i++) {
    const char *ip = get_string_at (external, i);

    if (ip != NULL)
      g_ptr_array_add (parts, (char *)ip);
  }

  return join (parts, ",", NONE);
}

/**
 * lab_service_dup_ports:
 * @service: a Service
 *
 * Returns: (transfer full): "6379:31423/TCP", the node port where there is one
 */
char *
lab_service_dup_ports (JsonNode *service)
{
  JsonArray *ports = base_json_get_array (service, "spec", "ports", NULL);
  g_autoptr (GPtrArray) parts = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *joined = NULL;

  for (guint i = 0; i < base_json_get_length (ports); i++) {
    JsonNode *port = json_array_get_element (ports, i);
    const char *protocol = base_json_get_string (port, "protocol", NULL);
    gint64 number = base_json_get_int (port, 0, "port", NULL);
    gint64 node_port = base_json_get_int (port, 0, "nodePort", NULL);
    GString *text = g_string_new (NULL);

    g_string_append_printf (text, "%" G_GINT64_FORMAT, number);
    if (node_port != 0)
      g_string_append_printf (text, ":%" G_GINT64_FORMAT, node_port);
    g_string_append_printf (text, "/%s", protocol != NULL ? protocol : "TCP");
    g_ptr_array_add (parts, g_string_free (text, FALSE));
  }
  joined = join (parts, ",", NONE);

  return g_steal_pointer (&joined);
}

/**
 * lab_ingress_dup_hosts:
 * @ingress: an Ingress of any of its API versions
 *
 * Returns: (transfer full): the hosts it routes; "*" for every host
 */
char *
lab_ingress_dup_hosts (JsonNode *ingress)
{
  JsonArray *rules = base_json_get_array (ingress, "spec", "rules", NULL);
  g_autoptr (GPtrArray) hosts = g_ptr_array_new ();

  for (guint i = 0; i < base_json_get_length (rules); i++) {
    const char *host = base_json_get_string (json_array_get_element (rules, i), "host", NULL);

    if (host != NULL && *host != '\0')
      g_ptr_array_add (hosts, (char *)host);
  }

  return join (hosts, ", ", "*");
}

/**
 * lab_ingress_dup_address:
 * @ingress: an Ingress
 *
 * Returns: (transfer full): where it is reached, empty where no controller has said so
 */
char *
lab_ingress_dup_address (JsonNode *ingress)
{
  return dup_load_balancer (ingress);
}

static void
add_match_labels (GPtrArray *parts, JsonObject *labels)
{
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;

  if (labels == NULL)
    return;

  json_object_iter_init_ordered (&iter, labels);
  while (json_object_iter_next_ordered (&iter, &name, &value)) {
    const char *text = JSON_NODE_HOLDS_VALUE (value) ? json_node_get_string (value) : NULL;

    g_ptr_array_add (parts, g_strdup_printf ("%s=%s", name, text != NULL ? text : ""));
  }
}

static char *
dup_expression (JsonNode *expression)
{
  const char *key = base_json_get_string (expression, "key", NULL);
  const char *verb = base_json_get_string (expression, "operator", NULL);
  JsonArray *values = base_json_get_array (expression, "values", NULL);
  g_autoptr (GPtrArray) parts = g_ptr_array_new ();
  g_autofree char *list = NULL;

  if (key == NULL)
    return g_strdup ("?");
  if (g_strcmp0 (verb, "Exists") == 0)
    return g_strdup (key);
  if (g_strcmp0 (verb, "DoesNotExist") == 0)
    return g_strconcat ("!", key, NULL);

  for (guint i = 0; i < base_json_get_length (values); i++) {
    const char *value = get_string_at (values, i);

    if (value != NULL)
      g_ptr_array_add (parts, (char *)value);
  }
  list = join (parts, ",", "");

  return g_strdup_printf ("%s %s (%s)", key, g_strcmp0 (verb, "NotIn") == 0 ? "notin" : "in", list);
}

static char *
dup_label_selector (JsonNode *selector)
{
  JsonArray *expressions = base_json_get_array (selector, "matchExpressions", NULL);
  g_autoptr (GPtrArray) parts = g_ptr_array_new_with_free_func (g_free);

  add_match_labels (parts, base_json_get_object (selector, "matchLabels", NULL));
  for (guint i = 0; i < base_json_get_length (expressions); i++)
    g_ptr_array_add (parts, dup_expression (json_array_get_element (expressions, i)));

  return join (parts, ",", "");
}

/**
 * lab_network_policy_dup_selector:
 * @policy: a NetworkPolicy
 *
 * Returns: (transfer full): the pods it isolates, in words; an empty selector means every pod of
 * its namespace (https://kubernetes.io/docs/concepts/services-networking/network-policies/)
 */
char *
lab_network_policy_dup_selector (JsonNode *policy)
{
  g_autofree char *labels =
    dup_label_selector (base_json_get (policy, "spec", "podSelector", NULL));

  if (*labels == '\0')
    /* Translators: what a network policy applies to */
    return g_strdup (_ ("every pod"));

  /* Translators: %s is a label selector such as app=redis */
  return g_strdup_printf (_ ("pods with %s"), labels);
}

static gboolean
has_type (JsonNode *policy, const char *type)
{
  JsonArray *types = base_json_get_array (policy, "spec", "policyTypes", NULL);

  if (base_json_get_length (types) == 0)
    return g_str_equal (type, "Ingress") || base_json_get (policy, "spec", "egress", NULL) != NULL;

  for (guint i = 0; i < json_array_get_length (types); i++) {
    if (g_strcmp0 (get_string_at (types, i), type) == 0)
      return TRUE;
  }

  return FALSE;
}

/**
 * lab_network_policy_dup_types:
 * @policy: a NetworkPolicy
 *
 * Returns: (transfer full): "Ingress", "Egress" or both; a policy that names no types has Ingress,
 * and Egress only with egress rules
 */
char *
lab_network_policy_dup_types (JsonNode *policy)
{
  g_autoptr (GPtrArray) types = g_ptr_array_new ();

  if (has_type (policy, "Ingress"))
    g_ptr_array_add (types, (char *)"Ingress");
  if (has_type (policy, "Egress"))
    g_ptr_array_add (types, (char *)"Egress");

  return join (types, ", ", NONE);
}

/**
 * lab_network_policy_dup_sources:
 * @policy: a NetworkPolicy
 *
 * Returns: (transfer full): who may still reach its pods, in a word or two
 */
char *
lab_network_policy_dup_sources (JsonNode *policy)
{
  JsonArray *rules = base_json_get_array (policy, "spec", "ingress", NULL);

  if (!has_type (policy, "Ingress"))
    /* Translators: who may reach the pods of a network policy that does not restrict it */
    return g_strdup (_ ("not restricted"));
  if (base_json_get_length (rules) == 0)
    /* Translators: who may reach the pods of a network policy */
    return g_strdup (_ ("nobody"));

  for (guint i = 0; i < json_array_get_length (rules); i++) {
    JsonNode *rule = json_array_get_element (rules, i);

    if (base_json_get_length (base_json_get_array (rule, "from", NULL)) > 0)
      continue;
    if (base_json_get_length (base_json_get_array (rule, "ports", NULL)) > 0)
      /* Translators: who may reach the pods of a network policy */
      return g_strdup (_ ("anyone, on some ports"));
    /* Translators: who may reach the pods of a network policy */
    return g_strdup (_ ("anyone"));
  }

  /* Translators: who may reach the pods of a network policy: only what its rules list */
  return g_strdup (_ ("listed sources"));
}

/**
 * lab_virtual_service_dup_hosts:
 * @virtual_service: a VirtualService
 *
 * Returns: (transfer full): the hosts it is for
 */
char *
lab_virtual_service_dup_hosts (JsonNode *virtual_service)
{
  g_autoptr (MeshVirtualService) service = mesh_virtual_service_new (virtual_service, NULL);
  g_auto (GStrv) hosts = NULL;

  if (service == NULL)
    return g_strdup (NONE);
  hosts = mesh_virtual_service_dup_hosts (service);

  return g_strjoinv (", ", hosts);
}

static char *
dup_route (MeshVirtualService *service, guint route)
{
  guint n = mesh_virtual_service_get_n_destinations (service, route);
  g_autoptr (GPtrArray) parts = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < n; i++) {
    const char *name = mesh_virtual_service_get_destination_subset (service, route, i);

    if (name == NULL)
      name = mesh_virtual_service_get_destination_host (service, route, i);
    if (n == 1)
      return g_strdup (name);
    /* Translators: a subset's name and its share of the traffic in percent */
    g_ptr_array_add (parts, g_strdup_printf (_ ("%s %d %%"), name,
                                             mesh_virtual_service_get_weight (service, route, i)));
  }

  return join (parts, ", ", NONE);
}

/**
 * lab_virtual_service_dup_weights:
 * @virtual_service: a VirtualService
 *
 * Returns: (transfer full): where its routes lead, in words: "end-user is jason: v2; Everyone: v1
 * 80 %, v3 20 %"; the title is left out where there is one route for everyone
 */
char *
lab_virtual_service_dup_weights (JsonNode *virtual_service)
{
  g_autoptr (MeshVirtualService) service = mesh_virtual_service_new (virtual_service, NULL);
  g_autoptr (GPtrArray) parts = g_ptr_array_new_with_free_func (g_free);
  guint n;

  if (service == NULL)
    return g_strdup (NONE);

  n = mesh_virtual_service_get_n_routes (service);
  for (guint i = 0; i < n; i++) {
    g_autofree char *title = mesh_virtual_service_dup_route_title (service, i);
    g_autofree char *route = dup_route (service, i);

    if (n == 1 && !mesh_virtual_service_route_has_match (service, i))
      return g_steal_pointer (&route);
    /* Translators: whose requests a route is for, and where it leads */
    g_ptr_array_add (parts, g_strdup_printf (_ ("%s: %s"), title, route));
  }

  return join (parts, "; ", NONE);
}
