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
#include "practice-konvoy.h"

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
run_client (const char *folder, char **command)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PracticeClient) client = practice_client_new (folder, command == NULL, &error);

  if (!client) {
    g_printerr ("konvoy-practice: %s\n", error->message);
    return EXIT_FAILURE;
  }
  return command ? practice_client_run (client, (const char *const *)command)
                 : practice_client_attach (client);
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
  gboolean show_version = FALSE;
  int agent_fd = -1;
  const GOptionEntry entries[] = {
    { "dir", 0, 0, G_OPTION_ARG_FILENAME, &folder, N_ ("Keep the cluster in DIR"), N_ ("DIR") },
    { "version", 0, 0, G_OPTION_ARG_NONE, &show_version, N_ ("Print the version"), NULL },
    { "agent", 0, G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_INT, &agent_fd, NULL, NULL },
    { NULL },
  };
  char **command = split_command (&argc, argv);
  g_autoptr (GOptionContext) context = g_option_context_new (_ ("[-- COMMAND [ARGUMENT…]]"));
  g_autoptr (GError) error = NULL;

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
  if (argc > 1) {
    g_printerr (_ ("konvoy-practice: “%s” is not understood. A program to run follows “--”.\n"),
                argv[1]);
    return EXIT_FAILURE;
  }
  if (!folder || (command && !*command)) {
    g_autofree char *help = g_option_context_get_help (context, TRUE, NULL);

    g_printerr ("%s", help);
    return EXIT_FAILURE;
  }
  return run_client (folder, command);
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
  return g_strcmp0 (name, "konvoy") == 0 ? practice_konvoy_main (argc, argv)
                                         : practice_main (argc, argv);
}
