/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "lab-block-item.h"

G_BEGIN_DECLS

/* What stands below the text of a step. */
GtkWidget *lab_step_details_new_note (const char *text);
GtkWidget *lab_step_details_new_edited (guint number, GtkWidget **put_back);
GtkWidget *lab_step_details_new (LabBlockItem *item, GtkWidget **edit);

G_END_DECLS
