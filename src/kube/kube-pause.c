/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "kube-pause.h"

#include "base-backoff.h"
#include "kube-client-private.h"
#include "kube-error-private.h"

#define JITTER 1.0
#define MAX_RETRY_AFTER_SECONDS 600

/**
 * KubePause:
 *
 * The time, or the server's return, that a reflector waits for. A server that does not answer is
 * the business of the client's [class@KubeReachability], for all reflectors at once; only what is
 * about one resource is waited for with a timer of its own.
 */
struct _KubePause {
  GObject parent_instance;

  KubeClient *client;
  BaseBackoff backoff;
  guint timer_id;
  gulong restored_id;
};

G_DEFINE_FINAL_TYPE (KubePause, kube_pause, G_TYPE_OBJECT)

enum {
  SIGNAL_OVER,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static gboolean
timer_cb (gpointer data)
{
  KubePause *self = data;

  self->timer_id = 0;
  g_signal_emit (self, signals[SIGNAL_OVER], 0);
  return G_SOURCE_REMOVE;
}

static void
restored_cb (KubeReachability *reachability, KubePause *self)
{
  g_clear_signal_handler (&self->restored_id, reachability);
  g_signal_emit (self, signals[SIGNAL_OVER], 0);
}

static void
kube_pause_dispose (GObject *object)
{
  KubePause *self = KUBE_PAUSE (object);

  if (self->client != NULL)
    kube_pause_cancel (self);
  g_clear_object (&self->client);

  G_OBJECT_CLASS (kube_pause_parent_class)->dispose (object);
}

static void
kube_pause_class_init (KubePauseClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = kube_pause_dispose;

  signals[SIGNAL_OVER] = g_signal_new ("over", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                       NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
kube_pause_init (KubePause *self)
{
}

/**
 * kube_pause_new:
 * @client: a client
 *
 * Returns: (transfer full): a pause that waits for nothing yet
 */
KubePause *
kube_pause_new (KubeClient *client)
{
  KubePause *self = g_object_new (KUBE_TYPE_PAUSE, NULL);

  self->client = g_object_ref (client);
  kube_pause_reset (self);
  return self;
}

/**
 * kube_pause_wait:
 * @self: a pause that waits for nothing
 * @delay_ms: how long
 */
void
kube_pause_wait (KubePause *self, guint delay_ms)
{
  g_assert (self->timer_id == 0);

  self->timer_id = g_timeout_add (delay_ms, timer_cb, self);
}

/**
 * kube_pause_back_off:
 * @self: a pause that waits for nothing
 * @live_since: monotonic time since when there was nothing wrong, 0 where there was before
 * @error: what is wrong
 *
 * Waits longer after each failure, and at least as long as the server asks for.
 */
void
kube_pause_back_off (KubePause *self, gint64 live_since, const GError *error)
{
  guint retry_after = MIN (kube_error_get_retry_after (error), MAX_RETRY_AFTER_SECONDS) * 1000;
  gint64 healthy = kube_client_get_timings (self->client)->healthy;
  guint delay;

  if (live_since != 0 && (g_get_monotonic_time () - live_since) / 1000 >= healthy)
    kube_pause_reset (self);
  delay = base_backoff_next (&self->backoff);
  /* the server's own wish, and a little more, for it has told others the same */
  if (retry_after > 0)
    delay = MAX (delay, retry_after + (guint)g_random_int_range (0, 500));
  kube_pause_wait (self, delay);
}

/**
 * kube_pause_wait_for_server:
 * @self: a pause that waits for nothing
 * @error: (nullable): why there was no answer to us; else somebody else has found that out
 */
void
kube_pause_wait_for_server (KubePause *self, const GError *error)
{
  KubeReachability *reachability = kube_client_get_reachability (self->client);

  self->restored_id =
    g_signal_connect_object (reachability, "restored", G_CALLBACK (restored_cb), self, 0);
  if (error != NULL)
    kube_reachability_report_failure (reachability, error);
  else
    kube_reachability_probe (reachability);
}

/**
 * kube_pause_cancel:
 * @self: a pause
 *
 * Waits for nothing any more; "over" does not come.
 */
void
kube_pause_cancel (KubePause *self)
{
  g_clear_handle_id (&self->timer_id, g_source_remove);
  g_clear_signal_handler (&self->restored_id, kube_client_get_reachability (self->client));
}

/**
 * kube_pause_reset:
 * @self: a pause
 *
 * The next failure counts as the first.
 */
void
kube_pause_reset (KubePause *self)
{
  const KubeTimings *timings = kube_client_get_timings (self->client);

  self->backoff =
    (BaseBackoff)BASE_BACKOFF_INIT (timings->backoff_floor, timings->backoff_ceiling, JITTER);
}

/**
 * kube_pause_is_timed:
 * @self: a pause
 *
 * Returns: whether it waits for a time to pass
 */
gboolean
kube_pause_is_timed (KubePause *self)
{
  return self->timer_id != 0;
}
