/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "kube-list.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench-server.h"
#include "kube-config.h"
#include "test-wait.h"

#define N_PODS 10000
#define N_RUNS 5

/* A line of /proc/self/status, in KiB */
static double
read_status (const char *name)
{
  g_autofree char *status = NULL;
  const char *line;

  if (!g_file_get_contents ("/proc/self/status", &status, NULL, NULL))
    return 0;
  line = strstr (status, name);
  return line != NULL ? atof (line + strlen (name)) : 0;
}

/* From now on VmHWM is the peak since now. */
static void
reset_peak (void)
{
  FILE *file = fopen ("/proc/self/clear_refs", "w");

  if (file == NULL)
    return;
  fputs ("5", file);
  fclose (file);
}

static gboolean
is_live (gpointer data)
{
  return kube_list_get_state (data) == KUBE_LIST_LIVE;
}

static double
run_list (const char *kubeconfig, double *memory)
{
  const char *const paths[] = { kubeconfig, NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (KubeContext) context = kube_config_load (paths, NULL, &error);
  g_autoptr (KubeClient) client = NULL;
  g_autoptr (KubeList) list = NULL;
  double before = read_status ("VmRSS:");
  gint64 start;
  double elapsed;

  if (context == NULL)
    g_error ("%s", error->message);
  reset_peak ();
  start = g_get_monotonic_time ();
  client = kube_client_new (context, NULL, NULL);
  list = kube_list_new (client, kube_kind_lookup ("pods"), NULL, NULL);
  kube_list_start (list);
  test_wait_until (is_live, list, 60, "the list");
  elapsed = (double)(g_get_monotonic_time () - start) / 1000;
  if (g_list_model_get_n_items (G_LIST_MODEL (list)) != N_PODS)
    g_error ("%u pods", g_list_model_get_n_items (G_LIST_MODEL (list)));
  *memory = (read_status ("VmHWM:") - before) / 1024;
  return elapsed;
}

static double
run_kubectl (BenchServer *server, const char *kubectl)
{
  static const char *const arguments[] = { "get", "pods", "--all-namespaces", NULL };
  gint64 start = g_get_monotonic_time ();
  g_autoptr (GSubprocess) process = bench_server_spawn_kubectl (server, kubectl, arguments);
  g_autoptr (GBytes) output = NULL;
  g_autoptr (GError) error = NULL;

  if (!g_subprocess_communicate (process, NULL, NULL, &output, NULL, &error))
    g_error ("%s", error->message);
  if (!g_subprocess_get_successful (process))
    g_error ("kubectl failed");
  return (double)(g_get_monotonic_time () - start) / 1000;
}

int
main (int argc, char **argv)
{
  g_autoptr (BenchServer) server = NULL;
  g_autofree char *kubectl = bench_find_kubectl ();
  double figures[N_RUNS];
  double memory = 0, most = 0;

  kube_client_init_process ();
  bench_server_run_if_asked (argc, argv);
  server = bench_server_new (N_PODS);

  for (gsize i = 0; i < N_RUNS; i++) {
    figures[i] = run_list (bench_server_get_kubeconfig (server), &memory);
    /* later ones use again what the first one has freed */
    most = MAX (most, memory);
  }
  bench_print ("list-10000-pods", bench_median (figures, N_RUNS), "ms");
  bench_print ("list-10000-pods-peak-memory", most, "MB");

  if (kubectl == NULL) {
    g_print ("# no kubectl to compare with\n");
    return 0;
  }
  /* once for its cache of what the server serves */
  run_kubectl (server, kubectl);
  for (gsize i = 0; i < N_RUNS; i++)
    figures[i] = run_kubectl (server, kubectl);
  bench_print ("kubectl-get-10000-pods", bench_median (figures, N_RUNS), "ms");
  return 0;
}
