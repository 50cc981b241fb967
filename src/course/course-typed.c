/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "base-hidden.h"
#include "course-template.h"
#include "course-typed.h"

static guint
count_lines (const char *text, const char *end)
{
  guint lines = 0;

  for (const char *p = text; p < end; p++)
    lines += *p == '\n';
  return lines;
}

static void
check_letters (const char *text, guint line, const CourseReport *report)
{
  const char *found = base_hidden_find (text);
  gunichar letter;

  if (found == NULL)
    return;
  letter = g_utf8_get_char (found);
  course_report_error (report, line + count_lines (text, found),
                       /* Translators: a character's number, such as 202E, and what that is, such as
                        * "which cannot be seen" */
                       _ ("There is U+%04X in this line, %s: it will not be run"), letter,
                       base_hidden_get_reason (letter));
}

/* Other braces than ours are typed as they stand, those of kubectl among them; but one that is
 * nearly ours is a slip. */
static void
check_templates (const char *text, guint line, const CourseReport *report)
{
  const char *p = text;
  const char *meant;
  gsize length;

  while ((p = course_template_find_slip (p, &length, &meant)) != NULL) {
    g_autofree char *slip = g_strndup (p, length);

    course_report_error (report, line + count_lines (text, p),
                         _ ("“%s” is typed as it stands; “%s” may be meant"), slip, meant);
    p += length;
  }
}

/**
 * course_typed_check:
 * @text: what is typed, or written into a file
 * @line: line of the file where @text begins
 * @report: where to say what is wrong with it
 *
 * What is shown is what is run: text with characters that nobody sees is refused when it is to be
 * run. What is left open for each student has to be written as the program knows it.
 */
void
course_typed_check (const char *text, guint line, const CourseReport *report)
{
  check_letters (text, line, report);
  check_templates (text, line, report);
}
