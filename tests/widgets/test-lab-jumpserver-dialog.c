/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lab-fixture.h"
#include "lab-jumpserver-dialog.h"
#include "lab-place-button.h"

static void
chosen_cb (LabJumpserverDialog *dialog, JumpPlace *place, char **id)
{
  *id = g_strdup (jump_place_get_id (place));
}

static void
test_new_destroy (void)
{
  GtkWidget *dialog = lab_jumpserver_dialog_new (NULL, NULL, NULL);

  g_object_add_weak_pointer (G_OBJECT (dialog), (gpointer *)&dialog);
  gtk_window_destroy (GTK_WINDOW (dialog));
  g_assert_null (dialog);
}

static void
test_remembered (void)
{
  GtkWidget *dialog = lab_jumpserver_dialog_new (NULL, "centos@10.1.2.3", "/tmp/key");

  g_assert_cmpstr (lab_jumpserver_dialog_get_address (LAB_JUMPSERVER_DIALOG (dialog)), ==,
                   "centos@10.1.2.3");
  g_assert_cmpstr (lab_jumpserver_dialog_get_identity (LAB_JUMPSERVER_DIALOG (dialog)), ==,
                   "/tmp/key");
  gtk_window_destroy (GTK_WINDOW (dialog));
}

/* An address that is none keeps the dialog open and says what to write. */
static void
test_address (void)
{
  GtkWidget *dialog = lab_jumpserver_dialog_new (NULL, NULL, NULL);
  GtkWidget *entry = lab_test_find (dialog, ADW_TYPE_ENTRY_ROW, NULL);
  GtkWidget *button = lab_test_find (dialog, GTK_TYPE_BUTTON, "C_onnect");
  g_autofree char *id = NULL;

  g_signal_connect (dialog, "chosen", G_CALLBACK (chosen_cb), &id);
  g_assert_false (gtk_widget_get_sensitive (button));
  gtk_editable_set_text (GTK_EDITABLE (entry), "-oProxyCommand=x");
  g_signal_emit_by_name (button, "clicked");
  g_assert_null (id);
  gtk_editable_set_text (GTK_EDITABLE (entry), " centos@10.1.2.3 ");
  g_signal_emit_by_name (button, "clicked");
  g_assert_cmpstr (id, ==, "ssh:centos@10.1.2.3:22");
}

static void
test_place_button (void)
{
  LabFixture fixture = { 0 };
  LabPlaceButton *button = g_object_ref_sink (g_object_new (LAB_TYPE_PLACE_BUTTON, NULL));

  lab_fixture_set_up (&fixture);
  lab_place_button_set_lab (button, fixture.lab);
  g_assert_nonnull (lab_test_find (GTK_WIDGET (button), GTK_TYPE_LABEL, "This computer"));
  gtk_test_accessible_assert_property (
    lab_test_find (GTK_WIDGET (button), GTK_TYPE_MENU_BUTTON, NULL), GTK_ACCESSIBLE_PROPERTY_LABEL,
    "This computer, not connected");
  g_assert_finalize_object (button);
  lab_fixture_tear_down (&fixture);
}

int
main (int argc, char **argv)
{
  if (!lab_test_init (&argc, &argv))
    return 0;
  g_test_add_func ("/lab/jumpserver-dialog/new-destroy", test_new_destroy);
  g_test_add_func ("/lab/jumpserver-dialog/remembered", test_remembered);
  g_test_add_func ("/lab/jumpserver-dialog/address", test_address);
  g_test_add_func ("/lab/jumpserver-dialog/place-button", test_place_button);

  return g_test_run ();
}
