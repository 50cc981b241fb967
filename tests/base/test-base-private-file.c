/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base-private-file.h"

#include <glib/gstdio.h>

typedef struct {
  char *folder;
  char *path;
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  self->folder = g_dir_make_tmp ("konvoy-private-XXXXXX", NULL);
  g_assert_nonnull (self->folder);
  self->path = g_build_filename (self->folder, "secret", NULL);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  g_unlink (self->path);
  g_assert_cmpint (g_rmdir (self->folder), ==, 0);
  g_free (self->path);
  g_free (self->folder);
}

static void
assert_holds (Fixture *self, const char *wanted)
{
  g_autofree char *text = NULL;
  GStatBuf buffer;

  g_assert_true (g_file_get_contents (self->path, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, wanted);
  g_assert_cmpint (g_stat (self->path, &buffer), ==, 0);
  g_assert_cmphex (buffer.st_mode & 0777, ==, 0600);
}

static void
test_new (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (base_private_file_write (self->path, "one", &error));
  g_assert_no_error (error);
  assert_holds (self, "one");
}

static void
test_narrows (Fixture *self, gconstpointer data)
{
  g_assert_true (g_file_set_contents (self->path, "old and longer", -1, NULL));
  g_assert_cmpint (g_chmod (self->path, 0644), ==, 0);
  g_assert_true (base_private_file_write (self->path, "two", NULL));
  assert_holds (self, "two");
}

static void
test_no_folder (Fixture *self, gconstpointer data)
{
  g_autofree char *path = g_build_filename (self->folder, "none", "secret", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_false (base_private_file_write (path, "three", &error));
  g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_NOENT);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, function)                                                                        \
  g_test_add ("/base/private-file/" path, Fixture, NULL, set_up, function, tear_down)
  ADD ("new", test_new);
  ADD ("narrows", test_narrows);
  ADD ("no-folder", test_no_folder);
#undef ADD

  return g_test_run ();
}
