/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-service-names.h"

#include <string.h>

#include "base-json.h"
#include "practice-load-balancer-controller.h"

/* An ExternalName may lead to another one. */
#define ALIAS_LIMIT 8

#define SERVICE_DOMAIN ".svc." PRACTICE_CLUSTER_DOMAIN
#define POD_DOMAIN ".pod." PRACTICE_CLUSTER_DOMAIN

static void
look_up_whole (PracticeStore *store, const char *name, guint n_aliases, GPtrArray *addresses);

static void
take (GPtrArray *addresses, char *address)
{
  if (address != NULL)
    g_ptr_array_add (addresses, address);
}

/* The ready addresses of a headless Service; only that of the pod called @host where it is given.
 */
static void
add_endpoints (PracticeStore *store,
               const char *namespace_,
               const char *name,
               const char *host,
               GPtrArray *found)
{
  JsonArray *subsets = base_json_get_array (
    practice_store_get (store, "/endpoints", namespace_, name), "subsets", NULL);

  for (guint i = 0; i < base_json_get_length (subsets); i++) {
    JsonArray *addresses =
      base_json_get_array (json_array_get_element (subsets, i), "addresses", NULL);

    for (guint j = 0; j < base_json_get_length (addresses); j++) {
      JsonNode *address = json_array_get_element (addresses, j);
      const char *ip = base_json_get_string (address, "ip", NULL);
      const char *own = base_json_get_string (address, "hostname", NULL);
      g_autofree char *dashed = g_strdup (ip);

      if (dashed == NULL || g_ptr_array_find_with_equal_func (found, ip, g_str_equal, NULL))
        continue;
      g_strdelimit (dashed, ".", '-');
      if (host == NULL || g_strcmp0 (own, host) == 0 || g_str_equal (dashed, host))
        g_ptr_array_add (found, g_strdup (ip));
    }
  }
}

/* "SERVICE.NAMESPACE", or "HOST.SERVICE.NAMESPACE" for a pod of a headless Service. */
static void
look_up_service (PracticeStore *store, const char *labels, guint n_aliases, GPtrArray *addresses)
{
  g_auto (GStrv) parts = g_strsplit (labels, ".", -1);
  guint n_parts = g_strv_length (parts);
  const char *host = n_parts == 3 ? parts[0] : NULL;
  const char *name;
  const char *namespace_;
  const char *cluster_ip;
  JsonNode *service;

  if (n_parts != 2 && n_parts != 3)
    return;
  name = parts[n_parts - 2];
  namespace_ = parts[n_parts - 1];
  service = practice_store_get (store, "/services", namespace_, name);
  if (service == NULL)
    return;

  if (g_strcmp0 (base_json_get_string (service, "spec", "type", NULL), "ExternalName") == 0) {
    const char *external = base_json_get_string (service, "spec", "externalName", NULL);

    if (host == NULL && external != NULL)
      look_up_whole (store, external, n_aliases + 1, addresses);
    return;
  }
  cluster_ip = base_json_get_string (service, "spec", "clusterIP", NULL);
  if (host == NULL && cluster_ip != NULL && g_hostname_is_ip_address (cluster_ip))
    g_ptr_array_add (addresses, g_strdup (cluster_ip));
  else
    add_endpoints (store, namespace_, name, host, addresses);
}

/* "10-4-0-5.NAMESPACE": CoreDNS answers for any address where the namespace is there. */
static char *
resolve_pod (PracticeStore *store, const char *labels)
{
  g_auto (GStrv) parts = g_strsplit (labels, ".", -1);

  if (g_strv_length (parts) != 2 ||
      practice_store_get (store, "/namespaces", NULL, parts[1]) == NULL)
    return NULL;
  g_strdelimit (parts[0], "-", '.');
  return g_hostname_is_ip_address (parts[0]) ? g_strdup (parts[0]) : NULL;
}

static char *
cut_suffix (const char *name, const char *suffix)
{
  return g_str_has_suffix (name, suffix) ? g_strndup (name, strlen (name) - strlen (suffix)) : NULL;
}

static void
look_up_whole (PracticeStore *store, const char *name, guint n_aliases, GPtrArray *addresses)
{
  g_autofree char *service = cut_suffix (name, SERVICE_DOMAIN);
  g_autofree char *pod = cut_suffix (name, POD_DOMAIN);

  if (n_aliases > ALIAS_LIMIT)
    return;
  if (service != NULL)
    look_up_service (store, service, n_aliases, addresses);
  else if (pod != NULL)
    take (addresses, resolve_pod (store, pod));
  else
    take (addresses, practice_service_names_resolve_outside (store, name));
}

/**
 * practice_service_names_resolve_outside:
 * @store: the cluster's objects
 * @name: a host name, without the last dot
 *
 * Inside a VPC the name of a node resolves to its address, and so does that of a load balancer
 * anywhere.
 *
 * Returns: (transfer full) (nullable): the IPv4 address of a node or a load balancer
 */
char *
practice_service_names_resolve_outside (PracticeStore *store, const char *name)
{
  char *balancer;
  JsonArray *addresses;

  g_return_val_if_fail (PRACTICE_IS_STORE (store), NULL);
  g_return_val_if_fail (name != NULL, NULL);

  balancer = practice_load_balancer_resolve (store, name);
  if (balancer != NULL)
    return balancer;
  addresses = base_json_get_array (practice_store_get (store, "/nodes", NULL, name), "status",
                                   "addresses", NULL);
  for (guint i = 0; i < base_json_get_length (addresses); i++) {
    JsonNode *address = json_array_get_element (addresses, i);

    if (g_strcmp0 (base_json_get_string (address, "type", NULL), "InternalIP") == 0)
      return g_strdup (base_json_get_string (address, "address", NULL));
  }
  return NULL;
}

/**
 * practice_service_names_look_up_whole:
 * @store: the cluster's objects
 * @name: a whole host name, with or without the last dot
 *
 * Names of Services and pods are those of the DNS specification
 * (https://github.com/kubernetes/dns/blob/master/docs/specification.md).
 *
 * Returns: (transfer full) (nullable): its IPv4 addresses, each pod's where a Service is headless
 */
GStrv
practice_service_names_look_up_whole (PracticeStore *store, const char *name)
{
  g_autofree char *lower = NULL;
  g_autoptr (GPtrArray) addresses = NULL;

  g_return_val_if_fail (PRACTICE_IS_STORE (store), NULL);
  g_return_val_if_fail (name != NULL, NULL);

  lower = g_ascii_strdown (name, -1);
  addresses = g_ptr_array_new_with_free_func (g_free);
  if (g_str_has_suffix (lower, "."))
    lower[strlen (lower) - 1] = '\0';
  if (g_hostname_is_ip_address (lower))
    g_ptr_array_add (addresses, g_steal_pointer (&lower));
  else
    look_up_whole (store, lower, 0, addresses);
  if (addresses->len == 0)
    return NULL;
  g_ptr_array_add (addresses, NULL);
  return (GStrv)g_ptr_array_steal (addresses, NULL);
}

/**
 * practice_service_names_look_up:
 * @store: the cluster's objects
 * @namespace_: (nullable): of the pod that asks; %NULL: somebody without a search list
 * @name: a host name as written, or an IPv4 address
 *
 * Tries the search list of a pod's resolv.conf first: five dots are seldom reached, and a name that
 * is found whole is none of those found with it.
 *
 * Returns: (transfer full) (nullable): its IPv4 addresses
 */
GStrv
practice_service_names_look_up (PracticeStore *store, const char *namespace_, const char *name)
{
  const char *const domains[] = { SERVICE_DOMAIN + 1, PRACTICE_CLUSTER_DOMAIN };
  GStrv addresses;

  g_return_val_if_fail (PRACTICE_IS_STORE (store), NULL);
  g_return_val_if_fail (name != NULL, NULL);

  if (namespace_ != NULL && !g_hostname_is_ip_address (name) && !g_str_has_suffix (name, ".")) {
    g_autofree char *own = g_strconcat (name, ".", namespace_, SERVICE_DOMAIN, NULL);

    addresses = practice_service_names_look_up_whole (store, own);
    for (guint i = 0; addresses == NULL && i < G_N_ELEMENTS (domains); i++) {
      g_autofree char *longer = g_strconcat (name, ".", domains[i], NULL);

      addresses = practice_service_names_look_up_whole (store, longer);
    }
    if (addresses != NULL)
      return addresses;
  }
  return practice_service_names_look_up_whole (store, name);
}
