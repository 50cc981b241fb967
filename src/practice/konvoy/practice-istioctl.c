/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-istioctl.h"

#include <glib/gi18n-lib.h>
#include <stdlib.h>
#include <string.h>

#include "practice-addon-client.h"
#include "practice-istioctl-install.h"

#define CLIENT_VERSION "1.4.0"
/* Between columns, as Istio's own tables have it. */
#define PADDING 5

static int
complain (const char *message)
{
  g_printerr ("Error: %s\n", message);

  return EXIT_FAILURE;
}

/* @rows: of GStrv of one length, the head first. */
static void
print_table (GPtrArray *rows)
{
  guint n_columns = g_strv_length (rows->pdata[0]);
  g_autofree gsize *widths = g_new0 (gsize, n_columns);

  for (guint i = 0; i < rows->len; i++)
    for (guint j = 0; j < n_columns; j++)
      widths[j] = MAX (widths[j], strlen (((GStrv)rows->pdata[i])[j]));
  for (guint i = 0; i < rows->len; i++)
    for (guint j = 0; j < n_columns; j++)
      g_print ("%-*s%s", j + 1 < n_columns ? (int)widths[j] + PADDING : 0,
               ((GStrv)rows->pdata[i])[j], j + 1 < n_columns ? "" : "\n");
}

/* "NAME", or "NAME.NAMESPACE", beside "-n NAMESPACE". */
static void
split_pod (const char *text, const char *asked, char **pod, char **namespace_)
{
  const char *dot = strrchr (text, '.');

  *pod = dot != NULL ? g_strndup (text, dot - text) : g_strdup (text);
  *namespace_ = g_strdup (dot != NULL ? dot + 1 : asked != NULL ? asked : "default");
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
print_all_proxies (GVariant *answer)
{
  static const char *const head[] = {
    "NAME", "CDS", "LDS", "EDS", "RDS", "PILOT", "VERSION", NULL
  };
  g_autoptr (GVariant) proxies =
    g_variant_lookup_value (answer, "proxies", G_VARIANT_TYPE ("a(ss)"));
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func ((GDestroyNotify)g_strfreev);
  const char *pilot = "";
  const char *version = "";
  gboolean synced = TRUE;

  g_variant_lookup (answer, "pilot", "&s", &pilot);
  g_variant_lookup (answer, "version", "&s", &version);
  g_variant_lookup (answer, "synced", "b", &synced);
  g_ptr_array_add (rows, g_strdupv ((char **)head));
  for (gsize i = 0; proxies != NULL && i < g_variant_n_children (proxies); i++) {
    const char *state = synced ? "SYNCED" : "STALE";
    const char *name;
    const char *routes;

    g_variant_get_child (proxies, i, "(&s&s)", &name, &routes);
    const char *const cells[] = {
      name,  state,   state, "SYNCED", synced || strcmp (routes, "SYNCED") != 0 ? routes : state,
      pilot, version, NULL,
    };
    g_ptr_array_add (rows, g_strdupv ((char **)cells));
  }
  print_table (rows);

  return EXIT_SUCCESS;
}

/* What the owner answers with lines. */
static int
print_answer (GVariant *request)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer = practice_addon_client_ask (request, &error);
  g_autofree const char **lines = NULL;

  if (answer == NULL)
    return complain (error->message);
  g_variant_lookup (answer, "lines", "^a&s", &lines);
  for (guint i = 0; lines != NULL && lines[i] != NULL; i++)
    g_print ("%s\n", lines[i]);

  return EXIT_SUCCESS;
}

/* Reads @entries (nullable) and "-n NAMESPACE". */
static gboolean
parse (const GOptionEntry *entries, int *argc, char ***argv, char **namespace_, GError **error)
{
  const GOptionEntry common[] = {
    { "namespace", 'n', 0, G_OPTION_ARG_STRING, namespace_, N_ ("Look at one namespace"),
      N_ ("NAMESPACE") },
    { NULL },
  };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);

  g_option_context_add_main_entries (context, common, GETTEXT_PACKAGE);
  if (entries != NULL)
    g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);
  return g_option_context_parse (context, argc, argv, error);
}

static int
print_proxies (int argc, char *argv[])
{
  g_autofree char *asked = NULL;
  g_autofree char *pod = NULL;
  g_autofree char *namespace_ = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer = NULL;

  if (!parse (NULL, &argc, &argv, &asked, &error))
    return complain (error->message);
  answer = ask_for_proxies (&error);
  if (answer == NULL)
    return complain (error->message);
  if (argc < 2)
    return print_all_proxies (answer);
  split_pod (argv[1], asked, &pod, &namespace_);

  return print_answer (g_variant_new_parsed (
    "{'op': <'proxy-difference'>, 'pod': <%s>, 'namespace': <%s>}", pod, namespace_));
}

/* What can be shown, and the columns that options choose rows by. */
static const struct {
  const char *names[2];
  const char *columns[4]; /* (nullable) each */
} proxy_parts[] = {
  { { "cluster", "clusters" }, { "fqdn", "port", "subset", "direction" } },
  { { "endpoint", "endpoints" }, { "address", "status", NULL, "cluster" } },
  { { "listener", "listeners" }, { "address", "port", "type", NULL } },
  { { "route", "routes" }, { "name", NULL, NULL, NULL } },
};

#define MAX_COLUMNS G_N_ELEMENTS (proxy_parts[0].columns)

/* Whether a row is what was asked for; @wanted: by column, NULL: anything. */
static gboolean
is_wanted (GStrv row, char *const *wanted)
{
  for (guint i = 0; i < MAX_COLUMNS && row[i] != NULL; i++)
    if (wanted[i] != NULL && !g_str_equal (wanted[i], row[i]))
      return FALSE;
  return TRUE;
}

static GPtrArray *
read_rows (GVariant *answer, char *const *wanted)
{
  g_autoptr (GVariant) list = g_variant_lookup_value (answer, "rows", G_VARIANT_TYPE ("aas"));
  GPtrArray *rows = g_ptr_array_new_with_free_func ((GDestroyNotify)g_strfreev);

  for (gsize i = 0; list != NULL && i < g_variant_n_children (list); i++) {
    g_autoptr (GVariant) child = g_variant_get_child_value (list, i);
    g_auto (GStrv) row = g_variant_dup_strv (child, NULL);

    if (i == 0 || is_wanted (row, wanted))
      g_ptr_array_add (rows, g_steal_pointer (&row));
  }
  return rows;
}

static int
ask_for_part (guint part, const char *text, const char *asked, char *const *wanted)
{
  g_autofree char *pod = NULL;
  g_autofree char *namespace_ = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer = NULL;
  g_autoptr (GPtrArray) rows = NULL;

  split_pod (text, asked, &pod, &namespace_);
  answer = practice_addon_client_ask (
    g_variant_new_parsed ("{'op': <'proxy-config'>, 'part': <%s>, 'pod': <%s>, 'namespace': <%s>}",
                          proxy_parts[part].names[0], pod, namespace_),
    &error);
  if (answer == NULL)
    return complain (error->message);
  rows = read_rows (answer, wanted);
  if (g_str_equal (proxy_parts[part].names[0], "route"))
    g_print ("NOTE: This output only contains routes loaded via RDS.\n");
  print_table (rows);

  return EXIT_SUCCESS;
}

static int
print_part (guint part, int argc, char *argv[])
{
  char *wanted[MAX_COLUMNS] = { NULL };
  g_autoptr (GArray) entries = g_array_new (TRUE, TRUE, sizeof (GOptionEntry));
  g_autofree char *asked = NULL;
  g_autoptr (GError) error = NULL;
  int status;

  for (guint i = 0; i < MAX_COLUMNS; i++)
    if (proxy_parts[part].columns[i] != NULL) {
      GOptionEntry entry = {
        proxy_parts[part].columns[i], 0, 0, G_OPTION_ARG_STRING, &wanted[i], NULL, NULL
      };

      g_array_append_val (entries, entry);
    }
  if (!parse ((GOptionEntry *)entries->data, &argc, &argv, &asked, &error))
    status = complain (error->message);
  else if (argc != 2)
    status = complain (_ ("the name of a pod is missing."));
  else
    status = ask_for_part (part, argv[1], asked, wanted);
  for (guint i = 0; i < MAX_COLUMNS; i++)
    g_free (wanted[i]);

  return status;
}

static int
print_proxy_config (int argc, char *argv[])
{
  for (guint i = 0; argc > 1 && i < G_N_ELEMENTS (proxy_parts); i++)
    for (guint j = 0; j < G_N_ELEMENTS (proxy_parts[i].names); j++)
      if (g_str_equal (argv[1], proxy_parts[i].names[j]))
        return print_part (i, argc - 1, argv + 1);

  return complain (_ ("“proxy-config” shows “cluster”, “endpoint”, “listener” or “route” of a "
                      "pod: istioctl proxy-config cluster POD"));
}

static int
print_pod (int argc, char *argv[])
{
  g_autofree char *asked = NULL;
  g_autofree char *pod = NULL;
  g_autofree char *namespace_ = NULL;
  g_autoptr (GError) error = NULL;

  if (!parse (NULL, &argc, &argv, &asked, &error))
    return complain (error->message);
  if (argc != 3 || (!g_str_equal (argv[1], "pod") && !g_str_equal (argv[1], "po")))
    return complain (_ ("“describe” is for a pod: istioctl experimental describe pod POD"));
  split_pod (argv[2], asked, &pod, &namespace_);

  return print_answer (g_variant_new_parsed (
    "{'op': <'describe-pod'>, 'pod': <%s>, 'namespace': <%s>}", pod, namespace_));
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
  { "describe", print_pod, N_ ("pod POD: tells which rules are about it") },
  { "install", practice_istioctl_install, N_ ("Installs Istio into the cluster") },
  { "manifest", practice_istioctl_manifest, N_ ("apply: installs Istio, as istioctl 1.4 does") },
  { "pc", print_proxy_config, NULL },
  { "proxy-config", print_proxy_config,
    N_ ("cluster, endpoint, listener or route, and a POD: what its proxy has") },
  { "proxy-status", print_proxies,
    N_ ("Tells which proxies have the newest rules; with a POD, what it lacks") },
  { "ps", print_proxies, NULL },
  { "uninstall", practice_istioctl_uninstall, N_ ("Removes Istio from the cluster") },
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
