/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "lab-settings.h"
#include "lab-traffic-review.h"
#include "mesh-editor.h"
#include "session-lab.h"

G_BEGIN_DECLS

/* What one can do with a VirtualService besides moving sliders: presets, new routes, and its text
 * in words and in code. */
#define LAB_TYPE_TRAFFIC_TOOLS (lab_traffic_tools_get_type ())
G_DECLARE_FINAL_TYPE (LabTrafficTools, lab_traffic_tools, LAB, TRAFFIC_TOOLS, AdwBin)

GtkWidget *lab_traffic_tools_new (void);
void lab_traffic_tools_set (LabTrafficTools *self,
                            SessionLab *lab,
                            MeshEditor *editor,
                            KubeObject *object);
void lab_traffic_tools_set_settings (LabTrafficTools *self, LabSettings *settings);
void lab_traffic_tools_set_review (LabTrafficTools *self, LabTrafficReview *review);
void lab_traffic_tools_explain (LabTrafficTools *self);
void lab_traffic_tools_edit_route (LabTrafficTools *self, guint route);

G_END_DECLS
