/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "course-section.h"

G_BEGIN_DECLS

/* The head of a section's page: title, minutes, objectives. */
#define LAB_TYPE_SECTION_HEADER (lab_section_header_get_type ())
G_DECLARE_FINAL_TYPE (LabSectionHeader, lab_section_header, LAB, SECTION_HEADER, GtkWidget)

GtkWidget *lab_section_header_new (CourseSection *section);

G_END_DECLS
