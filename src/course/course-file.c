/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>

#include "course-course.h"
#include "course-file.h"

/* The longest section of a written course is under 40 KB, a whole training under 100 KB; a manual
 * in one file may have 2 MB. */
#define MAX_BYTES (2048 * 1024)

static GString *
read_all (int fd, GError **error)
{
  g_autoptr (GString) text = g_string_new (NULL);
  char buffer[16384];
  gssize length;

  do {
    length = read (fd, buffer, sizeof buffer);
    if (length > 0)
      g_string_append_len (text, buffer, length);
  } while ((length > 0 && text->len <= MAX_BYTES) || (length < 0 && errno == EINTR));

  if (length < 0) {
    int code = errno;

    g_set_error_literal (error, COURSE_ERROR, COURSE_ERROR_READ, g_strerror (code));
    return NULL;
  }
  if (text->len > MAX_BYTES) {
    g_set_error (error, COURSE_ERROR, COURSE_ERROR_TOO_LARGE,
                 _ ("it is larger than %d KiB, the limit for a file of a course"),
                 MAX_BYTES / 1024);
    return NULL;
  }
  return g_steal_pointer (&text);
}

/* Anything but text (a picture, a program) has NUL bytes early. */
static char *
check_text (GString *text, GError **error)
{
  if (memchr (text->str, '\0', text->len) != NULL) {
    g_set_error_literal (error, COURSE_ERROR, COURSE_ERROR_NOT_A_COURSE,
                         _ ("it is not a text file"));
    return NULL;
  }
  return g_strndup (text->str, text->len);
}

/**
 * course_file_read:
 * @path: a file
 * @error: return location for a #GError in the COURSE_ERROR domain
 *
 * Reads a text file of a course. Only regular files of limited size are read, so that a pipe or a
 * device in the place of a section holds nothing up. The text may still be invalid UTF-8.
 *
 * Returns: (transfer full) (nullable): the text
 */
char *
course_file_read (const char *path, GError **error)
{
  g_autoptr (GString) text = NULL;
  struct stat info;
  int fd;

  g_return_val_if_fail (path != NULL, NULL);

  fd = open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  if (fd < 0) {
    int code = errno;

    g_set_error_literal (error, COURSE_ERROR, COURSE_ERROR_READ, g_strerror (code));
    return NULL;
  }
  if (fstat (fd, &info) != 0 || !S_ISREG (info.st_mode))
    g_set_error_literal (error, COURSE_ERROR, COURSE_ERROR_NOT_A_COURSE,
                         _ ("it is not an ordinary file"));
  else
    text = read_all (fd, error);
  close (fd);

  return text != NULL ? check_text (text, error) : NULL;
}

/**
 * course_file_resolve_inside:
 * @folder: the course's folder
 * @relative: a path as the course writes it
 *
 * Follows @relative from @folder, symbolic links included.
 *
 * Returns: (transfer full) (nullable): the absolute path of an ordinary file inside @folder; %NULL
 *   where there is none, or where it lies outside
 */
char *
course_file_resolve_inside (const char *folder, const char *relative)
{
  g_autofree char *joined = NULL;
  g_autofree char *prefix = NULL;
  char *root;
  char *target;
  char *inside = NULL;

  if (g_path_is_absolute (relative) || strlen (relative) > 1024)
    return NULL;

  joined = g_build_filename (folder, relative, NULL);
  root = realpath (folder, NULL);
  target = realpath (joined, NULL);
  if (root != NULL && target != NULL) {
    prefix = g_str_has_suffix (root, "/") ? g_strdup (root) : g_strconcat (root, "/", NULL);
    if (g_str_has_prefix (target, prefix) && g_file_test (target, G_FILE_TEST_IS_REGULAR))
      inside = g_strdup (target);
  }
  free (root);
  free (target);
  return inside;
}
