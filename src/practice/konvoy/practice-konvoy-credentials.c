/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <stdlib.h>

#include "base-private-file.h"
#include "practice-addon-client.h"
#include "practice-konvoy-command.h"
#include "practice-konvoy-stage.h"

/**
 * practice_konvoy_get:
 * @argc: number of @argv
 * @argv: "get", "ops-portal"
 *
 * Says where the ops portal is and how to log in.
 *
 * Returns: the status for the process to end with
 */
int
practice_konvoy_get (int argc, char *argv[])
{
  g_autoptr (GError) error = NULL;

  if (!practice_konvoy_parse (&argc, &argv, "ops-portal",
                              _ ("Says where the ops portal is, and how to log in."), NULL, &error))
    return practice_konvoy_complain (error);
  if (argc != 2 || !g_str_equal (argv[1], "ops-portal")) {
    g_printerr ("%s\n", _ ("konvoy: what “get” can get is “ops-portal”."));
    return EXIT_FAILURE;
  }

  return practice_konvoy_stage_print_portal (&error) ? EXIT_SUCCESS
                                                     : practice_konvoy_complain (error);
}

/* The first file that kubectl writes to. */
static char *
dup_kubeconfig_path (void)
{
  const char *paths = g_getenv ("KUBECONFIG");
  g_auto (GStrv) files = paths ? g_strsplit (paths, G_SEARCHPATH_SEPARATOR_S, 2) : NULL;

  if (files && files[0] && *files[0])
    return g_strdup (files[0]);

  return g_build_filename (g_get_home_dir (), ".kube", "config", NULL);
}

static gboolean
write_kubeconfig (const char *path, const char *text, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (path);
  g_autofree char *present = NULL;
  g_autofree char *kept = g_strconcat (path, ".before-konvoy", NULL);

  if (g_file_get_contents (path, &present, NULL, NULL) && g_str_equal (present, text))
    return TRUE;
  if (present && g_rename (path, kept) == 0)
    g_print (_ ("What was in %s is in %s now.\n"), path, kept);
  g_mkdir_with_parents (folder, 0700);

  return base_private_file_write (path, text, error);
}

/**
 * practice_konvoy_apply:
 * @argc: number of @argv
 * @argv: "apply", "kubeconfig"
 *
 * Makes kubectl use the cluster.
 *
 * Returns: the status for the process to end with
 */
int
practice_konvoy_apply (int argc, char *argv[])
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer = NULL;
  g_autofree char *path = dup_kubeconfig_path ();
  const char *text = "";

  if (!practice_konvoy_parse (&argc, &argv, "kubeconfig", _ ("Makes kubectl use the cluster."),
                              NULL, &error))
    return practice_konvoy_complain (error);
  if (argc != 2 || !g_str_equal (argv[1], "kubeconfig")) {
    g_printerr ("%s\n", _ ("konvoy: what “apply” can apply is “kubeconfig”."));
    return EXIT_FAILURE;
  }
  answer = practice_addon_client_ask (g_variant_new_parsed ("{'op': <'kubeconfig'>}"), &error);
  if (!answer)
    return practice_konvoy_complain (error);
  g_variant_lookup (answer, "text", "&s", &text);
  if (!write_kubeconfig (path, text, &error))
    return practice_konvoy_complain (error);
  g_print (_ ("kubectl uses the cluster: %s has its address and credentials.\n"), path);

  return EXIT_SUCCESS;
}
