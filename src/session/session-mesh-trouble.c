/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "session-mesh-trouble.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base-json.h"
#include "base-metadata.h"
#include "mesh-description.h"
#include "mesh-destination-rule.h"
#include "mesh-subset.h"
#include "mesh-virtual-service.h"
#include "session-labels.h"
#include "session-service-trouble.h"
#include "session-sidecar-trouble.h"

#define VIRTUAL_SERVICES "virtualservices"
#define DESTINATION_RULES "destinationrules"
#define SERVICES "services"

/**
 * session_mesh_dup_absence:
 * @kind: as kube_kind_lookup() takes it
 *
 * Returns: (transfer full) (nullable): that the cluster does not know @kind, for want of Istio;
 * %NULL where it is none of Istio's
 */
char *
session_mesh_dup_absence (const char *kind)
{
  const KubeKind *known = kube_kind_lookup (kind);

  if (known == NULL || !g_str_has_suffix (known->group, ".istio.io"))
    return NULL;
  /* Translators: %s is a kind such as VirtualService */
  return g_strdup_printf (
    _ ("Istio is not installed: the cluster does not know the kind %s. Install "
       "Istio first."),
    known->kind);
}

/* Namespaces of a host's long form are not looked at: "reviews.default.svc.cluster.local" is of the
 * one that stands there. */
static void
split_host (const char *host, const char *namespace_, char **name, char **of)
{
  g_auto (GStrv) parts = g_strsplit (host, ".", 3);

  *name = g_strdup (parts[0] != NULL ? parts[0] : "");
  *of = g_strdup (parts[0] != NULL && parts[1] != NULL ? parts[1] : namespace_);
}

static char *
dup_subset_trouble (SessionSight *sight, JsonNode *service, const char *host, const char *name)
{
  const char *namespace_ = base_metadata_get_namespace (service);
  const MeshSurroundings around = {
    .destination_rules = session_sight_list (sight, DESTINATION_RULES, NULL),
    .services = session_sight_list (sight, SERVICES, namespace_),
    .pods = session_sight_list (sight, "pods", namespace_),
  };
  JsonNode *subset = NULL;
  g_autofree char *labels = NULL;

  if (around.destination_rules == NULL)
    return NULL;
  subset = mesh_subset_find (&around, namespace_, host, name);
  if (subset == NULL)
    return g_strdup_printf (
      /* Translators: a VirtualService with its namespace, a subset such as v2, and a host such as
       * reviews; then the host again */
      _ ("The VirtualService %s/%s leads to the subset %s of %s, which no DestinationRule defines. "
         "Define it, or lead to another one: kubectl get destinationrules -n %s"),
      namespace_, base_metadata_get_name (service), name, host, namespace_);
  if (mesh_subset_has_ready_pods (&around, namespace_, host, subset))
    return NULL;
  labels = session_labels_dup_text (base_json_get_object (subset, "labels", NULL));
  return g_strdup_printf (
    /* Translators: a VirtualService with its namespace, a subset such as v2, a host such as
     * reviews, and labels such as version=v2 */
    _ ("The VirtualService %s/%s leads to the subset %s of %s, and no pod with %s is ready. See "
       "them: "
       "kubectl get pods -l %s -n %s"),
    namespace_, base_metadata_get_name (service), name, host, labels, labels, namespace_);
}

static char *
dup_destination_trouble (SessionSight *sight, JsonNode *service, JsonNode *destination)
{
  const char *host = base_json_get_string (destination, "host", NULL);
  const char *subset = base_json_get_string (destination, "subset", NULL);
  g_autofree char *name = NULL;
  g_autofree char *namespace_ = NULL;
  char *trouble = NULL;

  if (host == NULL)
    return NULL;
  if (subset != NULL)
    trouble = dup_subset_trouble (sight, service, host, subset);
  if (trouble != NULL)
    return trouble;
  split_host (host, base_metadata_get_namespace (service), &name, &namespace_);
  return session_service_dup_trouble (sight, namespace_, name,
                                      base_json_get_int (destination, 0, "port", "number", NULL));
}

/**
 * session_mesh_dup_route_trouble:
 * @service: a VirtualService
 * @route: one of its HTTP routes
 *
 * Returns: (transfer full) (nullable): why one of its destinations does not answer
 */
char *
session_mesh_dup_route_trouble (SessionSight *sight, JsonNode *service, JsonNode *route)
{
  JsonArray *destinations = base_json_get_array (route, "route", NULL);

  for (guint i = 0; i < base_json_get_length (destinations); i++) {
    JsonNode *entry = json_array_get_element (destinations, i);
    char *trouble = NULL;

    if (base_json_get_length (destinations) > 1 &&
        base_json_get_int (entry, 0, "weight", NULL) == 0)
      continue;
    trouble = dup_destination_trouble (sight, service, base_json_get (entry, "destination", NULL));
    if (trouble != NULL)
      return trouble;
  }
  return NULL;
}

static char *
dup_rule_trouble (SessionSight *sight, JsonNode *service)
{
  JsonArray *routes = base_json_get_array (service, "spec", "http", NULL);

  for (guint i = 0; i < base_json_get_length (routes); i++) {
    char *trouble =
      session_mesh_dup_route_trouble (sight, service, json_array_get_element (routes, i));

    if (trouble != NULL)
      return trouble;
  }
  return NULL;
}

static gboolean
has_port (JsonNode *service, gint64 number)
{
  JsonArray *ports = base_json_get_array (service, "spec", "ports", NULL);

  for (guint i = 0; i < base_json_get_length (ports); i++)
    if (base_json_get_int (json_array_get_element (ports, i), 0, "port", NULL) == number)
      return TRUE;
  return FALSE;
}

/* The parts of an application call each other: they speak at the same port. What else is in the
 * namespace is another's. */
static gboolean
is_related (JsonNode *service, JsonNode *other)
{
  JsonArray *ports = base_json_get_array (service, "spec", "ports", NULL);

  for (guint i = 0; i < base_json_get_length (ports); i++)
    if (has_port (other, base_json_get_int (json_array_get_element (ports, i), 0, "port", NULL)))
      return TRUE;
  return FALSE;
}

static char *
dup_pods_trouble (SessionSight *sight, JsonNode *service)
{
  g_autoptr (GPtrArray) pods = session_service_list_pods (sight, service);
  char *trouble = session_service_dup_trouble (sight, base_metadata_get_namespace (service),
                                               base_metadata_get_name (service), 0);

  for (guint i = 0; trouble == NULL && pods != NULL && i < pods->len; i++)
    trouble = session_sidecar_dup_trouble (sight, g_ptr_array_index (pods, i));
  return trouble;
}

/**
 * session_mesh_dup_trouble:
 * @service: a Service of an application
 *
 * An answer is made of what several Services say: each of them, and each rule for them, may be what
 * fails.
 *
 * Returns: (transfer full) (nullable): the first trouble of the application
 */
char *
session_mesh_dup_trouble (SessionSight *sight, JsonNode *service)
{
  const char *namespace_ = base_metadata_get_namespace (service);
  GPtrArray *rules = session_sight_list (sight, VIRTUAL_SERVICES, namespace_);
  GPtrArray *services = session_sight_list (sight, SERVICES, namespace_);
  char *trouble = NULL;

  for (guint i = 0; rules != NULL && trouble == NULL && i < rules->len; i++)
    trouble = dup_rule_trouble (sight, g_ptr_array_index (rules, i));
  for (guint i = 0; services != NULL && trouble == NULL && i < services->len; i++)
    if (is_related (service, g_ptr_array_index (services, i)))
      trouble = dup_pods_trouble (sight, g_ptr_array_index (services, i));
  return trouble;
}

static gboolean
is_for_mesh (JsonNode *service)
{
  JsonArray *gateways = base_json_get_array (service, "spec", "gateways", NULL);

  for (guint i = 0; i < base_json_get_length (gateways); i++)
    if (g_strcmp0 (base_json_get_string (json_array_get_element (gateways, i), NULL), "mesh") == 0)
      return TRUE;
  return base_json_get_length (gateways) == 0;
}

/* (nullable) (transfer full): the VirtualService for requests inside the mesh to the host */
static MeshVirtualService *
find_rule (SessionSight *sight, const char *namespace_, const char *host, JsonNode **object)
{
  GPtrArray *rules = session_sight_list (sight, VIRTUAL_SERVICES, NULL);

  for (guint i = 0; rules != NULL && i < rules->len; i++) {
    g_autoptr (MeshVirtualService) rule = NULL;
    g_auto (GStrv) hosts = NULL;

    *object = g_ptr_array_index (rules, i);
    rule = is_for_mesh (*object) ? mesh_virtual_service_new (*object, NULL) : NULL;
    if (rule == NULL)
      continue;
    hosts = mesh_virtual_service_dup_hosts (rule);
    for (gsize j = 0; hosts[j] != NULL; j++)
      if (mesh_host_equal (hosts[j], base_metadata_get_namespace (*object), host, namespace_))
        return g_steal_pointer (&rule);
  }
  return NULL;
}

/* The route of those for whom there is none of their own; the last one where all have a match. */
static guint
find_common_route (MeshVirtualService *rule)
{
  guint n = mesh_virtual_service_get_n_routes (rule);

  for (guint i = 0; i < n; i++)
    if (!mesh_virtual_service_route_has_match (rule, i))
      return i;
  return n > 0 ? n - 1 : 0;
}

/* Whether the route shares out as @split (of subset to weight) says. */
static gboolean
fits (MeshVirtualService *rule, guint route, GHashTable *split)
{
  guint n = mesh_virtual_service_get_n_destinations (rule, route);
  gint64 total = 0;
  gint64 wanted = 0;
  GHashTableIter iter;
  gpointer key;
  gpointer value;

  for (guint i = 0; i < n; i++)
    total += mesh_virtual_service_get_weight (rule, route, i);
  g_hash_table_iter_init (&iter, split);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    wanted += GPOINTER_TO_UINT (value);
  g_hash_table_iter_init (&iter, split);
  while (g_hash_table_iter_next (&iter, &key, &value)) {
    gint64 weight = 0;

    for (guint i = 0; i < n; i++)
      if (g_strcmp0 (mesh_virtual_service_get_destination_subset (rule, route, i), key) == 0)
        weight += mesh_virtual_service_get_weight (rule, route, i);
    if (weight * wanted != (gint64)GPOINTER_TO_UINT (value) * total)
      return FALSE;
  }
  return TRUE;
}

/* In one line. */
static char *
dup_words (JsonNode *rule)
{
  char *words = mesh_description_dup_text (rule);

  return g_strdelimit (words, "\n", ' ');
}

/* Whether all of @split have the same share, as without any rule. */
static gboolean
is_even (GHashTable *split)
{
  GHashTableIter iter;
  gpointer value;
  gpointer first = NULL;

  g_hash_table_iter_init (&iter, split);
  while (g_hash_table_iter_next (&iter, NULL, &value)) {
    if (first != NULL && value != first)
      return FALSE;
    first = value;
  }
  return g_hash_table_size (split) > 1;
}

/**
 * session_mesh_dup_split_trouble:
 * @service: a Service whose versions do not answer as they should
 * @split: (element-type utf8 uint): which share each of them should have
 *
 * Returns: (transfer full) (nullable): a sentence that names the rule, or that there is none
 */
char *
session_mesh_dup_split_trouble (SessionSight *sight, JsonNode *service, GHashTable *split)
{
  JsonNode *object = NULL;
  g_autoptr (MeshVirtualService) rule = NULL;
  g_autofree char *words = NULL;

  if (session_sight_list (sight, VIRTUAL_SERVICES, NULL) == NULL)
    return NULL;
  rule = find_rule (sight, base_metadata_get_namespace (service), base_metadata_get_name (service),
                    &object);
  if (rule == NULL && is_even (split))
    return NULL;
  if (rule == NULL)
    /* Translators: a service with its namespace */
    return g_strdup_printf (_ ("There is no VirtualService for %s/%s, so all of its versions take "
                               "turns."),
                            base_metadata_get_namespace (service),
                            base_metadata_get_name (service));
  if (fits (rule, find_common_route (rule), split))
    return NULL;
  words = dup_words (object);
  /* Translators: a VirtualService with its namespace, and what it says in whole sentences, such as
   * "Everyone goes to v2." */
  return g_strdup_printf (_ ("The VirtualService %s/%s says: %s"),
                          base_metadata_get_namespace (object), base_metadata_get_name (object),
                          words);
}

static gboolean
has_delay (JsonNode *rule)
{
  JsonArray *routes = base_json_get_array (rule, "spec", "http", NULL);

  for (guint i = 0; i < base_json_get_length (routes); i++)
    if (base_json_get (json_array_get_element (routes, i), "fault", "delay", NULL) != NULL)
      return TRUE;
  return FALSE;
}

/**
 * session_mesh_dup_rules:
 * @delayed: whether one of them should delay requests
 *
 * Returns: (transfer full) (nullable): what the rules for requests between the Services of the
 *   namespace say; %NULL where they are not known
 */
char *
session_mesh_dup_rules (SessionSight *sight, const char *namespace_, gboolean delayed)
{
  GPtrArray *rules = session_sight_list (sight, VIRTUAL_SERVICES, namespace_);
  gboolean lacks_delay = delayed;
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; rules != NULL && i < rules->len; i++) {
    JsonNode *rule = g_ptr_array_index (rules, i);
    g_autofree char *words = NULL;

    if (!is_for_mesh (rule))
      continue;
    lacks_delay = lacks_delay && !has_delay (rule);
    words = dup_words (rule);
    if (text->len > 0)
      g_string_append_c (text, ' ');
    /* Translators: a VirtualService with its namespace, and what it says in whole sentences, such
     * as "Everyone goes to v2." */
    g_string_append_printf (text, _ ("The VirtualService %s/%s says: %s"), namespace_,
                            base_metadata_get_name (rule), words);
  }
  if (rules == NULL)
    return NULL;
  if (text->len == 0)
    /* Translators: %s is a namespace */
    return g_strdup_printf (_ ("No VirtualService of %s is for requests between its services."),
                            namespace_);
  if (lacks_delay)
    /* Translators: a namespace; then what its rules do say, in whole sentences */
    return g_strdup_printf (_ ("No VirtualService of %s has a delay (fault.delay): nothing is held "
                               "up. %s"),
                            namespace_, text->str);
  return g_string_free (g_steal_pointer (&text), FALSE);
}
