/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gunixinputstream.h>
#include <glib/gi18n-lib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "jump-file.h"

static void
set_read_error (GError **error, const char *path, int saved_errno)
{
  /* Translators: %s is a file, the second %s the system's reason */
  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (saved_errno), _ ("Cannot read %s: %s"),
               path, g_strerror (saved_errno));
}

/* Without O_NONBLOCK a named pipe would wait for a writer for ever. */
static int
open_regular_file (const char *path, GError **error)
{
  struct stat status;
  int fd = open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

  if (fd < 0 || fstat (fd, &status) != 0) {
    set_read_error (error, path, errno);
  } else if (!S_ISREG (status.st_mode)) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_REGULAR_FILE, _ ("%s is not a file."), path);
  } else {
    return fd;
  }
  if (fd >= 0)
    close (fd);
  return -1;
}

static void
read_file_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  g_autoptr (GError) error = NULL;
  GBytes *bytes = jump_file_read (task_data, cancellable, &error);

  if (bytes != NULL)
    g_task_return_pointer (task, bytes, (GDestroyNotify)g_bytes_unref);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

/**
 * jump_file_read:
 * @path: a file of this computer
 *
 * Returns: (transfer full): what is in a regular file of at most %JUMP_FILE_MAX_BYTES, or %NULL
 *   with a #GIOErrorEnum that names the file
 */
GBytes *
jump_file_read (const char *path, GCancellable *cancellable, GError **error)
{
  g_autoptr (GInputStream) stream = NULL;
  g_autofree char *buffer = NULL;
  gsize length;
  int fd = open_regular_file (path, error);

  if (fd < 0)
    return NULL;
  stream = g_unix_input_stream_new (fd, TRUE);
  buffer = g_malloc (JUMP_FILE_MAX_BYTES + 1);
  if (!g_input_stream_read_all (stream, buffer, JUMP_FILE_MAX_BYTES + 1, &length, cancellable,
                                error))
    return NULL;
  if (length > JUMP_FILE_MAX_BYTES) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_MESSAGE_TOO_LARGE, _ ("%s is larger than 1 MiB."),
                 path);
    return NULL;
  }
  return g_bytes_new (buffer, length);
}

/**
 * jump_file_read_async:
 * @source: (type GObject.Object): the object whose answer it is
 * @path: a file of this computer
 *
 * As jump_file_read(), in a thread, since a folder on a network may be slow.
 */
void
jump_file_read_async (gpointer source,
                      const char *path,
                      GCancellable *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (source, cancellable, callback, user_data);

  g_task_set_source_tag (task, jump_file_read_async);
  g_task_set_task_data (task, g_strdup (path), g_free);
  g_task_run_in_thread (task, read_file_thread);
}

/**
 * jump_file_read_finish:
 *
 * Returns: (transfer full): the bytes, or %NULL with a #GIOErrorEnum that names the file
 */
GBytes *
jump_file_read_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
