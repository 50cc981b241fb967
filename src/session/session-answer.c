/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "session-answer.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/**
 * session_answer_dup_fault:
 * @check: of the type http
 * @body: the page; at least @length bytes, not zero-terminated
 * @length: its length
 * @took_us: microseconds from the request to the end of the page
 *
 * Returns: (transfer full) (nullable): what is wrong with the page, for users; %NULL where it has
 *   in it what the check looks for, and took as long as it should
 */
char *
session_answer_dup_fault (CourseCheck *check, const char *body, gsize length, gint64 took_us)
{
  const char *text = course_check_get_contains (check);
  gint64 took_ms = took_us / 1000;
  guint at_most = course_check_get_takes_at_most (check);

  if (text != NULL && memmem (body, length, text, strlen (text)) == NULL)
    /* Translators: %s is a text that a web page should have in it */
    return g_strdup_printf (_ ("it answers, but without “%s”"), text);
  if (took_ms < course_check_get_takes_at_least (check) || (at_most != 0 && took_ms > at_most))
    /* Translators: %.1f are seconds */
    return g_strdup_printf (_ ("it answers after %.1f s"), took_ms / 1000.0);
  return NULL;
}
