/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lab-clock.h"

struct _LabClock {
  GObject parent_instance;

  guint source;
  gint64 set_to; /* Unix seconds; 0: it goes by itself */
};

G_DEFINE_FINAL_TYPE (LabClock, lab_clock, G_TYPE_OBJECT)

enum {
  TICK,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static gboolean
tick_cb (gpointer user_data)
{
  g_signal_emit (user_data, signals[TICK], 0);

  return G_SOURCE_CONTINUE;
}

static void
lab_clock_dispose (GObject *object)
{
  lab_clock_set_running (LAB_CLOCK (object), FALSE);

  G_OBJECT_CLASS (lab_clock_parent_class)->dispose (object);
}

static void
lab_clock_class_init (LabClockClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = lab_clock_dispose;

  signals[TICK] =
    g_signal_new ("tick", LAB_TYPE_CLOCK, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
lab_clock_init (LabClock *self)
{
}

/**
 * lab_clock_new:
 *
 * Returns: (transfer full): a clock that does not run yet
 */
LabClock *
lab_clock_new (void)
{
  return g_object_new (LAB_TYPE_CLOCK, NULL);
}

/**
 * lab_clock_set_running:
 * @self: a clock
 * @running: whether to tick
 *
 * Wakes the program up only while something on the screen needs it.
 */
void
lab_clock_set_running (LabClock *self, gboolean running)
{
  g_return_if_fail (LAB_IS_CLOCK (self));

  if (running && self->source == 0) {
    self->source = g_timeout_add_seconds_full (G_PRIORITY_LOW, 1, tick_cb, self, NULL);
    g_source_set_name_by_id (self->source, "[konvoy-lab] clock");
  } else if (!running) {
    g_clear_handle_id (&self->source, g_source_remove);
  }
}

/**
 * lab_clock_get_now:
 * @self: a clock
 *
 * Returns: Unix seconds
 */
gint64
lab_clock_get_now (LabClock *self)
{
  g_return_val_if_fail (LAB_IS_CLOCK (self), 0);

  return self->set_to != 0 ? self->set_to : g_get_real_time () / G_USEC_PER_SEC;
}

/**
 * lab_clock_set_now:
 * @self: a clock
 * @now: Unix seconds
 *
 * Ticks, and shows that time until it is set again: for those who cannot wait.
 */
void
lab_clock_set_now (LabClock *self, gint64 now)
{
  g_return_if_fail (LAB_IS_CLOCK (self));
  g_return_if_fail (now > 0);

  self->set_to = now;
  g_signal_emit (self, signals[TICK], 0);
}
