/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lab-jumpserver-dialog.h"

#include <glib/gi18n-lib.h>

#include "jump-ssh.h"
#include "lab-button-names.h"

struct _LabJumpserverDialog {
  AdwWindow parent_instance;

  AdwEntryRow *address_row;
  AdwActionRow *key_row;
  GtkButton *clear_button;
  GtkButton *connect_button;
  GtkLabel *error_label;

  char *identity;                /* (nullable): path of the private key */
  GtkFileChooserNative *chooser; /* (nullable): while it is open */
};

G_DEFINE_FINAL_TYPE (LabJumpserverDialog, lab_jumpserver_dialog, ADW_TYPE_WINDOW)

enum {
  CHOSEN,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
show_identity (LabJumpserverDialog *self)
{
  g_autofree char *name = self->identity != NULL ? g_filename_display_name (self->identity) : NULL;

  adw_action_row_set_subtitle (
    self->key_row, name != NULL ? name : _ ("From the SSH agent or SSH's own settings"));
  gtk_widget_set_visible (GTK_WIDGET (self->clear_button), name != NULL);
}

static void
address_changed_cb (LabJumpserverDialog *self)
{
  const char *address = gtk_editable_get_text (GTK_EDITABLE (self->address_row));

  gtk_widget_set_sensitive (GTK_WIDGET (self->connect_button), *address != '\0');
  gtk_widget_set_visible (GTK_WIDGET (self->error_label), FALSE);
}

static void
connect_cb (LabJumpserverDialog *self)
{
  g_autofree char *address = g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->address_row)));
  g_autoptr (GError) error = NULL;
  g_autoptr (JumpPlace) place = NULL;

  g_strstrip (address);
  if (*address == '\0')
    return;

  place = jump_ssh_new_for_spec (address, self->identity, &error);
  if (place == NULL) {
    gtk_label_set_label (self->error_label, error->message);
    gtk_widget_set_visible (GTK_WIDGET (self->error_label), TRUE);
    gtk_widget_grab_focus (GTK_WIDGET (self->address_row));
    return;
  }

  g_signal_emit (self, signals[CHOSEN], 0, place);
  gtk_window_close (GTK_WINDOW (self));
}

static void
chooser_response_cb (LabJumpserverDialog *self, int response)
{
  if (response == GTK_RESPONSE_ACCEPT) {
    g_autoptr (GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (self->chooser));

    g_free (self->identity);
    self->identity = g_file_get_path (file);
    show_identity (self);
  }
  g_clear_object (&self->chooser);
}

static void
choose_key_cb (LabJumpserverDialog *self)
{
  g_autofree char *folder = g_build_filename (g_get_home_dir (), ".ssh", NULL);
  g_autoptr (GFile) file = g_file_new_for_path (folder);

  if (self->chooser != NULL)
    return;

  self->chooser = gtk_file_chooser_native_new (_ ("Choose the private key"), GTK_WINDOW (self),
                                               GTK_FILE_CHOOSER_ACTION_OPEN, _ ("_Choose"), NULL);
  if (g_file_query_exists (file, NULL))
    gtk_file_chooser_set_current_folder (GTK_FILE_CHOOSER (self->chooser), file, NULL);
  g_signal_connect_object (self->chooser, "response", G_CALLBACK (chooser_response_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

static void
clear_key_cb (LabJumpserverDialog *self)
{
  g_clear_pointer (&self->identity, g_free);
  show_identity (self);
}

static void
lab_jumpserver_dialog_dispose (GObject *object)
{
  LabJumpserverDialog *self = LAB_JUMPSERVER_DIALOG (object);

  g_clear_object (&self->chooser);
  gtk_widget_dispose_template (GTK_WIDGET (self), LAB_TYPE_JUMPSERVER_DIALOG);
  g_clear_pointer (&self->identity, g_free);

  G_OBJECT_CLASS (lab_jumpserver_dialog_parent_class)->dispose (object);
}

static void
lab_jumpserver_dialog_class_init (LabJumpserverDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lab_jumpserver_dialog_dispose;

  signals[CHOSEN] = g_signal_new ("chosen", LAB_TYPE_JUMPSERVER_DIALOG, G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 1, JUMP_TYPE_PLACE);

  gtk_widget_class_set_template_from_resource (
    widget_class, "/io/github/konvoylab/KonvoyLab/lab-jumpserver-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, LabJumpserverDialog, address_row);
  gtk_widget_class_bind_template_child (widget_class, LabJumpserverDialog, key_row);
  gtk_widget_class_bind_template_child (widget_class, LabJumpserverDialog, clear_button);
  gtk_widget_class_bind_template_child (widget_class, LabJumpserverDialog, connect_button);
  gtk_widget_class_bind_template_child (widget_class, LabJumpserverDialog, error_label);
  gtk_widget_class_bind_template_callback (widget_class, address_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, connect_cb);
  gtk_widget_class_bind_template_callback (widget_class, choose_key_cb);
  gtk_widget_class_bind_template_callback (widget_class, clear_key_cb);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
lab_jumpserver_dialog_init (LabJumpserverDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  lab_button_names_mend (GTK_WIDGET (self));
  show_identity (self);
}

/**
 * lab_jumpserver_dialog_new:
 * @parent: (nullable): the window that asks
 * @address: (nullable): to begin with
 * @identity: (nullable): path of a private key to begin with; empty for none
 *
 * Returns: (transfer floating): a dialog that is not shown yet
 */
GtkWidget *
lab_jumpserver_dialog_new (GtkWindow *parent, const char *address, const char *identity)
{
  LabJumpserverDialog *self;

  self = g_object_new (LAB_TYPE_JUMPSERVER_DIALOG, "transient-for", parent, "application",
                       parent != NULL ? gtk_window_get_application (parent) : NULL, NULL);
  if (identity != NULL && *identity != '\0')
    self->identity = g_strdup (identity);
  if (address != NULL)
    gtk_editable_set_text (GTK_EDITABLE (self->address_row), address);
  show_identity (self);

  return GTK_WIDGET (self);
}

/**
 * lab_jumpserver_dialog_get_address:
 * @self: a dialog
 *
 * Returns: what is written as the address
 */
const char *
lab_jumpserver_dialog_get_address (LabJumpserverDialog *self)
{
  g_return_val_if_fail (LAB_IS_JUMPSERVER_DIALOG (self), NULL);

  return gtk_editable_get_text (GTK_EDITABLE (self->address_row));
}

/**
 * lab_jumpserver_dialog_get_identity:
 * @self: a dialog
 *
 * Returns: (nullable): path of the private key
 */
const char *
lab_jumpserver_dialog_get_identity (LabJumpserverDialog *self)
{
  g_return_val_if_fail (LAB_IS_JUMPSERVER_DIALOG (self), NULL);

  return self->identity;
}
