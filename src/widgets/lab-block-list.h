/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "lab-block.h"

G_BEGIN_DECLS

/* The rows of a page, one below the other. Of a long page only those near the viewport exist; the
 * others keep their place by the height they had, or may have. Signal "made" (LabBlock): a row has
 * come to be. */
#define LAB_TYPE_BLOCK_LIST (lab_block_list_get_type ())
G_DECLARE_FINAL_TYPE (LabBlockList, lab_block_list, LAB, BLOCK_LIST, GtkWidget)

void lab_block_list_set_adjustment (LabBlockList *self, GtkAdjustment *adjustment);
void lab_block_list_set_items (LabBlockList *self, GPtrArray *items, LabClock *clock);
LabBlock *lab_block_list_make (LabBlockList *self, guint index);
gboolean lab_block_list_is_in_sight (LabBlockList *self, guint index);
void lab_block_list_show_at_top (LabBlockList *self, guint index, int offset);
void lab_block_list_bring_into_sight (LabBlockList *self, guint index);
guint lab_block_list_get_top (LabBlockList *self, int *offset);
void lab_block_list_pause (LabBlockList *self);
gboolean lab_block_list_get_settled (LabBlockList *self);
guint lab_block_list_count_made (LabBlockList *self);

G_END_DECLS
