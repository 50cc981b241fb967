/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "mesh-editor.h"
#include "session-canary.h"
#include "session-lab.h"

G_BEGIN_DECLS

/* What is answered while traffic is shifted, by Bookinfo's page or by what a gateway serves; and a
 * canary that shifts it by itself. */
#define LAB_TYPE_TRAFFIC_OBSERVER (lab_traffic_observer_get_type ())
G_DECLARE_FINAL_TYPE (LabTrafficObserver, lab_traffic_observer, LAB, TRAFFIC_OBSERVER, AdwBin)

GtkWidget *lab_traffic_observer_new (void);
void lab_traffic_observer_set_shown (LabTrafficObserver *self,
                                     SessionLab *lab,
                                     MeshEditor *editor,
                                     KubeObject *virtual_service);
void lab_traffic_observer_set_subsets (LabTrafficObserver *self, const char *const *subsets);

SessionCanary *lab_traffic_observer_get_canary (LabTrafficObserver *self);

G_END_DECLS
