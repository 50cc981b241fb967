/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz-target.h"

#define LIMIT_SECONDS 10

/* Each prefix and each single change of a byte of a small file is tried too: a corpus without a
 * fuzzer finds more so. */
#define MAX_MUTATED 512

static int
compare (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *)a, *(const char *const *)b);
}

static void
run (const guint8 *data, gsize size)
{
  /* Its own block, so that a sanitizer sees what reads beyond. */
  g_autofree guint8 *copy = size > 0 ? g_memdup2 (data, size) : g_malloc (1);

  LLVMFuzzerTestOneInput (copy, size);
}

static void
run_mutated (const guint8 *data, gsize size, guint32 seed)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (seed);
  gsize step = MAX (size / 64, 1);

  for (gsize length = 0; length < size; length += step) {
    g_autofree guint8 *copy = g_memdup2 (data, size);

    run (data, length);
    copy[length] ^= (guint8)g_rand_int_range (random, 1, 256);
    LLVMFuzzerTestOneInput (copy, size);
  }
}

/* Replays the files of a folder, in the order of their names: the same each time. */
int
main (int argc, char *argv[])
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GTimer) timer = g_timer_new ();
  g_autoptr (GDir) dir = NULL;
  const char *name;

  if (argc != 2 || (dir = g_dir_open (argv[1], 0, NULL)) == NULL) {
    g_printerr ("usage: %s CORPUS-FOLDER\n", argv[0]);
    return EXIT_FAILURE;
  }
  while ((name = g_dir_read_name (dir)) != NULL)
    g_ptr_array_add (names, g_strdup (name));
  g_ptr_array_sort (names, compare);
  for (guint i = 0; i < names->len && g_timer_elapsed (timer, NULL) < LIMIT_SECONDS; i++) {
    g_autofree char *path = g_build_filename (argv[1], names->pdata[i], NULL);
    g_autofree char *data = NULL;
    gsize size;

    if (!g_file_get_contents (path, &data, &size, NULL))
      return EXIT_FAILURE;
    run ((const guint8 *)data, size);
    if (size <= MAX_MUTATED)
      run_mutated ((const guint8 *)data, size, i);
  }
  g_print ("%s: %u files, %.1f s\n", argv[1], names->len, g_timer_elapsed (timer, NULL));
  return names->len > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
