/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "lab-block.h"

G_BEGIN_DECLS

/* The rows of a list: how high each of them is, or may be, and those of them that are made. */
typedef struct _LabBlockRows LabBlockRows;

/* A row has come to be, a child of @parent. */
typedef void (*LabBlockMadeFunc) (GtkWidget *parent, LabBlock *block);

LabBlockRows *lab_block_rows_new (GtkWidget *parent, LabBlockMadeFunc made);
void lab_block_rows_free (LabBlockRows *self);
void lab_block_rows_set_items (LabBlockRows *self, GPtrArray *items, LabClock *clock);
guint lab_block_rows_get_length (LabBlockRows *self);
guint lab_block_rows_count_made (LabBlockRows *self);

int lab_block_rows_get_y (LabBlockRows *self, guint index);
int lab_block_rows_get_height (LabBlockRows *self, guint index);
guint lab_block_rows_find (LabBlockRows *self, double y, int *offset);
gboolean lab_block_rows_find_missing (LabBlockRows *self, double top, double bottom, guint *index);
gboolean lab_block_rows_find_fresh (LabBlockRows *self, double top, double bottom, guint *index);
gboolean lab_block_rows_find_far (
  LabBlockRows *self, double top, double bottom, LabBlock *kept, guint *index);

void lab_block_rows_measure_width (LabBlockRows *self, int *minimum, int *natural);
int lab_block_rows_measure (LabBlockRows *self, int width);
int lab_block_rows_update_height (LabBlockRows *self, guint index, int width);
void lab_block_rows_allocate (LabBlockRows *self, int width, int height);
void lab_block_rows_set_drawn (LabBlockRows *self, double top, double bottom);

LabBlock *lab_block_rows_get_block (LabBlockRows *self, guint index);
LabBlock *lab_block_rows_make (LabBlockRows *self, guint index);
void lab_block_rows_make_fresh (LabBlockRows *self, guint index);
void lab_block_rows_show (LabBlockRows *self, guint index);
void lab_block_rows_let_go (LabBlockRows *self, guint index);
gboolean lab_block_rows_has_old (LabBlockRows *self);
void lab_block_rows_take_down (LabBlockRows *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LabBlockRows, lab_block_rows_free)

G_END_DECLS
