/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lab-block-groups.h"
#include "lab-block-made.h"

G_BEGIN_DECLS

/* How high each row of a list is, or may be, and so where it is. */
typedef struct _LabBlockLayout LabBlockLayout;

LabBlockLayout *
lab_block_layout_new (GtkWidget *parent, LabBlockMade *made, LabBlockGroups *groups);
void lab_block_layout_free (LabBlockLayout *self);
void lab_block_layout_set_items (LabBlockLayout *self, GPtrArray *items);

guint lab_block_layout_get_length (LabBlockLayout *self);
int lab_block_layout_get_y (LabBlockLayout *self, guint index);
int lab_block_layout_get_height (LabBlockLayout *self, guint index);
gboolean lab_block_layout_overlaps (LabBlockLayout *self, guint index, double top, double bottom);
guint lab_block_layout_find (LabBlockLayout *self, double y, int *offset);

void lab_block_layout_measure_width (LabBlockLayout *self, int *minimum, int *natural);
int lab_block_layout_measure (LabBlockLayout *self, int width);
int lab_block_layout_update_height (LabBlockLayout *self, guint index, int width);
void lab_block_layout_allocate (LabBlockLayout *self, int width, int height);
void lab_block_layout_set_drawn (LabBlockLayout *self, double top, double bottom);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LabBlockLayout, lab_block_layout_free)

G_END_DECLS
