/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base-backoff.h"

/**
 * base_backoff_next:
 * @self: a back-off
 *
 * Counts a failure: the first gives the floor, each further one twice the delay before it, up to
 * the ceiling. A random part of the delay, up to the jitter, is added, so that clients which lost
 * the same server do not all come back at once.
 *
 * Returns: milliseconds to wait before the next try
 */
guint
base_backoff_next (BaseBackoff *self)
{
  guint64 delay;

  g_return_val_if_fail (self != NULL, 0);

  delay = (guint64)self->floor_ms << MIN (self->failures, 31);
  delay = MIN (delay, self->ceiling_ms);
  if (self->failures < G_MAXUINT)
    self->failures++;

  delay += (guint64)((double)delay * CLAMP (self->jitter, 0, 1) * g_random_double ());

  return (guint)MIN (delay, G_MAXUINT);
}

/**
 * base_backoff_reset:
 * @self: a back-off
 *
 * Counts a success: the next failure gives the floor again.
 */
void
base_backoff_reset (BaseBackoff *self)
{
  g_return_if_fail (self != NULL);

  self->failures = 0;
}
