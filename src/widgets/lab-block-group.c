/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lab-block-group.h"

struct _LabBlockGroup {
  GtkWidget parent_instance;

  /* What is drawn of it, in its pixels. */
  double top;
  double bottom;
};

G_DEFINE_FINAL_TYPE (LabBlockGroup, lab_block_group, GTK_TYPE_WIDGET)

/* There is nothing between the rows: what lies beneath is another group. */
static gboolean
lab_block_group_contains (GtkWidget *widget, double x, double y)
{
  return FALSE;
}

static gboolean
is_drawn (LabBlockGroup *self, GtkWidget *row)
{
  graphene_rect_t bounds;

  return gtk_widget_compute_bounds (row, GTK_WIDGET (self), &bounds) &&
         bounds.origin.y < self->bottom && bounds.origin.y + bounds.size.height > self->top;
}

static void
lab_block_group_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  for (GtkWidget *row = gtk_widget_get_first_child (widget); row != NULL;
       row = gtk_widget_get_next_sibling (row)) {
    if (is_drawn (LAB_BLOCK_GROUP (widget), row))
      gtk_widget_snapshot_child (widget, row, snapshot);
  }
}

static void
show_whether_empty (LabBlockGroup *self)
{
  gboolean empty = gtk_widget_get_first_child (GTK_WIDGET (self)) == NULL;

  gtk_widget_set_child_visible (GTK_WIDGET (self), !empty);
  gtk_accessible_update_state (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_STATE_HIDDEN, empty, -1);
}

static void
lab_block_group_dispose (GObject *object)
{
  GtkWidget *row;

  while ((row = gtk_widget_get_first_child (GTK_WIDGET (object))) != NULL)
    gtk_widget_unparent (row);

  G_OBJECT_CLASS (lab_block_group_parent_class)->dispose (object);
}

static void
lab_block_group_class_init (LabBlockGroupClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lab_block_group_dispose;
  widget_class->contains = lab_block_group_contains;
  widget_class->snapshot = lab_block_group_snapshot;

  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GENERIC);
  gtk_widget_class_set_css_name (widget_class, "blocks");
}

static void
lab_block_group_init (LabBlockGroup *self)
{
  self->bottom = G_MAXDOUBLE;
}

/**
 * lab_block_group_new:
 *
 * Returns: (transfer floating): a group of no row
 */
GtkWidget *
lab_block_group_new (void)
{
  GtkWidget *self = g_object_new (LAB_TYPE_BLOCK_GROUP, NULL);

  show_whether_empty (LAB_BLOCK_GROUP (self));

  return self;
}

/**
 * lab_block_group_add:
 * @self: a group
 * @row: (transfer floating): a row
 * @next: (nullable): the one before which it is to stand
 */
void
lab_block_group_add (LabBlockGroup *self, GtkWidget *row, GtkWidget *next)
{
  g_return_if_fail (LAB_IS_BLOCK_GROUP (self));

  gtk_widget_insert_before (row, GTK_WIDGET (self), next);
  show_whether_empty (self);
}

/**
 * lab_block_group_remove:
 * @self: a group
 * @row: (nullable): one of its rows; %NULL for the last
 *
 * Returns: whether there was such a row
 */
gboolean
lab_block_group_remove (LabBlockGroup *self, GtkWidget *row)
{
  g_return_val_if_fail (LAB_IS_BLOCK_GROUP (self), FALSE);

  if (row == NULL)
    row = gtk_widget_get_last_child (GTK_WIDGET (self));
  if (row == NULL)
    return FALSE;
  gtk_widget_unparent (row);
  show_whether_empty (self);

  return TRUE;
}

/**
 * lab_block_group_set_range:
 * @self: a group
 * @top: pixels from its beginning
 * @bottom: pixels from its beginning
 *
 * Draws only the rows in between. To draw all of them, and compare them with those of the frame
 * before, takes many times as long.
 */
void
lab_block_group_set_range (LabBlockGroup *self, double top, double bottom)
{
  g_return_if_fail (LAB_IS_BLOCK_GROUP (self));

  if (top == self->top && bottom == self->bottom)
    return;
  self->top = top;
  self->bottom = bottom;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}
