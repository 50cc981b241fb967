/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* A VirtualService as the slider sees it: a read-only view of its JSON. */
#define MESH_TYPE_VIRTUAL_SERVICE (mesh_virtual_service_get_type ())
G_DECLARE_FINAL_TYPE (MeshVirtualService, mesh_virtual_service, MESH, VIRTUAL_SERVICE, GObject)

MeshVirtualService *mesh_virtual_service_new (JsonNode *object, GError **error);
const char *mesh_virtual_service_get_name (MeshVirtualService *self);
const char *mesh_virtual_service_get_namespace (MeshVirtualService *self);
GStrv mesh_virtual_service_dup_hosts (MeshVirtualService *self);
guint mesh_virtual_service_get_n_routes (MeshVirtualService *self); /* http routes */
JsonNode *mesh_virtual_service_get_route (MeshVirtualService *self, guint route);
gboolean mesh_virtual_service_route_has_match (MeshVirtualService *self, guint route);
char *
mesh_virtual_service_dup_route_title (MeshVirtualService *self,
                                      guint route); /* in words: "Everyone", "end-user is jason" */
guint mesh_virtual_service_get_n_destinations (MeshVirtualService *self, guint route);
const char *mesh_virtual_service_get_destination_host (MeshVirtualService *self,
                                                       guint route,
                                                       guint destination);
const char *mesh_virtual_service_get_destination_subset (MeshVirtualService *self,
                                                         guint route,
                                                         guint destination);
/* A missing weight counts 100 where it is the only destination, else 0. */
int mesh_virtual_service_get_weight (MeshVirtualService *self, guint route, guint destination);

typedef struct {
  const char *host;
  const char *subset; /* nullable */
  int weight;
} MeshWeight;

/* The object with other weights in @route and nothing else changed; entries beyond the present
 * destinations are appended. */
JsonNode *mesh_virtual_service_dup_with_weights (MeshVirtualService *self,
                                                 guint route,
                                                 const MeshWeight *weights,
                                                 gsize n_weights,
                                                 GError **error);

G_END_DECLS
