/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "session-hand.h"

#include <string.h>

#include "session-check-private.h"

/* Whether @word stands in @line by itself. */
static gboolean
has_word (const char *line, const char *word)
{
  gsize length = strlen (word);

  for (const char *p = strstr (line, word); p != NULL; p = strstr (p + 1, word)) {
    if ((p == line || g_ascii_isspace (p[-1])) &&
        (p[length] == '\0' || g_ascii_isspace (p[length])))
      return TRUE;
  }
  return FALSE;
}

/* A command that somebody types is the step's where it begins as one of its forms does, or has in
 * it what the check says. */
static gboolean
is_command (CourseStep *step, SessionCheck *check, const char *line)
{
  const char *part = course_check_get_command (session_check_get_check (check));
  GPtrArray *forms = course_step_get_forms (step);

  if (part != NULL)
    return strstr (line, part) != NULL;
  for (guint i = 0; i < forms->len; i++) {
    const char *text = ((const CourseForm *)g_ptr_array_index (forms, i))->text;
    g_autofree char *word = g_strndup (text, strcspn (text, " \t\n"));

    if (*word != '\0' && has_word (line, word))
      return TRUE;
  }
  return FALSE;
}

static gboolean
is_of_terminal (SessionCheck *check)
{
  return course_check_get_check_type (session_check_get_check (check)) == COURSE_CHECK_TERMINAL;
}

/**
 * session_hand_fits:
 * @step: a step
 * @checks: (element-type SessionCheck): its checks
 * @line: a command that was typed by hand, with the prompt before it
 * @output: what it has printed
 * @exit_status: what it ended with; -1: not known
 *
 * Returns: whether @step was run by it: all that it asks of the terminal is there, and something is
 *   asked
 */
gboolean
session_hand_fits (
  CourseStep *step, GPtrArray *checks, const char *line, const char *output, int exit_status)
{
  gboolean asks = FALSE;

  for (guint i = 0; i < checks->len; i++) {
    SessionCheck *check = g_ptr_array_index (checks, i);

    if (!is_of_terminal (check))
      continue;
    if (!is_command (step, check, line) || !session_check_fits_output (check, output, exit_status))
      return FALSE;
    asks = TRUE;
  }
  return asks;
}
