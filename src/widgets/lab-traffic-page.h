/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "lab-settings.h"
#include "session-canary.h"
#include "session-lab.h"

G_BEGIN_DECLS

/* The sliders of one VirtualService. Watches VirtualServices and DestinationRules while it is on
 * the screen. */
#define LAB_TYPE_TRAFFIC_PAGE (lab_traffic_page_get_type ())
G_DECLARE_FINAL_TYPE (LabTrafficPage, lab_traffic_page, LAB, TRAFFIC_PAGE, AdwBin)

GtkWidget *lab_traffic_page_new (void);
void lab_traffic_page_set_lab (LabTrafficPage *self, SessionLab *lab);

void lab_traffic_page_set_settings (LabTrafficPage *self, LabSettings *settings);
SessionCanary *lab_traffic_page_get_canary (LabTrafficPage *self);

G_END_DECLS
