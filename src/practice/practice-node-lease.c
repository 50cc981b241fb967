/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-node-lease.h"

#include "base-json.h"
#include "base-metadata.h"
#include "practice-cells.h"
#include "practice-kinds.h"
#include "practice-object.h"

#define LEASES "coordination.k8s.io/leases"
#define NAMESPACE "kube-node-lease"
#define RENEW_SECONDS 10
#define DURATION_SECONDS 40

static const PracticeColumn columns[] = {
  { "Name", "string", "name", 0 },
  { "Holder", "string", "", 0 },
  { "Age", "string", "", 0 },
  { NULL },
};

static void
add_cells (JsonNode *lease, JsonArray *cells)
{
  const char *holder = base_json_get_string (lease, "spec", "holderIdentity", NULL);

  practice_cells_add_name (cells, lease);
  json_array_add_string_element (cells, holder != NULL ? holder : "");
  practice_cells_add_age (cells, lease);
}

/* When the kubelet of @node last renewed it, had it done so every ten seconds: each kubelet at
 * another moment. */
static char *
dup_renew_time (const char *node)
{
  const gint64 period = RENEW_SECONDS * G_TIME_SPAN_SECOND;
  gint64 now = g_get_real_time ();
  gint64 last = now - (now + g_str_hash (node)) % period;
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_utc (last / G_TIME_SPAN_SECOND);
  g_autofree char *seconds = g_date_time_format (time, "%Y-%m-%dT%H:%M:%S");

  return g_strdup_printf ("%s.%06dZ", seconds, (int)(last % G_TIME_SPAN_SECOND));
}

static void
set_renew_time (JsonNode *lease)
{
  g_autofree char *time = dup_renew_time (base_metadata_get_name (lease));

  json_object_set_string_member (practice_object_ensure (lease, "spec", NULL), "renewTime", time);
}

static void
complete (JsonNode *lease)
{
  if (g_strcmp0 (base_metadata_get_namespace (lease), NAMESPACE) == 0 &&
      base_json_get (lease, "spec", "renewTime", NULL) == NULL)
    set_renew_time (lease);
}

/* The second of when a kubelet last told how its node is; for one that is not heard of any more,
 * the Lease's duration before that was noticed. */
static char *
dup_heartbeat (JsonNode *node, const char *changed, gboolean is_heard)
{
  g_autoptr (GDateTime) noticed = NULL;
  g_autoptr (GDateTime) last = NULL;
  g_autofree char *renewed = NULL;

  if (is_heard) {
    renewed = dup_renew_time (base_metadata_get_name (node));
    return g_strdup_printf ("%.19sZ", renewed);
  }
  noticed = changed != NULL ? g_date_time_new_from_iso8601 (changed, NULL) : NULL;
  last = noticed != NULL ? g_date_time_add_seconds (noticed, -DURATION_SECONDS) : NULL;

  return last != NULL ? g_date_time_format (last, "%Y-%m-%dT%H:%M:%SZ") : NULL;
}

/**
 * practice_node_lease_complete_conditions:
 * @node: a Node that is to be shown, changed in place
 *
 * Says of each condition when the node's kubelet last told it, and since when it is so. That is not
 * kept, since it would be a write every few seconds.
 */
void
practice_node_lease_complete_conditions (JsonNode *node)
{
  JsonArray *conditions = base_json_get_array (node, "status", "conditions", NULL);
  const char *created = base_json_get_string (node, "metadata", "creationTimestamp", NULL);

  for (guint i = 0; i < base_json_get_length (conditions); i++) {
    JsonObject *condition = json_array_get_object_element (conditions, i);
    const char *status = json_object_get_string_member_with_default (condition, "status", "");
    const char *changed =
      json_object_get_string_member_with_default (condition, "lastTransitionTime", created);
    g_autofree char *heartbeat = dup_heartbeat (node, changed, !g_str_equal (status, "Unknown"));

    if (heartbeat != NULL)
      json_object_set_string_member (condition, "lastHeartbeatTime", heartbeat);
    if (changed != NULL && !json_object_has_member (condition, "lastTransitionTime"))
      json_object_set_string_member (condition, "lastTransitionTime", changed);
  }
}

/**
 * practice_node_lease_ensure:
 * @store: the cluster's objects
 * @node: a stored Node
 *
 * Makes its Lease, which goes when the node does.
 */
void
practice_node_lease_ensure (PracticeStore *store, JsonNode *node)
{
  const char *name = base_metadata_get_name (node);
  g_autoptr (JsonNode) lease = NULL;
  JsonObject *spec;

  if (practice_store_get (store, LEASES, NAMESPACE, name) != NULL)
    return;
  lease = practice_object_new ("coordination.k8s.io/v1", "Lease", NAMESPACE, name);
  practice_object_set_owner (lease, node);
  spec = practice_object_ensure (lease, "spec", NULL);
  json_object_set_string_member (spec, "holderIdentity", name);
  json_object_set_int_member (spec, "leaseDurationSeconds", DURATION_SECONDS);
  practice_store_create (store, LEASES, g_steal_pointer (&lease), NULL);
}

/**
 * practice_node_lease_stop:
 * @store: the cluster's objects
 * @node: name of a node
 *
 * Its kubelet has renewed its Lease for the last time.
 */
void
practice_node_lease_stop (PracticeStore *store, const char *node)
{
  JsonNode *lease = practice_store_get (store, LEASES, NAMESPACE, node);
  g_autoptr (JsonNode) next = NULL;

  if (lease == NULL)
    return;
  next = base_json_copy (lease);
  set_renew_time (next);
  practice_store_update (store, LEASES, g_steal_pointer (&next), NULL, NULL);
}

/**
 * practice_node_lease_resume:
 * @store: the cluster's objects
 * @node: name of a node
 *
 * Its kubelet renews its Lease again.
 */
void
practice_node_lease_resume (PracticeStore *store, const char *node)
{
  JsonNode *lease = practice_store_get (store, LEASES, NAMESPACE, node);
  g_autoptr (JsonNode) next = NULL;

  if (lease == NULL)
    return;
  next = base_json_copy (lease);
  json_object_remove_member (practice_object_ensure (next, "spec", NULL), "renewTime");
  practice_store_update (store, LEASES, g_steal_pointer (&next), NULL, NULL);
}

const PracticeKind practice_lease_kind = {
  .group = "coordination.k8s.io",
  .plural = "leases",
  .singular = "lease",
  .kind = "Lease",
  .versions = { "v1" },
  .types = { "Lease" },
  .namespaced = TRUE,
  .complete = complete,
  .columns = columns,
  .add_cells = add_cells,
};
