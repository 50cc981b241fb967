/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lab-chain-text.h"

#include <glib/gi18n-lib.h>

/**
 * lab_chain_dup_stage:
 * @chain: what a check waits for
 * @index: of one of its stages
 *
 * Returns: (transfer full): the stage in as few words as there are, such as "Host name 12 s"
 */
char *
lab_chain_dup_stage (SessionChain *chain, guint index)
{
  const char *label = course_stage_get_label (session_chain_get_stage (chain, index));
  gint64 ms = session_chain_get_ms (chain, index);
  g_autofree char *time = NULL;
  guint n;
  guint of = session_chain_get_count (chain, index, &n);

  if (of > 0)
    /* Translators: a stage of what is waited for, and how many have come through it: "Ready 5 of 8"
     */
    return g_strdup_printf (_ ("%s %u of %u"), label, n, of);
  if (ms < 0)
    return g_strdup (label);
  time = course_wait_dup_time (ms);
  /* Translators: a stage of what is waited for, and after what time it was so: "Host name 12 s" */
  return g_strdup_printf (_ ("%s %s"), label, time);
}

static char *
dup_state (SessionChain *chain, guint index, gboolean is_late)
{
  const char *label = course_stage_get_label (session_chain_get_stage (chain, index));
  gint64 ms = session_chain_get_ms (chain, index);
  g_autofree char *time = NULL;

  switch (session_chain_get_state (chain, index)) {
    case SESSION_STAGE_DONE:
      if (ms < 0)
        /* Translators: a stage of what is waited for, such as "Host name" */
        return g_strdup_printf (_ ("%s: done"), label);
      time = course_wait_dup_time (ms);
      /* Translators: a stage of what is waited for, such as "Host name", and a time: "12 s" */
      return g_strdup_printf (_ ("%s: done after %s"), label, time);
    case SESSION_STAGE_UNDER_WAY:
      return is_late
               /* Translators: a stage of what is waited for, such as "Host name" */
               ? g_strdup_printf (_ ("%s: late"), label)
               /* Translators: a stage of what is waited for, such as "Host name" */
               : g_strdup_printf (_ ("%s: waiting"), label);
    case SESSION_STAGE_FALLEN:
      /* Translators: a stage of what is waited for, such as "Host name" */
      return g_strdup_printf (_ ("%s: no longer so"), label);
    case SESSION_STAGE_NOT_YET:
    default:
      /* Translators: a stage of what is waited for, such as "Host name" */
      return g_strdup_printf (_ ("%s: not yet"), label);
  }
}

static char *
dup_part (SessionChain *chain, guint index, gboolean is_late)
{
  g_autofree char *state = dup_state (chain, index, is_late);
  guint n;
  guint of = session_chain_get_count (chain, index, &n);

  if (of == 0)
    return g_steal_pointer (&state);
  /* Translators: how a stage of what is waited for is, and how many have come through it: "Ready:
   * waiting (5 of 8)" */
  return g_strdup_printf (_ ("%s (%u of %u)"), state, n, of);
}

/**
 * lab_chain_dup_text:
 * @chain: what a check waits for
 * @is_late: whether that takes longer than it should
 *
 * Returns: (transfer full): all stages in words, for those who do not see them
 */
char *
lab_chain_dup_text (SessionChain *chain, gboolean is_late)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < session_chain_get_n_stages (chain); i++) {
    g_autofree char *part = dup_part (chain, i, is_late);

    if (i > 0)
      /* Translators: stands between the parts of a list */
      g_string_append (text, C_ ("list", ", "));
    g_string_append (text, part);
  }
  return g_strdup (text->str);
}
