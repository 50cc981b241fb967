/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "mesh-editor.h"
#include "mesh-virtual-service.h"

G_BEGIN_DECLS

/* One HTTP route of a VirtualService: a row for each destination, and an offer for each subset that
 * the route does not use yet. */
#define LAB_TYPE_TRAFFIC_ROUTE (lab_traffic_route_get_type ())
G_DECLARE_FINAL_TYPE (LabTrafficRoute, lab_traffic_route, LAB, TRAFFIC_ROUTE, AdwBin)

GtkWidget *lab_traffic_route_new (guint index);
void lab_traffic_route_set_editor (LabTrafficRoute *self, MeshEditor *editor);
gboolean lab_traffic_route_is_dragging (LabTrafficRoute *self);
void lab_traffic_route_show (LabTrafficRoute *self,
                             MeshVirtualService *service,
                             const char *const *subsets);

G_END_DECLS
