/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lab-block.h"

G_BEGIN_DECLS

/* A row of a list that is made. */
typedef struct {
  guint index;
  LabBlock *block; /* (unowned): a child of its group */
  gboolean fresh;  /* not shown yet */
} LabBlockRow;

/* Those rows of a list that are made, by their index: a few of tens of thousands. */
typedef struct _LabBlockMade LabBlockMade;

LabBlockMade *lab_block_made_new (void);
void lab_block_made_free (LabBlockMade *self);
guint lab_block_made_count (LabBlockMade *self);
LabBlockRow *lab_block_made_get (LabBlockMade *self, guint place);
LabBlockRow *lab_block_made_find (LabBlockMade *self, guint index);
LabBlockRow *lab_block_made_find_next (LabBlockMade *self, guint index);
void lab_block_made_add (LabBlockMade *self, const LabBlockRow *row);
void lab_block_made_remove (LabBlockMade *self, guint index);
void lab_block_made_clear (LabBlockMade *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LabBlockMade, lab_block_made_free)

G_END_DECLS
