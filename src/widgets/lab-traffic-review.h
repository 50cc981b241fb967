/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "lab-traffic-surroundings.h"
#include "mesh-editor.h"

G_BEGIN_DECLS

/* Asks before something is sent that will not work as it looks, or that cannot be made again by
 * hand: once for an object and a cause. */
#define LAB_TYPE_TRAFFIC_REVIEW (lab_traffic_review_get_type ())
G_DECLARE_FINAL_TYPE (LabTrafficReview, lab_traffic_review, LAB, TRAFFIC_REVIEW, GObject)

LabTrafficReview *lab_traffic_review_new (GtkWidget *page, LabTrafficSurroundings *surroundings);
void lab_traffic_review_set_editor (LabTrafficReview *self, MeshEditor *editor);
char *lab_traffic_review_dup_warnings (LabTrafficReview *self, JsonNode *before, JsonNode *after);

G_END_DECLS
