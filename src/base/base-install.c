/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base-install.h"

#include <errno.h>
#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Made in the data folder of every build tree by meson. */
#define MARKER "data" G_DIR_SEPARATOR_S "build-tree"

/* _build/src/practice/konvoy-practice, _build/tests/base/test-base-install */
#define MAX_LEVELS 4

/* The address of a Unix socket has 108 bytes, and the name of a socket follows. */
#define MAX_RUNTIME_DIR 72

/* Returns: (transfer full) (nullable): the folder of the program that runs */
static char *
dup_program_dir (void)
{
  g_autofree char *program = g_file_read_link ("/proc/self/exe", NULL);

  /* in a container it may be none, or one that is seen from outside only */
  if (program == NULL || !g_path_is_absolute (program))
    return NULL;

  return g_path_get_dirname (program);
}

/* Returns: (transfer full) (nullable): the root of the build tree that we run from */
static char *
dup_build_root (void)
{
  g_autofree char *folder = dup_program_dir ();

  for (guint level = 0; folder != NULL && level < MAX_LEVELS; level++) {
    g_autofree char *marker = g_build_filename (folder, MARKER, NULL);
    g_autofree char *inner = NULL;

    if (g_file_test (marker, G_FILE_TEST_IS_REGULAR))
      return g_steal_pointer (&folder);

    inner = g_steal_pointer (&folder);
    folder = g_path_get_dirname (inner);
  }

  return NULL;
}

/* Where the whole prefix was moved, what belongs to us is still beside us. */
static char *
dup_installed_dir (const char *relative, const char *compiled_in)
{
  g_autofree char *program_dir = dup_program_dir ();
  g_autofree char *beside = NULL;

  if (program_dir != NULL) {
    g_autofree char *path = g_build_filename (program_dir, relative, NULL);

    beside = g_canonicalize_filename (path, NULL);
    if (g_file_test (beside, G_FILE_TEST_IS_DIR))
      return g_steal_pointer (&beside);
  }

  return g_strdup (compiled_in);
}

/* Makes @path ours alone. Another user may have put something there before us. */
static gboolean
make_private (const char *path, GError **error)
{
  struct stat info;
  int saved_errno;

  if (mkdir (path, 0700) != 0 && errno != EEXIST) {
    saved_errno = errno;
    g_set_error (error, G_IO_ERROR, g_io_error_from_errno (saved_errno),
                 _ ("The folder “%s” cannot be made: %s"), path, g_strerror (saved_errno));
    return FALSE;
  }

  if (lstat (path, &info) != 0 || !S_ISDIR (info.st_mode) || info.st_uid != geteuid () ||
      ((info.st_mode & 0777) != 0700 && chmod (path, 0700) != 0)) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED,
                 _ ("“%s” is not a folder of your own. Remove it, or set XDG_RUNTIME_DIR"), path);
    return FALSE;
  }

  return TRUE;
}

/**
 * base_install_is_build_tree:
 *
 * Returns: whether the program runs from the build tree rather than from where it is installed
 */
gboolean
base_install_is_build_tree (void)
{
  g_autofree char *root = dup_build_root ();

  return root != NULL;
}

/**
 * base_install_dup_data_dir:
 *
 * Returns: (transfer full): the folder with course/ and, in a build tree, the compiled schemas and
 *   icons/. It need not exist.
 */
char *
base_install_dup_data_dir (void)
{
  g_autofree char *root = dup_build_root ();

  if (root != NULL)
    return g_build_filename (root, "data", NULL);

  return dup_installed_dir ("../share/konvoy-lab", PKG_DATA_DIR);
}

/**
 * base_install_dup_locale_dir:
 *
 * Returns: (transfer full): the folder for bindtextdomain()
 */
char *
base_install_dup_locale_dir (void)
{
  g_autofree char *root = dup_build_root ();

  if (root != NULL)
    return g_build_filename (root, "po", NULL);

  return dup_installed_dir ("../share/locale", LOCALE_DIR);
}

/**
 * base_install_dup_program:
 * @name: one of our programs
 *
 * Returns: (transfer full): the path of the program that belongs to this one
 */
char *
base_install_dup_program (const char *name)
{
  g_autofree char *root = dup_build_root ();
  g_autofree char *bin_dir = NULL;

  g_return_val_if_fail (name != NULL, NULL);

  if (root != NULL) {
    const char *layer = g_str_equal (name, "konvoy-practice") ? "practice" : "app";

    return g_build_filename (root, "src", layer, name, NULL);
  }

  bin_dir = dup_installed_dir ("../bin", BIN_DIR);
  return g_build_filename (bin_dir, name, NULL);
}

/**
 * base_install_dup_runtime_dir:
 * @error: return location for a #GIOErrorEnum
 *
 * A folder for sockets that only this user can enter: konvoy-lab in XDG_RUNTIME_DIR. Where that is
 * not set, too long for a socket's address, or another user's (as under sudo), one in the
 * temporary folder. It is made if missing.
 *
 * Returns: (transfer full): its path, short enough for 30 more bytes; %NULL with @error set
 */
char *
base_install_dup_runtime_dir (GError **error)
{
  const char *runtime = g_getenv ("XDG_RUNTIME_DIR");
  g_autofree char *path = NULL;

  if (runtime != NULL && g_path_is_absolute (runtime)) {
    path = g_build_filename (runtime, "konvoy-lab", NULL);
    if (strlen (path) <= MAX_RUNTIME_DIR && make_private (path, NULL))
      return g_steal_pointer (&path);
    g_free (path);
  }

  path = g_strdup_printf ("%s/konvoy-lab-%u", g_get_tmp_dir (), (guint)geteuid ());
  if (strlen (path) > MAX_RUNTIME_DIR) {
    g_free (path);
    path = g_strdup_printf ("/tmp/konvoy-lab-%u", (guint)geteuid ());
  }

  return make_private (path, error) ? g_steal_pointer (&path) : NULL;
}
