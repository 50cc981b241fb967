/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "practice-addon-service.h"
#include "practice-bwrap.h"
#include "practice-channel.h"
#include "practice-cluster-file.h"
#include "practice-konvoy.h"

#define FILE_NAME "cluster.yaml"
#define SOCKET_PATH PRACTICE_JUMPSERVER_SOCKETS "/" PRACTICE_ADDONS_NAME
#define ANSWER_SECONDS 60

/* In the order in which Konvoy deploys them. */
static const char *const addons[] = {
  "elasticsearch",
  "gatekeeper",
  "reloader",
  "cert-manager",
  "elasticsearchexporter",
  "konvoyconfig",
  "opsportal",
  "external-dns",
  "prometheus",
  "dashboard",
  "dex",
  "kommander",
  "kudo",
  "traefik",
  "fluentbit",
  "kibana",
  "prometheusadapter",
  "traefik-forward-auth",
  "awsebscsiprovisioner",
  "defaultstorageclass-protection",
  "dex-k8s-authenticator",
  "velero",
  "kube-oidc-proxy",
  "istio",
  NULL,
};

/* A new practice cluster has all the others. */
#define INSTALLABLE "istio"

static int
complain (const GError *error)
{
  g_printerr ("konvoy: %s\n", error->message);
  return EXIT_FAILURE;
}

/* Asks the owner of the cluster, and waits until it has done so. */
static gboolean
enable_addon (const char *name, GError **error)
{
  const char *path = g_getenv (PRACTICE_ADDONS_VARIABLE);
  g_autoptr (GSocket) socket = practice_channel_connect (path ? path : SOCKET_PATH, error);
  g_autoptr (GVariant) request =
    g_variant_ref_sink (g_variant_new_parsed ("{'op': <'enable-addon'>, 'name': <%s>}", name));
  g_autoptr (GVariant) answer = NULL;
  g_autoptr (GBytes) bytes = NULL;
  char buffer[4096];
  const char *message = "";
  gssize length;

  if (!socket) {
    g_prefix_error (error, "%s", _ ("the practice cluster cannot be reached: "));
    return FALSE;
  }
  g_socket_set_timeout (socket, ANSWER_SECONDS);
  if (g_socket_send (socket, g_variant_get_data (request), g_variant_get_size (request), NULL,
                     error) < 0)
    return FALSE;
  length = g_socket_receive (socket, buffer, sizeof buffer, NULL, error);
  if (length < 0)
    return FALSE;
  bytes = g_bytes_new (buffer, length);
  answer = g_variant_ref_sink (g_variant_new_from_bytes (G_VARIANT_TYPE_VARDICT, bytes, FALSE));
  if (length > 0 && !g_variant_lookup (answer, "message", "&s", &message))
    return TRUE;
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED,
                       *message ? message : _ ("the practice cluster has ended."));
  return FALSE;
}

/* The file in this folder, or in the lab's. */
static GStrv
read_enabled (GError **error)
{
  g_autofree char *in_lab = g_build_filename (g_get_home_dir (), "lab", FILE_NAME, NULL);
  const char *path = g_file_test (FILE_NAME, G_FILE_TEST_EXISTS) ? FILE_NAME : in_lab;
  g_autofree char *text = NULL;
  gsize length;

  if (!g_file_get_contents (path, &text, &length, error))
    return NULL;
  return practice_cluster_file_parse (text, length, path, addons, error);
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

static gboolean
deploy_addons (const char *const *enabled, GError **error)
{
  g_print ("\nSTAGE [Deploying Enabled Addons]\n");
  for (guint i = 0; addons[i]; i++) {
    gboolean is_done;

    if (!g_strv_contains (enabled, addons[i]))
      continue;
    is_done = !g_str_equal (addons[i], INSTALLABLE) || enable_addon (addons[i], error);
    g_print ("%-71s[%s]\n", addons[i], is_done ? "OK" : "ERROR");
    fflush (stdout);
    if (!is_done)
      return FALSE;
  }
  return TRUE;
}

static int
up (int argc, char *argv[])
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
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) enabled = NULL;

  g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);
  g_option_context_set_summary (context, _ ("Makes the cluster what cluster.yaml says."));
  if (!g_option_context_parse (context, &argc, &argv, &error))
    return complain (error);
  if (argc > 1) {
    g_printerr (_ ("konvoy: “up” takes no argument “%s”.\n"), argv[1]);
    return EXIT_FAILURE;
  }
  enabled = read_enabled (&error);
  if (!enabled)
    return complain (error);
  if (!yes && !confirm ())
    return EXIT_FAILURE;
  g_print ("\nSTAGE [Provisioning Infrastructure]\n\n"
           "STAGE [Deploying Kubernetes]\n");
  if (!deploy_addons ((const char *const *)enabled, &error))
    return complain (error);
  g_print ("\n%s\n", _ ("The cluster is what cluster.yaml says."));
  return EXIT_SUCCESS;
}

static void
print_help (void)
{
  g_print ("%s\n\n%s\n  konvoy COMMAND [FLAGS]\n\n%s\n  up          %s\n\n%s\n",
           _ ("Changes the practice cluster as Konvoy does a real one."), _ ("Usage:"),
           _ ("Commands:"), _ ("Makes the cluster what cluster.yaml says"),
           _ ("“konvoy COMMAND --help” tells more of a command."));
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

  if (g_str_equal (command, "up"))
    return up (argc - 1, argv + 1);
  if (g_str_equal (command, "--help") || g_str_equal (command, "-h") ||
      g_str_equal (command, "help")) {
    print_help ();
    return EXIT_SUCCESS;
  }
  g_printerr (_ ("konvoy: there is no command “%s”. “konvoy --help” lists all.\n"), command);
  return EXIT_FAILURE;
}
