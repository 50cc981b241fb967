/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lab-block-group.h"

G_BEGIN_DECLS

/* The groups that the rows of a list are children of, a few rows in each, so that a row that comes
 * or goes has few neighbours; and those of rows that are to be taken down. */
typedef struct _LabBlockGroups LabBlockGroups;

LabBlockGroups *lab_block_groups_new (GtkWidget *parent);
void lab_block_groups_free (LabBlockGroups *self);
void lab_block_groups_replace (LabBlockGroups *self, guint n_rows);
LabBlockGroup *lab_block_groups_get (LabBlockGroups *self, guint row);
void lab_block_groups_add (LabBlockGroups *self, guint row, GtkWidget *block, GtkWidget *next);
void lab_block_groups_remove (LabBlockGroups *self, guint row, GtkWidget *block);
void lab_block_groups_allocate (LabBlockGroups *self, const GtkAllocation *place);
gboolean lab_block_groups_has_old (LabBlockGroups *self);
void lab_block_groups_take_down (LabBlockGroups *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LabBlockGroups, lab_block_groups_free)

G_END_DECLS
