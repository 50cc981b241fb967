/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lab-block-item.h"
#include "session-lab.h"

G_BEGIN_DECLS

/* The rows of a section, and which of its steps is to be done next. Signal "done": a step is, or is
 * not any more. "fallen": others than before are no longer so. */
#define LAB_TYPE_SECTION_ITEMS (lab_section_items_get_type ())
G_DECLARE_FINAL_TYPE (LabSectionItems, lab_section_items, LAB, SECTION_ITEMS, GObject)

LabSectionItems *lab_section_items_new (SessionLab *lab, CourseSection *section, gboolean has_next);
GPtrArray *lab_section_items_get_all (LabSectionItems *self);
guint lab_section_items_get_length (LabSectionItems *self);
LabBlockItem *lab_section_items_get (LabSectionItems *self, guint index);
gboolean lab_section_items_is_runnable (LabSectionItems *self, guint index);
gboolean lab_section_items_has_done (LabSectionItems *self);
gboolean lab_section_items_find (LabSectionItems *self, LabBlockItem *item, guint *index);
gboolean lab_section_items_find_left (LabSectionItems *self, guint *index);
gboolean lab_section_items_find_current (LabSectionItems *self, guint *index);
gboolean lab_section_items_find_step (LabSectionItems *self, SessionStep *step, guint *index);
guint lab_section_items_find_same (LabSectionItems *self, LabBlockItem *old, guint index);
void lab_section_items_mark_current (LabSectionItems *self);
void lab_section_items_mark_found (LabSectionItems *self, guint index);
void lab_section_items_update_facts (LabSectionItems *self);
GPtrArray *lab_section_items_dup_left (LabSectionItems *self);

G_END_DECLS
