/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lab-roster-dialog.h"

struct _LabRosterDialog {
  AdwWindow parent_instance;

  GtkSearchEntry *search_entry;
  GtkStack *stack;
  GtkListView *list;
  GtkStringFilter *filter;
  GtkFilterListModel *names;
  GtkSingleSelection *selection;

  JumpRoster *roster;
};

G_DEFINE_FINAL_TYPE (LabRosterDialog, lab_roster_dialog, ADW_TYPE_WINDOW)

enum {
  CHOSEN,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
choose (LabRosterDialog *self, guint position)
{
  g_autoptr (GtkStringObject) name =
    g_list_model_get_item (G_LIST_MODEL (self->selection), position);

  if (name == NULL)
    return;
  g_signal_emit (self, signals[CHOSEN], 0, gtk_string_object_get_string (name));
  gtk_window_close (GTK_WINDOW (self));
}

static void
activate_cb (LabRosterDialog *self, guint position)
{
  choose (self, position);
}

/* Enter in the search takes the first name that fits. */
static void
search_activate_cb (LabRosterDialog *self)
{
  choose (self, 0);
}

static void
search_changed_cb (LabRosterDialog *self)
{
  gtk_string_filter_set_search (self->filter,
                                gtk_editable_get_text (GTK_EDITABLE (self->search_entry)));
  gtk_stack_set_visible_child_name (
    self->stack,
    g_list_model_get_n_items (G_LIST_MODEL (self->selection)) > 0 ? "names" : "nobody");
}

static void
lab_roster_dialog_dispose (GObject *object)
{
  LabRosterDialog *self = LAB_ROSTER_DIALOG (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), LAB_TYPE_ROSTER_DIALOG);
  g_clear_object (&self->roster);

  G_OBJECT_CLASS (lab_roster_dialog_parent_class)->dispose (object);
}

static void
lab_roster_dialog_class_init (LabRosterDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lab_roster_dialog_dispose;

  signals[CHOSEN] = g_signal_new ("chosen", LAB_TYPE_ROSTER_DIALOG, G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);

  gtk_widget_class_set_template_from_resource (
    widget_class, "/io/github/konvoylab/KonvoyLab/lab-roster-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, LabRosterDialog, search_entry);
  gtk_widget_class_bind_template_child (widget_class, LabRosterDialog, stack);
  gtk_widget_class_bind_template_child (widget_class, LabRosterDialog, list);
  gtk_widget_class_bind_template_child (widget_class, LabRosterDialog, filter);
  gtk_widget_class_bind_template_child (widget_class, LabRosterDialog, names);
  gtk_widget_class_bind_template_child (widget_class, LabRosterDialog, selection);
  gtk_widget_class_bind_template_callback (widget_class, activate_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_activate_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_changed_cb);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
lab_roster_dialog_init (LabRosterDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * lab_roster_dialog_new:
 * @parent: (nullable): the window that asks
 * @roster: the class's sheet
 *
 * Returns: (transfer floating): a dialog that is not shown yet
 */
GtkWidget *
lab_roster_dialog_new (GtkWindow *parent, JumpRoster *roster)
{
  LabRosterDialog *self;
  g_auto (GStrv) names = NULL;
  g_autoptr (GtkStringList) list = NULL;

  g_return_val_if_fail (JUMP_IS_ROSTER (roster), NULL);

  self = g_object_new (LAB_TYPE_ROSTER_DIALOG, "transient-for", parent, "application",
                       parent != NULL ? gtk_window_get_application (parent) : NULL, NULL);
  self->roster = g_object_ref (roster);
  names = jump_roster_dup_names (roster);
  list = gtk_string_list_new ((const char *const *)names);
  gtk_filter_list_model_set_model (self->names, G_LIST_MODEL (list));
  search_changed_cb (self);

  return GTK_WIDGET (self);
}

/**
 * lab_roster_dialog_get_roster:
 * @self: a dialog
 *
 * Returns: (transfer none): the class's sheet
 */
JumpRoster *
lab_roster_dialog_get_roster (LabRosterDialog *self)
{
  g_return_val_if_fail (LAB_IS_ROSTER_DIALOG (self), NULL);

  return self->roster;
}
