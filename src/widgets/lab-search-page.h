/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "course-course.h"

G_BEGIN_DECLS

/* Searches the whole course. Signals: "chosen" (CourseSection, int: the index of a block, -1 for
 * the section's beginning), "closed" (the reader goes back to the text). */
#define LAB_TYPE_SEARCH_PAGE (lab_search_page_get_type ())
G_DECLARE_FINAL_TYPE (LabSearchPage, lab_search_page, LAB, SEARCH_PAGE, GtkWidget)

void lab_search_page_set_course (LabSearchPage *self, CourseCourse *course);
void lab_search_page_begin (LabSearchPage *self);

G_END_DECLS
