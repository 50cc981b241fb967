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
