/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "mesh-text.h"

#include <glib/gi18n-lib.h>

#include "base-json.h"

/**
 * mesh_text_dup_weights:
 *
 * Returns: (transfer full): the weights of a route, "v1 50 %, v3 50 %"
 */
char *
mesh_text_dup_weights (MeshVirtualService *service, guint route)
{
  g_autoptr (GString) text = g_string_new (NULL);

  g_return_val_if_fail (MESH_IS_VIRTUAL_SERVICE (service), NULL);

  for (guint i = 0; i < mesh_virtual_service_get_n_destinations (service, route); i++) {
    const char *name = mesh_virtual_service_get_destination_subset (service, route, i);

    if (name == NULL)
      name = mesh_virtual_service_get_destination_host (service, route, i);
    if (i > 0)
      g_string_append (text, ", ");
    /* Translators: a version of a service and its share of the requests, "v1 50 %" */
    g_string_append_printf (text, _ ("%s %d %%"), name,
                            mesh_virtual_service_get_weight (service, route, i));
  }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static gboolean
is_same_weights (MeshVirtualService *a, guint route_a, MeshVirtualService *b, guint route_b)
{
  g_autofree char *text_a = mesh_text_dup_weights (a, route_a);
  g_autofree char *text_b = mesh_text_dup_weights (b, route_b);

  return g_str_equal (text_a, text_b);
}

static gboolean
is_same_route (MeshVirtualService *a, guint route_a, MeshVirtualService *b, guint route_b)
{
  g_autofree char *title_a = mesh_virtual_service_dup_route_title (a, route_a);
  g_autofree char *title_b = mesh_virtual_service_dup_route_title (b, route_b);

  return mesh_virtual_service_route_has_match (a, route_a) ==
           mesh_virtual_service_route_has_match (b, route_b) &&
         g_str_equal (title_a, title_b);
}

/**
 * mesh_text_dup_changed_weights:
 * @from: what the user saw
 * @to: what the user made of it
 * @now: what someone else has made of it
 *
 * Returns: (transfer full) (nullable): what the first route whose weights the user has changed is
 *   in @now; NULL where its weights are not what the other one has changed
 */
char *
mesh_text_dup_changed_weights (JsonNode *from, JsonNode *to, JsonNode *now)
{
  g_autoptr (MeshVirtualService) service_from = mesh_virtual_service_new (from, NULL);
  g_autoptr (MeshVirtualService) service_to = mesh_virtual_service_new (to, NULL);
  g_autoptr (MeshVirtualService) service_now = mesh_virtual_service_new (now, NULL);

  if (service_from == NULL || service_to == NULL || service_now == NULL)
    return NULL;
  for (guint i = 0; i < mesh_virtual_service_get_n_routes (service_from); i++) {
    if (is_same_weights (service_from, i, service_to, i))
      continue;
    for (guint j = 0; j < mesh_virtual_service_get_n_routes (service_now); j++) {
      if (is_same_route (service_from, i, service_now, j) &&
          !is_same_weights (service_from, i, service_now, j))
        return mesh_text_dup_weights (service_now, j);
    }
  }
  return NULL;
}
