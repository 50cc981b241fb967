/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lab-block-rows.h"

G_BEGIN_DECLS

/* The viewport over the rows of a list: which of them are in sight, and where it is to be scrolled
 * to. */
typedef struct _LabBlockView LabBlockView;

LabBlockView *lab_block_view_new (GtkWidget *parent, LabBlockRows *rows);
void lab_block_view_free (LabBlockView *self);
void lab_block_view_set_adjustment (LabBlockView *self, GtkAdjustment *adjustment);
void lab_block_view_notice_move (LabBlockView *self);
gboolean lab_block_view_is_set (LabBlockView *self);
void lab_block_view_get_range (LabBlockView *self, double pages, double *top, double *bottom);
void lab_block_view_hold (LabBlockView *self, int y, int by);
void lab_block_view_go_to_start (LabBlockView *self);
void lab_block_view_show_at_top (LabBlockView *self, guint index, int offset);
void lab_block_view_bring_into_sight (LabBlockView *self, guint index);
gboolean lab_block_view_is_bound (LabBlockView *self);
void lab_block_view_settle_later (LabBlockView *self);
void lab_block_view_forget (LabBlockView *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LabBlockView, lab_block_view_free)

G_END_DECLS
