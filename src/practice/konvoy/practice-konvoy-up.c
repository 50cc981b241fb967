/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <stdio.h>
#include <stdlib.h>

#include "practice-addon-client.h"
#include "practice-konvoy-command.h"
#include "practice-konvoy-stage.h"

/* How long an add-on's pods may take until they are ready. */
#define READY_TRIES 480
#define READY_PAUSE (250 * G_TIME_SPAN_MILLISECOND)

static gboolean
switch_addon (const char *op, const char *name, GError **error)
{
  g_autoptr (GVariant) answer = practice_addon_client_ask (
    g_variant_new_parsed ("{'op': <%s>, 'name': <%s>}", op, name), error);

  return answer != NULL;
}

/* The owner's word about one add-on; "" where it is well. */
static char *
dup_complaint (const char *name, GError **error)
{
  g_autoptr (GVariant) answer =
    practice_addon_client_ask (g_variant_new_parsed ("{'op': <'addons'>}"), error);
  g_autoptr (GVariantIter) iter = NULL;
  const char *what;
  const char *complaint;

  if (!answer || !g_variant_lookup (answer, "states", "a(ss)", &iter))
    return NULL;
  while (g_variant_iter_next (iter, "(&s&s)", &what, &complaint))
    if (g_str_equal (what, name))
      return g_strdup (complaint);

  return g_strdup ("");
}

static gboolean
install (const char *name, GError **error)
{
  g_autofree char *complaint = NULL;

  if (!switch_addon ("enable-addon", name, error))
    return FALSE;
  for (guint i = 0; i < READY_TRIES; i++) {
    g_clear_pointer (&complaint, g_free);
    complaint = dup_complaint (name, error);
    if (!complaint)
      return FALSE;
    if (!*complaint)
      return TRUE;
    g_usleep (READY_PAUSE);
  }
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "%s: %s", name, complaint);

  return FALSE;
}

static gboolean
deploy (PracticeAddonCatalog *catalog, const char *const *enabled, GError **error)
{
  const char *const *names = practice_addon_catalog_get_names (catalog);

  practice_konvoy_stage_begin ("Deploying Enabled Addons");
  for (guint i = 0; names[i]; i++) {
    gboolean is_done;

    if (!g_strv_contains (enabled, names[i]))
      continue;
    is_done = install (names[i], error);
    practice_konvoy_stage_print (names[i], is_done);
    if (!is_done)
      return FALSE;
  }

  return TRUE;
}

/* What the cluster has and the file does not enable. */
static gboolean
remove_disabled (const char *const *enabled, GError **error)
{
  g_autoptr (GVariant) answer =
    practice_addon_client_ask (g_variant_new_parsed ("{'op': <'installed'>}"), error);
  g_auto (GStrv) installed = NULL;
  gboolean has_begun = FALSE;

  if (!answer)
    return FALSE;
  g_variant_lookup (answer, "names", "^as", &installed);
  for (guint i = 0; installed && installed[i]; i++) {
    if (g_strv_contains (enabled, installed[i]))
      continue;
    if (!has_begun)
      practice_konvoy_stage_begin ("Removing Disabled Addons");
    has_begun = TRUE;
    if (!switch_addon ("disable-addon", installed[i], error))
      return FALSE;
    practice_konvoy_stage_print (installed[i], TRUE);
  }
  if (has_begun)
    g_print ("\n%s\n", _ ("Their pods, Services and Ingresses are removed. Their namespaces stay, "
                          "and so do the kinds that they brought, with the objects that you made "
                          "of these."));

  return TRUE;
}

static gboolean
confirm (void)
{
  char answer[16] = "";

  g_print ("%s", _ ("This makes the cluster what cluster.yaml says. Do you want to continue "
                    "[y/n]: "));
  fflush (stdout);

  return fgets (answer, sizeof answer, stdin) && g_ascii_tolower (*answer) == 'y';
}

/* @whole: not the add-ons alone */
static int
bring_up (gboolean yes, gboolean whole)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PracticeAddonCatalog) catalog = practice_addon_catalog_new (&error);
  g_auto (GStrv) enabled = catalog ? practice_konvoy_read_enabled (catalog, &error) : NULL;
  g_autoptr (GPtrArray) complaints = g_ptr_array_new_with_free_func (g_free);

  if (!enabled)
    return practice_konvoy_complain (error);
  if (!yes && !confirm ())
    return EXIT_FAILURE;
  if (whole) {
    practice_konvoy_stage_provision ();
    if (!practice_konvoy_stage_check ("Deploying Kubernetes", "nodes", NULL, complaints, &error))
      return practice_konvoy_complain (error);
  }
  if (!deploy (catalog, (const char *const *)enabled, &error) ||
      !remove_disabled ((const char *const *)enabled, &error))
    return practice_konvoy_complain (error);
  g_print ("\n%s\n", whole
                       ? _ ("The add-ons are what cluster.yaml says; the nodes stay as they are.")
                       : _ ("The add-ons are what cluster.yaml says."));
  if (whole) {
    g_print ("\n%s\n", _ ("Run `konvoy apply kubeconfig` to update kubectl credentials."));
    if (g_strv_contains ((const char *const *)enabled, "opsportal") &&
        g_strv_contains ((const char *const *)enabled, "traefik") &&
        !practice_konvoy_stage_print_portal (&error))
      return practice_konvoy_complain (error);
  }

  return EXIT_SUCCESS;
}

/**
 * practice_konvoy_up:
 * @argc: number of @argv
 * @argv: "up" and its options
 *
 * Makes the cluster what cluster.yaml says.
 *
 * Returns: the status for the process to end with
 */
int
practice_konvoy_up (int argc, char *argv[])
{
  gboolean yes = FALSE;
  gboolean upgrade = FALSE;
  gboolean force_upgrade = FALSE;
  const GOptionEntry entries[] = {
    { "yes", 'y', 0, G_OPTION_ARG_NONE, &yes, N_ ("Do not ask before the change"), NULL },
    { "upgrade", 0, 0, G_OPTION_ARG_NONE, &upgrade, N_ ("Upgrade what is installed"), NULL },
    { "force-upgrade", 0, 0, G_OPTION_ARG_NONE, &force_upgrade,
      N_ ("Upgrade even where a node's pods must be stopped"), NULL },
    { NULL },
  };
  g_autoptr (GError) error = NULL;

  if (!practice_konvoy_parse (&argc, &argv, NULL, _ ("Makes the cluster what cluster.yaml says."),
                              entries, &error))
    return practice_konvoy_complain (error);

  return bring_up (yes, TRUE);
}

/**
 * practice_konvoy_deploy:
 * @argc: number of @argv
 * @argv: "deploy", "addons" and options
 *
 * Deploys the add-ons that cluster.yaml enables, or what is missing of them.
 *
 * Returns: the status for the process to end with
 */
int
practice_konvoy_deploy (int argc, char *argv[])
{
  gboolean yes = FALSE;
  const GOptionEntry entries[] = {
    { "yes", 'y', 0, G_OPTION_ARG_NONE, &yes, N_ ("Do not ask before the change"), NULL },
    { NULL },
  };
  g_autoptr (GError) error = NULL;

  if (!practice_konvoy_parse (&argc, &argv, "addons",
                              _ ("Deploys the add-ons that cluster.yaml enables."), entries,
                              &error))
    return practice_konvoy_complain (error);
  if (argc != 2 || !g_str_equal (argv[1], "addons")) {
    g_printerr ("%s\n", _ ("konvoy: what “deploy” can deploy is “addons”."));
    return EXIT_FAILURE;
  }

  return bring_up (yes, FALSE);
}
