/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "course-index.h"

G_BEGIN_DECLS

/* One place where searched words stand, with the text around them. */
#define LAB_TYPE_SEARCH_ROW (lab_search_row_get_type ())
G_DECLARE_FINAL_TYPE (LabSearchRow, lab_search_row, LAB, SEARCH_ROW, GtkListBoxRow)

GtkWidget *lab_search_row_new (const CourseHit *hit);
CourseSection *lab_search_row_get_section (LabSearchRow *self);
int lab_search_row_get_block (LabSearchRow *self);

G_END_DECLS
