/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "lab-block-item.h"
#include "lab-clock.h"

G_BEGIN_DECLS

/* One row of a section's page, whatever it holds. Signals: "run" (the reader wants its step in the
 * terminal), "edit" (wants its change to a file made), "opened" (writes in it now), "next" (the way
 * on). */
#define LAB_TYPE_BLOCK (lab_block_get_type ())
G_DECLARE_FINAL_TYPE (LabBlock, lab_block, LAB, BLOCK, GtkWidget)

GtkWidget *lab_block_new (LabBlockItem *item, LabClock *clock);
LabBlockItem *lab_block_get_item (LabBlock *self);

G_END_DECLS
