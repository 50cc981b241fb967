/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-istioctl-install.h"

#include <glib/gi18n-lib.h>
#include <stdio.h>
#include <stdlib.h>

#include "practice-addon-client.h"

#define ADDON "istio"

static int
complain (const char *message)
{
  g_printerr ("Error: %s\n", message);

  return EXIT_FAILURE;
}

/* Whether the user agrees, or has said so already. */
static gboolean
ask (const char *question, gboolean is_sure)
{
  char answer[8] = "";

  if (is_sure)
    return TRUE;
  g_print ("%s (y/N) ", question);
  fflush (stdout);

  return fgets (answer, sizeof answer, stdin) != NULL && g_ascii_tolower (answer[0]) == 'y';
}

static int
switch_addon (const char *op, const char *const *done)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer = practice_addon_client_ask (
    g_variant_new_parsed ("{'op': <%s>, 'name': <%s>}", op, ADDON), &error);

  if (answer == NULL)
    return complain (error->message);
  for (guint i = 0; done[i] != NULL; i++)
    g_print ("✔ %s\n", done[i]);

  return EXIT_SUCCESS;
}

/* There is one way in which Istio is installed here, whatever a profile would say. */
static gboolean
parse (int *argc, char ***argv, gboolean *is_sure, GError **error)
{
  g_auto (GStrv) values = NULL;
  gboolean purge = FALSE;
  const GOptionEntry entries[] = {
    { "set", 0, 0, G_OPTION_ARG_STRING_ARRAY, &values, N_ ("A value, such as profile=demo"),
      N_ ("NAME=VALUE") },
    { "skip-confirmation", 'y', 0, G_OPTION_ARG_NONE, is_sure, N_ ("Do not ask"), NULL },
    { "purge", 0, 0, G_OPTION_ARG_NONE, &purge, N_ ("Remove all of it, as always here"), NULL },
    { NULL },
  };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);

  g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);
  if (!g_option_context_parse (context, argc, argv, error))
    return FALSE;
  if (*argc > 1) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                 /* Translators: %s is what was typed */
                 _ ("“%s” is not understood."), (*argv)[1]);
    return FALSE;
  }

  return TRUE;
}

/**
 * practice_istioctl_install:
 * @argc: number of @argv
 * @argv: "install" and its options
 *
 * Installs what the practice cluster has of Istio, as `konvoy up` does where cluster.yaml enables
 * it.
 *
 * Returns: the status for the process to end with
 */
int
practice_istioctl_install (int argc, char *argv[])
{
  static const char *const done[] = { "Istio core installed", "Istiod installed",
                                      "Ingress gateways installed", "Installation complete", NULL };
  gboolean is_sure = FALSE;
  g_autoptr (GError) error = NULL;

  if (!parse (&argc, &argv, &is_sure, &error))
    return complain (error->message);
  if (!ask (_ ("This will install Istio 1.3.3 into the cluster. Proceed?"), is_sure))
    return EXIT_SUCCESS;

  return switch_addon ("enable-addon", done);
}

/**
 * practice_istioctl_manifest:
 * @argc: number of @argv
 * @argv: "manifest", "apply" and its options
 *
 * Installs Istio as practice_istioctl_install() does, without a question, as istioctl 1.4 did.
 *
 * Returns: the status for the process to end with
 */
int
practice_istioctl_manifest (int argc, char *argv[])
{
  static const char *const done[] = { "Finished applying manifest for component Base.",
                                      "Finished applying manifest for component Pilot.",
                                      "Finished applying manifest for component IngressGateway.",
                                      NULL };
  gboolean is_sure = TRUE;
  g_autoptr (GError) error = NULL;

  if (argc < 2 || !g_str_equal (argv[1], "apply"))
    return complain (_ ("Only “istioctl manifest apply” is understood here."));
  argc--;
  argv++;
  if (!parse (&argc, &argv, &is_sure, &error))
    return complain (error->message);

  return switch_addon ("enable-addon", done);
}

/**
 * practice_istioctl_uninstall:
 * @argc: number of @argv
 * @argv: "uninstall" and its options
 *
 * Returns: the status for the process to end with
 */
int
practice_istioctl_uninstall (int argc, char *argv[])
{
  static const char *const done[] = { "Uninstall complete", NULL };
  gboolean is_sure = FALSE;
  g_autoptr (GError) error = NULL;

  if (!parse (&argc, &argv, &is_sure, &error))
    return complain (error->message);
  if (!ask (_ ("All of Istio will be removed from the cluster. Proceed?"), is_sure))
    return EXIT_SUCCESS;

  return switch_addon ("disable-addon", done);
}
