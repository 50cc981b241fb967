/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "kube-object.h"
#include "mesh-creations.h"
#include "session-lab.h"

G_BEGIN_DECLS

/* Says that a VirtualService went away under the user's hand, and creates it again on demand. It
 * outlives the object, and is seen where there is none any more. */
#define LAB_TYPE_TRAFFIC_LOSS (lab_traffic_loss_get_type ())
G_DECLARE_FINAL_TYPE (LabTrafficLoss, lab_traffic_loss, LAB, TRAFFIC_LOSS, AdwBin)

void lab_traffic_loss_set_lab (LabTrafficLoss *self, SessionLab *lab);
void lab_traffic_loss_tell (LabTrafficLoss *self, KubeObject *object);
void lab_traffic_loss_forget (LabTrafficLoss *self);

void lab_traffic_loss_set_creations (LabTrafficLoss *self, MeshCreations *creations);

G_END_DECLS
