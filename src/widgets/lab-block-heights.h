/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* How high each row of a page is, and so where it begins: as sums in a tree, so that neither to
 * find a row of tens of thousands nor to change one takes longer than a few steps. */
typedef struct _LabBlockHeights LabBlockHeights;

LabBlockHeights *lab_block_heights_new (void);
void lab_block_heights_free (LabBlockHeights *self);
void lab_block_heights_set_length (LabBlockHeights *self, guint length);
guint lab_block_heights_get_length (LabBlockHeights *self);
void lab_block_heights_set (LabBlockHeights *self, guint index, int height);
int lab_block_heights_get (LabBlockHeights *self, guint index);
int lab_block_heights_get_sum (LabBlockHeights *self, guint index);
guint lab_block_heights_find (LabBlockHeights *self, int y, int *offset);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LabBlockHeights, lab_block_heights_free)

G_END_DECLS
