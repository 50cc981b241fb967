/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-pod-addresses.h"

#include "base-json.h"
#include "practice-cidr.h"

/* Pods live in 10.4.0.0/16, .1 of each /24 left out as a router's. A node has one /24 of it. */
#define POD_NETWORK 0x0a040000u
#define N_RANGES 254
#define N_IN_RANGE 253

static GHashTable *
collect_used (GPtrArray *pods)
{
  GHashTable *used = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < pods->len; i++) {
    const char *ip = base_json_get_string (g_ptr_array_index (pods, i), "status", "podIP", NULL);

    if (ip != NULL)
      g_hash_table_add (used, (char *)ip);
  }

  return used;
}

/* The third number of the addresses of @node; FALSE where it has no range within that of all pods,
 * as one that was made before there were such. */
static gboolean
get_range (JsonNode *node, guint *range)
{
  const char *cidr = base_json_get_string (node, "spec", "podCIDR", NULL);
  g_autoptr (GInetAddressMask) mask = cidr != NULL ? practice_cidr_parse (cidr) : NULL;
  const guint8 *bytes;

  if (mask == NULL || g_inet_address_mask_get_family (mask) != G_SOCKET_FAMILY_IPV4 ||
      g_inet_address_mask_get_length (mask) != 24)
    return FALSE;
  bytes = g_inet_address_to_bytes (g_inet_address_mask_get_address (mask));
  *range = bytes[2];

  return bytes[0] == (POD_NETWORK >> 24) && bytes[1] == (POD_NETWORK >> 16 & 0xff);
}

/* (nullable): @count addresses from @first on, in turn */
static char *
find_free (GHashTable *used, guint first, guint count, guint *turn)
{
  for (guint i = 0; i < count; i++) {
    guint number = first + (*turn)++ % count;
    char *address = g_strdup_printf ("%u.%u.%u.%u", POD_NETWORK >> 24, POD_NETWORK >> 16 & 0xff,
                                     number / N_IN_RANGE, number % N_IN_RANGE + 2);

    if (!g_hash_table_contains (used, address))
      return address;
    g_free (address);
  }

  return NULL;
}

/**
 * practice_pod_addresses_dup_free:
 * @store: the cluster's objects
 * @node: (nullable): the node of the pod
 * @turn: (inout): how many were given out before
 *
 * Returns: (transfer full) (nullable): an address that no pod has
 */
char *
practice_pod_addresses_dup_free (PracticeStore *store, JsonNode *node, guint *turn)
{
  g_autoptr (GPtrArray) pods = practice_store_list (store, "/pods", NULL);
  g_autoptr (GHashTable) used = collect_used (pods);
  char *address = NULL;
  guint range;

  if (get_range (node, &range))
    address = find_free (used, range * N_IN_RANGE, N_IN_RANGE, turn);

  return address != NULL ? address : find_free (used, 0, N_RANGES * N_IN_RANGE, turn);
}
