/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lab-application.h"
#include "lab-fixture.h"
#include "lab-terminal.h"

/* As a program that is started while the first one runs. */
static int
run (LabApplication *application, const char *option)
{
  const char *arguments[] = { "konvoy-lab", option, NULL };
  g_autoptr (GApplicationCommandLine) line =
    g_object_new (G_TYPE_APPLICATION_COMMAND_LINE, "arguments",
                  g_variant_new_bytestring_array (arguments, -1), NULL);
  int status = -1;

  g_signal_emit_by_name (application, "command-line", line, &status);

  return status;
}

static gboolean
has_terminal (gpointer window)
{
  return lab_test_find (window, LAB_TYPE_TERMINAL, NULL) != NULL;
}

static gboolean
is_presenting (GtkWidget *window)
{
  return lab_terminal_get_presenting (
    LAB_TERMINAL (lab_test_find (window, LAB_TYPE_TERMINAL, NULL)));
}

/* Keys that are a program's in the terminal have one beside them that is not. */
static void
assert_searches_anywhere (LabApplication *application)
{
  g_auto (GStrv) actions =
    gtk_application_get_actions_for_accel (GTK_APPLICATION (application), "<Control><Shift>s");

  g_assert_cmpuint (g_strv_length (actions), ==, 1);
  g_assert_cmpstr (actions[0], ==, "win.search");
}

/* Who has a window open and starts to present shows no credentials in that window either. */
static void
test_present_later (void)
{
  g_autoptr (LabApplication) application = lab_application_new ();
  g_autoptr (GError) error = NULL;
  GtkWidget *window;

  g_setenv ("SHELL", "/bin/sh", TRUE);
  g_application_set_flags (G_APPLICATION (application),
                           G_APPLICATION_HANDLES_COMMAND_LINE | G_APPLICATION_NON_UNIQUE);
  g_application_register (G_APPLICATION (application), NULL, &error);
  g_assert_no_error (error);
  assert_searches_anywhere (application);
  g_assert_cmpint (run (application, "--kubeconfig=/nowhere"), ==, 0);
  window = GTK_WIDGET (gtk_application_get_windows (GTK_APPLICATION (application))->data);
  test_wait_until (has_terminal, window, 20, "the terminal");
  g_assert_false (is_presenting (window));

  g_assert_cmpint (run (application, "--present"), ==, 0);
  g_assert_cmpuint (g_list_length (gtk_application_get_windows (GTK_APPLICATION (application))), ==,
                    1);
  g_assert_true (is_presenting (window));
  g_action_group_activate_action (G_ACTION_GROUP (application), "quit", NULL);
  g_assert_null (gtk_application_get_windows (GTK_APPLICATION (application)));
}

int
main (int argc, char **argv)
{
  if (!lab_test_init (&argc, &argv))
    return 0;
  g_test_add_func ("/lab/application/present-later", test_present_later);

  return g_test_run ();
}
