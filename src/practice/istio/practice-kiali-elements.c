/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-kiali-elements.h"

#include "base-json.h"
#include "practice-kiali-badges.h"
#include "practice-mesh-name.h"

#define CLUSTER "Kubernetes"

static gboolean
is_known (const char *name)
{
  return name != NULL && !g_str_equal (name, PRACTICE_KIALI_UNKNOWN);
}

static JsonArray *
write_services (PracticeKialiNode *node)
{
  g_autoptr (GList) hosts =
    g_list_sort (g_hash_table_get_keys (node->services), (GCompareFunc)g_strcmp0);
  JsonArray *services = json_array_new ();

  for (GList *link = hosts; link != NULL; link = link->next) {
    g_autofree char *namespace_ = NULL;
    g_autofree char *name = NULL;
    JsonObject *service;

    if (!practice_mesh_name_split_service (link->data, &namespace_, &name))
      continue;
    service = json_object_new ();
    json_object_set_string_member (service, "cluster", CLUSTER);
    json_object_set_string_member (service, "namespace", namespace_);
    json_object_set_string_member (service, "name", name);
    json_array_add_object_element (services, service);
  }
  return services;
}

static void
set_string (JsonObject *object, const char *name, const char *value)
{
  if (value != NULL)
    json_object_set_string_member (object, name, value);
}

static void
set_true (JsonObject *object, const char *name, gboolean value)
{
  if (value)
    json_object_set_boolean_member (object, name, TRUE);
}

static JsonArray *
write_node_traffic (PracticeKialiElements *self, PracticeKialiNode *node)
{
  JsonArray *list = json_array_new ();
  JsonObject *traffic;
  JsonObject *rates;

  if (node->in.n_requests == 0 && node->out.n_requests == 0)
    return list;
  traffic = json_object_new ();
  rates = json_object_new ();
  json_object_set_string_member (traffic, "protocol", "http");
  practice_kiali_rates_write_node (&node->in, "In", self->options->seconds, rates);
  practice_kiali_rates_write_node (&node->out, "Out", self->options->seconds, rates);
  json_object_set_object_member (traffic, "rates", rates);
  json_array_add_object_element (list, traffic);
  return list;
}

static void
write_flags (PracticeKialiElements *self, PracticeKialiNode *node, JsonObject *data)
{
  gboolean is_real = is_known (node->namespace_);
  gboolean is_outside = !practice_kiali_elements_is_asked_for (self, node->namespace_);

  set_true (data, "isRoot", node->calls && !node->is_called);
  set_true (data, "isIdle", node->in.n_requests == 0 && node->out.n_requests == 0);
  set_true (data, "isOutside", is_outside);
  set_true (data, "isDead", is_real && !is_outside && !node->is_alive);
  set_true (data, "isOutOfMesh",
            is_real && node->service == NULL && !is_outside && node->is_alive &&
              !node->has_sidecar);
  if (node->service != NULL) {
    g_autofree char *host = practice_mesh_name_qualify (node->service, node->namespace_);

    practice_kiali_badges_write (practice_mesh_get_config (self->mesh), host, data);
  } else if (!self->options->injects_services && g_hash_table_size (node->services) > 0) {
    GHashTableIter iter;
    gpointer host;

    g_hash_table_iter_init (&iter, node->services);
    while (g_hash_table_iter_next (&iter, &host, NULL))
      practice_kiali_badges_write (practice_mesh_get_config (self->mesh), host, data);
  }
}

/* (transfer full): {"data": @data} */
static JsonObject *
wrap (JsonObject *data)
{
  JsonObject *element = json_object_new ();

  json_object_set_object_member (element, "data", data);
  return element;
}

static JsonObject *
write_node (PracticeKialiElements *self, PracticeKialiNode *node)
{
  JsonObject *data = json_object_new ();

  json_object_set_string_member (data, "id", node->id);
  set_string (data, "parent", node->parent);
  json_object_set_string_member (data, "nodeType", node->type);
  json_object_set_string_member (data, "cluster",
                                 is_known (node->namespace_) ? CLUSTER : PRACTICE_KIALI_UNKNOWN);
  json_object_set_string_member (data, "namespace", node->namespace_);
  set_string (data, "workload", node->workload);
  set_string (data, "app", node->app);
  set_string (data, "version", node->version);
  set_string (data, "service", node->service);
  if (g_hash_table_size (node->services) > 0)
    json_object_set_array_member (data, "destServices", write_services (node));
  json_object_set_array_member (data, "traffic", write_node_traffic (self, node));
  json_object_set_null_member (data, "healthData");
  write_flags (self, node, data);
  return wrap (data);
}

static JsonObject *
write_edge (PracticeKialiElements *self, PracticeKialiEdge *edge)
{
  JsonObject *data = json_object_new ();

  json_object_set_string_member (data, "id", edge->id);
  json_object_set_string_member (data, "source", edge->source->id);
  json_object_set_string_member (data, "target", edge->target->id);
  if (edge->rates.n_requests > 0) {
    g_autofree char *time = g_strdup_printf ("%.0f", edge->rates.duration / edge->rates.n_requests);

    json_object_set_string_member (data, "responseTime", time);
  }
  if (edge->rates.n_encrypted > 0) {
    g_autofree char *share =
      g_strdup_printf ("%.0f", 100.0 * edge->rates.n_encrypted / edge->rates.n_requests);

    json_object_set_string_member (data, "isMTLS", share);
  }
  json_object_set_object_member (data, "traffic",
                                 practice_kiali_rates_write_edge (&edge->rates,
                                                                  edge->source->out.n_requests,
                                                                  self->options->seconds));
  return wrap (data);
}

static guint
count_versions (PracticeKialiElements *self, PracticeKialiNode *node)
{
  guint n = 0;

  for (guint i = 0; i < self->nodes->len; i++) {
    PracticeKialiNode *other = self->nodes->pdata[i];

    n += other->type != NULL && g_str_equal (other->type, "app") &&
         g_str_equal (other->namespace_, node->namespace_) &&
         g_strcmp0 (other->app, node->app) == 0;
  }
  return n;
}

/* The box around the versions of one app, once. */
static void
add_box (PracticeKialiElements *self, PracticeKialiNode *node, GHashTable *boxes, JsonArray *nodes)
{
  g_autofree char *key = g_strdup_printf ("box|%s|%s", node->namespace_, node->app);
  JsonObject *data;

  node->parent = g_compute_checksum_for_string (G_CHECKSUM_SHA256, key, -1);
  if (!g_hash_table_add (boxes, g_steal_pointer (&key)))
    return;
  data = json_object_new ();
  json_object_set_string_member (data, "id", node->parent);
  json_object_set_string_member (data, "nodeType", "box");
  json_object_set_string_member (data, "cluster", CLUSTER);
  json_object_set_string_member (data, "namespace", node->namespace_);
  json_object_set_string_member (data, "app", node->app);
  json_object_set_string_member (data, "isBox", "app");
  json_object_set_null_member (data, "healthData");
  json_array_add_object_element (nodes, wrap (data));
}

static JsonArray *
write_nodes (PracticeKialiElements *self)
{
  g_autoptr (GHashTable) boxes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  gboolean boxed = self->options->boxes_apps && self->options->type == PRACTICE_KIALI_VERSIONED_APP;
  JsonArray *nodes = json_array_new ();

  for (guint i = 0; boxed && i < self->nodes->len; i++) {
    PracticeKialiNode *node = self->nodes->pdata[i];

    if (node->type != NULL && g_str_equal (node->type, "app") && count_versions (self, node) > 1)
      add_box (self, node, boxes, nodes);
  }
  for (guint i = 0; i < self->nodes->len; i++) {
    PracticeKialiNode *node = self->nodes->pdata[i];

    if (node->type != NULL)
      json_array_add_object_element (nodes, write_node (self, node));
  }
  return nodes;
}

static int
compare_nodes (gconstpointer a, gconstpointer b)
{
  const PracticeKialiNode *first = *(const PracticeKialiNode **)a;
  const PracticeKialiNode *second = *(const PracticeKialiNode **)b;
  int order = g_strcmp0 (first->namespace_, second->namespace_);

  if (order == 0)
    order = g_strcmp0 (first->app != NULL ? first->app : first->service,
                       second->app != NULL ? second->app : second->service);
  if (order == 0)
    order = g_strcmp0 (first->version, second->version);
  return order != 0 ? order : g_strcmp0 (first->id, second->id);
}

static int
compare_edges (gconstpointer a, gconstpointer b)
{
  const PracticeKialiEdge *first = *(const PracticeKialiEdge **)a;
  const PracticeKialiEdge *second = *(const PracticeKialiEdge **)b;
  int order = compare_nodes (&first->source, &second->source);

  return order != 0 ? order : compare_nodes (&first->target, &second->target);
}

/**
 * practice_kiali_elements_write:
 * @self: what has been found
 *
 * Returns: (transfer full): the graph
 */
JsonNode *
practice_kiali_elements_write (PracticeKialiElements *self)
{
  static const char *const types[] = { "workload", "app", "versionedApp", "service" };
  JsonObject *graph = json_object_new ();
  JsonObject *elements = json_object_new ();
  JsonArray *edges = json_array_new ();

  g_ptr_array_sort (self->nodes, compare_nodes);
  g_ptr_array_sort (self->edges, compare_edges);
  json_object_set_int_member (graph, "timestamp", g_get_real_time () / G_USEC_PER_SEC);
  json_object_set_int_member (graph, "duration", self->options->seconds);
  json_object_set_string_member (graph, "graphType", types[self->options->type]);
  json_object_set_array_member (elements, "nodes", write_nodes (self));
  for (guint i = 0; i < self->edges->len; i++)
    json_array_add_object_element (edges, write_edge (self, self->edges->pdata[i]));
  json_object_set_array_member (elements, "edges", edges);
  json_object_set_object_member (graph, "elements", elements);
  return base_json_take_object (graph);
}

/**
 * practice_kiali_elements_is_asked_for:
 * @self: what has been found
 * @namespace_: the name of a namespace
 *
 * Returns: whether the graph is to be of it
 */
gboolean
practice_kiali_elements_is_asked_for (PracticeKialiElements *self, const char *namespace_)
{
  return g_strv_contains ((const char *const *)self->options->namespaces, namespace_);
}
