/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "session-canary-plan.h"

#include <glib/gi18n-lib.h>

#include "mesh-latency.h"

/* FALSE: it is not a number from 1 to 100 that is greater than the one before. */
static gboolean
read_step (SessionCanaryPlan *plan, const char *word)
{
  guint64 step;

  if (plan->n_steps == SESSION_CANARY_MAX_STEPS ||
      !g_ascii_string_to_unsigned (word, 10, 1, 100, &step, NULL))
    return FALSE;
  if (plan->n_steps > 0 && step <= plan->steps[plan->n_steps - 1])
    return FALSE;
  plan->steps[plan->n_steps++] = (guint)step;
  return TRUE;
}

/**
 * session_canary_plan_read_steps:
 * @text: as typed, such as "5, 25, 50, 100"
 * @problem: (out) (transfer full): what is wrong with it
 *
 * The plan is left alone where something is wrong.
 *
 * Returns: whether the steps are those of @text now
 */
gboolean
session_canary_plan_read_steps (SessionCanaryPlan *self, const char *text, char **problem)
{
  g_auto (GStrv) words = g_strsplit_set (text, ", %;", -1);
  SessionCanaryPlan read = *self;

  *problem = NULL;
  read.n_steps = 0;
  for (gsize i = 0; words[i] != NULL; i++) {
    if (*words[i] == '\0' || read_step (&read, words[i]))
      continue;
    *problem = g_strdup_printf (
      /* Translators: %u is a number */
      _ ("Write at most %u percentages from 1 to 100, each greater than the one before, such as "
         "5, 25, 50, 100."),
      SESSION_CANARY_MAX_STEPS);
    return FALSE;
  }
  if (read.n_steps == 0) {
    *problem = g_strdup (_ ("Write the steps in percent, such as 5, 25, 50, 100."));
    return FALSE;
  }
  *self = read;
  return TRUE;
}

/**
 * session_canary_plan_dup_steps:
 *
 * Returns: (transfer full): such as "5, 25, 50, 100"
 */
char *
session_canary_plan_dup_steps (const SessionCanaryPlan *self)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < self->n_steps; i++)
    g_string_append_printf (text, "%s%u", i > 0 ? ", " : "", self->steps[i]);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/**
 * session_canary_plan_dup_fault:
 * @history: the answers
 *
 * Returns: (transfer full) (nullable): what is wrong with the answers since the last mark
 */
char *
session_canary_plan_dup_fault (const SessionCanaryPlan *self, MeshHistory *history)
{
  guint n = mesh_history_get_n_counted (history);
  guint n_errors = mesh_history_get_n_errors (history);
  guint latency = mesh_history_get_latency (history, 0.95);
  g_autofree char *seconds = NULL;

  if (n_errors > n * self->most_errors)
    /* Translators: how many of how many answers failed, and the percentage that is allowed */
    return g_strdup_printf (_ ("%u of %u answers failed, more than %.3g %%."), n_errors, n,
                            self->most_errors * 100);
  if (latency <= self->most_latency)
    return NULL;
  seconds = mesh_latency_dup_seconds (latency);
  /* Translators: a time such as "2.01 s", and seconds */
  return g_strdup_printf (_ ("Answers took up to %s, more than %.3g s."), seconds,
                          self->most_latency / 1000.0);
}
