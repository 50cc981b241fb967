/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* A bar over content for what lasts: a sentence and at most one button. Signal "clicked". Property
 * "dismissible": its reader may close it; signal "dismissed". */
#define LAB_TYPE_BANNER (lab_banner_get_type ())
G_DECLARE_FINAL_TYPE (LabBanner, lab_banner, LAB, BANNER, GtkWidget)

void lab_banner_show (LabBanner *self, const char *text, const char *button_label);
void lab_banner_hide (LabBanner *self);

G_END_DECLS
