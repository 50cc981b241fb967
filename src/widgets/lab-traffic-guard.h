/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "kube-client.h"
#include "kube-object.h"

G_BEGIN_DECLS

/* Says why a VirtualService should not, or may not, be changed here. Property "open": nothing is
 * against changing it, or the user insists. */
#define LAB_TYPE_TRAFFIC_GUARD (lab_traffic_guard_get_type ())
G_DECLARE_FINAL_TYPE (LabTrafficGuard, lab_traffic_guard, LAB, TRAFFIC_GUARD, AdwBin)

void lab_traffic_guard_set_object (LabTrafficGuard *self, KubeClient *client, KubeObject *object);
void lab_traffic_guard_refuse (LabTrafficGuard *self, const char *reason);
gboolean lab_traffic_guard_get_open (LabTrafficGuard *self);

G_END_DECLS
