/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "course-lines.h"

/**
 * course_lines_split:
 * @text: a text whose lines end as on Unix, Windows or old Macs
 *
 * Returns: (transfer full): its lines without their ends; what stands behind the last end is one
 *   too, so that joining them with newlines gives the text again
 */
GStrv
course_lines_split (const char *text)
{
  g_autoptr (GPtrArray) lines = g_ptr_array_new ();
  const char *start = text;

  for (const char *p = text; TRUE; p++) {
    if (*p != '\n' && *p != '\r' && *p != '\0')
      continue;
    g_ptr_array_add (lines, g_strndup (start, p - start));
    if (*p == '\0')
      break;
    if (*p == '\r' && p[1] == '\n')
      p++;
    start = p + 1;
  }
  g_ptr_array_add (lines, NULL);
  return (GStrv)g_ptr_array_free (g_steal_pointer (&lines), FALSE);
}
