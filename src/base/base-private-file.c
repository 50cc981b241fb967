/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base-private-file.h"

#include <glib/gstdio.h>

/**
 * base_private_file_write:
 * @path: the file
 * @text: what is to be in it
 *
 * Writes a file that only its owner may read, whole or not at all. A file that others could read
 * until now is closed to them first: from GLib 2.80 on g_file_set_contents_full() leaves the mode
 * of a file that is there as it was.
 *
 * Returns: %FALSE with an error of %G_FILE_ERROR
 */
gboolean
base_private_file_write (const char *path, const char *text, GError **error)
{
  g_return_val_if_fail (path != NULL, FALSE);
  g_return_val_if_fail (text != NULL, FALSE);

  g_chmod (path, 0600);
  return g_file_set_contents_full (path, text, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0600, error);
}
