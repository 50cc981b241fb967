/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "session-canary-private.h"

#include <glib/gi18n-lib.h>

/* How a step is watched: until its time is over and enough answers have come. */

static gboolean
waited_cb (gpointer user_data)
{
  SessionCanary *self = SESSION_CANARY (user_data);

  self->timer = 0;
  if (self->has_waited) {
    session_canary_go_back (self, _ ("Too few answers came to go on."));
    return G_SOURCE_REMOVE;
  }
  self->has_waited = TRUE;
  self->timer = g_timeout_add (self->plan.patience_ms, waited_cb, self);
  g_source_set_name_by_id (self->timer, "[session] canary's patience");
  session_canary_evaluate (self);
  return G_SOURCE_REMOVE;
}

/* What a step takes at least: the weights need a moment to reach all sidecars, and too few answers
 * with them prove nothing. */
static double
get_needed_seconds (SessionCanary *self)
{
  return session_sampler_get_settle (self->sampler) / 1000.0 +
         self->plan.min_answers / session_sampler_get_rate (self->sampler);
}

/* (transfer full) */
static char *
dup_watching (SessionCanary *self)
{
  double wait = self->plan.wait_ms / 1000.0;

  if (get_needed_seconds (self) <= wait)
    /* Translators: a VirtualService's name, a percentage, a version and seconds */
    return g_strdup_printf (_ ("%s: %u %% go to %s; watching for %g s."),
                            session_canary_get_name (self), session_canary_get_percent (self),
                            self->subset, wait);
  return g_strdup_printf (
    /* Translators: a VirtualService's name, a percentage, a version, seconds and a number */
    _ ("%s: %u %% go to %s; watching for about %.2g s, until %u answers with these weights have "
       "come."),
    session_canary_get_name (self), session_canary_get_percent (self), self->subset,
    get_needed_seconds (self), self->plan.min_answers);
}

/* The weights are there: the step is watched from its beginning. */
void
session_canary_watch (SessionCanary *self)
{
  session_sampler_mark (self->sampler);
  self->has_waited = FALSE;
  g_clear_handle_id (&self->timer, g_source_remove);
  self->timer = g_timeout_add (self->plan.wait_ms, waited_cb, self);
  g_source_set_name_by_id (self->timer, "[session] canary's wait");
  session_canary_set_state (self, SESSION_CANARY_WATCHING, dup_watching (self));
}

static void
go_on (SessionCanary *self)
{
  if (self->step + 1 < self->plan.n_steps) {
    self->step++;
    session_canary_shift (self);
    return;
  }
  /* Translators: a VirtualService's name, a percentage and a version */
  session_canary_stop (self, SESSION_CANARY_DONE,
                       g_strdup_printf (_ ("%s: done, %u %% go to %s."),
                                        session_canary_get_name (self),
                                        session_canary_get_percent (self), self->subset));
}

/* Where enough answers have come, says what follows from them. */
void
session_canary_evaluate (SessionCanary *self)
{
  g_autofree char *fault = NULL;

  if (self->state != SESSION_CANARY_WATCHING ||
      mesh_history_get_n_counted (session_canary_get_history (self)) < self->plan.min_answers)
    return;
  fault = session_canary_plan_dup_fault (&self->plan, session_canary_get_history (self));
  if (fault != NULL)
    session_canary_go_back (self, fault);
  else if (self->has_waited)
    go_on (self);
}
