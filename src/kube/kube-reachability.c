/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "kube-reachability.h"

#include "base-backoff.h"
#include "kube-error-private.h"
#include "kube-json-request.h"
#include "kube-weak.h"

#define JITTER 1.0

/**
 * KubeReachability:
 *
 * When a tunnel or a server goes, all watches notice at once. None of them tries again by itself:
 * they report it here and wait for one small request, sent with back-off, to be answered.
 */
struct _KubeReachability {
  GObject parent_instance;

  KubeTransport *transport;
  const KubeTimings *timings;
  BaseBackoff backoff;

  GError *error; /* (nullable): why it is not reachable */
  guint timer_id;
  GCancellable *probe; /* (nullable): of the request under way */
  gint64 restored_at;  /* monotonic, 0: was never lost */
};

G_DEFINE_FINAL_TYPE (KubeReachability, kube_reachability, G_TYPE_OBJECT)

enum {
  SIGNAL_LOST,
  SIGNAL_RESTORED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static gboolean
timer_cb (gpointer data)
{
  KubeReachability *self = data;

  self->timer_id = 0;
  kube_reachability_probe (self);
  return G_SOURCE_REMOVE;
}

/* Nobody waits, nobody asks: a list that starts later probes at once. */
static void
schedule (KubeReachability *self)
{
  if (self->timer_id != 0 || self->probe != NULL ||
      !g_signal_has_handler_pending (self, signals[SIGNAL_RESTORED], 0, FALSE))
    return;
  self->timer_id = g_timeout_add (base_backoff_next (&self->backoff), timer_cb, self);
}

static gboolean
probe_timeout_cb (gpointer data)
{
  KubeReachability *self = data;

  self->timer_id = 0;
  g_cancellable_cancel (self->probe);
  return G_SOURCE_REMOVE;
}

static void
set_unreachable (KubeReachability *self, const GError *error)
{
  gint64 healthy = (gint64)self->timings->healthy * 1000;
  gboolean is_news = self->error == NULL;

  g_clear_error (&self->error);
  self->error = g_error_copy (error);
  if (is_news) {
    if (self->restored_at == 0 || g_get_monotonic_time () - self->restored_at >= healthy)
      self->backoff = (BaseBackoff)BASE_BACKOFF_INIT (self->timings->backoff_floor,
                                                      self->timings->backoff_ceiling, JITTER);
    g_signal_emit (self, signals[SIGNAL_LOST], 0);
  }
  schedule (self);
}

static gboolean
is_no_answer (const GError *error)
{
  return g_error_matches (error, KUBE_ERROR, KUBE_ERROR_UNREACHABLE) ||
         g_error_matches (error, KUBE_ERROR, KUBE_ERROR_TLS);
}

/* The only one who cancels a probe is the clock. */
static void
replace_with_timeout (KubeReachability *self, GError **error)
{
  g_autoptr (GError) timeout = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "");

  g_clear_error (error);
  *error = kube_error_new_from_transport (timeout, kube_transport_get_host (self->transport));
}

static void
probe_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KubeReachability) self = kube_weak_take (user_data);
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) node = kube_json_request_finish (KUBE_TRANSPORT (object), result, &error);

  if (self == NULL)
    return;
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    replace_with_timeout (self, &error);
  g_clear_object (&self->probe);
  g_clear_handle_id (&self->timer_id, g_source_remove);
  if (is_no_answer (error))
    set_unreachable (self, error);
  else
    kube_reachability_report_answer (self);
}

static void
network_changed_cb (GNetworkMonitor *monitor, gboolean available, KubeReachability *self)
{
  if (self->error != NULL && available &&
      g_signal_has_handler_pending (self, signals[SIGNAL_RESTORED], 0, FALSE))
    kube_reachability_probe (self);
}

static void
kube_reachability_dispose (GObject *object)
{
  KubeReachability *self = KUBE_REACHABILITY (object);

  g_clear_handle_id (&self->timer_id, g_source_remove);
  g_cancellable_cancel (self->probe);
  g_clear_object (&self->probe);
  g_clear_object (&self->transport);

  G_OBJECT_CLASS (kube_reachability_parent_class)->dispose (object);
}

static void
kube_reachability_finalize (GObject *object)
{
  g_clear_error (&KUBE_REACHABILITY (object)->error);

  G_OBJECT_CLASS (kube_reachability_parent_class)->finalize (object);
}

static void
kube_reachability_class_init (KubeReachabilityClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = kube_reachability_dispose;
  G_OBJECT_CLASS (klass)->finalize = kube_reachability_finalize;

  signals[SIGNAL_LOST] = g_signal_new ("lost", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                       NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_RESTORED] = g_signal_new ("restored", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                           0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
kube_reachability_init (KubeReachability *self)
{
  g_signal_connect_object (g_network_monitor_get_default (), "network-changed",
                           G_CALLBACK (network_changed_cb), self, 0);
}

/**
 * kube_reachability_new:
 * @transport: the way to the server
 * @timings: how long to wait; lives longer than the result
 *
 * Returns: (transfer full): takes the server to be there until somebody reports otherwise
 */
KubeReachability *
kube_reachability_new (KubeTransport *transport, const KubeTimings *timings)
{
  KubeReachability *self = g_object_new (KUBE_TYPE_REACHABILITY, NULL);

  self->transport = g_object_ref (transport);
  self->timings = timings;
  return self;
}

/**
 * kube_reachability_get_reachable:
 * @self: a reachability
 *
 * Returns: whether it makes sense to send something
 */
gboolean
kube_reachability_get_reachable (KubeReachability *self)
{
  return self->error == NULL;
}

/**
 * kube_reachability_get_error:
 * @self: a reachability
 *
 * Returns: (nullable): why the server is not reachable
 */
const GError *
kube_reachability_get_error (KubeReachability *self)
{
  return self->error;
}

/**
 * kube_reachability_report_failure:
 * @self: a reachability
 * @error: why
 *
 * A request got no answer. Connect to "restored" before.
 */
void
kube_reachability_report_failure (KubeReachability *self, const GError *error)
{
  set_unreachable (self, error);
}

/**
 * kube_reachability_report_answer:
 * @self: a reachability
 *
 * The server has answered something, be it a refusal.
 */
void
kube_reachability_report_answer (KubeReachability *self)
{
  if (self->error == NULL)
    return;
  g_clear_error (&self->error);
  self->restored_at = g_get_monotonic_time ();
  g_clear_handle_id (&self->timer_id, g_source_remove);
  g_signal_emit (self, signals[SIGNAL_RESTORED], 0);
}

/**
 * kube_reachability_probe:
 * @self: a reachability
 *
 * Asks the server for its version now, unless that is being done. No answer is "lost", where it
 * was not before.
 */
void
kube_reachability_probe (KubeReachability *self)
{
  const KubeRequest request = { .method = "GET", .path = "/version" };

  if (self->probe != NULL)
    return;
  g_clear_handle_id (&self->timer_id, g_source_remove);
  self->probe = g_cancellable_new ();
  self->timer_id = g_timeout_add (self->timings->probe, probe_timeout_cb, self);
  kube_json_request_async (self->transport, &request, self->probe, probe_cb, kube_weak_new (self));
}
