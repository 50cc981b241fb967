/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-mesh-outliers.h"

#include "base-json.h"
#include "practice-mesh-duration.h"

/* Defaults of the DestinationRule of 1.3
 * (https://istio.io/v1.3/docs/reference/config/networking/v1alpha3/destination-rule/#OutlierDetection).
 */
#define EJECTION_SECONDS 30
#define MAX_EJECTION_PERCENT 10
#define MIN_HEALTH_PERCENT 50
#define CONSECUTIVE_ERRORS 5

/* Proxies, upstreams and pods that are remembered. */
#define RECORD_LIMIT 4096

struct _PracticeMeshOutliers {
  GHashTable *records; /* "proxy upstream address:port" to Record */
};

typedef struct {
  guint n_errors;    /* one after the other */
  guint n_ejections; /* each is longer than the one before */
  gint64 until;      /* monotonic time; 0: never was ejected */
} Record;

static char *
make_key (const char *proxy, PracticeMeshUpstream *upstream, PracticeMeshEndpoint *endpoint)
{
  return g_strdup_printf ("%s %s %s:%u", proxy, upstream->name, endpoint->address, endpoint->port);
}

/**
 * practice_mesh_outliers_new:
 *
 * Returns: (transfer full): a memory in which nobody failed
 */
PracticeMeshOutliers *
practice_mesh_outliers_new (void)
{
  PracticeMeshOutliers *self = g_new (PracticeMeshOutliers, 1);

  self->records = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  return self;
}

/**
 * practice_mesh_outliers_free:
 * @self: (transfer full): a memory
 */
void
practice_mesh_outliers_free (PracticeMeshOutliers *self)
{
  g_hash_table_unref (self->records);
  g_free (self);
}

static guint
count_ejected (PracticeMeshOutliers *self, const char *proxy, PracticeMeshUpstream *upstream)
{
  guint count = 0;

  for (guint i = 0; i < upstream->endpoints->len; i++)
    if (practice_mesh_outliers_is_ejected (self, proxy, upstream, upstream->endpoints->pdata[i]))
      count++;
  return count;
}

static Record *
ensure_record (PracticeMeshOutliers *self, char *owned_key)
{
  Record *record = g_hash_table_lookup (self->records, owned_key);

  if (record != NULL) {
    g_free (owned_key);
    return record;
  }
  if (g_hash_table_size (self->records) >= RECORD_LIMIT)
    g_hash_table_remove_all (self->records);
  record = g_new0 (Record, 1);
  g_hash_table_insert (self->records, owned_key, record);
  return record;
}

/* consecutiveErrors are gateway errors to Istio 1.3; the others have names of their own since. */
static gboolean
is_failure (JsonNode *policy, guint status, guint *limit)
{
  gint64 any = base_json_get_int (policy, 0, "consecutive5xxErrors", NULL);
  gint64 gateway = base_json_get_int (policy, 0, "consecutiveGatewayErrors", NULL);

  if (gateway == 0)
    gateway =
      base_json_get_int (policy, any == 0 ? CONSECUTIVE_ERRORS : 0, "consecutiveErrors", NULL);
  *limit = (guint)CLAMP (any != 0 ? any : gateway, 1, G_MAXINT32);
  return any != 0 ? status >= 500 : status >= 502 && status <= 504;
}

/**
 * practice_mesh_outliers_count:
 * @self: a memory
 * @proxy: "NAMESPACE/POD" of the proxy that asked
 * @upstream: what it asked
 * @endpoint: the pod that it asked
 * @policy: an outlierDetection of a DestinationRule
 * @status: of the answer; 503 and 504 where there was none
 *
 * A pod that fails so often, one time after the other, is left out, longer each time; not more of
 * them at once than the policy lets, but one always.
 */
void
practice_mesh_outliers_count (PracticeMeshOutliers *self,
                              const char *proxy,
                              PracticeMeshUpstream *upstream,
                              PracticeMeshEndpoint *endpoint,
                              JsonNode *policy,
                              guint status)
{
  Record *record = ensure_record (self, make_key (proxy, upstream, endpoint));
  gint64 base = EJECTION_SECONDS * G_USEC_PER_SEC;
  guint limit;
  guint percent;

  if (!is_failure (policy, status, &limit)) {
    record->n_errors = 0;
    return;
  }
  record->n_errors++;
  percent = count_ejected (self, proxy, upstream) * 100 / MAX (upstream->endpoints->len, 1);
  if (record->n_errors < limit ||
      percent >= base_json_get_int (policy, MAX_EJECTION_PERCENT, "maxEjectionPercent", NULL))
    return;
  if (base_json_get_string (policy, "baseEjectionTime", NULL) != NULL)
    practice_mesh_duration_parse (base_json_get_string (policy, "baseEjectionTime", NULL), &base);
  record->n_errors = 0;
  record->n_ejections++;
  record->until = g_get_monotonic_time () + base * record->n_ejections;
}

/**
 * practice_mesh_outliers_is_ejected:
 * @self: a memory
 * @proxy: "NAMESPACE/POD" of a proxy
 * @upstream: an upstream
 * @endpoint: one of its pods
 *
 * Returns: whether the proxy leaves the pod out now
 */
gboolean
practice_mesh_outliers_is_ejected (PracticeMeshOutliers *self,
                                   const char *proxy,
                                   PracticeMeshUpstream *upstream,
                                   PracticeMeshEndpoint *endpoint)
{
  g_autofree char *key = make_key (proxy, upstream, endpoint);
  const Record *record = g_hash_table_lookup (self->records, key);

  return record != NULL && record->until > g_get_monotonic_time ();
}

/**
 * practice_mesh_outliers_list_healthy:
 * @self: a memory
 * @proxy: "NAMESPACE/POD" of a proxy
 * @upstream: an upstream
 * @policy: (nullable): the outlierDetection for it
 *
 * Where too few are left all are asked, since it is then hardly the pods' fault.
 *
 * Returns: (transfer container) (element-type PracticeMeshEndpoint): whom the proxy asks
 */
GPtrArray *
practice_mesh_outliers_list_healthy (PracticeMeshOutliers *self,
                                     const char *proxy,
                                     PracticeMeshUpstream *upstream,
                                     JsonNode *policy)
{
  GPtrArray *healthy = g_ptr_array_new ();
  guint n_endpoints = upstream->endpoints->len;

  for (guint i = 0; i < n_endpoints; i++)
    if (policy == NULL ||
        !practice_mesh_outliers_is_ejected (self, proxy, upstream, upstream->endpoints->pdata[i]))
      g_ptr_array_add (healthy, upstream->endpoints->pdata[i]);
  if (healthy->len == n_endpoints ||
      healthy->len * 100 >=
        n_endpoints * base_json_get_int (policy, MIN_HEALTH_PERCENT, "minHealthPercent", NULL))
    return healthy;
  g_ptr_array_unref (healthy);
  return g_ptr_array_copy (upstream->endpoints, NULL, NULL);
}
