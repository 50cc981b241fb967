/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "lab-traffic-surroundings.h"
#include "mesh-editor.h"

G_BEGIN_DECLS

/* The routes of a VirtualService: a card for each HTTP route, and TCP and TLS routes to be read. */
#define LAB_TYPE_TRAFFIC_ROUTES (lab_traffic_routes_get_type ())
G_DECLARE_FINAL_TYPE (LabTrafficRoutes, lab_traffic_routes, LAB, TRAFFIC_ROUTES, AdwBin)

void lab_traffic_routes_set_editor (LabTrafficRoutes *self, MeshEditor *editor);
void lab_traffic_routes_clear (LabTrafficRoutes *self);
void lab_traffic_routes_show (LabTrafficRoutes *self,
                              JsonNode *object,
                              LabTrafficSurroundings *surroundings);
const char *const *lab_traffic_routes_get_subsets (LabTrafficRoutes *self);

G_END_DECLS
