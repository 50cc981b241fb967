/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lab-cell.h"

#include <glib/gi18n-lib.h>

#include "lab-page-address.h"

struct _LabCell {
  GtkWidget parent_instance;

  GtkLabel *label;
  const LabColumn *column;
  GSignalGroup *object_signals;
  GtkWidget *menu; /* (nullable): while it is open */
  guint unparent_source;
};

G_DEFINE_FINAL_TYPE (LabCell, lab_cell, GTK_TYPE_WIDGET)

static void
drop_menu (LabCell *self)
{
  g_clear_handle_id (&self->unparent_source, g_source_remove);
  g_clear_pointer (&self->menu, gtk_widget_unparent);
  gtk_widget_set_has_tooltip (GTK_WIDGET (self->label), TRUE);
}

static gboolean
drop_menu_cb (gpointer user_data)
{
  LabCell *self = LAB_CELL (user_data);

  self->unparent_source = 0;
  drop_menu (self);

  return G_SOURCE_REMOVE;
}

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
closed_cb (GtkPopover *popover, gpointer user_data)
{
  LabCell *self = LAB_CELL (user_data);

  g_clear_handle_id (&self->unparent_source, g_source_remove);
  /* its item is activated after it has closed */
  self->unparent_source = g_idle_add (drop_menu_cb, self);
}

static GMenuModel *
new_menu_model (LabCell *self, KubeObject *object)
{
  GMenu *menu = g_menu_new ();
  g_autoptr (JsonNode) json = kube_object_ref_json (object);
  g_autoptr (GMenuItem) copy = g_menu_item_new (_ ("_Copy"), NULL);
  g_autofree char *via = NULL;
  g_autofree char *url = lab_page_address_dup (json, &via);

  if (url != NULL) {
    g_autoptr (GMenuItem) open = g_menu_item_new (_ ("_Open in browser"), NULL);

    g_menu_item_set_action_and_target (open, "win.open-page", "(sms)", url, via);
    g_menu_append_item (menu, open);
  }
  g_menu_item_set_action_and_target (copy, "win.copy", "s", gtk_label_get_label (self->label));
  g_menu_append_item (menu, copy);

  return G_MENU_MODEL (menu);
}

static void
pressed_cb (LabCell *self, int n_press, double x, double y)
{
  g_autoptr (KubeObject) object = g_signal_group_dup_target (self->object_signals);
  g_autoptr (GMenuModel) model = NULL;

  if (object == NULL)
    return;

  drop_menu (self);
  /* or it would cover the menu */
  gtk_widget_set_has_tooltip (GTK_WIDGET (self->label), FALSE);
  model = new_menu_model (self, object);
  self->menu = gtk_popover_menu_new_from_model (model);
  gtk_widget_set_parent (self->menu, GTK_WIDGET (self));
  gtk_popover_set_has_arrow (GTK_POPOVER (self->menu), FALSE);
  gtk_popover_set_pointing_to (GTK_POPOVER (self->menu), &(GdkRectangle){ (int)x, (int)y, 1, 1 });
  g_signal_connect_object (self->menu, "closed", G_CALLBACK (closed_cb), self, 0);
  gtk_popover_popup (GTK_POPOVER (self->menu));
}

static void
lab_cell_dispose (GObject *object)
{
  LabCell *self = LAB_CELL (object);

  if (self->label != NULL)
    drop_menu (self);
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
  GtkGesture *secondary = gtk_gesture_click_new ();

  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (secondary), GDK_BUTTON_SECONDARY);
  g_signal_connect_object (secondary, "pressed", G_CALLBACK (pressed_cb), self, G_CONNECT_SWAPPED);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (secondary));
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
