/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-mesh.h"

#include "base-json.h"
#include "base-metadata.h"
#include "practice-mesh-outliers.h"
#include "practice-mesh-pilot.h"

/* Changes that come within so many milliseconds are pushed together, as Pilot does. */
#define COLLECT_MILLISECONDS 100

#define LEAST_MILLISECONDS 1000
#define MOST_MILLISECONDS 2000

/* Proxies and upstreams whose turns are remembered. */
#define TURN_LIMIT 4096

/* Least requests is the default since 1.14; its proxies have hardly more than one at a time here,
 * so that it comes to a random pod. */
#define FIRST_WITH_LEAST_REQUEST 14

static const char *const watched[] = {
  "event::networking.istio.io/virtualservices",
  "event::networking.istio.io/destinationrules",
  "event::networking.istio.io/gateways",
  "event::networking.istio.io/serviceentries",
};

/**
 * PracticeMesh:
 *
 * What Pilot is for the proxies: it collects changes of the configuration and hands it on, as it
 * then is, one to two seconds later. Without a pod of Pilot's that is ready nothing is handed on:
 * proxies go by what they have, and new ones have nothing.
 */
struct _PracticeMesh {
  GObject parent_instance;

  PracticeStore *store;
  PracticeFabric *fabric;
  PracticeMeshTelemetry *telemetry;
  PracticeMeshPilot *pilot;
  GRand *random;
  PracticeMeshBreakers *breakers;
  PracticeMeshOutliers *outliers;
  GHashTable *turns; /* "proxy upstream" to number of requests so far */

  guint least;
  guint most;
  PracticeMeshConfig *config;
  GQueue pushes;    /* of Push, the next first */
  guint collect_id; /* changes come in */
};

G_DEFINE_FINAL_TYPE (PracticeMesh, practice_mesh, G_TYPE_OBJECT)

enum {
  CHANGED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

/* A configuration on its way. */
typedef struct {
  PracticeMesh *mesh; /* not owned */
  PracticeMeshConfig *config;
  gint64 due;
  guint source_id;
} Push;

static void
push_free (Push *self)
{
  g_clear_handle_id (&self->source_id, g_source_remove);
  practice_mesh_config_unref (self->config);
  g_free (self);
}

static void
adopt (PracticeMesh *self, PracticeMeshConfig *config)
{
  g_clear_pointer (&self->config, practice_mesh_config_unref);
  self->config = practice_mesh_config_ref (config);
  g_signal_emit (self, signals[CHANGED], 0);
}

/* No push overtakes the one before it: what is older than one that arrives is out of date. */
static gboolean
push_cb (gpointer user_data)
{
  Push *push = user_data;
  PracticeMesh *self = push->mesh;
  g_autoptr (PracticeMeshConfig) config = practice_mesh_config_ref (push->config);

  push->source_id = 0;
  while (g_queue_peek_head (&self->pushes) != push)
    push_free (g_queue_pop_head (&self->pushes));
  push_free (g_queue_pop_head (&self->pushes));
  adopt (self, config);
  return G_SOURCE_REMOVE;
}

static gboolean
collect_cb (gpointer user_data)
{
  PracticeMesh *self = user_data;
  Push *last = g_queue_peek_tail (&self->pushes);
  Push *push = g_new0 (Push, 1);
  guint wait = g_random_int_range ((gint32)self->least, (gint32)self->most + 1);
  gint64 now = g_get_monotonic_time ();

  self->collect_id = 0;
  wait -= MIN (wait, COLLECT_MILLISECONDS);
  push->mesh = self;
  push->config = practice_mesh_config_new (self->store, PRACTICE_MESH_MINOR);
  push->due = now + (gint64)wait * 1000;
  if (last != NULL)
    push->due = MAX (push->due, last->due);
  push->source_id = g_timeout_add ((guint)((push->due - now) / 1000), push_cb, push);
  g_queue_push_tail (&self->pushes, push);
  return G_SOURCE_REMOVE;
}

static void
schedule (PracticeMesh *self)
{
  if (self->most == 0) {
    g_autoptr (PracticeMeshConfig) config =
      practice_mesh_config_new (self->store, PRACTICE_MESH_MINOR);

    adopt (self, config);
  } else if (self->collect_id == 0) {
    self->collect_id = g_timeout_add (MIN (self->least, COLLECT_MILLISECONDS), collect_cb, self);
  }
}

/* What changes while Pilot is not there is found when it is again. */
static void
event_cb (PracticeMesh *self)
{
  if (practice_mesh_pilot_is_up (self->pilot))
    schedule (self);
}

/* With Pilot goes what it had not handed on yet; one that comes tells every proxy all at once. */
static void
pilot_changed_cb (PracticeMesh *self)
{
  if (practice_mesh_pilot_is_up (self->pilot)) {
    g_autoptr (PracticeMeshConfig) config =
      practice_mesh_config_new (self->store, PRACTICE_MESH_MINOR);

    adopt (self, config);
    return;
  }
  g_clear_handle_id (&self->collect_id, g_source_remove);
  g_queue_clear_full (&self->pushes, (GDestroyNotify)push_free);
  practice_mesh_config_freeze (self->config, self->store);
}

static void
practice_mesh_dispose (GObject *object)
{
  PracticeMesh *self = PRACTICE_MESH (object);

  g_clear_handle_id (&self->collect_id, g_source_remove);
  g_queue_clear_full (&self->pushes, (GDestroyNotify)push_free);
  g_clear_object (&self->fabric);
  g_clear_object (&self->telemetry);
  g_clear_object (&self->pilot);

  G_OBJECT_CLASS (practice_mesh_parent_class)->dispose (object);
}

static void
practice_mesh_finalize (GObject *object)
{
  PracticeMesh *self = PRACTICE_MESH (object);

  g_clear_pointer (&self->config, practice_mesh_config_unref);
  g_clear_object (&self->store);
  g_rand_free (self->random);
  g_hash_table_unref (self->turns);
  practice_mesh_breakers_free (self->breakers);
  practice_mesh_outliers_free (self->outliers);

  G_OBJECT_CLASS (practice_mesh_parent_class)->finalize (object);
}

static void
practice_mesh_class_init (PracticeMeshClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = practice_mesh_dispose;
  object_class->finalize = practice_mesh_finalize;

  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
}

static void
practice_mesh_init (PracticeMesh *self)
{
  g_queue_init (&self->pushes);
  self->least = LEAST_MILLISECONDS;
  self->most = MOST_MILLISECONDS;
  self->breakers = practice_mesh_breakers_new ();
  self->outliers = practice_mesh_outliers_new ();
  self->turns = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

/**
 * practice_mesh_new:
 * @store: the cluster's objects
 * @fabric: the network between pods
 * @seed: of the weighted choices; 0: not repeatable
 *
 * Returns: (transfer full): the mesh, which goes by what is configured now
 */
PracticeMesh *
practice_mesh_new (PracticeStore *store, PracticeFabric *fabric, guint32 seed)
{
  PracticeMesh *self;

  g_return_val_if_fail (PRACTICE_IS_STORE (store), NULL);
  g_return_val_if_fail (PRACTICE_IS_FABRIC (fabric), NULL);

  self = g_object_new (PRACTICE_TYPE_MESH, NULL);
  self->store = g_object_ref (store);
  self->fabric = g_object_ref (fabric);
  self->telemetry = practice_mesh_telemetry_new (store);
  self->random = seed != 0 ? g_rand_new_with_seed (seed) : g_rand_new ();
  self->config = practice_mesh_config_new (store, PRACTICE_MESH_MINOR);
  self->pilot = practice_mesh_pilot_new (store);
  if (!practice_mesh_pilot_is_up (self->pilot))
    practice_mesh_config_freeze (self->config, store);
  g_signal_connect_object (self->pilot, "changed", G_CALLBACK (pilot_changed_cb), self,
                           G_CONNECT_SWAPPED);
  for (guint i = 0; i < G_N_ELEMENTS (watched); i++)
    g_signal_connect_object (store, watched[i], G_CALLBACK (event_cb), self, G_CONNECT_SWAPPED);
  return self;
}

/**
 * practice_mesh_set_propagation:
 * @self: the mesh
 * @least: milliseconds that a change takes at least
 * @most: and at most; 0: it counts at once
 */
void
practice_mesh_set_propagation (PracticeMesh *self, guint least, guint most)
{
  g_return_if_fail (PRACTICE_IS_MESH (self));
  g_return_if_fail (least <= most && most < G_MAXINT32);

  self->least = least;
  self->most = most;
}

/**
 * practice_mesh_get_store:
 * @self: the mesh
 *
 * Returns: (transfer none): the cluster's objects
 */
PracticeStore *
practice_mesh_get_store (PracticeMesh *self)
{
  g_return_val_if_fail (PRACTICE_IS_MESH (self), NULL);

  return self->store;
}

/**
 * practice_mesh_get_fabric:
 * @self: the mesh
 *
 * Returns: (transfer none): the network between pods
 */
PracticeFabric *
practice_mesh_get_fabric (PracticeMesh *self)
{
  g_return_val_if_fail (PRACTICE_IS_MESH (self), NULL);

  return self->fabric;
}

/**
 * practice_mesh_get_random:
 * @self: the mesh
 *
 * Returns: (transfer none): what weights and percentages are drawn by
 */
GRand *
practice_mesh_get_random (PracticeMesh *self)
{
  g_return_val_if_fail (PRACTICE_IS_MESH (self), NULL);

  return self->random;
}

/**
 * practice_mesh_get_telemetry:
 * @self: the mesh
 *
 * Returns: (transfer none): what the proxies saw
 */
PracticeMeshTelemetry *
practice_mesh_get_telemetry (PracticeMesh *self)
{
  g_return_val_if_fail (PRACTICE_IS_MESH (self), NULL);

  return self->telemetry;
}

/**
 * practice_mesh_get_config:
 * @self: the mesh
 *
 * Returns: (transfer none): what the proxies go by now
 */
PracticeMeshConfig *
practice_mesh_get_config (PracticeMesh *self)
{
  g_return_val_if_fail (PRACTICE_IS_MESH (self), NULL);

  return self->config;
}

/**
 * practice_mesh_is_synced:
 * @self: the mesh
 *
 * Returns: whether no change is on its way to the proxies
 */
gboolean
practice_mesh_is_synced (PracticeMesh *self)
{
  g_return_val_if_fail (PRACTICE_IS_MESH (self), FALSE);

  return self->collect_id == 0 && g_queue_is_empty (&self->pushes);
}

static guint
take_turn (PracticeMesh *self, const char *proxy, const char *upstream)
{
  g_autofree char *key = g_strconcat (proxy, " ", upstream, NULL);
  guint turn = GPOINTER_TO_UINT (g_hash_table_lookup (self->turns, key));

  if (turn == 0 && g_hash_table_size (self->turns) >= TURN_LIMIT)
    g_hash_table_remove_all (self->turns);
  g_hash_table_insert (self->turns, g_steal_pointer (&key), GUINT_TO_POINTER (turn + 1));
  return turn;
}

/**
 * practice_mesh_get_breakers:
 * @self: the mesh
 *
 * Returns: (transfer none): the circuit breakers of its proxies
 */
PracticeMeshBreakers *
practice_mesh_get_breakers (PracticeMesh *self)
{
  g_return_val_if_fail (PRACTICE_IS_MESH (self), NULL);

  return self->breakers;
}

static char *
dup_proxy (JsonNode *pod)
{
  return g_strconcat (base_metadata_get_namespace (pod), "/", base_metadata_get_name (pod), NULL);
}

/**
 * practice_mesh_count_answer:
 * @self: the mesh
 * @pod: whose proxy asked
 * @upstream: what it asked
 * @endpoint: the pod of @upstream that it asked
 * @status: of the answer; 503 or 504 where there was none
 *
 * Has pods that fail left out where a DestinationRule asks for it.
 */
void
practice_mesh_count_answer (PracticeMesh *self,
                            JsonNode *pod,
                            PracticeMeshUpstream *upstream,
                            PracticeMeshEndpoint *endpoint,
                            guint status)
{
  JsonNode *policy;
  g_autofree char *proxy = NULL;

  g_return_if_fail (PRACTICE_IS_MESH (self));

  policy = practice_mesh_config_find_policy (self->config, base_metadata_get_namespace (pod),
                                             upstream->host, upstream->subset, "outlierDetection");
  if (policy == NULL)
    return;
  proxy = dup_proxy (pod);
  practice_mesh_outliers_count (self->outliers, proxy, upstream, endpoint, policy, status);
}

/**
 * practice_mesh_is_ejected:
 * @self: the mesh
 * @pod: whose proxy it is
 * @upstream: an upstream
 * @endpoint: a pod of it
 *
 * Returns: whether the proxy leaves that pod out now
 */
gboolean
practice_mesh_is_ejected (PracticeMesh *self,
                          JsonNode *pod,
                          PracticeMeshUpstream *upstream,
                          PracticeMeshEndpoint *endpoint)
{
  g_autofree char *proxy = NULL;

  g_return_val_if_fail (PRACTICE_IS_MESH (self), FALSE);

  proxy = dup_proxy (pod);
  return practice_mesh_outliers_is_ejected (self->outliers, proxy, upstream, endpoint);
}

/**
 * practice_mesh_is_mutual_tls:
 * @self: the mesh
 * @pod: whose proxy asks
 * @upstream: (nullable): where it sends to
 *
 * Returns: whether a DestinationRule says that both are to show certificates of the mesh
 */
gboolean
practice_mesh_is_mutual_tls (PracticeMesh *self, JsonNode *pod, PracticeMeshUpstream *upstream)
{
  JsonNode *policy;

  g_return_val_if_fail (PRACTICE_IS_MESH (self), FALSE);

  if (upstream == NULL)
    return FALSE;
  policy = practice_mesh_config_find_policy (self->config, base_metadata_get_namespace (pod),
                                             upstream->host, upstream->subset, "tls");
  return g_strcmp0 (base_json_get_string (policy, "mode", NULL), "ISTIO_MUTUAL") == 0;
}

/**
 * practice_mesh_next_endpoint:
 * @self: the mesh
 * @proxy: "NAMESPACE/POD" of the proxy that asks
 * @namespace_: the proxy's
 * @upstream: where a request is to go
 *
 * Each proxy takes the pods of an upstream in turn, unless a DestinationRule asks for random ones,
 * and leaves those out that failed where one asks for that.
 *
 * Returns: (transfer none) (nullable): one of @upstream's; %NULL: it has none
 */
PracticeMeshEndpoint *
practice_mesh_next_endpoint (PracticeMesh *self,
                             const char *proxy,
                             const char *namespace_,
                             PracticeMeshUpstream *upstream)
{
  g_autoptr (GPtrArray) healthy = NULL;
  guint n_endpoints;
  JsonNode *policy;
  const char *simple;
  gboolean in_turn;

  g_return_val_if_fail (PRACTICE_IS_MESH (self), NULL);

  policy = practice_mesh_config_find_policy (self->config, namespace_, upstream->host,
                                             upstream->subset, "outlierDetection");
  healthy = practice_mesh_outliers_list_healthy (self->outliers, proxy, upstream, policy);
  n_endpoints = healthy->len;
  if (n_endpoints < 2)
    return n_endpoints == 1 ? healthy->pdata[0] : NULL;
  policy = practice_mesh_config_find_policy (self->config, namespace_, upstream->host,
                                             upstream->subset, "loadBalancer");
  simple = base_json_get_string (policy, "simple", NULL);
  in_turn = simple != NULL
              ? g_str_equal (simple, "ROUND_ROBIN")
              : practice_mesh_config_get_minor (self->config) < FIRST_WITH_LEAST_REQUEST;
  return healthy->pdata[in_turn ? take_turn (self, proxy, upstream->name) % n_endpoints
                                : (guint)g_rand_int_range (self->random, 0, (gint32)n_endpoints)];
}
