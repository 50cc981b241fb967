/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "kube-reflector-private.h"

#include "kube-weak.h"

/**
 * KubeReflector:
 *
 * The loop of client-go's reflector: list, watch from the list's version, watch again from the last
 * version seen, list again where that is too old.
 *
 * Which failure leads where is in kube-reflector-failure.c. Listing and watching are a
 * [class@KubeRound]'s work, waiting a [class@KubePause]'s.
 */
G_DEFINE_FINAL_TYPE (KubeReflector, kube_reflector, G_TYPE_OBJECT)

enum {
  SIGNAL_LISTED,
  SIGNAL_CHANGES,
  SIGNAL_STATE_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* Takes @error. */
void
kube_reflector_set_state (KubeReflector *self, KubeListState state, GError *error)
{
  gboolean same = state == self->state && error == NULL && self->error == NULL;

  g_clear_error (&self->error);
  self->error = error;
  self->state = state;
  if (state != KUBE_LIST_LIVE)
    self->live_since = 0;
  else if (self->live_since == 0)
    self->live_since = g_get_monotonic_time ();
  if (!same)
    g_signal_emit (self, signals[SIGNAL_STATE_CHANGED], 0);
}

static void
note_word (KubeReflector *self)
{
  self->synced_at = g_get_monotonic_time ();
}

/* Whatever is under way or waited for, it is over. */
static void
halt (KubeReflector *self)
{
  kube_pause_cancel (self->pause);
  kube_round_stop (self->round);
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
}

static void
over_cb (KubeReflector *self)
{
  gint64 age = (g_get_monotonic_time () - kube_client_get_discovered_at (self->client)) / 1000;
  gint64 absent = kube_client_get_timings (self->client)->absent;

  /* of several lists that are absent the first one asks for all */
  if (self->state == KUBE_LIST_ABSENT && age < absent / 2)
    kube_pause_wait (self->pause, (guint)(absent - age));
  else
    kube_reflector_proceed (self);
}

/* A version that was looked for because the one we had was not found must be another one. */
static void
discovered_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KubeReflector) self = kube_weak_take (user_data);
  GError *error = NULL;
  gboolean ok = kube_client_discover_finish (KUBE_CLIENT (object), result, &error);
  const char *version;

  if (self == NULL || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
    g_clear_error (&error);
    return;
  }
  g_clear_object (&self->cancellable);
  if (!ok) {
    kube_reflector_handle_discovery_error (self, error);
    return;
  }
  note_word (self);
  version = kube_client_get_served_version (self->client, self->kind);
  if (version == NULL || g_strcmp0 (version, self->version) == 0) {
    kube_reflector_set_absent (self);
  } else {
    self->version = version;
    kube_round_forget_version (self->round);
    kube_reflector_proceed (self);
  }
}

void
kube_reflector_discover (KubeReflector *self)
{
  self->cancellable = g_cancellable_new ();
  kube_client_discover_async (self->client, self->cancellable, discovered_cb, kube_weak_new (self));
}

static void
note_answer (KubeReflector *self)
{
  note_word (self);
  kube_reachability_report_answer (kube_client_get_reachability (self->client));
}

static void
opened_cb (KubeReflector *self)
{
  note_answer (self);
  kube_reflector_set_state (self, KUBE_LIST_LIVE, NULL);
}

static void
changes_cb (KubeReflector *self, GPtrArray *changes)
{
  g_signal_emit (self, signals[SIGNAL_CHANGES], 0, changes);
}

static void
listed_cb (KubeReflector *self, GPtrArray *changes, gboolean whole)
{
  if (whole)
    note_answer (self);
  g_signal_emit (self, signals[SIGNAL_LISTED], 0, changes, whole);
}

static void
ended_cb (KubeReflector *self, const GError *error)
{
  if (error != NULL)
    kube_reflector_handle_error (self, g_error_copy (error));
  else
    kube_reflector_proceed (self);
}

/* Kinds of one version have been there all along, so that their lists need not wait. */
static const char *
find_version (KubeReflector *self)
{
  const char *version = kube_client_get_served_version (self->client, self->kind);

  if (version == NULL && !kube_client_is_discovered (self->client) &&
      self->kind->versions[1] == NULL)
    return self->kind->versions[0];
  return version;
}

/* Does the next thing. Nothing is under way. */
void
kube_reflector_proceed (KubeReflector *self)
{
  if (!self->started)
    return;
  if (!kube_reachability_get_reachable (kube_client_get_reachability (self->client))) {
    kube_reflector_wait_for_server (self, NULL);
    return;
  }
  if (self->version == NULL)
    self->version = find_version (self);
  if (self->version == NULL) {
    kube_reflector_discover (self);
    return;
  }
  if (self->state == KUBE_LIST_ABSENT || self->state == KUBE_LIST_FORBIDDEN ||
      self->state == KUBE_LIST_UNAUTHORIZED)
    kube_reflector_set_state (self, KUBE_LIST_LOADING, NULL);
  kube_round_run (self->round, self->version);
}

/* Somebody else's discovery has found what was absent. */
static void
client_discovered_cb (KubeClient *client, KubeReflector *self)
{
  if (self->state != KUBE_LIST_ABSENT || !kube_pause_is_timed (self->pause) ||
      kube_client_get_served_version (client, self->kind) == NULL)
    return;
  kube_pause_cancel (self->pause);
  kube_reflector_proceed (self);
}

static void
client_approved_cb (KubeClient *client, KubeReflector *self)
{
  if (self->state == KUBE_LIST_UNAUTHORIZED)
    kube_reflector_retry (self);
}

static void
kube_reflector_dispose (GObject *object)
{
  KubeReflector *self = KUBE_REFLECTOR (object);

  if (self->client != NULL)
    halt (self);
  g_clear_object (&self->round);
  g_clear_object (&self->pause);
  g_clear_object (&self->client);

  G_OBJECT_CLASS (kube_reflector_parent_class)->dispose (object);
}

static void
kube_reflector_finalize (GObject *object)
{
  g_clear_error (&KUBE_REFLECTOR (object)->error);

  G_OBJECT_CLASS (kube_reflector_parent_class)->finalize (object);
}

static void
kube_reflector_class_init (KubeReflectorClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GType type = G_TYPE_FROM_CLASS (klass);

  object_class->dispose = kube_reflector_dispose;
  object_class->finalize = kube_reflector_finalize;

  signals[SIGNAL_LISTED] = g_signal_new ("listed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                         G_TYPE_NONE, 2, G_TYPE_PTR_ARRAY, G_TYPE_BOOLEAN);
  signals[SIGNAL_CHANGES] = g_signal_new ("changes", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                          G_TYPE_NONE, 1, G_TYPE_PTR_ARRAY);
  signals[SIGNAL_STATE_CHANGED] =
    g_signal_new ("state-changed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
kube_reflector_init (KubeReflector *self)
{
}

/**
 * kube_reflector_new:
 * @client: a client
 * @kind: a resource
 * @namespace_: (nullable): a namespace, %NULL for all
 * @label_selector: (nullable): a label selector
 *
 * Returns: (transfer full): a reflector, not started
 */
KubeReflector *
kube_reflector_new (KubeClient *client,
                    const KubeKind *kind,
                    const char *namespace_,
                    const char *label_selector)
{
  KubeReflector *self = g_object_new (KUBE_TYPE_REFLECTOR, NULL);

  self->client = g_object_ref (client);
  self->kind = kind;
  self->wants_all = namespace_ == NULL;
  self->round = kube_round_new (client, kind, namespace_, label_selector);
  g_signal_connect_object (self->round, "listed", G_CALLBACK (listed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->round, "opened", G_CALLBACK (opened_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->round, "word", G_CALLBACK (note_word), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->round, "changes", G_CALLBACK (changes_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->round, "ended", G_CALLBACK (ended_cb), self, G_CONNECT_SWAPPED);
  self->pause = kube_pause_new (client);
  g_signal_connect_object (self->pause, "over", G_CALLBACK (over_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (client, "discovered", G_CALLBACK (client_discovered_cb), self, 0);
  g_signal_connect_object (client, "approved", G_CALLBACK (client_approved_cb), self, 0);
  return self;
}

/**
 * kube_reflector_start:
 * @self: a reflector
 *
 * Begins, or goes on from where it was stopped.
 */
void
kube_reflector_start (KubeReflector *self)
{
  if (self->started)
    return;
  self->started = TRUE;
  kube_reflector_set_state (self, KUBE_LIST_LOADING, NULL);
  kube_reflector_proceed (self);
}

/**
 * kube_reflector_stop:
 * @self: a reflector
 */
void
kube_reflector_stop (KubeReflector *self)
{
  if (!self->started)
    return;
  self->started = FALSE;
  halt (self);
  kube_reflector_set_state (self, KUBE_LIST_IDLE, NULL);
}

/**
 * kube_reflector_retry:
 * @self: a reflector
 *
 * Where it waits, it does so no longer.
 */
void
kube_reflector_retry (KubeReflector *self)
{
  gboolean looks_again = self->state == KUBE_LIST_ABSENT;

  if (!self->started || self->cancellable != NULL || kube_round_is_running (self->round))
    return;
  halt (self);
  kube_pause_reset (self->pause);
  if (looks_again)
    kube_reflector_discover (self);
  else
    kube_reflector_proceed (self);
}

/**
 * kube_reflector_get_state:
 * @self: a reflector
 *
 * Returns: how things are
 */
KubeListState
kube_reflector_get_state (KubeReflector *self)
{
  return self->state;
}

/**
 * kube_reflector_get_error:
 * @self: a reflector
 *
 * Returns: (nullable): why it is not live
 */
const GError *
kube_reflector_get_error (KubeReflector *self)
{
  return self->error;
}

/**
 * kube_reflector_get_synced_at:
 * @self: a reflector
 *
 * Returns: when the server last said something, monotonic
 */
gint64
kube_reflector_get_synced_at (KubeReflector *self)
{
  return self->synced_at;
}

/**
 * kube_reflector_get_namespace:
 * @self: a reflector
 *
 * Returns: (nullable): the namespace that is followed, which is that of the kubeconfig where not
 * all could be seen; %NULL for all
 */
const char *
kube_reflector_get_namespace (KubeReflector *self)
{
  return kube_round_get_namespace (self->round);
}
