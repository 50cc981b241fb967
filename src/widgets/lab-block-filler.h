/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lab-block-view.h"

G_BEGIN_DECLS

/* Makes the rows of a list that are in sight, or near, and lets go of those that are far: a few
 * milliseconds' worth a frame, so that no frame takes long. */
typedef struct _LabBlockFiller LabBlockFiller;

LabBlockFiller *lab_block_filler_new (GtkWidget *parent, LabBlockRows *rows, LabBlockView *view);
void lab_block_filler_free (LabBlockFiller *self);
void lab_block_filler_set_width (LabBlockFiller *self, int width);
void lab_block_filler_start (LabBlockFiller *self);
void lab_block_filler_stop (LabBlockFiller *self);
void lab_block_filler_pause (LabBlockFiller *self);
gboolean lab_block_filler_is_done (LabBlockFiller *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LabBlockFiller, lab_block_filler_free)

G_END_DECLS
