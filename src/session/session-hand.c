/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "session-hand.h"

#include "session-check-private.h"

/* A command that somebody types is the step's where it is that of its form, or has in it what the
 * check says. */
static gboolean
is_command (SessionCheck *check, const char *form, const SessionTyped *typed)
{
  const char *part = course_check_get_command (session_check_get_check (check));

  return part != NULL ? session_typing_has (typed, form, part) : session_typing_is (typed, form);
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
 * @typed: a command that was typed by hand
 *
 * Returns: whether the step was run by it: all that it asks of the terminal is there, and something
 * is asked
 */
gboolean
session_hand_fits (const char *form, GPtrArray *checks, const SessionTyped *typed)
{
  gboolean asks = FALSE;

  for (guint i = 0; i < checks->len; i++) {
    SessionCheck *check = g_ptr_array_index (checks, i);

    if (!is_of_terminal (check))
      continue;
    if (!is_command (check, form, typed) ||
        !session_check_fits_output (check, typed->output, typed->exit_status))
      return FALSE;
    asks = TRUE;
  }
  return asks;
}
