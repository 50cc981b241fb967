/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-proxy-report.h"

#include "base-json.h"
#include "practice-mesh-pilot.h"
#include "practice-object.h"
#include "practice-sidecar.h"

#define PODS "/pods"
#define GATEWAYS "networking.istio.io/gateways"
#define NAMESPACE "istio-system"
#define VERSION "1.3.3"

static const char *
get_label (JsonNode *pod, const char *name)
{
  return base_json_get_string (pod, "metadata", "labels", name, NULL);
}

static gboolean
is_gateway (JsonNode *pod)
{
  const char *label = get_label (pod, "istio");

  return g_strcmp0 (label, "ingressgateway") == 0 || g_strcmp0 (label, "egressgateway") == 0;
}

/* A gateway without a Gateway has no routes. */
static gboolean
has_routes (PracticeStore *store, JsonNode *pod)
{
  g_autoptr (GPtrArray) gateways = NULL;

  if (!is_gateway (pod))
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
  const char *pilot_name = base_json_get_string (pilot, "metadata", "name", NULL);

  for (guint i = 0; i < pods->len; i++) {
    JsonNode *pod = g_ptr_array_index (pods, i);
    const char *name = base_json_get_string (pod, "metadata", "name", NULL);
    const char *namespace_ = base_json_get_string (pod, "metadata", "namespace", NULL);
    g_autofree char *full = g_strdup_printf ("%s.%s", name, namespace_);

    if (!practice_object_has_condition (pod, "Ready"))
      continue;
    if (is_gateway (pod) ||
        (g_strcmp0 (namespace_, NAMESPACE) != 0 && practice_sidecar_is_in (pod)))
      g_variant_builder_add (&proxies, "(ss)", full,
                             has_routes (store, pod) ? "SYNCED" : "NOT SENT");
  }

  return g_variant_new_parsed ("{'op': <'proxies'>, 'pilot': <%s>, 'version': <%s>, "
                               "'synced': <%b>, 'proxies': <%*>}",
                               pilot_name != NULL ? pilot_name : "", VERSION,
                               practice_mesh_is_synced (mesh), g_variant_builder_end (&proxies));
}
