/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lab-lint.h"

#include <stdlib.h>

#include "course-course.h"

/**
 * lab_lint_run:
 * @path: a course's folder or file
 *
 * Prints what the course's reader has to say of it, a line each: "file:line: message".
 *
 * Returns: the exit status: 1 where the course has an error
 */
int
lab_lint_run (const char *path)
{
  g_autoptr (GPtrArray) messages = NULL;
  gboolean is_right;

  g_return_val_if_fail (path != NULL, EXIT_FAILURE);

  is_right = course_lint (path, &messages);
  for (guint i = 0; i < messages->len; i++) {
    const CourseMessage *message = g_ptr_array_index (messages, i);

    g_print ("%s:%u: %s\n", message->file, message->line, message->text);
  }
  return is_right ? EXIT_SUCCESS : EXIT_FAILURE;
}
