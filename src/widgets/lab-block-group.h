/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* A few neighbouring rows of a page. To add a widget has GTK look up the styles of all those that
 * follow it in its parent, and of all that is in them; so it is to have few of them. A group is as
 * large as the list it is in, and leaves the rows' places to it. */
#define LAB_TYPE_BLOCK_GROUP (lab_block_group_get_type ())
G_DECLARE_FINAL_TYPE (LabBlockGroup, lab_block_group, LAB, BLOCK_GROUP, GtkWidget)

GtkWidget *lab_block_group_new (void);
void lab_block_group_add (LabBlockGroup *self, GtkWidget *row, GtkWidget *next);
gboolean lab_block_group_remove (LabBlockGroup *self, GtkWidget *row);
void lab_block_group_set_range (LabBlockGroup *self, double top, double bottom);

G_END_DECLS
