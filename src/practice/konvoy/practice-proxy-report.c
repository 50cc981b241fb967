/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-proxy-report.h"

#include "base-condition.h"
#include "base-json.h"
#include "base-metadata.h"
#include "practice-gateway.h"
#include "practice-mesh-pilot.h"
#include "practice-object.h"
#include "practice-proxy-config.h"
#include "practice-sidecar.h"

#define PODS "/pods"
#define GATEWAYS "networking.istio.io/gateways"
#define NAMESPACE "istio-system"
#define VERSION "1.3.3"

/* A gateway without a Gateway has no routes. */
static gboolean
has_routes (PracticeStore *store, JsonNode *pod)
{
  g_autoptr (GPtrArray) gateways = NULL;

  if (!practice_gateway_is_one (pod))
    return TRUE;
  gateways = practice_store_list (store, GATEWAYS, NULL);
  for (guint i = 0; i < gateways->len; i++) {
    JsonObject *selector =
      base_json_get_object (g_ptr_array_index (gateways, i), "spec", "selector", NULL);

    if (selector == NULL || practice_object_matches_labels (pod, selector))
      return TRUE;
  }

  return FALSE;
}

/**
 * practice_proxy_report_new:
 * @store: the cluster's objects
 * @mesh: what the proxies go by
 *
 * Returns: (transfer floating): which proxies there are, gateways and sidecars, and what Pilot has
 *   sent them
 */
GVariant *
practice_proxy_report_new (PracticeStore *store, PracticeMesh *mesh)
{
  g_autoptr (GPtrArray) pods = practice_store_list (store, PODS, NULL);
  g_auto (GVariantBuilder) proxies = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("a(ss)"));
  JsonNode *pilot = practice_mesh_pilot_find (store);
  const char *pilot_name = base_metadata_get_name (pilot);

  for (guint i = 0; i < pods->len; i++) {
    JsonNode *pod = g_ptr_array_index (pods, i);
    const char *name = base_metadata_get_name (pod);
    const char *namespace_ = base_metadata_get_namespace (pod);
    g_autofree char *full = g_strdup_printf ("%s.%s", name, namespace_);

    if (!base_condition_is_true (pod, "Ready"))
      continue;
    if (practice_gateway_is_one (pod) ||
        (g_strcmp0 (namespace_, NAMESPACE) != 0 && practice_sidecar_is_in (pod)))
      g_variant_builder_add (&proxies, "(ss)", full,
                             has_routes (store, pod) ? "SYNCED" : "NOT SENT");
  }

  return g_variant_new_parsed ("{'op': <'proxies'>, 'pilot': <%s>, 'version': <%s>, "
                               "'synced': <%b>, 'proxies': <%*>}",
                               pilot_name != NULL ? pilot_name : "", VERSION,
                               practice_mesh_is_synced (mesh), g_variant_builder_end (&proxies));
}

/* One line a row. */
static GStrv
dup_rows (PracticeMesh *mesh, PracticeMeshConfig *config, JsonNode *pod, PracticeProxyPart part)
{
  g_autoptr (GPtrArray) rows = practice_proxy_config_list (mesh, config, pod, part);
  g_autoptr (GStrvBuilder) lines = g_strv_builder_new ();

  for (guint i = 0; i < rows->len; i++) {
    g_autofree char *line = g_strjoinv ("  ", rows->pdata[i]);

    g_strv_builder_add (lines, line);
  }
  return g_strv_builder_end (lines);
}

static void
add_missing (GStrvBuilder *lines, const char *mark, GStrv from, GStrv in)
{
  for (guint i = 0; from[i] != NULL; i++) {
    g_autofree char *line = g_strconcat (mark, from[i], NULL);

    if (!g_strv_contains ((const char *const *)in, from[i]))
      g_strv_builder_add (lines, line);
  }
}

/**
 * practice_proxy_report_compare:
 * @mesh: the mesh
 * @pod: a pod with a proxy
 *
 * Returns: (transfer full): for each part of the configuration whether the proxy has what is
 *   configured now, and what it lacks
 */
GStrv
practice_proxy_report_compare (PracticeMesh *mesh, JsonNode *pod)
{
  static const struct {
    PracticeProxyPart part;
    const char *name;
  } parts[] = {
    { PRACTICE_PROXY_CLUSTERS, "Clusters" },
    { PRACTICE_PROXY_LISTENERS, "Listeners" },
    { PRACTICE_PROXY_ROUTES, "Routes" },
  };
  g_autoptr (PracticeMeshConfig) wanted =
    practice_mesh_config_new (practice_mesh_get_store (mesh), PRACTICE_MESH_MINOR);
  g_autoptr (GStrvBuilder) lines = g_strv_builder_new ();

  for (guint i = 0; i < G_N_ELEMENTS (parts); i++) {
    g_auto (GStrv) has = dup_rows (mesh, practice_mesh_get_config (mesh), pod, parts[i].part);
    g_auto (GStrv) shall = dup_rows (mesh, wanted, pod, parts[i].part);
    /* Rules within a route do not show in its row. */
    gboolean is_late = parts[i].part == PRACTICE_PROXY_ROUTES && !practice_mesh_is_synced (mesh);
    gboolean is_same =
      !is_late && g_strv_equal ((const char *const *)has, (const char *const *)shall);
    g_autofree char *line = g_strconcat (parts[i].name, is_same ? " Match" : " Don't Match", NULL);

    g_strv_builder_add (lines, line);
    add_missing (lines, "-", shall, has);
    add_missing (lines, "+", has, shall);
  }
  return g_strv_builder_end (lines);
}
