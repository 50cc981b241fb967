/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "mesh-preflight.h"
#include "session-lab.h"

G_BEGIN_DECLS

/* What is beside a VirtualService in the cluster, for what is said about it. Watches it while it is
 * held. Signal "changed", once for whatever came in a frame. */
#define LAB_TYPE_TRAFFIC_SURROUNDINGS (lab_traffic_surroundings_get_type ())
G_DECLARE_FINAL_TYPE (
  LabTrafficSurroundings, lab_traffic_surroundings, LAB, TRAFFIC_SURROUNDINGS, GObject)

LabTrafficSurroundings *lab_traffic_surroundings_new (void);
void lab_traffic_surroundings_set_lab (LabTrafficSurroundings *self, SessionLab *lab);
void lab_traffic_surroundings_set_held (LabTrafficSurroundings *self, gboolean held);
const MeshSurroundings *lab_traffic_surroundings_get (LabTrafficSurroundings *self);
GStrv lab_traffic_surroundings_dup_subsets (LabTrafficSurroundings *self,
                                            const char *namespace_,
                                            const char *host);

G_END_DECLS
