/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib/gstdio.h>

#include "jump-place.h"
#include "test-wait.h"

/* Each calls a method of a place and waits for its answer. */

#define TEST_PLACE_SECONDS 40

/* Removes @path and all that is in it. */
static inline void
test_place_remove_tree (const char *path)
{
  g_autoptr (GDir) dir =
    g_file_test (path, G_FILE_TEST_IS_SYMLINK) ? NULL : g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *child = g_build_filename (path, name, NULL);

    test_place_remove_tree (child);
  }
  g_remove (path);
}

/* Runs the tests with a runtime folder of their own. */
static inline int
test_place_run_tests (void)
{
  g_autofree char *runtime = g_dir_make_tmp ("jump-XXXXXX", NULL);
  int status;

  g_setenv ("XDG_RUNTIME_DIR", runtime, TRUE);
  status = g_test_run ();
  test_place_remove_tree (runtime);
  return status;
}

static inline gboolean
test_place_connect (JumpPlace *place, GCancellable *cancellable, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  jump_place_connect_async (place, cancellable, test_wait_keep_result, &result);
  test_wait_for_pointer (&result, TEST_PLACE_SECONDS, "the place to connect");
  return jump_place_connect_finish (place, result, error);
}

static inline GStrv
test_place_list_kubeconfigs (JumpPlace *place, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  jump_place_list_kubeconfigs_async (place, NULL, test_wait_keep_result, &result);
  test_wait_for_pointer (&result, TEST_PLACE_SECONDS, "the list of kubeconfigs");
  return jump_place_list_kubeconfigs_finish (place, result, error);
}

static inline GBytes *
test_place_read_file (JumpPlace *place, const char *path, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  jump_place_read_file_async (place, path, NULL, test_wait_keep_result, &result);
  test_wait_for_pointer (&result, TEST_PLACE_SECONDS, "a file's bytes");
  return jump_place_read_file_finish (place, result, error);
}

static inline BaseCommandResult *
test_place_run (JumpPlace *place, const char *const *argv, GBytes *input, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  jump_place_run_async (place, argv, input, NULL, test_wait_keep_result, &result);
  test_wait_for_pointer (&result, TEST_PLACE_SECONDS, "a command's end");
  return jump_place_run_finish (place, result, error);
}

static inline GSocketConnectable *
test_place_reach (
  JumpPlace *place, JumpTarget target, const char *host, guint16 port, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  jump_place_reach_async (place, target, host, port, NULL, test_wait_keep_result, &result);
  test_wait_for_pointer (&result, TEST_PLACE_SECONDS, "a way to an address");
  return jump_place_reach_finish (place, result, error);
}

static inline char *
test_place_dup_bytes (GBytes *bytes)
{
  gsize length;
  const char *data = g_bytes_get_data (bytes, &length);

  return length > 0 ? g_strndup (data, length) : g_strdup ("");
}

static inline gboolean
test_place_is_connected (gpointer place)
{
  return jump_place_get_state (place) == JUMP_PLACE_CONNECTED;
}

static inline gboolean
test_place_is_disconnected (gpointer place)
{
  return jump_place_get_state (place) == JUMP_PLACE_DISCONNECTED;
}
