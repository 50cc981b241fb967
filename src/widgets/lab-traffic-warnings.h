/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "lab-traffic-surroundings.h"

G_BEGIN_DECLS

/* What of a VirtualService will not work as it looks, and what to do: a list. */
#define LAB_TYPE_TRAFFIC_WARNINGS (lab_traffic_warnings_get_type ())
G_DECLARE_FINAL_TYPE (LabTrafficWarnings, lab_traffic_warnings, LAB, TRAFFIC_WARNINGS, AdwBin)

void lab_traffic_warnings_show (LabTrafficWarnings *self,
                                JsonNode *virtual_service,
                                const MeshSurroundings *surroundings);

G_END_DECLS
