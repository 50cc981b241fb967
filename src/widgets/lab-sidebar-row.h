/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "course-section.h"

G_BEGIN_DECLS

/* A section in the sidebar with how much of it is done, and what of that is no longer so. */
#define LAB_TYPE_SIDEBAR_ROW (lab_sidebar_row_get_type ())
G_DECLARE_FINAL_TYPE (LabSidebarRow, lab_sidebar_row, LAB, SIDEBAR_ROW, GtkListBoxRow)

GtkWidget *lab_sidebar_row_new (CourseSection *section, gboolean numbered);
CourseSection *lab_sidebar_row_get_section (LabSidebarRow *self);
void lab_sidebar_row_set_done (LabSidebarRow *self, guint done, guint fallen);

G_END_DECLS
