/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base-deadline.h"

#include "base-source.h"

struct _BaseDeadline {
  GCancellable *inner;
  GSource *timer;
  GSource *cancelled; /* (nullable) (owned) */
  gboolean expired;
};

static gboolean
expired_cb (gpointer user_data)
{
  BaseDeadline *self = user_data;

  self->expired = TRUE;
  g_cancellable_cancel (self->inner);
  return G_SOURCE_REMOVE;
}

static gboolean
cancelled_cb (GCancellable *outer, gpointer user_data)
{
  BaseDeadline *self = user_data;

  g_cancellable_cancel (self->inner);
  return G_SOURCE_REMOVE;
}

/**
 * base_deadline_new:
 * @outer: (nullable): the caller's cancellable
 * @milliseconds: how long the operation may take
 *
 * Returns: (transfer full): a deadline that counts from now, in the thread's default main context
 */
BaseDeadline *
base_deadline_new (GCancellable *outer, guint milliseconds)
{
  GMainContext *context = g_main_context_get_thread_default ();
  BaseDeadline *self = g_new0 (BaseDeadline, 1);

  self->inner = g_cancellable_new ();
  self->timer = g_timeout_source_new (milliseconds);
  g_source_set_callback (self->timer, expired_cb, self, NULL);
  g_source_set_static_name (self->timer, "base-deadline");
  g_source_attach (self->timer, context);
  if (outer != NULL) {
    self->cancelled = g_cancellable_source_new (outer);
    g_source_set_callback (self->cancelled, G_SOURCE_FUNC (cancelled_cb), self, NULL);
    g_source_attach (self->cancelled, context);
  }
  return self;
}

GCancellable *
base_deadline_get_cancellable (BaseDeadline *self)
{
  return self->inner;
}

/**
 * base_deadline_has_expired:
 *
 * Returns: whether the cancellable was cancelled by the time, not by the caller
 */
gboolean
base_deadline_has_expired (BaseDeadline *self)
{
  return self->expired;
}

void
base_deadline_free (BaseDeadline *self)
{
  base_source_clear (&self->timer);
  base_source_clear (&self->cancelled);
  g_clear_object (&self->inner);
  g_free (self);
}
