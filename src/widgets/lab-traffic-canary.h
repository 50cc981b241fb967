/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "session-canary.h"

G_BEGIN_DECLS

/* A row that unfolds: how a canary is to go, what it does, and its log. Property "active": one is
 * under way. */
#define LAB_TYPE_TRAFFIC_CANARY (lab_traffic_canary_get_type ())
G_DECLARE_FINAL_TYPE (LabTrafficCanary, lab_traffic_canary, LAB, TRAFFIC_CANARY, AdwExpanderRow)

void lab_traffic_canary_set_sampler (LabTrafficCanary *self, SessionSampler *sampler);
void lab_traffic_canary_set_object (LabTrafficCanary *self,
                                    MeshEditor *editor,
                                    KubeObject *virtual_service);
void lab_traffic_canary_set_subsets (LabTrafficCanary *self, const char *const *subsets);
SessionCanary *lab_traffic_canary_get_canary (LabTrafficCanary *self);
gboolean lab_traffic_canary_get_active (LabTrafficCanary *self);

G_END_DECLS
