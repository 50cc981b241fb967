/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-kiali-graph.h"

#include <string.h>

#include "base-json.h"
#include "practice-kiali-badges.h"
#include "practice-kiali-rates.h"
#include "practice-mesh-name.h"
#include "practice-sidecar.h"

#define PODS "/pods"
#define SERVICES "/services"
#define UNKNOWN "unknown"
#define CLUSTER "Kubernetes"

typedef struct {
  char *id;
  const char *type;
  const char *namespace_;
  const char *workload; /* (nullable), as all that follow */
  const char *app;
  const char *version;
  const char *service;
  char *parent;
  gboolean is_called;
  gboolean calls;
  gboolean is_alive; /* there is a pod or Service of it */
  gboolean has_sidecar;
  GHashTable *services; /* names that it was called by */
  PracticeKialiRates in;
  PracticeKialiRates out;
} Node;

typedef struct {
  Node *source;
  Node *target;
  char *id;
  PracticeKialiRates rates;
} Edge;

typedef struct {
  PracticeMesh *mesh;
  const PracticeKialiGraphOptions *options;
  GPtrArray *nodes; /* of Node */
  GHashTable *node_index;
  GPtrArray *edges; /* of Edge */
  GHashTable *edge_index;
} Graph;

static void
node_free (gpointer data)
{
  Node *self = data;

  practice_kiali_rates_clear (&self->in);
  practice_kiali_rates_clear (&self->out);
  g_hash_table_unref (self->services);
  g_free (self->parent);
  g_free (self->id);
  g_free (self);
}

static void
edge_free (gpointer data)
{
  Edge *self = data;

  practice_kiali_rates_clear (&self->rates);
  g_free (self->id);
  g_free (self);
}

static char *
make_id (const char *key)
{
  return g_compute_checksum_for_string (G_CHECKSUM_SHA256, key, -1);
}

static Node *
ensure_node (Graph *self, const Node *wanted)
{
  g_autofree char *key = g_strdup_printf (
    "%s|%s|%s|%s|%s|%s", wanted->type, wanted->namespace_,
    wanted->workload != NULL ? wanted->workload : "", wanted->app != NULL ? wanted->app : "",
    wanted->version != NULL ? wanted->version : "", wanted->service != NULL ? wanted->service : "");
  Node *node = g_hash_table_lookup (self->node_index, key);

  if (node != NULL)
    return node;
  node = g_memdup2 (wanted, sizeof *wanted);
  node->id = make_id (key);
  node->services = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  practice_kiali_rates_init (&node->in);
  practice_kiali_rates_init (&node->out);
  g_ptr_array_add (self->nodes, node);
  g_hash_table_insert (self->node_index, g_steal_pointer (&key), node);
  return node;
}

static gboolean
is_known (const char *name)
{
  return name != NULL && !g_str_equal (name, UNKNOWN);
}

static Node *
ensure_service_node (Graph *self, const char *host)
{
  g_autofree char *namespace_ = NULL;
  g_autofree char *name = NULL;
  Node wanted = { .type = "service", .namespace_ = UNKNOWN, .service = g_intern_string (host) };

  if (practice_mesh_name_split_service (host, &namespace_, &name)) {
    wanted.namespace_ = g_intern_string (namespace_);
    wanted.service = g_intern_string (name);
  }
  return ensure_node (self, &wanted);
}

/* By the kind of graph: a workload, an app, or a version of one. */
static Node *
ensure_party_node (Graph *self, const PracticeMeshParty *party)
{
  PracticeKialiGraphType type = self->options->type;
  Node wanted = { .type = "unknown", .namespace_ = party->namespace_ };

  if (!is_known (party->workload)) {
    wanted.app = UNKNOWN;
  } else if (type == PRACTICE_KIALI_WORKLOAD || type == PRACTICE_KIALI_SERVICE ||
             !is_known (party->app)) {
    wanted.type = "workload";
    wanted.workload = party->workload;
    wanted.app = is_known (party->app) ? party->app : NULL;
    wanted.version = is_known (party->version) ? party->version : NULL;
  } else {
    wanted.type = "app";
    wanted.app = party->app;
    if (type == PRACTICE_KIALI_VERSIONED_APP) {
      wanted.workload = party->workload;
      wanted.version = is_known (party->version) ? party->version : NULL;
    }
  }
  return ensure_node (self, &wanted);
}

static void
add_edge (Graph *self, Node *source, Node *target, const PracticeMeshTraffic *traffic)
{
  g_autofree char *key = g_strconcat (source->id, target->id, NULL);
  Edge *edge = g_hash_table_lookup (self->edge_index, key);

  if (edge == NULL) {
    edge = g_new0 (Edge, 1);
    edge->source = source;
    edge->target = target;
    edge->id = make_id (key);
    practice_kiali_rates_init (&edge->rates);
    g_ptr_array_add (self->edges, edge);
    g_hash_table_insert (self->edge_index, g_steal_pointer (&key), edge);
  }
  source->calls = TRUE;
  target->is_called = TRUE;
  practice_kiali_rates_add (&edge->rates, traffic);
  practice_kiali_rates_add (&source->out, traffic);
  practice_kiali_rates_add (&target->in, traffic);
}

/* The Service by which a workload is called, where one is: what stands for it among Services. */
static const char *
find_service_of (GPtrArray *traffic, const PracticeMeshParty *party)
{
  for (guint i = 0; i < traffic->len; i++) {
    const PracticeMeshFlow *flow = ((PracticeMeshTraffic *)traffic->pdata[i])->flow;

    if (flow->service != NULL && is_known (party->workload) &&
        g_str_equal (flow->destination.namespace_, party->namespace_) &&
        g_str_equal (flow->destination.workload, party->workload))
      return flow->service;
  }
  return NULL;
}

static Node *
ensure_source (Graph *self, GPtrArray *traffic, const PracticeMeshParty *party)
{
  const char *service =
    self->options->type == PRACTICE_KIALI_SERVICE ? find_service_of (traffic, party) : NULL;

  return service != NULL ? ensure_service_node (self, service) : ensure_party_node (self, party);
}

static void
add_flow (Graph *self, GPtrArray *all, const PracticeMeshTraffic *traffic)
{
  const PracticeMeshFlow *flow = traffic->flow;
  Node *source = ensure_source (self, all, &flow->source);
  Node *service = NULL;
  Node *target;
  gboolean is_answered = is_known (flow->destination.workload);
  gboolean shows_service = self->options->type == PRACTICE_KIALI_SERVICE ||
                           self->options->injects_services || !is_answered;

  if (flow->service != NULL && shows_service) {
    service = ensure_service_node (self, flow->service);
    add_edge (self, source, service, traffic);
    source = service;
  }
  if (self->options->type == PRACTICE_KIALI_SERVICE || (service != NULL && !is_answered))
    return;
  target = ensure_party_node (self, &flow->destination);
  if (flow->service != NULL)
    g_hash_table_add (target->services, g_strdup (flow->service));
  add_edge (self, source, target, traffic);
}

static gboolean
is_asked_for (Graph *self, const char *namespace_)
{
  return g_strv_contains ((const char *const *)self->options->namespaces, namespace_);
}

static gboolean
is_flow_asked_for (Graph *self, const PracticeMeshTraffic *traffic)
{
  const PracticeMeshFlow *flow = traffic->flow;
  g_autofree char *namespace_ = NULL;
  g_autofree char *service = NULL;

  if (traffic->n_requests == 0 && !self->options->has_idle_edges)
    return FALSE;
  if (is_asked_for (self, flow->source.namespace_) ||
      is_asked_for (self, flow->destination.namespace_))
    return TRUE;
  return flow->service != NULL &&
         practice_mesh_name_split_service (flow->service, &namespace_, &service) &&
         is_asked_for (self, namespace_);
}

/* Nodes of what is there and had no traffic; marks those that are alive. */
static void
visit_pods (Graph *self, const char *namespace_)
{
  PracticeMeshTelemetry *telemetry = practice_mesh_get_telemetry (self->mesh);
  g_autoptr (GPtrArray) pods =
    practice_store_list (practice_mesh_get_store (self->mesh), PODS, namespace_);

  for (guint i = 0; i < pods->len; i++) {
    PracticeMeshParty party;
    guint before = self->nodes->len;
    Node *node;

    practice_mesh_telemetry_get_party (telemetry, pods->pdata[i], &party);
    node = ensure_party_node (self, &party);
    if (node->is_alive == FALSE)
      node->has_sidecar = TRUE;
    node->is_alive = TRUE;
    node->has_sidecar = node->has_sidecar && practice_sidecar_is_in (pods->pdata[i]);
    /* What Konvoy put there is no part of the mesh. */
    if (self->nodes->len > before &&
        (!self->options->has_idle_nodes || self->options->type == PRACTICE_KIALI_SERVICE ||
         !practice_sidecar_is_in (pods->pdata[i])))
      node->type = NULL;
  }
}

static void
visit_services (Graph *self, const char *namespace_)
{
  gboolean adds = self->options->has_idle_nodes && (self->options->injects_services ||
                                                    self->options->type == PRACTICE_KIALI_SERVICE);
  g_autoptr (GPtrArray) services =
    practice_store_list (practice_mesh_get_store (self->mesh), SERVICES, namespace_);

  for (guint i = 0; i < services->len; i++) {
    const char *name = base_json_get_string (services->pdata[i], "metadata", "name", NULL);
    g_autofree char *host = practice_mesh_name_qualify (name, namespace_);
    guint before = self->nodes->len;
    Node *node = ensure_service_node (self, host);

    node->is_alive = TRUE;
    if (self->nodes->len > before &&
        (!adds || base_json_get_object (services->pdata[i], "spec", "selector", NULL) == NULL))
      node->type = NULL;
  }
}

static JsonArray *
write_services (Node *node)
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
write_node_traffic (Graph *self, Node *node)
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
write_flags (Graph *self, Node *node, JsonObject *data)
{
  gboolean is_real = is_known (node->namespace_);
  gboolean is_outside = !is_asked_for (self, node->namespace_);

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
write_node (Graph *self, Node *node)
{
  JsonObject *data = json_object_new ();

  json_object_set_string_member (data, "id", node->id);
  set_string (data, "parent", node->parent);
  json_object_set_string_member (data, "nodeType", node->type);
  json_object_set_string_member (data, "cluster", is_known (node->namespace_) ? CLUSTER : UNKNOWN);
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
write_edge (Graph *self, Edge *edge)
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
count_versions (Graph *self, Node *node)
{
  guint n = 0;

  for (guint i = 0; i < self->nodes->len; i++) {
    Node *other = self->nodes->pdata[i];

    n += other->type != NULL && g_str_equal (other->type, "app") &&
         g_str_equal (other->namespace_, node->namespace_) &&
         g_strcmp0 (other->app, node->app) == 0;
  }
  return n;
}

/* The box around the versions of one app, once. */
static void
add_box (Graph *self, Node *node, GHashTable *boxes, JsonArray *nodes)
{
  g_autofree char *key = g_strdup_printf ("box|%s|%s", node->namespace_, node->app);
  JsonObject *data;

  node->parent = make_id (key);
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
write_nodes (Graph *self)
{
  g_autoptr (GHashTable) boxes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  gboolean boxed = self->options->boxes_apps && self->options->type == PRACTICE_KIALI_VERSIONED_APP;
  JsonArray *nodes = json_array_new ();

  for (guint i = 0; boxed && i < self->nodes->len; i++) {
    Node *node = self->nodes->pdata[i];

    if (node->type != NULL && g_str_equal (node->type, "app") && count_versions (self, node) > 1)
      add_box (self, node, boxes, nodes);
  }
  for (guint i = 0; i < self->nodes->len; i++) {
    Node *node = self->nodes->pdata[i];

    if (node->type != NULL)
      json_array_add_object_element (nodes, write_node (self, node));
  }
  return nodes;
}

static int
compare_nodes (gconstpointer a, gconstpointer b)
{
  const Node *first = *(const Node **)a;
  const Node *second = *(const Node **)b;
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
  const Edge *first = *(const Edge **)a;
  const Edge *second = *(const Edge **)b;
  int order = compare_nodes (&first->source, &second->source);

  return order != 0 ? order : compare_nodes (&first->target, &second->target);
}

static JsonNode *
write_graph (Graph *self)
{
  static const char *const types[] = { "workload", "app", "versionedApp", "service" };
  JsonObject *graph = json_object_new ();
  JsonObject *elements = json_object_new ();
  JsonArray *edges = json_array_new ();
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);

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
  json_node_take_object (node, graph);
  return node;
}

/**
 * practice_kiali_graph_new:
 * @mesh: whose traffic it is
 * @options: what is asked
 *
 * Draws up what flowed, in the form of Kiali's graph API
 * (https://github.com/kiali/kiali/tree/master/graph/config/common): all numbers are text, what is
 * zero or false is left out.
 *
 * Returns: (transfer full): the graph
 */
JsonNode *
practice_kiali_graph_new (PracticeMesh *mesh, const PracticeKialiGraphOptions *options)
{
  Graph self = { mesh, options, NULL, NULL, NULL, NULL };
  g_autoptr (GPtrArray) traffic = NULL;
  JsonNode *node;

  g_return_val_if_fail (PRACTICE_IS_MESH (mesh), NULL);
  g_return_val_if_fail (options->seconds > 0, NULL);

  traffic =
    practice_mesh_telemetry_dup_traffic (practice_mesh_get_telemetry (mesh), options->seconds);
  self.nodes = g_ptr_array_new_with_free_func (node_free);
  self.node_index = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self.edges = g_ptr_array_new_with_free_func (edge_free);
  self.edge_index = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (guint i = 0; i < traffic->len; i++)
    if (is_flow_asked_for (&self, traffic->pdata[i]))
      add_flow (&self, traffic, traffic->pdata[i]);
  for (guint i = 0; options->namespaces[i] != NULL; i++) {
    visit_pods (&self, options->namespaces[i]);
    visit_services (&self, options->namespaces[i]);
  }
  node = write_graph (&self);
  g_hash_table_unref (self.edge_index);
  g_hash_table_unref (self.node_index);
  g_ptr_array_unref (self.edges);
  g_ptr_array_unref (self.nodes);
  return node;
}
