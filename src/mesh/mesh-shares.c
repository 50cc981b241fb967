/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "mesh-shares.h"

#include <glib/gi18n-lib.h>

#include "base-json.h"
#include "base-metadata.h"
#include "mesh-destination-rule.h"

static gint64
get_weight (JsonNode *entry, guint n_entries)
{
  gint64 weight = base_json_get_int (entry, 0, "weight", NULL);

  /* a lone destination gets everything, whatever is written
   * (https://github.com/istio/istio/blob/1.4.0/pilot/pkg/networking/core/v1alpha3/route/route.go)
   */
  return n_entries == 1 ? 100 : CLAMP (weight, 0, G_MAXINT32);
}

static gboolean
is_own_host (JsonNode *object, const char *host)
{
  const char *namespace_ = base_metadata_get_namespace (object);
  JsonArray *hosts = base_json_get_array (object, "spec", "hosts", NULL);
  guint n_hosts = base_json_get_length (hosts);

  for (guint i = 0; i < n_hosts; i++) {
    const char *own = base_json_get_string (json_array_get_element (hosts, i), NULL);

    if (own != NULL && mesh_host_equal (own, namespace_, host, namespace_))
      return TRUE;
  }
  return FALSE;
}

/**
 * mesh_shares_dup_name:
 * @object: a VirtualService
 * @destination: (nullable): a destination in it
 *
 * Returns: (transfer full): "v1"; "v1 of ratings" where that is not the host of @object; the host
 *   where no version is named
 */
char *
mesh_shares_dup_name (JsonNode *object, JsonNode *destination)
{
  const char *host = base_json_get_string (destination, "host", NULL);
  const char *subset = base_json_get_string (destination, "subset", NULL);

  if (host == NULL)
    host = "?";
  if (subset == NULL || *subset == '\0')
    return g_strdup (host);
  if (is_own_host (object, host))
    return g_strdup (subset);
  /* Translators: a version of another service, "v1 of ratings" */
  return g_strdup_printf (_ ("%s of %s"), subset, host);
}

/* A share in per cent of the whole: a whole number where it is one, else one digit more. */
static char *
dup_share (double weight, double total, const char *name)
{
  double share = weight * 100 / total;
  int rounded = (int)(share + 0.5);

  if (ABS (share - rounded) < 0.05)
    /* Translators: the share of the requests that a version gets, "70 % v1" */
    return g_strdup_printf (_ ("%d %% %s"), rounded, name);
  /* Translators: the share of the requests that a version gets, "33.3 % v1" */
  return g_strdup_printf (_ ("%.1f %% %s"), share, name);
}

/**
 * mesh_shares_read:
 * @object: a VirtualService
 * @route: an HTTP, TCP or TLS route of it
 * @words: (out) (nullable): who gets what; those with the weight 0 get nothing and are not named
 */
MeshShares
mesh_shares_read (JsonNode *object, JsonNode *route, char **words)
{
  JsonArray *entries = base_json_get_array (route, "route", NULL);
  guint n_entries = base_json_get_length (entries);
  g_autoptr (GPtrArray) shares = g_ptr_array_new_with_free_func (g_free);
  double total = 0;

  *words = NULL;
  for (guint i = 0; i < n_entries; i++)
    total += (double)get_weight (json_array_get_element (entries, i), n_entries);
  for (guint i = 0; i < n_entries; i++) {
    JsonNode *entry = json_array_get_element (entries, i);
    double weight = (double)get_weight (entry, n_entries);
    g_autofree char *name =
      mesh_shares_dup_name (object, base_json_get (entry, "destination", NULL));

    if (weight == total && total > 0) {
      *words = g_steal_pointer (&name);
      return MESH_SHARES_ONE;
    }
    if (weight > 0)
      g_ptr_array_add (shares, dup_share (weight, total, name));
  }
  if (shares->len == 0)
    return MESH_SHARES_NONE;
  g_ptr_array_add (shares, NULL);
  /* Translators: between the versions that share the requests, "70 % v1, 30 % v3" */
  *words = g_strjoinv (_ (", "), (char **)shares->pdata);
  return MESH_SHARES_MANY;
}
