/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "session-lab.h"

G_BEGIN_DECLS

/* Which VirtualService is shown: its name, or a list of them where there are several. What was
 * chosen stays chosen while it exists. Property "object" (KubeObject, nullable). */
#define LAB_TYPE_TRAFFIC_CHOOSER (lab_traffic_chooser_get_type ())
G_DECLARE_FINAL_TYPE (LabTrafficChooser, lab_traffic_chooser, LAB, TRAFFIC_CHOOSER, AdwBin)

void lab_traffic_chooser_set_resource (LabTrafficChooser *self, SessionResource *services);
KubeObject *lab_traffic_chooser_get_object (LabTrafficChooser *self);

G_END_DECLS
