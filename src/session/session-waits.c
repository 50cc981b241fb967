/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "session-waits.h"

#include "session-check-private.h"

/**
 * session_waits_list:
 *
 * Returns: (transfer full) (element-type CourseWait): the waits that are over
 */
GPtrArray *
session_waits_list (GPtrArray *checks)
{
  GPtrArray *waits = course_waits_new ();

  for (guint i = 0; i < checks->len; i++) {
    SessionCheck *check = g_ptr_array_index (checks, i);
    SessionChain *chain = session_check_get_chain (check);
    const char *says = course_check_get_says (session_check_get_check (check));
    CourseWait *wait = chain != NULL ? session_chain_dup_wait (chain, says) : NULL;

    if (wait != NULL)
      g_ptr_array_add (waits, wait);
  }
  return waits;
}

/**
 * session_waits_restore:
 * @waits: (nullable) (element-type CourseWait): of a step that was done, by this program's last run
 *   or by another window
 *
 * Chains that have seen nothing themselves take what is known.
 */
void
session_waits_restore (GPtrArray *checks, GPtrArray *waits)
{
  for (guint i = 0; i < checks->len; i++)
    session_check_restore_chain (g_ptr_array_index (checks, i), waits);
}

/* Times as a number for programs, whatever the user's language. */
static void
append_time (GString *text, gint64 time)
{
  char number[G_ASCII_DTOSTR_BUF_SIZE];

  g_ascii_formatd (number, sizeof number, "%.3f", (double)time / G_USEC_PER_SEC);
  g_string_append (text, number);
}

/* @before: when the stage before it was so, and @since at the earliest */
static void
append_stage (GString *text, SessionChain *chain, guint index, gint64 since, gint64 *before)
{
  gint64 passed_at = session_chain_get_passed_at (chain, index);
  guint n;
  guint of = session_chain_get_count (chain, index, &n);

  g_string_append_printf (text,
                          "  %s: ", course_stage_get_id (session_chain_get_stage (chain, index)));
  switch (session_chain_get_state (chain, index)) {
    case SESSION_STAGE_DONE:
      if (passed_at < since) {
        g_string_append (text, "before");
        break;
      }
      append_time (text, passed_at - since);
      g_string_append (text, " s, of it ");
      append_time (text, passed_at - *before);
      g_string_append (text, " s");
      *before = passed_at;
      break;
    case SESSION_STAGE_UNDER_WAY:
      g_string_append (text, "waiting");
      break;
    case SESSION_STAGE_FALLEN:
      g_string_append (text, "no longer");
      break;
    case SESSION_STAGE_NOT_YET:
    default:
      g_string_append (text, "not yet");
      break;
  }
  if (of > 0)
    g_string_append_printf (text, ", %u of %u", n, of);
  g_string_append_c (text, '\n');
}

/* A step that was proven before has to be proven again. */
static void
append_confirmation (GString *text, SessionChain *chain, gint64 since)
{
  guint last = session_chain_get_n_stages (chain) - 1;
  gint64 confirmed_at = session_chain_get_confirmed_at (chain);

  if (!session_chain_is_whole (chain) || confirmed_at < since ||
      session_chain_get_passed_at (chain, last) >= since)
    return;
  g_string_append (text, "  seen again: ");
  append_time (text, confirmed_at - since);
  g_string_append (text, " s\n");
}

/**
 * session_waits_dup_report:
 * @since: when the step began, in time of g_get_monotonic_time()
 *
 * The stages of each check, a line each: when it was so, in seconds since the step began, and how
 * long it took by itself.
 *
 * Returns: (transfer full): lines in plain English; empty where no check has stages
 */
char *
session_waits_dup_report (GPtrArray *checks, gint64 since)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < checks->len; i++) {
    SessionCheck *check = g_ptr_array_index (checks, i);
    SessionChain *chain = session_check_get_chain (check);
    gint64 before = since;

    if (chain == NULL || !session_chain_is_telling (chain))
      continue;
    g_string_append_printf (text, "waited for: %s\n",
                            course_check_get_says (session_check_get_check (check)));
    for (guint j = 0; j < session_chain_get_n_stages (chain); j++)
      append_stage (text, chain, j, since, &before);
    append_confirmation (text, chain, since);
  }
  return g_strdup (text->str);
}
