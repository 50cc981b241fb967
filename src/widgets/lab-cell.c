/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lab-cell.h"

struct _LabCell {
  GtkWidget parent_instance;

  GtkLabel *label;
  const LabColumn *column;
  GSignalGroup *object_signals;
};

G_DEFINE_FINAL_TYPE (LabCell, lab_cell, GTK_TYPE_WIDGET)

static void
update (LabCell *self)
{
  g_autoptr (KubeObject) object = g_signal_group_dup_target (self->object_signals);
  g_autofree char *text = NULL;

  if (object == NULL)
    return;

  text = lab_column_dup_text (self->column, object);
  if (g_strcmp0 (gtk_label_get_label (self->label), text) != 0)
    gtk_label_set_label (self->label, text);

  if (self->column->needs_attention != NULL) {
    g_autoptr (JsonNode) json = kube_object_ref_json (object);

    if (json != NULL && self->column->needs_attention (json))
      gtk_widget_add_css_class (GTK_WIDGET (self->label), "attention");
    else
      gtk_widget_remove_css_class (GTK_WIDGET (self->label), "attention");
  }
}

static gboolean
query_tooltip_cb (
  GtkWidget *widget, int x, int y, gboolean keyboard, GtkTooltip *tooltip, gpointer user_data)
{
  GtkLabel *label = GTK_LABEL (widget);

  if (!pango_layout_is_ellipsized (gtk_label_get_layout (label)))
    return FALSE;
  gtk_tooltip_set_text (tooltip, gtk_label_get_label (label));

  return TRUE;
}

static void
lab_cell_dispose (GObject *object)
{
  LabCell *self = LAB_CELL (object);

  g_clear_object (&self->object_signals);
  if (self->label != NULL)
    gtk_widget_unparent (GTK_WIDGET (self->label));
  self->label = NULL;

  G_OBJECT_CLASS (lab_cell_parent_class)->dispose (object);
}

static void
lab_cell_class_init (LabCellClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = lab_cell_dispose;

  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
}

static void
lab_cell_init (LabCell *self)
{
  self->label = GTK_LABEL (gtk_label_new (NULL));
  gtk_label_set_xalign (self->label, 0);
  gtk_widget_set_has_tooltip (GTK_WIDGET (self->label), TRUE);
  g_signal_connect_object (self->label, "query-tooltip", G_CALLBACK (query_tooltip_cb), self, 0);
  gtk_widget_set_parent (GTK_WIDGET (self->label), GTK_WIDGET (self));

  self->object_signals = g_signal_group_new (KUBE_TYPE_OBJECT);
  g_signal_group_connect_swapped (self->object_signals, "changed", G_CALLBACK (update), self);
}

/**
 * lab_cell_new:
 * @column: what to show; static data
 * @clock: ticks for ages
 *
 * Returns: (transfer floating): a cell without an object
 */
GtkWidget *
lab_cell_new (const LabColumn *column, LabClock *clock)
{
  LabCell *self;

  g_return_val_if_fail (column != NULL, NULL);
  g_return_val_if_fail (LAB_IS_CLOCK (clock), NULL);

  self = g_object_new (LAB_TYPE_CELL, NULL);
  self->column = column;
  gtk_label_set_ellipsize (self->label,
                           column->keeps_begin ? PANGO_ELLIPSIZE_END : PANGO_ELLIPSIZE_MIDDLE);
  gtk_label_set_width_chars (self->label, column->width);
  gtk_label_set_max_width_chars (self->label, column->width);
  if (column->is_age) {
    gtk_widget_add_css_class (GTK_WIDGET (self->label), "numeric");
    g_signal_connect_object (clock, "tick", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  }

  return GTK_WIDGET (self);
}

/**
 * lab_cell_set_object:
 * @self: a cell
 * @object: (nullable): what to follow from now on
 */
void
lab_cell_set_object (LabCell *self, KubeObject *object)
{
  g_return_if_fail (LAB_IS_CELL (self));
  g_return_if_fail (object == NULL || KUBE_IS_OBJECT (object));

  g_signal_group_set_target (self->object_signals, object);
  update (self);
}
