/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "session-proof.h"

#include "session-check-private.h"

gboolean
session_proof_is_passed (GPtrArray *checks)
{
  for (guint i = 0; i < checks->len; i++) {
    if (session_check_get_state (g_ptr_array_index (checks, i)) != SESSION_CHECK_PASSED)
      return FALSE;
  }
  return TRUE;
}

gboolean
session_proof_is_complete (GPtrArray *checks)
{
  for (guint i = 0; i < checks->len; i++) {
    if (!session_check_get_proven (g_ptr_array_index (checks, i)))
      return FALSE;
  }
  return TRUE;
}

SessionCheck *
session_proof_find (GPtrArray *checks, SessionCheckState state)
{
  for (guint i = 0; i < checks->len; i++) {
    if (session_check_get_state (g_ptr_array_index (checks, i)) == state)
      return g_ptr_array_index (checks, i);
  }
  return NULL;
}

static gboolean
is_of_terminal (SessionCheck *check)
{
  return course_check_get_check_type (session_check_get_check (check)) == COURSE_CHECK_TERMINAL;
}

SessionCheck *
session_proof_find_late (GPtrArray *checks)
{
  SessionCheck *printed = NULL;
  gboolean others_proven = TRUE;

  for (guint i = 0; i < checks->len; i++) {
    SessionCheck *check = g_ptr_array_index (checks, i);
    gboolean is_late = session_check_get_state (check) == SESSION_CHECK_OVERDUE;

    if (is_late && !is_of_terminal (check))
      return check;
    if (is_late && printed == NULL)
      printed = check;
    others_proven = others_proven && (is_of_terminal (check) || session_check_get_proven (check));
  }
  return others_proven ? printed : NULL;
}
