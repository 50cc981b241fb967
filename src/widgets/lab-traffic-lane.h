/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "session-sampler.h"

G_BEGIN_DECLS

/* What one asker sees: the strip of its answers, for each version what is configured beside what is
 * observed, and how long answers take and why. */
#define LAB_TYPE_TRAFFIC_LANE (lab_traffic_lane_get_type ())
G_DECLARE_FINAL_TYPE (LabTrafficLane, lab_traffic_lane, LAB, TRAFFIC_LANE, AdwBin)

GtkWidget *lab_traffic_lane_new (SessionLane lane);
void lab_traffic_lane_set_sampler (LabTrafficLane *self, SessionSampler *sampler);

G_END_DECLS
