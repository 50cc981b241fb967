/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-home-file.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A configuration file of a student's. */
#define MAX_BYTES (1024 * 1024)

/* No link is followed: what runs on the jumpserver could lead us to files of this computer's. */
#define OPEN_FLAGS (O_CLOEXEC | O_NOFOLLOW)

static void
set_error (GError **error, const char *name)
{
  int code = errno;

  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code),
               /* Translators: a file of the jumpserver, and the system's reason */
               _ ("The file “%s” of the jumpserver cannot be used: %s"), name, g_strerror (code));
}

static void
close_fd (int *fd)
{
  if (*fd >= 0)
    close (*fd);
}

typedef int Descriptor;
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Descriptor, close_fd)

/* -1 with errno. @home is ours; what is in it is the user's. */
static int
open_folder (const char *home, const char *folder)
{
  g_auto (Descriptor) parent = open (home, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

  return parent < 0 ? -1 : openat (parent, folder, O_RDONLY | O_DIRECTORY | OPEN_FLAGS);
}

static gboolean
read_all (int fd, char *data, gsize length)
{
  while (length > 0) {
    gssize n = read (fd, data, length);

    if (n < 0 && errno == EINTR)
      continue;
    if (n <= 0)
      return FALSE;
    data += n;
    length -= (gsize)n;
  }
  return TRUE;
}

static gboolean
write_all (int fd, const char *data, gsize length)
{
  while (length > 0) {
    gssize n = write (fd, data, length);

    if (n < 0 && errno != EINTR)
      return FALSE;
    if (n > 0) {
      data += n;
      length -= (gsize)n;
    }
  }
  return TRUE;
}

/**
 * practice_home_file_read:
 * @home: the home
 * @folder: a folder in it
 * @name: a file in that
 * @error: return location
 *
 * Returns: (transfer full) (nullable): the text; %NULL without an error where there is no such
 *   file
 */
char *
practice_home_file_read (const char *home, const char *folder, const char *name, GError **error)
{
  g_auto (Descriptor) parent = open_folder (home, folder);
  g_auto (Descriptor) fd = -1;
  g_autofree char *text = NULL;
  struct stat info;

  if (parent >= 0)
    fd = openat (parent, name, O_RDONLY | O_NONBLOCK | OPEN_FLAGS);
  if (fd < 0) {
    if (errno != ENOENT)
      set_error (error, name);
    return NULL;
  }
  errno = EINVAL;
  if (fstat (fd, &info) < 0 || !S_ISREG (info.st_mode) || info.st_size > MAX_BYTES) {
    set_error (error, name);
    return NULL;
  }
  text = g_malloc0 ((gsize)info.st_size + 1);
  if (!read_all (fd, text, (gsize)info.st_size)) {
    set_error (error, name);
    return NULL;
  }
  return g_steal_pointer (&text);
}

/**
 * practice_home_file_write:
 * @home: the home
 * @folder: a folder in it, made if missing
 * @name: a file in that
 * @text: its new text
 * @error: return location
 *
 * Replaces a file, whole or not at all.
 *
 * Returns: whether it is written
 */
gboolean
practice_home_file_write (
  const char *home, const char *folder, const char *name, const char *text, GError **error)
{
  g_autofree char *fresh = g_strdup_printf (".%s.new", name);
  g_autofree char *path = g_build_filename (home, folder, NULL);
  g_auto (Descriptor) parent = -1;
  g_auto (Descriptor) fd = -1;

  g_mkdir (path, 0755);
  parent = open_folder (home, folder);
  if (parent >= 0) {
    unlinkat (parent, fresh, 0);
    fd = openat (parent, fresh, O_WRONLY | O_CREAT | O_EXCL | OPEN_FLAGS, 0644);
  }
  if (fd >= 0 && write_all (fd, text, strlen (text)) && fsync (fd) == 0 &&
      renameat (parent, fresh, parent, name) == 0)
    return TRUE;
  set_error (error, name);
  return FALSE;
}
