/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "lab-block-layout.h"
#include "lab-block.h"

G_BEGIN_DECLS

/* The rows of a list, of which those are made that somebody wants. */
typedef struct _LabBlockRows LabBlockRows;

/* A row has come to be, a descendant of @parent. */
typedef void (*LabBlockMadeFunc) (GtkWidget *parent, LabBlock *block);

LabBlockRows *lab_block_rows_new (GtkWidget *parent, LabBlockMadeFunc made);
void lab_block_rows_free (LabBlockRows *self);
void lab_block_rows_set_items (LabBlockRows *self, GPtrArray *items, LabClock *clock);
LabBlockLayout *lab_block_rows_get_layout (LabBlockRows *self);
guint lab_block_rows_count_made (LabBlockRows *self);

gboolean lab_block_rows_find_missing (LabBlockRows *self, double top, double bottom, guint *index);
gboolean lab_block_rows_find_fresh (LabBlockRows *self, double top, double bottom, guint *index);
gboolean lab_block_rows_find_far (
  LabBlockRows *self, double top, double bottom, LabBlock *kept, guint *index);

LabBlock *lab_block_rows_make (LabBlockRows *self, guint index);
void lab_block_rows_make_fresh (LabBlockRows *self, guint index);
void lab_block_rows_show (LabBlockRows *self, guint index);
void lab_block_rows_let_go (LabBlockRows *self, guint index);
gboolean lab_block_rows_has_old (LabBlockRows *self);
void lab_block_rows_take_down (LabBlockRows *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LabBlockRows, lab_block_rows_free)

G_END_DECLS
