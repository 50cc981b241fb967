/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "session-canary-plan.h"

G_BEGIN_DECLS

/* How a canary is to go: to which version, in which steps, and when back. Signal "activated": the
 * steps are written to their end. */
#define LAB_TYPE_TRAFFIC_PLAN (lab_traffic_plan_get_type ())
G_DECLARE_FINAL_TYPE (LabTrafficPlan, lab_traffic_plan, LAB, TRAFFIC_PLAN, AdwBin)

GtkWidget *lab_traffic_plan_new (void);
void lab_traffic_plan_set_subsets (LabTrafficPlan *self, const char *const *subsets);
const char *lab_traffic_plan_get_subset (LabTrafficPlan *self);
gboolean lab_traffic_plan_read (LabTrafficPlan *self, SessionCanaryPlan *plan, char **problem);

G_END_DECLS
