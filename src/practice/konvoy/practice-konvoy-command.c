/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <stdlib.h>

#include "practice-cluster-file.h"
#include "practice-konvoy-command.h"

#define FILE_NAME "cluster.yaml"

/**
 * practice_konvoy_complain:
 * @error: what went wrong
 *
 * Returns: the status for the process to end with, now that the user has been told
 */
int
practice_konvoy_complain (const GError *error)
{
  g_printerr ("konvoy: %s\n", error->message);

  return EXIT_FAILURE;
}

/**
 * practice_konvoy_parse:
 * @argc: (inout): number of @argv
 * @argv: (inout): the command and its arguments; without its options then
 * @arguments: (nullable): what it takes beside options, for its help; %NULL: nothing
 * @summary: what it does, in a sentence
 * @entries: (nullable): its options
 * @error: return location for an error
 *
 * Reads the options of a command; `--help` prints them and ends the process.
 *
 * Returns: whether they are understood
 */
gboolean
practice_konvoy_parse (int *argc,
                       char ***argv,
                       const char *arguments,
                       const char *summary,
                       const GOptionEntry *entries,
                       GError **error)
{
  g_autoptr (GOptionContext) context = g_option_context_new (arguments);
  g_autofree char *name = g_strconcat ("konvoy ", (*argv)[0], NULL);

  g_set_prgname (name);
  if (entries)
    g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);
  g_option_context_set_summary (context, summary);
  if (!g_option_context_parse (context, argc, argv, error))
    return FALSE;
  if (*argc == 1 || arguments)
    return TRUE;
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED, _ ("“%s” takes no argument “%s”."),
               (*argv)[0], (*argv)[1]);

  return FALSE;
}

/**
 * practice_konvoy_read_enabled:
 * @catalog: the add-ons that there are
 * @error: return location for an error
 *
 * Reads the cluster.yaml in this folder, or else the lab's.
 *
 * Returns: (transfer full) (nullable): the add-ons that it enables
 */
GStrv
practice_konvoy_read_enabled (PracticeAddonCatalog *catalog, GError **error)
{
  g_autofree char *in_lab = g_build_filename (g_get_home_dir (), "lab", FILE_NAME, NULL);
  const char *path = g_file_test (FILE_NAME, G_FILE_TEST_EXISTS) ? FILE_NAME : in_lab;
  g_autofree char *text = NULL;
  gsize length;

  if (!g_file_get_contents (path, &text, &length, error))
    return NULL;

  return practice_cluster_file_parse (text, length, path,
                                      practice_addon_catalog_get_names (catalog), error);
}
