/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lab-fixture.h"
#include "lab-roster-dialog.h"

static JumpRoster *
load (LabFixture *fixture)
{
  g_autofree char *path = lab_fixture_dup_path (fixture, "class.csv");
  g_autoptr (GError) error = NULL;
  JumpRoster *roster;

  g_file_set_contents (path, "name,host\nAda,10.1.2.3\nGrace,10.1.2.4\n", -1, &error);
  g_assert_no_error (error);
  roster = jump_roster_load (path, &error);
  g_assert_no_error (error);

  return roster;
}

static void
chosen_cb (LabRosterDialog *dialog, const char *name, char **chosen)
{
  *chosen = g_strdup (name);
}

static void
test_new_destroy (void)
{
  LabFixture fixture = { 0 };
  g_autoptr (JumpRoster) roster = NULL;
  GtkWidget *dialog;

  lab_fixture_set_up (&fixture);
  roster = load (&fixture);
  dialog = lab_roster_dialog_new (NULL, roster);
  g_assert_true (lab_roster_dialog_get_roster (LAB_ROSTER_DIALOG (dialog)) == roster);
  g_object_add_weak_pointer (G_OBJECT (dialog), (gpointer *)&dialog);
  gtk_window_destroy (GTK_WINDOW (dialog));
  g_assert_null (dialog);
  lab_fixture_tear_down (&fixture);
}

static gboolean
has_one_name (gpointer list)
{
  return g_list_model_get_n_items (G_LIST_MODEL (gtk_list_view_get_model (list))) == 1;
}

static void
test_search (void)
{
  LabFixture fixture = { 0 };
  g_autoptr (JumpRoster) roster = NULL;
  g_autofree char *chosen = NULL;
  GtkWidget *dialog, *entry, *list;

  lab_fixture_set_up (&fixture);
  roster = load (&fixture);
  dialog = lab_roster_dialog_new (NULL, roster);
  g_signal_connect (dialog, "chosen", G_CALLBACK (chosen_cb), &chosen);
  entry = lab_test_find (dialog, GTK_TYPE_SEARCH_ENTRY, NULL);
  list = lab_test_find (dialog, GTK_TYPE_LIST_VIEW, NULL);
  gtk_editable_set_text (GTK_EDITABLE (entry), "gr");
  test_wait_until (has_one_name, list, 10, "the search");
  g_signal_emit_by_name (entry, "activate");
  g_assert_cmpstr (chosen, ==, "Grace");
  lab_fixture_tear_down (&fixture);
}

int
main (int argc, char **argv)
{
  if (!lab_test_init (&argc, &argv))
    return 0;
  g_test_add_func ("/lab/roster-dialog/new-destroy", test_new_destroy);
  g_test_add_func ("/lab/roster-dialog/search", test_search);

  return g_test_run ();
}
