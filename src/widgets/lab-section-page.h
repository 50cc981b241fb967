/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "lab-block-item.h"
#include "session-lab.h"

G_BEGIN_DECLS

/* The text of one section. What is far below the viewport is made when it comes near. Signals:
 * "run" (LabBlockItem of a step), "next". */
#define LAB_TYPE_SECTION_PAGE (lab_section_page_get_type ())
G_DECLARE_FINAL_TYPE (LabSectionPage, lab_section_page, LAB, SECTION_PAGE, GtkWidget)

void lab_section_page_set_section (LabSectionPage *self,
                                   SessionLab *lab,
                                   CourseSection *section,
                                   gboolean has_next);
void
lab_section_page_replace_section (LabSectionPage *self, CourseSection *section, gboolean has_next);
void lab_section_page_update_facts (LabSectionPage *self);
void lab_section_page_show_block (LabSectionPage *self, int block);
void lab_section_page_show_step (LabSectionPage *self, SessionStep *step);
void lab_section_page_show_current (LabSectionPage *self);
gboolean lab_section_page_get_settled (LabSectionPage *self);
void lab_section_page_pause (LabSectionPage *self);
GPtrArray *lab_section_page_dup_left (LabSectionPage *self);
gboolean lab_section_page_run_current (LabSectionPage *self);
void lab_section_page_move_step (LabSectionPage *self, int by);

G_END_DECLS
