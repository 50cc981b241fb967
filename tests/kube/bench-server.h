/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* An API server of many pods and nothing else, quick enough not to be what is measured. It answers
 * kubectl too. */

/* Where argv says "--serve", this is the server's process: runs it until its input ends, and never
 * returns. Call it first in main(). */
void bench_server_run_if_asked (int argc, char **argv);

#define BENCH_TYPE_SERVER (bench_server_get_type ())
G_DECLARE_FINAL_TYPE (BenchServer, bench_server, BENCH, SERVER, GObject)

/* Starts such a process. */
BenchServer *bench_server_new (guint n_pods);
const char *bench_server_get_kubeconfig (BenchServer *self);
/* A GET of this path changes the next pod. */
#define BENCH_CHANGE_PATH "/bench/change"

/* (nullable): KONVOY_LAB_KUBECTL, or kubectl of the PATH */
char *bench_find_kubectl (void);
/* Starts "kubectl ARGS" with the server's kubeconfig and a home of its own. */
GSubprocess *
bench_server_spawn_kubectl (BenchServer *self, const char *kubectl, const char *const *arguments);

void bench_print (const char *name, double figure, const char *unit);
double bench_median (double *figures, gsize n_figures);

G_END_DECLS
