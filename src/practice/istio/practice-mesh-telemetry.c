/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-mesh-telemetry.h"

#include "base-json.h"
#include "base-metadata.h"

#define REPLICA_SETS "apps/replicasets"
#define UNKNOWN "unknown"

/* How many requests are remembered, and of how many kinds: a window is exact until so many came
 * within it. */
#define RECORD_LIMIT 65536
#define FLOW_LIMIT 2048

/* Where a service's response time is read off: Kiali shows the 95th percentile. */
#define PERCENTILE 95

typedef struct {
  gint64 time; /* monotonic */
  guint flow;
  guint duration; /* microseconds */
} Record;

struct _PracticeMeshTelemetry {
  GObject parent_instance;

  PracticeStore *store;
  GPtrArray *flows;  /* of PracticeMeshFlow */
  GHashTable *index; /* key to position in flows plus 1 */
  GArray *records;   /* of Record, a ring once it is full */
  guint next;        /* in records: the oldest */
};

G_DEFINE_FINAL_TYPE (PracticeMeshTelemetry, practice_mesh_telemetry, G_TYPE_OBJECT)

static void
practice_mesh_telemetry_finalize (GObject *object)
{
  PracticeMeshTelemetry *self = PRACTICE_MESH_TELEMETRY (object);

  g_hash_table_unref (self->index);
  g_ptr_array_unref (self->flows);
  g_array_unref (self->records);
  g_clear_object (&self->store);

  G_OBJECT_CLASS (practice_mesh_telemetry_parent_class)->finalize (object);
}

static void
practice_mesh_telemetry_class_init (PracticeMeshTelemetryClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = practice_mesh_telemetry_finalize;
}

static void
practice_mesh_telemetry_init (PracticeMeshTelemetry *self)
{
  self->flows = g_ptr_array_new_with_free_func (g_free);
  self->index = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->records = g_array_new (FALSE, FALSE, sizeof (Record));
}

/**
 * practice_mesh_telemetry_new:
 * @store: where pods' owners are
 *
 * Returns: (transfer full): telemetry of no traffic yet
 */
PracticeMeshTelemetry *
practice_mesh_telemetry_new (PracticeStore *store)
{
  PracticeMeshTelemetry *self = g_object_new (PRACTICE_TYPE_MESH_TELEMETRY, NULL);

  self->store = g_object_ref (store);
  return self;
}

/* The name of the controller of @object, of @kind. */
static const char *
get_controller (JsonNode *object, const char *kind)
{
  JsonArray *owners = base_json_get_array (object, "metadata", "ownerReferences", NULL);
  guint n_owners = base_json_get_length (owners);

  for (guint i = 0; i < n_owners; i++) {
    JsonNode *owner = json_array_get_element (owners, i);

    if (base_json_get_boolean (owner, FALSE, "controller", NULL) &&
        g_strcmp0 (base_json_get_string (owner, "kind", NULL), kind) == 0)
      return base_json_get_string (owner, "name", NULL);
  }
  return NULL;
}

/* A Deployment, a bare ReplicaSet or a bare pod. */
static const char *
get_workload (PracticeMeshTelemetry *self, JsonNode *pod)
{
  const char *namespace_ = base_metadata_get_namespace (pod);
  const char *set = get_controller (pod, "ReplicaSet");
  JsonNode *object =
    set != NULL ? practice_store_get (self->store, REPLICA_SETS, namespace_, set) : NULL;
  const char *deployment = object != NULL ? get_controller (object, "Deployment") : NULL;

  if (deployment != NULL)
    return deployment;
  return set != NULL ? set : base_metadata_get_name (pod);
}

static const char *
intern (const char *text)
{
  return text != NULL ? g_intern_string (text) : UNKNOWN;
}

/**
 * practice_mesh_telemetry_get_party:
 * @self: telemetry
 * @pod: (nullable): a pod; %NULL: somebody who has no proxy
 * @party: (out caller-allocates): whose traffic it counts as
 */
void
practice_mesh_telemetry_get_party (PracticeMeshTelemetry *self,
                                   JsonNode *pod,
                                   PracticeMeshParty *party)
{
  party->namespace_ = intern (base_metadata_get_namespace (pod));
  party->workload = intern (pod != NULL ? get_workload (self, pod) : NULL);
  party->app = intern (base_metadata_get_label (pod, "app"));
  party->version = intern (base_metadata_get_label (pod, "version"));
}

static char *
make_key (const PracticeMeshFlow *flow)
{
  const PracticeMeshParty *from = &flow->source;
  const PracticeMeshParty *to = &flow->destination;

  return g_strdup_printf ("%s|%s|%s|%s|%s|%s|%s|%s|%s|%u|%s|%d", from->namespace_, from->workload,
                          from->app, from->version, to->namespace_, to->workload, to->app,
                          to->version, flow->service != NULL ? flow->service : "", flow->status,
                          flow->flags, flow->is_mutual_tls);
}

/* FALSE: there are too many kinds. */
static gboolean
find_flow (PracticeMeshTelemetry *self, const PracticeMeshFlow *flow, guint *position)
{
  g_autofree char *key = make_key (flow);
  guint found = GPOINTER_TO_UINT (g_hash_table_lookup (self->index, key));

  if (found == 0 && self->flows->len >= FLOW_LIMIT)
    return FALSE;
  if (found == 0) {
    g_ptr_array_add (self->flows, g_memdup2 (flow, sizeof *flow));
    found = self->flows->len;
    g_hash_table_insert (self->index, g_steal_pointer (&key), GUINT_TO_POINTER (found));
  }
  *position = found - 1;
  return TRUE;
}

/**
 * practice_mesh_telemetry_record:
 * @self: telemetry
 * @source_pod: (nullable): the pod whose proxy sent the request; %NULL: it has none
 * @destination_pod: (nullable): the pod that answered, or was the last to be tried
 * @service: (nullable): the fully qualified name of what was called
 * @status: of HTTP; 0: the caller went before there was one
 * @flags: (nullable): why the proxy answered itself
 * @is_mutual_tls: whether proxies at both ends were to encrypt
 * @duration: microseconds
 *
 * Counts a request.
 */
void
practice_mesh_telemetry_record (PracticeMeshTelemetry *self,
                                JsonNode *source_pod,
                                JsonNode *destination_pod,
                                const char *service,
                                guint status,
                                const char *flags,
                                gboolean is_mutual_tls,
                                gint64 duration)
{
  PracticeMeshFlow flow = {
    .service = service != NULL ? g_intern_string (service) : NULL,
    .status = status,
    .flags = flags != NULL ? g_intern_string (flags) : "-",
    .is_mutual_tls = is_mutual_tls,
  };
  Record record = { g_get_monotonic_time (), 0, (guint)CLAMP (duration, 0, G_MAXINT) };

  g_return_if_fail (PRACTICE_IS_MESH_TELEMETRY (self));

  practice_mesh_telemetry_get_party (self, source_pod, &flow.source);
  practice_mesh_telemetry_get_party (self, destination_pod, &flow.destination);
  if (!find_flow (self, &flow, &record.flow))
    return;
  if (self->records->len < RECORD_LIMIT) {
    g_array_append_val (self->records, record);
    return;
  }
  g_array_index (self->records, Record, self->next) = record;
  self->next = (self->next + 1) % RECORD_LIMIT;
}

static int
compare_durations (gconstpointer a, gconstpointer b)
{
  guint first = *(const guint *)a;
  guint second = *(const guint *)b;

  return first < second ? -1 : first > second;
}

static guint64
get_percentile (GArray *durations)
{
  if (durations->len == 0)
    return 0;
  g_array_sort (durations, compare_durations);
  return g_array_index (durations, guint, (durations->len - 1) * PERCENTILE / 100);
}

/**
 * practice_mesh_telemetry_dup_traffic:
 * @self: telemetry
 * @seconds: a window that ends now
 *
 * Returns: (transfer full) (element-type PracticeMeshTraffic): all kinds of traffic seen so far, in
 *   the order in which they were first seen, with what flowed within the window; valid as long as
 *   @self
 */
GPtrArray *
practice_mesh_telemetry_dup_traffic (PracticeMeshTelemetry *self, guint seconds)
{
  gint64 since = g_get_monotonic_time () - (gint64)seconds * G_USEC_PER_SEC;
  g_autoptr (GPtrArray) durations = NULL;
  GPtrArray *traffic = g_ptr_array_new_with_free_func (g_free);

  g_return_val_if_fail (PRACTICE_IS_MESH_TELEMETRY (self), traffic);

  durations = g_ptr_array_new_with_free_func ((GDestroyNotify)g_array_unref);
  for (guint i = 0; i < self->flows->len; i++)
    g_ptr_array_add (durations, g_array_new (FALSE, FALSE, sizeof (guint)));
  for (guint i = 0; i < self->records->len; i++) {
    const Record *record = &g_array_index (self->records, Record, i);

    if (record->time >= since)
      g_array_append_val ((GArray *)durations->pdata[record->flow], record->duration);
  }
  for (guint i = 0; i < self->flows->len; i++) {
    PracticeMeshTraffic *found = g_new0 (PracticeMeshTraffic, 1);
    GArray *own = durations->pdata[i];

    found->flow = self->flows->pdata[i];
    found->n_requests = own->len;
    found->duration = get_percentile (own);
    g_ptr_array_add (traffic, found);
  }
  return traffic;
}
