/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <stdlib.h>

#include "practice-konvoy-command.h"
#include "practice-konvoy-stage.h"

static gboolean
is_wanted (const char *what, const char *stage)
{
  return !what || g_str_equal (what, stage);
}

static void
print_complaints (GPtrArray *complaints)
{
  g_printerr ("\n%s\n", _ ("Not all is well:"));
  for (guint i = 0; i < complaints->len; i++)
    g_printerr ("  %s\n", (const char *)g_ptr_array_index (complaints, i));
}

/**
 * practice_konvoy_check:
 * @argc: number of @argv
 * @argv: "check", and perhaps "nodes" or "addons"
 *
 * Says how nodes and add-ons are.
 *
 * Returns: the status for the process to end with: failure where anything is not well
 */
int
practice_konvoy_check (int argc, char *argv[])
{
  gboolean yes = FALSE;
  const GOptionEntry entries[] = {
    { "yes", 'y', 0, G_OPTION_ARG_NONE, &yes, N_ ("Nothing is asked in any case"), NULL },
    { NULL },
  };
  g_autoptr (GError) error = NULL;
  g_autoptr (PracticeAddonCatalog) catalog = NULL;
  g_autoptr (GPtrArray) complaints = g_ptr_array_new_with_free_func (g_free);
  g_auto (GStrv) enabled = NULL;
  const char *what;

  if (!practice_konvoy_parse (&argc, &argv, "[nodes|addons]",
                              _ ("Checks the nodes and the add-ons of the cluster."), entries,
                              &error))
    return practice_konvoy_complain (error);
  what = argc > 1 ? argv[1] : NULL;
  if (argc > 2 || (what && !g_str_equal (what, "nodes") && !g_str_equal (what, "addons"))) {
    g_printerr (_ ("konvoy: “check” takes no argument “%s”.\n"), argv[argc - 1]);
    return EXIT_FAILURE;
  }
  catalog = practice_addon_catalog_new (&error);
  if (catalog)
    enabled = practice_konvoy_read_enabled (catalog, &error);
  if (!enabled)
    return practice_konvoy_complain (error);

  if (!what)
    practice_konvoy_stage_provision ();
  if (is_wanted (what, "nodes") &&
      !practice_konvoy_stage_check ("Checking Nodes", "nodes", NULL, complaints, &error))
    return practice_konvoy_complain (error);
  if (is_wanted (what, "addons") &&
      !practice_konvoy_stage_check ("Checking Addons", "addons", (const char *const *)enabled,
                                    complaints, &error))
    return practice_konvoy_complain (error);

  if (complaints->len > 0) {
    print_complaints (complaints);
    return EXIT_FAILURE;
  }
  if (!what) {
    g_print ("\n%s\n", _ ("Run `konvoy apply kubeconfig` to update kubectl credentials."));
    if (!practice_konvoy_stage_print_portal (&error))
      return practice_konvoy_complain (error);
  }

  return EXIT_SUCCESS;
}
