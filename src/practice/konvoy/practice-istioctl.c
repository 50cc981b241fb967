/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-istioctl.h"

#include <glib/gi18n-lib.h>
#include <stdlib.h>
#include <string.h>

#include "practice-addon-client.h"

#define CLIENT_VERSION "1.4.0"
#define COLUMNS 7
/* Between columns, as Istio's own tables have it. */
#define PADDING 5

static int
complain (const char *message)
{
  g_printerr ("Error: %s\n", message);

  return EXIT_FAILURE;
}

static void
measure (gsize *widths, const char *const *cells)
{
  for (guint i = 0; i < COLUMNS; i++)
    widths[i] = MAX (widths[i], strlen (cells[i]));
}

static void
print_row (const gsize *widths, const char *const *cells)
{
  for (guint i = 0; i < COLUMNS; i++)
    g_print ("%-*s%s", i + 1 < COLUMNS ? (int)widths[i] + PADDING : 0, cells[i],
             i + 1 < COLUMNS ? "" : "\n");
}

static GVariant *
ask_for_proxies (GError **error)
{
  g_autoptr (GVariant) answer =
    practice_addon_client_ask (g_variant_new_parsed ("{'op': <'proxies'>}"), error);
  const char *pilot = "";

  if (answer == NULL)
    return NULL;
  g_variant_lookup (answer, "pilot", "&s", &pilot);
  if (*pilot != '\0')
    return g_steal_pointer (&answer);
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                       "unable to find any Pilot instances");

  return NULL;
}

static int
print_proxies (int argc, char *argv[])
{
  static const char *const head[] = { "NAME", "CDS", "LDS", "EDS", "RDS", "PILOT", "VERSION" };
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer = ask_for_proxies (&error);
  g_autoptr (GVariant) proxies = NULL;
  gsize widths[COLUMNS] = { 0 };
  const char *pilot = "";
  const char *version = "";
  gboolean synced = TRUE;

  if (answer == NULL)
    return complain (error->message);
  g_variant_lookup (answer, "pilot", "&s", &pilot);
  g_variant_lookup (answer, "version", "&s", &version);
  g_variant_lookup (answer, "synced", "b", &synced);
  proxies = g_variant_lookup_value (answer, "proxies", G_VARIANT_TYPE ("a(ss)"));

  /* First the widths, then the rows. */
  for (guint round = 0; round < 2; round++) {
    measure (widths, head);
    if (round == 1)
      print_row (widths, head);
    for (gsize i = 0; proxies != NULL && i < g_variant_n_children (proxies); i++) {
      const char *state = synced ? "SYNCED" : "STALE";
      const char *name;
      const char *routes;

      g_variant_get_child (proxies, i, "(&s&s)", &name, &routes);
      const char *const cells[COLUMNS] = {
        name,  state,   state, "SYNCED", synced || strcmp (routes, "SYNCED") != 0 ? routes : state,
        pilot, version,
      };
      measure (widths, cells);
      if (round == 1)
        print_row (widths, cells);
    }
  }

  return EXIT_SUCCESS;
}

static int
print_version (int argc, char *argv[])
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer = NULL;
  g_autoptr (GVariant) proxies = NULL;
  const char *version = "";

  if (argc > 1 && g_str_equal (argv[1], "--remote=false")) {
    g_print ("%s\n", CLIENT_VERSION);
    return EXIT_SUCCESS;
  }
  g_print ("client version: %s\n", CLIENT_VERSION);
  answer = ask_for_proxies (&error);
  if (answer == NULL) {
    g_printerr ("%s\n", _ ("Istio is not installed in this cluster."));
    return EXIT_SUCCESS;
  }
  g_variant_lookup (answer, "version", "&s", &version);
  proxies = g_variant_lookup_value (answer, "proxies", G_VARIANT_TYPE ("a(ss)"));
  g_print ("control plane version: %s\ndata plane version: %s (%u proxies)\n", version, version,
           proxies != NULL ? (guint)g_variant_n_children (proxies) : 0);

  return EXIT_SUCCESS;
}

static int
print_dashboard (int argc, char *argv[])
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer = NULL;
  g_autofree char *base = NULL;
  const char *url = "";

  if (argc != 2 || !g_str_equal (argv[1], "kiali"))
    return complain (_ ("what “dashboard” can show here is “kiali”."));
  answer = ask_for_proxies (&error);
  if (answer == NULL)
    return complain (error->message);
  g_clear_pointer (&answer, g_variant_unref);
  answer = practice_addon_client_ask (g_variant_new_parsed ("{'op': <'portal'>}"), &error);
  if (answer == NULL)
    return complain (error->message);
  g_variant_lookup (answer, "url", "&s", &url);
  if (*url == '\0')
    return complain (_ ("the load balancer of Traefik has no address yet. Try again in a moment."));
  base = g_strndup (url, strstr (url, "/ops/") - url);
  g_print ("%s\n  %s/ops/portal/kiali\n", _ ("Open this URL in a browser:"), base);

  return EXIT_SUCCESS;
}

/* In the words of istioctl: the end is an error where something was found. */
static int
print_lines (GVariant *answer, const char *namespace_)
{
  g_autofree const char **lines = NULL;
  g_autofree char *where = *namespace_ != '\0' ? g_strdup_printf ("namespace: %s", namespace_)
                                               : g_strdup ("all namespaces");

  if (!g_variant_lookup (answer, "lines", "^a&s", &lines) || *lines == NULL) {
    g_print ("✔ No validation issues found when analyzing %s.\n", where);
    return EXIT_SUCCESS;
  }
  for (guint i = 0; lines[i] != NULL; i++)
    g_print ("%s\n", lines[i]);
  g_printerr ("Error: Analyzers found issues when analyzing %s.\n"
              "See https://istio.io/docs/reference/config/analysis for more information about "
              "causes and resolutions.\n",
              where);

  return EXIT_FAILURE;
}

static int
print_analysis (int argc, char *argv[])
{
  g_autofree char *namespace_ = NULL;
  gboolean all = FALSE;
  gboolean live = FALSE;
  const GOptionEntry entries[] = {
    { "namespace", 'n', 0, G_OPTION_ARG_STRING, &namespace_, N_ ("Look at one namespace"),
      N_ ("NAMESPACE") },
    { "all-namespaces", 'A', 0, G_OPTION_ARG_NONE, &all, N_ ("Look at all namespaces"), NULL },
    { "use-kube", 'k', 0, G_OPTION_ARG_NONE, &live, N_ ("Look at the cluster, as always here"),
      NULL },
    { NULL },
  };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer = NULL;
  const char *asked;

  g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);
  if (!g_option_context_parse (context, &argc, &argv, &error))
    return complain (error->message);
  asked = all ? "" : namespace_ != NULL ? namespace_ : "default";
  answer = practice_addon_client_ask (
    g_variant_new_parsed ("{'op': <'analysis'>, 'namespace': <%s>}", asked), &error);
  if (answer == NULL)
    return complain (error->message);

  return print_lines (answer, asked);
}

static const struct {
  const char *name;
  int (*run) (int argc, char *argv[]);
  const char *help;
} commands[] = {
  { "analyze", print_analysis, N_ ("Looks for mistakes in the configuration of the mesh") },
  { "dashboard", print_dashboard, N_ ("kiali: says where it is") },
  { "proxy-status", print_proxies, N_ ("Tells which proxies have the newest rules") },
  { "ps", print_proxies, NULL },
  { "version", print_version, N_ ("Prints the versions") },
};

static void
print_help (void)
{
  g_print ("%s\n\n%s\n  istioctl COMMAND\n\n%s\n", _ ("Looks at the mesh of the practice cluster."),
           _ ("Usage:"), _ ("Commands:"));
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    if (commands[i].help != NULL)
      g_print ("  %-14s%s\n", commands[i].name, _ (commands[i].help));
}

/**
 * practice_istioctl_main:
 * @argc: number of @argv
 * @argv: arguments, the first of which is the program's name
 *
 * Returns: the status for the process to end with
 */
int
practice_istioctl_main (int argc, char *argv[])
{
  const char *command;
  g_autofree char *message = NULL;

  /* What was experimental in 1.4 is "experimental analyze", in short "x analyze". */
  if (argc > 1 && (g_str_equal (argv[1], "experimental") || g_str_equal (argv[1], "x"))) {
    argc--;
    argv++;
  }
  command = argc > 1 ? argv[1] : "--help";
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    if (g_str_equal (command, commands[i].name))
      return commands[i].run (argc - 1, argv + 1);
  if (g_str_equal (command, "--help") || g_str_equal (command, "-h") ||
      g_str_equal (command, "help")) {
    print_help ();
    return EXIT_SUCCESS;
  }
  /* Translators: %s is what was typed */
  message =
    g_strdup_printf (_ ("“%s” is not a command of the practice cluster's istioctl."), command);

  return complain (message);
}
