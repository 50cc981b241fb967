/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "course-section.h"
#include "session-step.h"

G_BEGIN_DECLS

typedef enum {
  LAB_BLOCK_HEADER, /* title, minutes and objectives of the section */
  LAB_BLOCK_CONTENT,
  LAB_BLOCK_FOOTER, /* the way on */
} LabBlockType;

/* One row of a section's page, and what the reader chose in it. Properties: "form" (index of the
 * step's form), "current" (the step to do next), "found" (what was searched for), "edited"
 * (nullable: what the reader has made of the step's text). */
#define LAB_TYPE_BLOCK_ITEM (lab_block_item_get_type ())
G_DECLARE_FINAL_TYPE (LabBlockItem, lab_block_item, LAB, BLOCK_ITEM, GObject)

LabBlockItem *lab_block_item_new (LabBlockType type,
                                  CourseSection *section,
                                  const CourseBlock *block,
                                  SessionStep *step);
LabBlockType lab_block_item_get_block_type (LabBlockItem *self);
CourseSection *lab_block_item_get_section (LabBlockItem *self);
const CourseBlock *lab_block_item_get_block (LabBlockItem *self);
SessionStep *lab_block_item_get_step (LabBlockItem *self);
guint lab_block_item_get_form_index (LabBlockItem *self);
void lab_block_item_set_form_index (LabBlockItem *self, guint index);
const CourseForm *lab_block_item_get_form (LabBlockItem *self);
const char *lab_block_item_get_edited (LabBlockItem *self);
void lab_block_item_set_edited (LabBlockItem *self, const char *text);
const char *lab_block_item_get_text (LabBlockItem *self); /* what Run types */
gboolean lab_block_item_get_current (LabBlockItem *self);
void lab_block_item_set_current (LabBlockItem *self, gboolean current);
gboolean lab_block_item_get_found (LabBlockItem *self);
void lab_block_item_set_found (LabBlockItem *self, gboolean found);
const char *const *lab_block_item_get_filled (LabBlockItem *self); /* what it has of this place */
void lab_block_item_set_facts (LabBlockItem *self, const CourseFacts *facts);

G_END_DECLS
