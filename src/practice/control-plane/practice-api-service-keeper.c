/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-api-service-keeper.h"

#include "base-json.h"
#include "base-metadata.h"
#include "practice-object.h"

#define MANAGED_LABEL "kube-aggregator.kubernetes.io/automanaged"
#define SERVICES "/services"
#define ENDPOINTS "/endpoints"

/* Of what a CustomResourceDefinition brings (pkg/master/controller/crdregistration). */
#define CUSTOM_GROUP_PRIORITY 1000
#define CUSTOM_VERSION_PRIORITY 100

/* The order of the groups that a server has by itself, and within a group that of its versions
 * (cmd/kube-apiserver/app/aggregator.go, apiVersionPriorities). */
static const struct {
  const char *group;
  gint64 priority;
} groups[] = {
  { "", 18000 },
  { "apps", 17800 },
  { "authentication.k8s.io", 17700 },
  { "authorization.k8s.io", 17600 },
  { "autoscaling", 17500 },
  { "batch", 17400 },
  { "certificates.k8s.io", 17300 },
  { "networking.k8s.io", 17200 },
  { "extensions", 17150 },
  { "policy", 17100 },
  { "rbac.authorization.k8s.io", 17000 },
  { "storage.k8s.io", 16800 },
  { "apiextensions.k8s.io", 16700 },
  { "admissionregistration.k8s.io", 16700 },
  { "scheduling.k8s.io", 16600 },
  { "coordination.k8s.io", 16500 },
  { "discovery.k8s.io", 16200 },
};

static const struct {
  const char *group; /* (nullable): any */
  const char *version;
  gint64 priority;
} versions[] = {
  { "", "v1", 1 },
  { "discovery.k8s.io", "v1beta1", 12 },
  { "extensions", "v1beta1", 1 },
  { NULL, "v2", 30 },
  { NULL, "v1", 15 },
  { NULL, "v1beta1", 9 },
  { NULL, "v2beta1", 9 },
  { NULL, "v2beta2", 1 },
};

struct _PracticeApiServiceKeeper {
  GObject parent_instance;

  PracticeStore *store;
  PracticeRegistry *registry;
  gboolean working;
};

G_DEFINE_FINAL_TYPE (PracticeApiServiceKeeper, practice_api_service_keeper, G_TYPE_OBJECT)

static gint64
get_group_priority (PracticeResource *resource)
{
  for (guint i = 0; !practice_resource_is_custom (resource) && i < G_N_ELEMENTS (groups); i++) {
    if (g_str_equal (groups[i].group, resource->group))
      return groups[i].priority;
  }
  return CUSTOM_GROUP_PRIORITY;
}

static gint64
get_version_priority (PracticeResource *resource, const PracticeVersion *version)
{
  for (guint i = 0; !practice_resource_is_custom (resource) && i < G_N_ELEMENTS (versions); i++) {
    if (g_str_equal (versions[i].version, version->name) &&
        (versions[i].group == NULL || g_str_equal (versions[i].group, resource->group)))
      return versions[i].priority;
  }
  return CUSTOM_VERSION_PRIORITY;
}

static void
set_local (JsonNode *object)
{
  practice_object_set_condition (object, PRACTICE_API_SERVICE_AVAILABLE, TRUE, "Local",
                                 "Local APIServices are always available");
}

/* "onstart" and "true" tell whether it goes when what it is for goes. */
static JsonNode *
new_service (PracticeResource *resource, const PracticeVersion *version, const char *name)
{
  JsonNode *node = practice_object_new ("apiregistration.k8s.io/v1", "APIService", NULL, name);
  JsonObject *labels = practice_object_ensure (node, "metadata", "labels", NULL);
  JsonObject *spec = practice_object_ensure (node, "spec", NULL);

  json_object_set_string_member (labels, MANAGED_LABEL,
                                 practice_resource_is_custom (resource) ? "true" : "onstart");
  if (*resource->group != '\0')
    json_object_set_string_member (spec, "group", resource->group);
  json_object_set_int_member (spec, "groupPriorityMinimum", get_group_priority (resource));
  json_object_set_string_member (spec, "version", version->name);
  json_object_set_int_member (spec, "versionPriority", get_version_priority (resource, version));
  set_local (node);
  return node;
}

static char *
make_name (PracticeResource *resource, const PracticeVersion *version)
{
  return g_strdup_printf ("%s.%s", version->name, resource->group);
}

/* Creates what is missing. Returns (element-type utf8) the names of all that there are to be. */
static GHashTable *
create_missing (PracticeApiServiceKeeper *self)
{
  GPtrArray *resources = practice_registry_get_resources (self->registry);
  GHashTable *wanted = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < resources->len; i++) {
    PracticeResource *resource = resources->pdata[i];

    for (guint j = 0; j < resource->versions->len; j++) {
      PracticeVersion *version = resource->versions->pdata[j];
      g_autofree char *name = make_name (resource, version);

      if (!g_hash_table_contains (wanted, name) &&
          practice_store_get (self->store, PRACTICE_API_SERVICES, NULL, name) == NULL)
        practice_store_create (self->store, PRACTICE_API_SERVICES,
                               new_service (resource, version, name), NULL);
      g_hash_table_add (wanted, g_steal_pointer (&name));
    }
  }
  return wanted;
}

static gboolean
has_addresses (JsonNode *endpoints, const char *port_name)
{
  JsonArray *subsets = base_json_get_array (endpoints, "subsets", NULL);

  for (guint i = 0; i < base_json_get_length (subsets); i++) {
    JsonNode *subset = json_array_get_element (subsets, i);
    JsonArray *addresses = base_json_get_array (subset, "addresses", NULL);
    JsonArray *ports = base_json_get_array (subset, "ports", NULL);

    if (base_json_get_length (addresses) == 0)
      continue;
    for (guint j = 0; j < base_json_get_length (ports); j++) {
      const char *name = base_json_get_string (json_array_get_element (ports, j), "name", NULL);

      if (g_str_equal (name != NULL ? name : "", port_name))
        return TRUE;
    }
  }
  return FALSE;
}

/* (nullable): the port of a Service. */
static JsonNode *
find_port (JsonNode *service, gint64 number)
{
  JsonArray *ports = base_json_get_array (service, "spec", "ports", NULL);

  for (guint i = 0; i < base_json_get_length (ports); i++) {
    JsonNode *port = json_array_get_element (ports, i);

    if (base_json_get_int (port, 0, "port", NULL) == number)
      return port;
  }
  return NULL;
}

/* Why nobody answers, in the words of the aggregator
 * (k8s.io/kube-aggregator/pkg/controllers/status/available_controller.go). Requests are not handed
 * on here, so nobody ever does. */
static const char *
find_reason (PracticeStore *store, JsonNode *object, char **message)
{
  const char *namespace_ = base_json_get_string (object, "spec", "service", "namespace", NULL);
  const char *name = base_json_get_string (object, "spec", "service", "name", NULL);
  gint64 number = base_json_get_int (object, 0, "spec", "service", "port", NULL);
  JsonNode *service = practice_store_get (store, SERVICES, namespace_, name);
  JsonNode *endpoints = practice_store_get (store, ENDPOINTS, namespace_, name);
  JsonNode *port = find_port (service, number);
  const char *port_name = base_json_get_string (port, "name", NULL);

  if (service == NULL) {
    *message = g_strdup_printf ("service/%s in \"%s\" is not present", name, namespace_);
    return "ServiceNotFound";
  }
  if (port == NULL) {
    *message = g_strdup_printf ("service/%s in \"%s\" is not listening on port %" G_GINT64_FORMAT,
                                name, namespace_, number);
    return "ServicePortError";
  }
  if (endpoints == NULL) {
    *message = g_strdup_printf ("cannot find endpoints for service/%s in \"%s\"", name, namespace_);
    return "EndpointsNotFound";
  }
  if (!has_addresses (endpoints, port_name != NULL ? port_name : "")) {
    *message =
      g_strdup_printf ("endpoints for service/%s in \"%s\" have no addresses with port name \"%s\"",
                       name, namespace_, port_name != NULL ? port_name : "");
    return "MissingEndpoints";
  }
  *message = g_strdup ("the practice cluster hands no request on to another API server");
  return "FailedDiscoveryCheck";
}

static void
tell_status (PracticeApiServiceKeeper *self, JsonNode *object)
{
  g_autoptr (JsonNode) changed = base_json_copy (object);
  g_autofree char *message = NULL;

  if (base_json_get (object, "spec", "service", NULL) == NULL) {
    set_local (changed);
  } else {
    const char *reason = find_reason (self->store, object, &message);

    practice_object_set_condition (changed, PRACTICE_API_SERVICE_AVAILABLE, FALSE, reason, message);
  }
  /* Nothing is written where nothing is new. */
  practice_store_update (self->store, PRACTICE_API_SERVICES, g_steal_pointer (&changed), NULL,
                         NULL);
}

static void
look_at_all (PracticeApiServiceKeeper *self)
{
  g_autoptr (GHashTable) wanted = create_missing (self);
  g_autoptr (GPtrArray) all = practice_store_list (self->store, PRACTICE_API_SERVICES, NULL);

  for (guint i = 0; i < all->len; i++) {
    const char *name = base_metadata_get_name (all->pdata[i]);
    gboolean is_managed = base_metadata_get_label (all->pdata[i], MANAGED_LABEL) != NULL;

    if (!is_managed)
      tell_status (self, all->pdata[i]);
    else if (!g_hash_table_contains (wanted, name))
      practice_store_delete (self->store, PRACTICE_API_SERVICES, NULL, name, NULL);
  }
}

/* What it writes itself comes back as events. */
static void
look (PracticeApiServiceKeeper *self)
{
  if (self->working)
    return;
  self->working = TRUE;
  look_at_all (self);
  self->working = FALSE;
}

static void
event_cb (PracticeStore *store,
          PracticeEventType type,
          const char *resource,
          JsonNode *object,
          JsonNode *old,
          PracticeApiServiceKeeper *self)
{
  look (self);
}

/* Of Services and their endpoints: they concern only what is elsewhere. */
static void
service_event_cb (PracticeStore *store,
                  PracticeEventType type,
                  const char *resource,
                  JsonNode *object,
                  JsonNode *old,
                  PracticeApiServiceKeeper *self)
{
  g_autoptr (GPtrArray) elsewhere = practice_api_services_list_elsewhere (self->registry);

  if (elsewhere->len > 0)
    look (self);
}

static void
practice_api_service_keeper_finalize (GObject *object)
{
  PracticeApiServiceKeeper *self = PRACTICE_API_SERVICE_KEEPER (object);

  g_clear_object (&self->registry);
  g_clear_object (&self->store);

  G_OBJECT_CLASS (practice_api_service_keeper_parent_class)->finalize (object);
}

static void
practice_api_service_keeper_class_init (PracticeApiServiceKeeperClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = practice_api_service_keeper_finalize;
}

static void
practice_api_service_keeper_init (PracticeApiServiceKeeper *self)
{
}

/**
 * practice_api_service_keeper_new:
 * @store: the state
 * @registry: what is served
 *
 * Returns: (transfer full): the keeper of the APIServices in @store. One that somebody deletes
 *   comes back at once: of a real server's own, only at its next start, and until then that group
 *   is gone for everybody
 */
PracticeApiServiceKeeper *
practice_api_service_keeper_new (PracticeStore *store, PracticeRegistry *registry)
{
  static const char *const own[] = { "event::" PRACTICE_DEFINITIONS,
                                     "event::" PRACTICE_API_SERVICES };
  static const char *const others[] = { "event::" SERVICES, "event::" ENDPOINTS };
  PracticeApiServiceKeeper *self = g_object_new (PRACTICE_TYPE_API_SERVICE_KEEPER, NULL);

  self->store = g_object_ref (store);
  self->registry = g_object_ref (registry);
  look (self);
  for (guint i = 0; i < G_N_ELEMENTS (own); i++)
    g_signal_connect_object (store, own[i], G_CALLBACK (event_cb), self, 0);
  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    g_signal_connect_object (store, others[i], G_CALLBACK (service_event_cb), self, 0);
  g_signal_connect_object (store, "restored", G_CALLBACK (look), self, G_CONNECT_SWAPPED);
  return self;
}

/* Whether the server itself has the group and version. */
static gboolean
is_served (PracticeRegistry *registry, const char *group, const char *version)
{
  GPtrArray *resources = practice_registry_get_resources (registry);

  for (guint i = 0; i < resources->len; i++) {
    PracticeResource *resource = resources->pdata[i];

    if (g_str_equal (resource->group, group) &&
        practice_resource_find_version (resource, version) != NULL)
      return TRUE;
  }
  return FALSE;
}

/**
 * practice_api_services_list_elsewhere:
 * @registry: what is served
 *
 * Returns: (transfer container) (element-type JsonNode): the APIServices of what is not served
 *   here, but by a Service
 */
GPtrArray *
practice_api_services_list_elsewhere (PracticeRegistry *registry)
{
  g_autoptr (GPtrArray) all =
    practice_store_list (practice_registry_get_store (registry), PRACTICE_API_SERVICES, NULL);
  GPtrArray *found = g_ptr_array_new_with_free_func ((GDestroyNotify)json_node_unref);

  for (guint i = 0; i < all->len; i++) {
    const char *group = base_json_get_string (all->pdata[i], "spec", "group", NULL);
    const char *version = base_json_get_string (all->pdata[i], "spec", "version", NULL);

    if (base_json_get (all->pdata[i], "spec", "service", NULL) != NULL && group != NULL &&
        !is_served (registry, group, version))
      g_ptr_array_add (found, json_node_ref (all->pdata[i]));
  }
  return found;
}

/**
 * practice_api_services_is_elsewhere:
 * @registry: what is served
 * @path: of a request
 *
 * Returns: whether an APIService says that a Service is to answer @path
 */
gboolean
practice_api_services_is_elsewhere (PracticeRegistry *registry, const char *path)
{
  g_auto (GStrv) parts = g_strsplit (path, "/", 5);
  g_autoptr (GPtrArray) elsewhere = NULL;

  if (g_strv_length (parts) < 4 || !g_str_equal (parts[1], "apis"))
    return FALSE;
  elsewhere = practice_api_services_list_elsewhere (registry);
  for (guint i = 0; i < elsewhere->len; i++) {
    if (g_str_equal (base_json_get_string (elsewhere->pdata[i], "spec", "group", NULL), parts[2]) &&
        g_str_equal (base_json_get_string (elsewhere->pdata[i], "spec", "version", NULL), parts[3]))
      return TRUE;
  }
  return FALSE;
}
