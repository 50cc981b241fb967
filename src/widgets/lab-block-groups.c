/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lab-block-groups.h"

/* A row that comes to be has its neighbours styled anew; to make a group for each few of tens of
 * thousands of rows would hold up the first screen. So the groups stand in larger ones, which are
 * filled when the first of their rows is made. */
#define ROWS_A_GROUP 8
#define GROUPS_AN_OUTER 16

struct _LabBlockGroups {
  GtkWidget *parent; /* the list, which owns us */
  guint n_rows;
  GPtrArray *outer; /* of LabBlockGroup: all of them, children of the list */
  GPtrArray *inner; /* of LabBlockGroup: their children; NULL: not made yet */
  GPtrArray *old;   /* of LabBlockGroup: hidden, behind them, that are to be taken down */
};

/* To take many rows down at once would hold the frame up in which others are to be shown. */
static void
retire (LabBlockGroups *self)
{
  for (guint i = 0; i < self->outer->len; i++) {
    GtkWidget *group = g_ptr_array_index (self->outer, i);

    if (gtk_widget_get_first_child (group) == NULL) {
      gtk_widget_unparent (group);
      continue;
    }
    gtk_widget_set_visible (group, FALSE);
    g_ptr_array_add (self->old, group);
  }
  g_ptr_array_set_size (self->outer, 0);
  g_ptr_array_set_size (self->inner, 0);
}

/* All of them at once, one behind the other, so that none is ever put before another. */
static void
add_outer (LabBlockGroups *self)
{
  GtkWidget *next = self->old->len > 0 ? g_ptr_array_index (self->old, 0) : NULL;

  for (guint i = 0; i < self->inner->len; i += GROUPS_AN_OUTER) {
    GtkWidget *group = lab_block_group_new ();

    gtk_widget_insert_before (group, self->parent, next);
    g_ptr_array_add (self->outer, group);
  }
}

static LabBlockGroup *
get_outer (LabBlockGroups *self, guint row)
{
  return g_ptr_array_index (self->outer, row / ROWS_A_GROUP / GROUPS_AN_OUTER);
}

/* All of the outer group that @row is in. */
static void
add_inner (LabBlockGroups *self, guint row)
{
  guint first = row / ROWS_A_GROUP / GROUPS_AN_OUTER * GROUPS_AN_OUTER;

  for (guint i = first; i < MIN (first + GROUPS_AN_OUTER, self->inner->len); i++) {
    GtkWidget *group = lab_block_group_new ();

    lab_block_group_add (get_outer (self, row), group, NULL);
    g_ptr_array_index (self->inner, i) = group;
  }
}

/**
 * lab_block_groups_new:
 * @parent: (transfer none): the list, which outlives the groups
 *
 * Returns: (transfer full): none yet
 */
LabBlockGroups *
lab_block_groups_new (GtkWidget *parent)
{
  LabBlockGroups *self = g_new0 (LabBlockGroups, 1);

  self->parent = parent;
  self->outer = g_ptr_array_new ();
  self->inner = g_ptr_array_new ();
  self->old = g_ptr_array_new ();

  return self;
}

/**
 * lab_block_groups_free:
 * @self: (transfer full): groups, of which none is a child of the list any more
 */
void
lab_block_groups_free (LabBlockGroups *self)
{
  g_ptr_array_unref (self->outer);
  g_ptr_array_unref (self->inner);
  g_ptr_array_unref (self->old);
  g_free (self);
}

/**
 * lab_block_groups_replace:
 * @self: groups
 * @n_rows: how many rows there are to be
 *
 * Hides the groups there were, until lab_block_groups_take_down() does the rest.
 */
void
lab_block_groups_replace (LabBlockGroups *self, guint n_rows)
{
  retire (self);
  g_ptr_array_set_size (self->inner, (int)((n_rows + ROWS_A_GROUP - 1) / ROWS_A_GROUP));
  add_outer (self);
}

/**
 * lab_block_groups_get:
 * @self: groups
 * @row: a row of the list
 *
 * Returns: (transfer none): what that row is to be a child of
 */
LabBlockGroup *
lab_block_groups_get (LabBlockGroups *self, guint row)
{
  if (g_ptr_array_index (self->inner, row / ROWS_A_GROUP) == NULL)
    add_inner (self, row);

  return g_ptr_array_index (self->inner, row / ROWS_A_GROUP);
}

/**
 * lab_block_groups_add:
 * @self: groups
 * @row: a row of the list
 * @block: (transfer floating): its widget
 * @next: (nullable): the widget of the same group before which it is to stand
 */
void
lab_block_groups_add (LabBlockGroups *self, guint row, GtkWidget *block, GtkWidget *next)
{
  lab_block_group_add (lab_block_groups_get (self, row), block, next);
  gtk_widget_set_child_visible (GTK_WIDGET (get_outer (self, row)), TRUE);
}

static gboolean
has_rows (LabBlockGroup *outer)
{
  for (GtkWidget *inner = gtk_widget_get_first_child (GTK_WIDGET (outer)); inner != NULL;
       inner = gtk_widget_get_next_sibling (inner)) {
    if (gtk_widget_get_first_child (inner) != NULL)
      return TRUE;
  }

  return FALSE;
}

/**
 * lab_block_groups_remove:
 * @self: groups
 * @row: a row of the list
 * @block: its widget
 *
 * Groups without rows take part in nothing.
 */
void
lab_block_groups_remove (LabBlockGroups *self, guint row, GtkWidget *block)
{
  LabBlockGroup *outer = get_outer (self, row);

  lab_block_group_remove (lab_block_groups_get (self, row), block);
  gtk_widget_set_child_visible (GTK_WIDGET (outer), has_rows (outer));
}

/**
 * lab_block_groups_allocate:
 * @self: groups
 * @place: of the list
 *
 * Each group that has rows is where the list is.
 */
void
lab_block_groups_allocate (LabBlockGroups *self, const GtkAllocation *place)
{
  for (guint i = 0; i < self->outer->len; i++) {
    GtkWidget *outer = g_ptr_array_index (self->outer, i);

    if (!gtk_widget_get_child_visible (outer))
      continue;
    gtk_widget_size_allocate (outer, place, -1);
    for (GtkWidget *inner = gtk_widget_get_first_child (outer); inner != NULL;
         inner = gtk_widget_get_next_sibling (inner)) {
      if (gtk_widget_get_first_child (inner) != NULL)
        gtk_widget_size_allocate (inner, place, -1);
    }
  }
}

/**
 * lab_block_groups_has_old:
 * @self: groups
 *
 * Returns: whether any that there were before the present ones are to be taken down
 */
gboolean
lab_block_groups_has_old (LabBlockGroups *self)
{
  return self->old->len > 0;
}

/**
 * lab_block_groups_take_down:
 * @self: groups, with old ones
 *
 * Takes a row of the old ones down, and the groups that it leaves empty.
 */
void
lab_block_groups_take_down (LabBlockGroups *self)
{
  LabBlockGroup *outer = g_ptr_array_index (self->old, self->old->len - 1);
  gboolean done = FALSE;
  GtkWidget *inner;

  while ((inner = gtk_widget_get_last_child (GTK_WIDGET (outer))) != NULL && !done) {
    done = lab_block_group_remove (LAB_BLOCK_GROUP (inner), NULL);
    if (gtk_widget_get_first_child (inner) == NULL)
      lab_block_group_remove (outer, inner);
  }
  if (gtk_widget_get_first_child (GTK_WIDGET (outer)) == NULL)
    gtk_widget_unparent (g_ptr_array_steal_index (self->old, self->old->len - 1));
}
