/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "session-hand.h"

#include "session-check-private.h"
#include "session-typing.h"

/* A command that somebody types is the step's where it is that of its form, or has in it what the
 * check says. */
static gboolean
is_command (SessionCheck *check, const char *form, const char *line)
{
  const char *part = course_check_get_command (session_check_get_check (check));

  return part != NULL ? session_typing_has (line, form, part) : session_typing_is (line, form);
}

static gboolean
is_of_terminal (SessionCheck *check)
{
  return course_check_get_check_type (session_check_get_check (check)) == COURSE_CHECK_TERMINAL;
}

/**
 * session_hand_fits:
 * @form: what the step types here
 * @checks: (element-type SessionCheck): its checks
 * @line: a command that was typed by hand
 * @output: what it has printed
 * @exit_status: what it ended with; -1: not known
 *
 * Returns: whether the step was run by it: all that it asks of the terminal is there, and something
 * is asked
 */
gboolean
session_hand_fits (
  const char *form, GPtrArray *checks, const char *line, const char *output, int exit_status)
{
  gboolean asks = FALSE;

  for (guint i = 0; i < checks->len; i++) {
    SessionCheck *check = g_ptr_array_index (checks, i);

    if (!is_of_terminal (check))
      continue;
    if (!is_command (check, form, line) || !session_check_fits_output (check, output, exit_status))
      return FALSE;
    asks = TRUE;
  }
  return asks;
}
