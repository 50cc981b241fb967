/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <fcntl.h>
#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <locale.h>
#include <stdlib.h>
#include <unistd.h>

#include "base-install.h"
#include "practice-agent.h"
#include "practice-client.h"
#include "practice-drills.h"
#include "practice-fault.h"
#include "practice-konvoy.h"
#include "practice-reach.h"

#define EXIT_USAGE 2

/* A stream that is closed would be the number of the next file that is opened. */
static void
open_standard_streams (void)
{
  int fd;

  do
    fd = open ("/dev/null", O_RDWR);
  while (fd >= 0 && fd <= STDERR_FILENO);
  if (fd >= 0)
    close (fd);
}

static int
run_agent (int fd)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocket) socket = g_socket_new_from_fd (fd, &error);
  g_autoptr (PracticeAgent) agent = NULL;

  if (!socket) {
    g_printerr ("konvoy-practice: %s\n", error->message);
    return EXIT_FAILURE;
  }
  agent = practice_agent_new (socket);
  practice_agent_run (agent);
  return EXIT_SUCCESS;
}

static int
run_client (const char *folder, char **command, guint32 seed)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PracticeClient) client = practice_client_new (folder, command == NULL, seed, &error);

  if (!client) {
    g_printerr ("konvoy-practice: %s\n", error->message);
    return EXIT_FAILURE;
  }
  return command ? practice_client_run (client, (const char *const *)command)
                 : practice_client_attach (client);
}

static PracticeClient *
connect_for_drill (const char *folder, const char *const *argv, GError **error)
{
  if (practice_drills_needs_owner (argv))
    return practice_client_join (folder, error);
  return practice_drills_renews (argv) ? practice_client_renew (folder, error)
                                       : practice_client_new (folder, FALSE, 0, error);
}

/* The status is 2 where the words make no sense, and 1 where it could not be done. */
static int
run_drill (const char *folder, char **words)
{
  const char *const *argv = (const char *const *)words;
  g_autoptr (GError) error = NULL;
  g_autoptr (PracticeClient) client = NULL;

  if (!practice_drills_check (argv, &error)) {
    g_printerr ("konvoy-practice: %s\n", error->message);
    return EXIT_USAGE;
  }
  client = connect_for_drill (folder, argv, &error);
  if (client)
    return practice_client_drill (client, argv);
  g_printerr ("konvoy-practice: %s\n", error->message);
  return EXIT_FAILURE;
}

/* (transfer full): what the commands for drills are. */
static char *
dup_description (void)
{
  GString *text = g_string_new (_ ("Drills:\n"));

  g_string_append_printf (text, "  %-28s %s\n", "fault NAME [SECONDS]", _ ("Put a fault on"));
  g_string_append_printf (text, "  %-28s %s\n", "fault list", _ ("List the faults"));
  g_string_append_printf (text, "  %-28s %s\n", "fault clear [NAME]", _ ("End one fault, or all"));
  g_string_append_printf (text, "  %-28s %s\n", "snapshot [NAME]",
                          _ ("Keep the cluster's state, or list what is kept"));
  g_string_append_printf (text, "  %-28s %s\n", "restore NAME", _ ("Go back to such a state"));
  g_string_append_printf (text, "  %-28s %s\n", "reset", _ ("Go back to the first start"));
  g_string_append (text, _ ("\nFaults:\n"));
  for (guint i = 0; i < PRACTICE_N_FAULTS; i++)
    g_string_append_printf (text, "  %-28s %s\n", practice_fault_get_name (i),
                            practice_fault_get_description (i));
  return g_string_free (text, FALSE);
}

/* Takes "-- CMD ARGS" off the arguments. Returns NULL where there is no "--". */
static char **
split_command (int *argc, char **argv)
{
  for (int i = 1; i < *argc; i++) {
    if (g_str_equal (argv[i], "--")) {
      argv[i] = NULL;
      *argc = i;
      return argv + i + 1;
    }
  }
  return NULL;
}

static int
practice_main (int argc, char *argv[])
{
  g_autofree char *folder = NULL;
  int seed = 0;
  gboolean show_version = FALSE;
  int agent_fd = -1;
  const GOptionEntry entries[] = {
    { "dir", 0, 0, G_OPTION_ARG_FILENAME, &folder, N_ ("Keep the cluster in DIR"), N_ ("DIR") },
    { "seed", 0, 0, G_OPTION_ARG_INT, &seed,
      N_ ("Where this starts the cluster, make weighted choices repeatable by N"), N_ ("N") },
    { "version", 0, 0, G_OPTION_ARG_NONE, &show_version, N_ ("Print the version"), NULL },
    { "agent", 0, G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_INT, &agent_fd, NULL, NULL },
    { NULL },
  };
  char **command = split_command (&argc, argv);
  g_autoptr (GOptionContext) context =
    g_option_context_new (_ ("[DRILL | -- COMMAND [ARGUMENT…]]"));
  g_autofree char *description = dup_description ();
  g_autoptr (GError) error = NULL;

  g_option_context_set_description (context, description);
  g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);
  g_option_context_set_summary (
    context, _ ("Runs a practice cluster and its jumpserver until standard input is closed, or "
                "runs COMMAND on the jumpserver."));
  if (!g_option_context_parse (context, &argc, &argv, &error)) {
    g_printerr ("konvoy-practice: %s\n", error->message);
    return EXIT_FAILURE;
  }
  if (show_version) {
    g_print ("konvoy-practice %s\n", PACKAGE_VERSION);
    return EXIT_SUCCESS;
  }
  if (agent_fd >= 0)
    return run_agent (agent_fd);
  if (folder && !command && argc > 1 && practice_drills_is_command (argv[1]))
    return run_drill (folder, argv + 1);
  if (argc > 1 && (folder || !practice_drills_is_command (argv[1]))) {
    g_printerr (_ ("konvoy-practice: “%s” is not understood. A program to run follows “--”.\n"),
                argv[1]);
    return EXIT_FAILURE;
  }
  if (!folder || (command && !*command)) {
    g_autofree char *help = g_option_context_get_help (context, TRUE, NULL);

    g_printerr ("%s", help);
    return EXIT_FAILURE;
  }
  return run_client (folder, command, (guint32)seed);
}

int
main (int argc, char *argv[])
{
  g_autofree char *locale_dir = base_install_dup_locale_dir ();
  g_autofree char *name = argc > 0 ? g_path_get_basename (argv[0]) : NULL;

  open_standard_streams ();
  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, locale_dir);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
  if (practice_reach_is_command (name))
    return practice_reach_main (name, argc, argv);
  return g_strcmp0 (name, "konvoy") == 0 ? practice_konvoy_main (argc, argv)
                                         : practice_main (argc, argv);
}
