/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "kube-list.h"

#include "bench-server.h"
#include "kube-config.h"
#include "test-wait.h"

#define N_PODS 100
#define N_CHANGES 100
/* so that neither is still busy with the last change */
#define PAUSE_MS 50

typedef struct {
  KubeClient *client;
  KubeList *list;
  GDataInputStream *lines; /* (nullable): what kubectl prints */
  guint n_lines;
  gint64 sent_at;
  gint64 model_at; /* 0: not yet */
  gint64 kubectl_at;
} Bench;

static void read_line (Bench *bench);

static void
updated_cb (KubeList *list, Bench *bench)
{
  bench->model_at = g_get_monotonic_time ();
}

static void
line_cb (GObject *object, GAsyncResult *result, gpointer data)
{
  Bench *bench = data;
  g_autofree char *line =
    g_data_input_stream_read_line_finish (G_DATA_INPUT_STREAM (object), result, NULL, NULL);

  if (line == NULL)
    return;
  bench->n_lines++;
  bench->kubectl_at = g_get_monotonic_time ();
  read_line (bench);
}

static void
read_line (Bench *bench)
{
  g_data_input_stream_read_line_async (bench->lines, G_PRIORITY_DEFAULT, NULL, line_cb, bench);
}

static gboolean
is_ready (gpointer data)
{
  Bench *bench = data;

  return kube_list_get_state (bench->list) == KUBE_LIST_LIVE &&
         (bench->lines == NULL || bench->n_lines >= N_PODS + 1);
}

static gboolean
is_seen (gpointer data)
{
  Bench *bench = data;

  return bench->model_at != 0 && (bench->lines == NULL || bench->kubectl_at != 0);
}

static gboolean
is_over (gpointer data)
{
  return g_get_monotonic_time () >= *(gint64 *)data;
}

static void
pause_for (guint milliseconds)
{
  gint64 end = g_get_monotonic_time () + (gint64)milliseconds * 1000;

  test_wait_until (is_over, &end, 60, "a pause");
}

static void
change_once (Bench *bench)
{
  bench->model_at = 0;
  bench->kubectl_at = 0;
  bench->sent_at = g_get_monotonic_time ();
  kube_client_request_async (bench->client, "GET", BENCH_CHANGE_PATH, NULL, NULL, NULL, NULL, NULL);
  test_wait_until (is_seen, bench, 20, "a change");
}

static void
run (Bench *bench)
{
  double to_model[N_CHANGES];
  double after_kubectl[N_CHANGES];

  test_wait_until (is_ready, bench, 60, "both to watch");
  /* kubectl opens its watch after it has printed its list */
  pause_for (1000);
  for (gsize i = 0; i < N_CHANGES; i++) {
    change_once (bench);
    to_model[i] = (double)(bench->model_at - bench->sent_at) / 1000;
    after_kubectl[i] = (double)(bench->model_at - bench->kubectl_at) / 1000;
    pause_for (PAUSE_MS);
  }
  bench_print ("watch-change-to-model", bench_median (to_model, N_CHANGES), "ms");
  if (bench->lines != NULL)
    bench_print ("watch-model-after-kubectl", bench_median (after_kubectl, N_CHANGES), "ms");
}

int
main (int argc, char **argv)
{
  static const char *const arguments[] = { "get", "pods", "--watch", NULL };
  g_autoptr (BenchServer) server = NULL;
  g_autofree char *kubectl = bench_find_kubectl ();
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (KubeContext) context = NULL;
  g_autoptr (KubeClient) client = NULL;
  g_autoptr (KubeList) list = NULL;
  g_autoptr (GDataInputStream) lines = NULL;
  Bench bench = { 0 };

  kube_client_init_process ();
  bench_server_run_if_asked (argc, argv);
  server = bench_server_new (N_PODS);
  context = kube_config_load ((const char *const[]){ bench_server_get_kubeconfig (server), NULL },
                              NULL, NULL);
  client = kube_client_new (context, NULL, NULL);
  list = kube_list_new (client, kube_kind_lookup ("pods"), NULL, NULL);
  g_signal_connect (list, "updated", G_CALLBACK (updated_cb), &bench);
  kube_list_start (list);
  if (kubectl != NULL) {
    process = bench_server_spawn_kubectl (server, kubectl, arguments);
    lines = g_data_input_stream_new (g_subprocess_get_stdout_pipe (process));
    bench.lines = lines;
    read_line (&bench);
  } else {
    g_print ("# no kubectl to compare with\n");
  }
  bench.client = client;
  bench.list = list;
  run (&bench);
  if (process != NULL)
    g_subprocess_force_exit (process);
  return 0;
}
