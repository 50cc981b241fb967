/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <stdlib.h>

#include "practice-istioctl.h"
#include "practice-konvoy-command.h"
#include "practice-konvoy.h"

#define VERSION "v1.3.0"

static int
print_version (int argc, char *argv[])
{
  /* Translators: version of Konvoy, version of this program */
  g_print (_ ("konvoy %s of the practice cluster (Konvoy Lab %s)\n"), VERSION, PACKAGE_VERSION);

  return EXIT_SUCCESS;
}

static const struct {
  const char *name;
  int (*run) (int argc, char *argv[]);
  const char *help;
} commands[] = {
  { "apply", practice_konvoy_apply, N_ ("kubeconfig: makes kubectl use the cluster") },
  { "check", practice_konvoy_check, N_ ("Checks the nodes and the add-ons") },
  { "deploy", practice_konvoy_deploy, N_ ("addons: deploys those that cluster.yaml enables") },
  { "istioctl", practice_istioctl_main, NULL },
  { "get", practice_konvoy_get, N_ ("ops-portal: says where it is, and how to log in") },
  { "up", practice_konvoy_up, N_ ("Makes the cluster what cluster.yaml says") },
  { "version", print_version, N_ ("Prints the version") },
};

static void
print_help (void)
{
  g_print ("%s\n\n%s\n  konvoy COMMAND [FLAGS]\n\n%s\n",
           _ ("Changes the practice cluster as Konvoy does a real one."), _ ("Usage:"),
           _ ("Commands:"));
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    if (commands[i].help)
      g_print ("  %-10s  %s\n", commands[i].name, _ (commands[i].help));
  g_print ("\n%s\n", _ ("“konvoy COMMAND --help” tells more of a command."));
}

/**
 * practice_konvoy_main:
 * @argc: number of @argv
 * @argv: arguments, the first of which is the program's name
 *
 * Returns: the status for the process to end with
 */
int
practice_konvoy_main (int argc, char *argv[])
{
  const char *command = argc > 1 ? argv[1] : "--help";

  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    if (g_str_equal (command, commands[i].name))
      return commands[i].run (argc - 1, argv + 1);
  if (g_str_equal (command, "--version"))
    return print_version (argc, argv);
  if (g_str_equal (command, "--help") || g_str_equal (command, "-h") ||
      g_str_equal (command, "help")) {
    print_help ();
    return EXIT_SUCCESS;
  }
  g_printerr (_ ("konvoy: there is no command “%s”. “konvoy --help” lists all.\n"), command);

  return EXIT_FAILURE;
}
