/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>

#include "jumpserver-resources.h"
#include "practice-skeleton.h"

#define RESOURCE_PREFIX "/io/github/konvoylab/jumpserver/"
#define SAMPLES "istio-1.4.0"

/**
 * practice_skeleton_make_folder:
 * @path: a folder, in one that exists
 * @error: return location
 *
 * Makes it, for the user alone, where it is not there.
 *
 * Returns: whether it is there
 */
gboolean
practice_skeleton_make_folder (const char *path, GError **error)
{
  if (g_mkdir (path, 0700) == 0 || errno == EEXIST)
    return TRUE;
  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno),
               _ ("The folder “%s” cannot be made: %s"), path, g_strerror (errno));
  return FALSE;
}

static gboolean
write_file (const char *resource, const char *path, GError **error)
{
  int mode = strstr (resource, "/bin/") ? 0700 : 0600;
  g_autoptr (GBytes) data = g_resource_lookup_data (jumpserver_get_resource (), resource,
                                                    G_RESOURCE_LOOKUP_FLAGS_NONE, error);

  return data &&
         g_file_set_contents_full (path, g_bytes_get_data (data, NULL), g_bytes_get_size (data),
                                   G_FILE_SET_CONTENTS_NONE, mode, error);
}

/* @resource ends on a slash, as the folders among its children do. @missing: only what is not
 * there. */
static gboolean
write_folder (const char *resource, const char *path, gboolean missing, GError **error)
{
  g_auto (GStrv) children = g_resource_enumerate_children (jumpserver_get_resource (), resource,
                                                           G_RESOURCE_LOOKUP_FLAGS_NONE, error);

  if (!children || !practice_skeleton_make_folder (path, error))
    return FALSE;
  for (guint i = 0; children[i]; i++) {
    g_autofree char *from = g_strconcat (resource, children[i], NULL);
    g_autofree char *to = g_build_filename (path, children[i], NULL);

    if (g_str_has_suffix (from, "/")) {
      if (!write_folder (from, to, missing, error))
        return FALSE;
    } else if (!(missing && g_file_test (to, G_FILE_TEST_EXISTS)) &&
               !write_file (from, to, error)) {
      return FALSE;
    }
  }
  return TRUE;
}

/* A student who has removed the folder of the samples does without. */
static gboolean
add_samples (const char *home, GError **error)
{
  g_autofree char *samples = g_build_filename (home, SAMPLES, NULL);

  return !g_file_test (samples, G_FILE_TEST_IS_DIR) ||
         write_folder (RESOURCE_PREFIX "home/" SAMPLES "/", samples, TRUE, error);
}

/**
 * practice_skeleton_write_etc:
 * @path: a folder, made if missing
 * @error: return location for an error
 *
 * Writes what the jumpserver has in /etc of its own. Files there are replaced.
 *
 * Returns: whether all is written
 */
gboolean
practice_skeleton_write_etc (const char *path, GError **error)
{
  g_return_val_if_fail (path != NULL, FALSE);

  return write_folder (RESOURCE_PREFIX "etc/", path, FALSE, error);
}

/**
 * practice_skeleton_write_home:
 * @path: the home of the user on the jumpserver
 * @error: return location for an error
 *
 * Makes a home with the files of the training. One that is there already stays as the student left
 * it, but for samples that a newer version of the program brings; one that was not written to its
 * end is never taken for a home.
 *
 * Returns: whether there is a home
 */
gboolean
practice_skeleton_write_home (const char *path, GError **error)
{
  g_autofree char *fresh = NULL;

  g_return_val_if_fail (path != NULL, FALSE);

  if (g_file_test (path, G_FILE_TEST_IS_DIR))
    return add_samples (path, error);
  fresh = g_strconcat (path, ".new", NULL);
  if (!write_folder (RESOURCE_PREFIX "home/", fresh, FALSE, error))
    return FALSE;
  if (g_rename (fresh, path) == 0)
    return TRUE;
  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno),
               _ ("The folder “%s” cannot be made: %s"), path, g_strerror (errno));
  return FALSE;
}

/**
 * practice_skeleton_dup_file:
 * @name: such as "home/lab/cluster.yaml"
 * @error: return location for an error
 *
 * Returns: (transfer full) (nullable): the text of a file of the training as it is at first
 */
char *
practice_skeleton_dup_file (const char *name, GError **error)
{
  g_autofree char *resource = NULL;
  g_autoptr (GBytes) data = NULL;

  g_return_val_if_fail (name != NULL, NULL);

  resource = g_strconcat (RESOURCE_PREFIX, name, NULL);
  data = g_resource_lookup_data (jumpserver_get_resource (), resource, G_RESOURCE_LOOKUP_FLAGS_NONE,
                                 error);
  if (!data)
    return NULL;
  return g_strndup (g_bytes_get_data (data, NULL), g_bytes_get_size (data));
}
