/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base-install.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The test runs itself again, from other places; then it only says what it finds. */
static int
print_places (void)
{
  g_autofree char *data = base_install_dup_data_dir ();
  g_autofree char *locale = base_install_dup_locale_dir ();
  g_autofree char *program = base_install_dup_program ("konvoy-practice");

  g_print ("%d %s %s %s\n", base_install_is_build_tree (), data, locale, program);
  return 0;
}

static void
assert_prints (const char *program, const char *expected)
{
  const char *const argv[] = { program, "--print", NULL };
  g_autoptr (GError) error = NULL;
  g_autofree char *output = NULL;
  int status;

  g_assert_true (g_spawn_sync (NULL, (char **)argv, NULL, G_SPAWN_DEFAULT, NULL, NULL, &output,
                               NULL, &status, &error));
  g_assert_no_error (error);
  g_assert_cmpint (status, ==, 0);
  g_assert_cmpstr (output, ==, expected);
}

/* Copies the test to @folder/bin. */
static char *
copy_self (const char *folder)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *bin = g_build_filename (folder, "bin", NULL);
  g_autofree char *copy = g_build_filename (bin, "test", NULL);
  g_autoptr (GFile) from = g_file_new_for_path ("/proc/self/exe");
  g_autoptr (GFile) to = g_file_new_for_path (copy);

  g_assert_no_errno (g_mkdir_with_parents (bin, 0700));
  g_file_copy (from, to, G_FILE_COPY_NONE, NULL, NULL, NULL, &error);
  g_assert_no_error (error);

  return g_steal_pointer (&copy);
}

static void
remove_tree (const char *path)
{
  g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);
  const char *name;

  while (folder != NULL && (name = g_dir_read_name (folder)) != NULL) {
    g_autofree char *child = g_build_filename (path, name, NULL);

    if (g_file_test (child, G_FILE_TEST_IS_SYMLINK))
      g_unlink (child);
    else
      remove_tree (child);
  }
  g_remove (path);
}

static void
test_build_tree (void)
{
  g_autofree char *data = base_install_dup_data_dir ();
  g_autofree char *marker = g_build_filename (data, "build-tree", NULL);
  g_autofree char *practice = base_install_dup_program ("konvoy-practice");
  g_autofree char *window = base_install_dup_program ("konvoy-lab");
  g_autofree char *locale = base_install_dup_locale_dir ();

  g_assert_true (base_install_is_build_tree ());
  g_assert_true (g_file_test (marker, G_FILE_TEST_EXISTS));
  g_assert_true (g_str_has_suffix (practice, "/src/practice/konvoy-practice"));
  g_assert_true (g_str_has_suffix (window, "/src/app/konvoy-lab"));
  g_assert_true (g_str_has_suffix (locale, "/po"));
}

static void
test_elsewhere (void)
{
  g_autofree char *folder = g_dir_make_tmp ("konvoy-lab-XXXXXX", NULL);
  g_autofree char *copy = copy_self (folder);
  g_autofree char *practice = g_build_filename (folder, "bin", "konvoy-practice", NULL);
  g_autofree char *expected = g_strdup_printf ("0 %s %s %s\n", PKG_DATA_DIR, LOCALE_DIR, practice);

  assert_prints (copy, expected);
  remove_tree (folder);
}

static void
test_moved_prefix (void)
{
  g_autofree char *folder = g_dir_make_tmp ("konvoy-lab-XXXXXX", NULL);
  g_autofree char *copy = copy_self (folder);
  g_autofree char *data = g_build_filename (folder, "share", "konvoy-lab", NULL);
  g_autofree char *locale = g_build_filename (folder, "share", "locale", NULL);
  g_autofree char *practice = g_build_filename (folder, "bin", "konvoy-practice", NULL);
  g_autofree char *expected = g_strdup_printf ("0 %s %s %s\n", data, locale, practice);

  g_assert_no_errno (g_mkdir_with_parents (data, 0700));
  g_assert_no_errno (g_mkdir_with_parents (locale, 0700));
  assert_prints (copy, expected);
  remove_tree (folder);
}

typedef struct {
  char *folder;
  char *runtime;
} RuntimeFixture;

static void
runtime_set_up (RuntimeFixture *fixture, gconstpointer data)
{
  fixture->folder = g_dir_make_tmp ("konvoy-lab-XXXXXX", NULL);
  fixture->runtime = g_build_filename (fixture->folder, "konvoy-lab", NULL);
  g_setenv ("XDG_RUNTIME_DIR", fixture->folder, TRUE);
}

static void
runtime_tear_down (RuntimeFixture *fixture, gconstpointer data)
{
  remove_tree (fixture->folder);
  g_free (fixture->folder);
  g_free (fixture->runtime);
  g_unsetenv ("XDG_RUNTIME_DIR");
}

static void
assert_private (const char *path)
{
  struct stat info;

  g_assert_no_errno (lstat (path, &info));
  g_assert_true (S_ISDIR (info.st_mode));
  g_assert_cmphex (info.st_mode & 0777, ==, 0700);
  g_assert_cmpuint (info.st_uid, ==, geteuid ());
}

static void
test_runtime (RuntimeFixture *fixture, gconstpointer data)
{
  for (guint i = 0; i < 2; i++) {
    g_autoptr (GError) error = NULL;
    g_autofree char *path = base_install_dup_runtime_dir (&error);

    g_assert_no_error (error);
    g_assert_cmpstr (path, ==, fixture->runtime);
    assert_private (path);
    /* the second time it is there, and too open */
    g_assert_no_errno (g_chmod (path, 0755));
  }
}

/* Neither a link nor a file is taken for a folder of ours. */
static void
test_runtime_not_ours (RuntimeFixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = NULL;

  g_assert_no_errno (symlink (g_get_tmp_dir (), fixture->runtime));
  path = base_install_dup_runtime_dir (&error);

  g_assert_no_error (error);
  g_assert_cmpstr (path, !=, fixture->runtime);
  assert_private (path);
}

static void
test_runtime_unusable (RuntimeFixture *fixture, gconstpointer data)
{
  g_autofree char *long_name = g_strnfill (120, 'a');
  g_autofree char *long_path = g_build_filename (fixture->folder, long_name, NULL);
  const char *const values[] = { "/proc/nothing", "relative", "", long_path, NULL };

  g_assert_no_errno (g_mkdir_with_parents (long_path, 0700));
  for (guint i = 0; i < G_N_ELEMENTS (values); i++) {
    g_autoptr (GError) error = NULL;
    g_autofree char *path = NULL;

    if (values[i] != NULL)
      g_setenv ("XDG_RUNTIME_DIR", values[i], TRUE);
    else
      g_unsetenv ("XDG_RUNTIME_DIR");
    path = base_install_dup_runtime_dir (&error);

    g_assert_no_error (error);
    g_assert_cmpuint (strlen (path), <, 80);
    assert_private (path);
  }
}

int
main (int argc, char **argv)
{
  if (argc == 2 && g_str_equal (argv[1], "--print"))
    return print_places ();

  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/base/install/build-tree", test_build_tree);
  g_test_add_func ("/base/install/elsewhere", test_elsewhere);
  g_test_add_func ("/base/install/moved-prefix", test_moved_prefix);
  g_test_add ("/base/install/runtime", RuntimeFixture, NULL, runtime_set_up, test_runtime,
              runtime_tear_down);
  g_test_add ("/base/install/runtime-not-ours", RuntimeFixture, NULL, runtime_set_up,
              test_runtime_not_ours, runtime_tear_down);
  g_test_add ("/base/install/runtime-unusable", RuntimeFixture, NULL, runtime_set_up,
              test_runtime_unusable, runtime_tear_down);

  return g_test_run ();
}
