/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "session-canary-private.h"

#include <glib/gi18n-lib.h>

/* What is decided from outside while a canary goes its way. */

/**
 * session_canary_pause:
 *
 * Stays at the step where it is. It has no effect while weights are on their way.
 */
void
session_canary_pause (SessionCanary *self)
{
  g_return_if_fail (SESSION_IS_CANARY (self));

  if (self->state != SESSION_CANARY_WATCHING)
    return;
  g_clear_handle_id (&self->timer, g_source_remove);
  session_canary_set_state (self, SESSION_CANARY_PAUSED,
                            /* Translators: a VirtualService's name, a percentage and a version */
                            g_strdup_printf (_ ("%s: paused, %u %% go to %s."),
                                             session_canary_get_name (self),
                                             session_canary_get_percent (self), self->subset));
}

/**
 * session_canary_resume:
 *
 * Watches the step from its beginning.
 */
void
session_canary_resume (SessionCanary *self)
{
  g_return_if_fail (SESSION_IS_CANARY (self));

  if (self->state != SESSION_CANARY_PAUSED)
    return;
  session_sampler_start (self->sampler);
  session_canary_watch (self);
}

/**
 * session_canary_promote:
 *
 * Goes to the last step at once; it is watched like the others.
 */
void
session_canary_promote (SessionCanary *self)
{
  g_return_if_fail (SESSION_IS_CANARY (self));

  if (self->state != SESSION_CANARY_WATCHING && self->state != SESSION_CANARY_PAUSED)
    return;
  session_sampler_start (self->sampler);
  self->step = self->plan.n_steps - 1;
  session_canary_log_add (self->log, _ ("Promoted by hand."));
  session_canary_shift (self);
}

/**
 * session_canary_abort:
 *
 * Goes back to the weights that were before.
 */
void
session_canary_abort (SessionCanary *self)
{
  g_return_if_fail (SESSION_IS_CANARY (self));

  if (session_canary_is_active (self) && self->state != SESSION_CANARY_RETURNING)
    session_canary_go_back (self, _ ("Aborted by hand."));
}

/* The way back took too long. */
void
session_canary_give_up (SessionCanary *self)
{
  if (session_canary_is_active (self))
    session_canary_strand (
      self, g_strdup_printf (
              /* Translators: a VirtualService's name, and weights such as "v1 100 %" */
              _ ("%s: could not go back to %s in time. The cluster did not answer."),
              session_canary_get_name (self), session_canary_route_get_before (self->route)));
}

/**
 * session_canary_leave:
 *
 * Nobody watches any longer, and nothing can be written: the weights stay as they are. The log and
 * the next start say so.
 */
void
session_canary_leave (SessionCanary *self)
{
  g_autofree char *now = NULL;

  g_return_if_fail (SESSION_IS_CANARY (self));

  if (!session_canary_is_active (self))
    return;
  now = session_canary_route_dup_now (self->route, self->object);
  /* Translators: a VirtualService's name, and twice weights such as "v1 100 %" */
  session_canary_strand (self, g_strdup_printf (_ ("%s: left alone: %s. Before the canary: %s."),
                                                session_canary_get_name (self), now,
                                                session_canary_route_get_before (self->route)));
}
