/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <gio/gio.h>
#include <stdlib.h>
#include <string.h>

#include "base-install.h"

#define ROUNDS 10

/* How long the program takes to be ready and to end, and what it and its processes occupy. */

static int
compare (gconstpointer a, gconstpointer b)
{
  double difference = *(const double *)a - *(const double *)b;

  return difference < 0 ? -1 : difference > 0;
}

static void
report (const char *name, double *figures, const char *unit)
{
  qsort (figures, ROUNDS, sizeof *figures, compare);
  g_print ("%s: %.1f %s\n", name, (figures[ROUNDS / 2 - 1] + figures[ROUNDS / 2]) / 2, unit);
}

/* Proportional set size of a process and of all below it, in kB. */
static guint64
measure_memory (const char *pid)
{
  g_autofree char *rollup = g_build_filename ("/proc", pid, "smaps_rollup", NULL);
  g_autofree char *children = g_build_filename ("/proc", pid, "task", pid, "children", NULL);
  g_autofree char *text = NULL;
  g_autofree char *list = NULL;
  guint64 total = 0;

  if (g_file_get_contents (rollup, &text, NULL, NULL)) {
    const char *line = strstr (text, "\nPss:");

    total += line ? g_ascii_strtoull (line + strlen ("\nPss:"), NULL, 10) : 0;
  }
  if (g_file_get_contents (children, &list, NULL, NULL)) {
    g_auto (GStrv) pids = g_strsplit (g_strchomp (list), " ", -1);

    for (guint i = 0; pids[i] && *pids[i]; i++)
      total += measure_memory (pids[i]);
  }
  return total;
}

static void
run_once (const char *dir, double *ready, double *memory, double *end)
{
  g_autofree char *program = base_install_dup_program ("konvoy-practice");
  gint64 start = g_get_monotonic_time ();
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) process =
    g_subprocess_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error,
                      program, "--dir", dir, NULL);
  g_autoptr (GDataInputStream) output = NULL;
  g_autofree char *line = NULL;

  g_assert_no_error (error);
  output = g_data_input_stream_new (g_subprocess_get_stdout_pipe (process));
  line = g_data_input_stream_read_line (output, NULL, NULL, &error);
  g_assert_nonnull (line);
  *ready = (g_get_monotonic_time () - start) / 1000.0;
  *memory = measure_memory (g_subprocess_get_identifier (process)) / 1024.0;
  start = g_get_monotonic_time ();
  g_output_stream_close (g_subprocess_get_stdin_pipe (process), NULL, NULL);
  g_subprocess_wait (process, NULL, NULL);
  *end = (g_get_monotonic_time () - start) / 1000.0;
}

int
main (void)
{
  g_autofree char *root = g_dir_make_tmp ("konvoy-XXXXXX", NULL);
  g_autofree char *dir = g_build_filename (root, "practice", NULL);
  const char *const remove[] = { "rm", "-rf", root, NULL };
  double ready[ROUNDS], memory[ROUNDS], end[ROUNDS];

  for (guint i = 0; i < ROUNDS; i++)
    run_once (dir, &ready[i], &memory[i], &end[i]);
  report ("practice-ready", ready, "ms");
  report ("practice-memory", memory, "MiB");
  report ("practice-end", end, "ms");
  g_spawn_sync (NULL, (char **)remove, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL,
                NULL);
  return EXIT_SUCCESS;
}
