/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* A sentence about the object on the traffic page, with at most two buttons. Signal "answered" (int
 * button, from 0). */
#define LAB_TYPE_TRAFFIC_NOTICE (lab_traffic_notice_get_type ())
G_DECLARE_FINAL_TYPE (LabTrafficNotice, lab_traffic_notice, LAB, TRAFFIC_NOTICE, AdwBin)

void lab_traffic_notice_show (LabTrafficNotice *self,
                              const char *icon_name,
                              const char *text,
                              const char *first_button,
                              const char *second_button);
void lab_traffic_notice_hide (LabTrafficNotice *self);

G_END_DECLS
