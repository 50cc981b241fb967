/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-endpoints-controller.h"

#include "base-condition.h"
#include "base-json.h"
#include "base-metadata.h"
#include "practice-object.h"

#define SERVICES "/services"
#define ENDPOINTS "/endpoints"
#define PODS "/pods"

/**
 * PracticeEndpointsController:
 *
 * Lists under a Service's name the pods that it selects and the ports that they answer on
 * (https://kubernetes.io/docs/concepts/services-networking/service/).
 */
struct _PracticeEndpointsController {
  PracticeController parent_instance;
};

G_DEFINE_FINAL_TYPE (PracticeEndpointsController,
                     practice_endpoints_controller,
                     PRACTICE_TYPE_CONTROLLER)

static gint64
find_named_port (JsonNode *pod, const char *name)
{
  JsonArray *containers = base_json_get_array (pod, "spec", "containers", NULL);
  guint n_containers = base_json_get_length (containers);

  for (guint i = 0; i < n_containers; i++) {
    JsonArray *ports = base_json_get_array (json_array_get_element (containers, i), "ports", NULL);
    guint n_ports = base_json_get_length (ports);

    for (guint j = 0; j < n_ports; j++) {
      JsonNode *port = json_array_get_element (ports, j);

      if (g_strcmp0 (base_json_get_string (port, "name", NULL), name) == 0)
        return base_json_get_int (port, 0, "containerPort", NULL);
    }
  }

  return 0;
}

static JsonObject *
new_address (JsonNode *pod)
{
  static const char *const copied[] = { "name", "namespace", "uid" };
  JsonObject *address = json_object_new ();
  JsonObject *target = json_object_new ();

  json_object_set_string_member (target, "kind", "Pod");
  for (guint i = 0; i < G_N_ELEMENTS (copied); i++)
    json_object_set_string_member (target, copied[i],
                                   base_json_get_string (pod, "metadata", copied[i], NULL));

  json_object_set_string_member (address, "ip",
                                 base_json_get_string (pod, "status", "podIP", NULL));
  json_object_set_string_member (address, "nodeName",
                                 base_json_get_string (pod, "spec", "nodeName", NULL));
  json_object_set_object_member (address, "targetRef", target);

  return address;
}

/* (nullable): NULL where the pod has no port of that name. */
static JsonArray *
new_ports (JsonNode *service, JsonNode *pod)
{
  JsonArray *service_ports = base_json_get_array (service, "spec", "ports", NULL);
  guint n_ports = base_json_get_length (service_ports);
  g_autoptr (JsonArray) ports = json_array_new ();

  for (guint i = 0; i < n_ports; i++) {
    JsonNode *service_port = json_array_get_element (service_ports, i);
    const char *target_name = base_json_get_string (service_port, "targetPort", NULL);
    const char *name = base_json_get_string (service_port, "name", NULL);
    const char *protocol = base_json_get_string (service_port, "protocol", NULL);
    gint64 number =
      target_name != NULL
        ? find_named_port (pod, target_name)
        : base_json_get_int (service_port, base_json_get_int (service_port, 0, "port", NULL),
                             "targetPort", NULL);
    JsonObject *port;

    if (number == 0)
      continue;
    port = json_object_new ();
    if (name != NULL)
      json_object_set_string_member (port, "name", name);
    json_object_set_int_member (port, "port", number);
    json_object_set_string_member (port, "protocol", protocol != NULL ? protocol : "TCP");
    json_array_add_object_element (ports, port);
  }

  return json_array_get_length (ports) > 0 ? g_steal_pointer (&ports) : NULL;
}

/* The subset with just these ports; pods of one Service may differ in a named port's number. */
static JsonObject *
ensure_subset (JsonArray *subsets, JsonArray *ports)
{
  JsonObject *subset;

  for (guint i = 0; i < json_array_get_length (subsets); i++) {
    subset = json_array_get_object_element (subsets, i);
    if (json_array_equal (json_object_get_array_member (subset, "ports"), ports))
      return subset;
  }

  subset = json_object_new ();
  json_object_set_array_member (subset, "ports", json_array_ref (ports));
  json_array_add_object_element (subsets, subset);

  return subset;
}

static void
add_pod (JsonArray *subsets, JsonNode *service, JsonNode *pod)
{
  g_autoptr (JsonArray) ports = new_ports (service, pod);
  const char *list = base_condition_is_true (pod, "Ready") ? "addresses" : "notReadyAddresses";
  JsonObject *subset;

  if (ports == NULL)
    return;

  subset = ensure_subset (subsets, ports);
  if (!json_object_has_member (subset, list))
    json_object_set_array_member (subset, list, json_array_new ());
  json_array_add_object_element (json_object_get_array_member (subset, list), new_address (pod));
}

static JsonArray *
new_subsets (PracticeStore *store, JsonNode *service)
{
  JsonObject *selector = base_json_get_object (service, "spec", "selector", NULL);
  g_autoptr (GPtrArray) pods =
    practice_store_list (store, PODS, base_metadata_get_namespace (service));
  JsonArray *subsets = json_array_new ();

  for (guint i = 0; i < pods->len; i++) {
    JsonNode *pod = g_ptr_array_index (pods, i);

    if (practice_object_matches_labels (pod, selector) &&
        base_json_get_string (pod, "status", "podIP", NULL) != NULL &&
        base_json_get_string (pod, "metadata", "deletionTimestamp", NULL) == NULL)
      add_pod (subsets, service, pod);
  }

  return subsets;
}

static void
practice_endpoints_controller_reconcile (PracticeController *controller,
                                         const char *namespace_,
                                         const char *name,
                                         JsonNode *service)
{
  PracticeStore *store = practice_controller_get_store (controller);
  JsonNode *stored = practice_store_get (store, ENDPOINTS, namespace_, name);
  g_autoptr (JsonNode) endpoints = NULL;
  JsonNode *labels;

  if (service == NULL) {
    if (stored != NULL)
      practice_store_delete (store, ENDPOINTS, namespace_, name, NULL);
    return;
  }

  /* A Service without a selector has Endpoints that someone else keeps. */
  if (base_json_get_object (service, "spec", "selector", NULL) == NULL)
    return;

  endpoints = stored != NULL ? base_json_copy (stored)
                             : practice_object_new ("v1", "Endpoints", namespace_, name);
  labels = base_json_get (service, "metadata", "labels", NULL);
  if (labels != NULL)
    json_object_set_member (practice_object_ensure (endpoints, "metadata", NULL), "labels",
                            base_json_copy (labels));
  json_object_set_array_member (json_node_get_object (endpoints), "subsets",
                                new_subsets (store, service));

  if (stored != NULL)
    practice_store_update (store, ENDPOINTS, g_steal_pointer (&endpoints), NULL, NULL);
  else
    practice_store_create (store, ENDPOINTS, g_steal_pointer (&endpoints), NULL);
}

static void
practice_endpoints_controller_related (PracticeController *controller,
                                       PracticeEventType type,
                                       const char *resource,
                                       JsonNode *pod,
                                       JsonNode *old)
{
  PracticeStore *store = practice_controller_get_store (controller);
  const char *namespace_ = base_metadata_get_namespace (pod);
  g_autoptr (GPtrArray) services = practice_store_list (store, SERVICES, namespace_);

  for (guint i = 0; i < services->len; i++) {
    JsonNode *service = g_ptr_array_index (services, i);
    JsonObject *selector = base_json_get_object (service, "spec", "selector", NULL);

    if (practice_object_matches_labels (pod, selector) ||
        (old != NULL && practice_object_matches_labels (old, selector)))
      practice_controller_enqueue (controller, namespace_, base_metadata_get_name (service));
  }
}

static void
practice_endpoints_controller_class_init (PracticeEndpointsControllerClass *klass)
{
  static const char *const also[] = { PODS, NULL };
  PracticeControllerClass *controller_class = PRACTICE_CONTROLLER_CLASS (klass);

  controller_class->resource = SERVICES;
  controller_class->also_watches = also;
  controller_class->reconcile = practice_endpoints_controller_reconcile;
  controller_class->related = practice_endpoints_controller_related;
}

static void
practice_endpoints_controller_init (PracticeEndpointsController *self)
{
}

/**
 * practice_endpoints_controller_new:
 * @store: the cluster's objects
 *
 * Returns: (transfer full): the controller, not yet started
 */
PracticeController *
practice_endpoints_controller_new (PracticeStore *store)
{
  return g_object_new (PRACTICE_TYPE_ENDPOINTS_CONTROLLER, "store", store, NULL);
}
