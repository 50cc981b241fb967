/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-kiali-graph.h"

#include <string.h>

#include "base-json.h"
#include "base-metadata.h"
#include "practice-kiali-elements.h"
#include "practice-mesh-name.h"
#include "practice-sidecar.h"

#define PODS "/pods"
#define SERVICES "/services"

static void
node_free (gpointer data)
{
  PracticeKialiNode *self = data;

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
  PracticeKialiEdge *self = data;

  practice_kiali_rates_clear (&self->rates);
  g_free (self->id);
  g_free (self);
}

static char *
make_id (const char *key)
{
  return g_compute_checksum_for_string (G_CHECKSUM_SHA256, key, -1);
}

static PracticeKialiNode *
ensure_node (PracticeKialiElements *self, const PracticeKialiNode *wanted)
{
  g_autofree char *key = g_strdup_printf (
    "%s|%s|%s|%s|%s|%s", wanted->type, wanted->namespace_,
    wanted->workload != NULL ? wanted->workload : "", wanted->app != NULL ? wanted->app : "",
    wanted->version != NULL ? wanted->version : "", wanted->service != NULL ? wanted->service : "");
  PracticeKialiNode *node = g_hash_table_lookup (self->node_index, key);

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
  return name != NULL && !g_str_equal (name, PRACTICE_KIALI_UNKNOWN);
}

static PracticeKialiNode *
ensure_service_node (PracticeKialiElements *self, const char *host)
{
  g_autofree char *namespace_ = NULL;
  g_autofree char *name = NULL;
  PracticeKialiNode wanted = { .type = "service",
                               .namespace_ = PRACTICE_KIALI_UNKNOWN,
                               .service = g_intern_string (host) };

  if (practice_mesh_name_split_service (host, &namespace_, &name)) {
    wanted.namespace_ = g_intern_string (namespace_);
    wanted.service = g_intern_string (name);
  }
  return ensure_node (self, &wanted);
}

/* By the kind of graph: a workload, an app, or a version of one. */
static PracticeKialiNode *
ensure_party_node (PracticeKialiElements *self, const PracticeMeshParty *party)
{
  PracticeKialiGraphType type = self->options->type;
  PracticeKialiNode wanted = { .type = "unknown", .namespace_ = party->namespace_ };

  if (!is_known (party->workload)) {
    wanted.app = PRACTICE_KIALI_UNKNOWN;
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
add_edge (PracticeKialiElements *self,
          PracticeKialiNode *source,
          PracticeKialiNode *target,
          const PracticeMeshTraffic *traffic)
{
  g_autofree char *key = g_strconcat (source->id, target->id, NULL);
  PracticeKialiEdge *edge = g_hash_table_lookup (self->edge_index, key);

  if (edge == NULL) {
    edge = g_new0 (PracticeKialiEdge, 1);
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

static PracticeKialiNode *
ensure_source (PracticeKialiElements *self, GPtrArray *traffic, const PracticeMeshParty *party)
{
  const char *service =
    self->options->type == PRACTICE_KIALI_SERVICE ? find_service_of (traffic, party) : NULL;

  return service != NULL ? ensure_service_node (self, service) : ensure_party_node (self, party);
}

static void
add_flow (PracticeKialiElements *self, GPtrArray *all, const PracticeMeshTraffic *traffic)
{
  const PracticeMeshFlow *flow = traffic->flow;
  PracticeKialiNode *source = ensure_source (self, all, &flow->source);
  PracticeKialiNode *service = NULL;
  PracticeKialiNode *target;
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
is_flow_asked_for (PracticeKialiElements *self, const PracticeMeshTraffic *traffic)
{
  const PracticeMeshFlow *flow = traffic->flow;
  g_autofree char *namespace_ = NULL;
  g_autofree char *service = NULL;

  if (traffic->n_requests == 0 && !self->options->has_idle_edges)
    return FALSE;
  if (practice_kiali_elements_is_asked_for (self, flow->source.namespace_) ||
      practice_kiali_elements_is_asked_for (self, flow->destination.namespace_))
    return TRUE;
  return flow->service != NULL &&
         practice_mesh_name_split_service (flow->service, &namespace_, &service) &&
         practice_kiali_elements_is_asked_for (self, namespace_);
}

/* Nodes of what is there and had no traffic; marks those that are alive. */
static void
visit_pods (PracticeKialiElements *self, const char *namespace_)
{
  PracticeMeshTelemetry *telemetry = practice_mesh_get_telemetry (self->mesh);
  g_autoptr (GPtrArray) pods =
    practice_store_list (practice_mesh_get_store (self->mesh), PODS, namespace_);

  for (guint i = 0; i < pods->len; i++) {
    PracticeMeshParty party;
    guint before = self->nodes->len;
    PracticeKialiNode *node;

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
visit_services (PracticeKialiElements *self, const char *namespace_)
{
  gboolean adds = self->options->has_idle_nodes && (self->options->injects_services ||
                                                    self->options->type == PRACTICE_KIALI_SERVICE);
  g_autoptr (GPtrArray) services =
    practice_store_list (practice_mesh_get_store (self->mesh), SERVICES, namespace_);

  for (guint i = 0; i < services->len; i++) {
    const char *name = base_metadata_get_name (services->pdata[i]);
    g_autofree char *host = practice_mesh_name_qualify (name, namespace_);
    guint before = self->nodes->len;
    PracticeKialiNode *node = ensure_service_node (self, host);

    node->is_alive = TRUE;
    if (self->nodes->len > before &&
        (!adds || base_json_get_object (services->pdata[i], "spec", "selector", NULL) == NULL))
      node->type = NULL;
  }
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
  PracticeKialiElements self = { mesh, options, NULL, NULL, NULL, NULL };
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
  node = practice_kiali_elements_write (&self);
  g_hash_table_unref (self.edge_index);
  g_hash_table_unref (self.node_index);
  g_ptr_array_unref (self.edges);
  g_ptr_array_unref (self.nodes);
  return node;
}
