/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "kube-reflector.h"

#include <glib/gi18n-lib.h>

#include "base-backoff.h"
#include "kube-change.h"
#include "kube-client-private.h"
#include "kube-error-private.h"
#include "kube-lister.h"
#include "kube-watch.h"
#include "kube-weak.h"

#define JITTER 1.0
#define MAX_RETRY_AFTER_SECONDS 600
/* of JSON text; its trees take some ten times as much */
#define MAX_CACHED_TEXT_BYTES (512 * 1024)

/**
 * KubeReflector:
 *
 * The loop of client-go's reflector: list, watch from the list's version, watch again from the last
 * version seen, list again where that is too old.
 *
 * Which failure leads where is in handle_error(). A server that does not answer is the business of
 * the client's [class@KubeReachability], for all reflectors at once; only what is about this
 * resource is waited for here.
 */
struct _KubeReflector {
  GObject parent_instance;

  KubeClient *client;
  const KubeKind *kind;
  char *namespace_;     /* (nullable): what was asked for */
  char *label_selector; /* (nullable) */
  char *granted;        /* (nullable): the namespace that we may see, where not all */
  KubeTreeCache *cache;

  KubeListState state;
  GError *error; /* (nullable) */
  gint64 synced_at;
  gboolean started;

  const char *version;    /* (nullable): static; of the kind's group */
  char *resource_version; /* (nullable): where to watch from */
  gboolean listed;        /* the model has a whole list, old or new */
  gboolean expired_early; /* the last watch was too old before it told anything */

  GCancellable *cancellable; /* (nullable): of the discovery or list under way */
  KubeWatch *watch;          /* (nullable) */
  BaseBackoff backoff;
  gint64 live_since; /* monotonic, 0: is not */
  guint timer_id;
  gulong restored_id;
};

G_DEFINE_FINAL_TYPE (KubeReflector, kube_reflector, G_TYPE_OBJECT)

enum {
  SIGNAL_LISTED,
  SIGNAL_CHANGES,
  SIGNAL_STATE_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void proceed (KubeReflector *self);
static void handle_error (KubeReflector *self, GError *error);

static const KubeTimings *
get_timings (KubeReflector *self)
{
  return kube_client_get_timings (self->client);
}

static KubeCollection
get_collection (KubeReflector *self)
{
  return (KubeCollection){ .kind = self->kind,
                           .version = self->version,
                           .namespace_ = kube_reflector_get_namespace (self),
                           .label_selector = self->label_selector,
                           .cache = self->cache };
}

/* Takes @error. */
static void
set_state (KubeReflector *self, KubeListState state, GError *error)
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

static void
clear_watch (KubeReflector *self)
{
  if (self->watch == NULL)
    return;
  g_signal_handlers_disconnect_by_data (self->watch, self);
  kube_watch_stop (self->watch);
  g_clear_object (&self->watch);
}

/* Whatever is under way or waited for, it is over. */
static void
halt (KubeReflector *self)
{
  g_clear_handle_id (&self->timer_id, g_source_remove);
  g_clear_signal_handler (&self->restored_id, kube_client_get_reachability (self->client));
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  clear_watch (self);
}

static gboolean timer_cb (gpointer data);

static void
proceed_after (KubeReflector *self, guint delay_ms)
{
  g_assert (self->timer_id == 0);

  self->timer_id = g_timeout_add (delay_ms, timer_cb, self);
}

static gboolean
timer_cb (gpointer data)
{
  KubeReflector *self = data;

  gint64 age = (g_get_monotonic_time () - kube_client_get_discovered_at (self->client)) / 1000;

  self->timer_id = 0;
  /* of several lists that are absent the first one asks for all */
  if (self->state == KUBE_LIST_ABSENT && age < get_timings (self)->absent / 2)
    proceed_after (self, get_timings (self)->absent - (guint)age);
  else
    proceed (self);
  return G_SOURCE_REMOVE;
}

static void
reset_backoff (KubeReflector *self)
{
  self->backoff = (BaseBackoff)BASE_BACKOFF_INIT (get_timings (self)->backoff_floor,
                                                  get_timings (self)->backoff_ceiling, JITTER);
}

/* Takes @error. @live_since: how long there was nothing wrong before */
static void
back_off (KubeReflector *self, gint64 live_since, GError *error)
{
  guint retry_after = MIN (kube_error_get_retry_after (error), MAX_RETRY_AFTER_SECONDS) * 1000;
  guint delay;

  if (live_since != 0 &&
      (g_get_monotonic_time () - live_since) / 1000 >= (gint64)get_timings (self)->healthy)
    reset_backoff (self);
  delay = base_backoff_next (&self->backoff);
  /* the server's own wish, and a little more, for it has told others the same */
  if (retry_after > 0)
    delay = MAX (delay, retry_after + (guint)g_random_int_range (0, 500));
  proceed_after (self, delay);
  set_state (self, KUBE_LIST_STALE, error);
}

static void
restored_cb (KubeReachability *reachability, KubeReflector *self)
{
  g_clear_signal_handler (&self->restored_id, reachability);
  proceed (self);
}

/* @error: (nullable): why there was no answer to us; else somebody else has found that out */
static void
wait_for_server (KubeReflector *self, const GError *error)
{
  KubeReachability *reachability = kube_client_get_reachability (self->client);

  self->restored_id =
    g_signal_connect_object (reachability, "restored", G_CALLBACK (restored_cb), self, 0);
  if (error != NULL)
    kube_reachability_report_failure (reachability, error);
  else
    kube_reachability_probe (reachability);
  set_state (self, KUBE_LIST_STALE, g_error_copy (kube_reachability_get_error (reachability)));
}

/* Nothing of it is there any more. */
static void
set_absent (KubeReflector *self)
{
  g_autoptr (GPtrArray) nothing = kube_change_new_array ();
  gboolean is_news = self->state != KUBE_LIST_ABSENT;

  self->version = NULL;
  g_clear_pointer (&self->resource_version, g_free);
  self->listed = FALSE;
  proceed_after (self, get_timings (self)->absent);
  if (is_news)
    g_signal_emit (self, signals[SIGNAL_LISTED], 0, nothing, TRUE);
  if (is_news && self->timer_id != 0)
    set_state (self, KUBE_LIST_ABSENT, NULL);
}

/* Takes @error. Those who may not see all namespaces mostly may see the one of their kubeconfig. */
static void
handle_forbidden (KubeReflector *self, GError *error)
{
  KubeContext *context = kube_client_get_context (self->client);

  g_clear_pointer (&self->resource_version, g_free);
  if (self->kind->namespaced && self->namespace_ == NULL && self->granted == NULL) {
    self->granted = g_strdup (kube_context_get_namespace (context));
    g_error_free (error);
    proceed (self);
    return;
  }
  g_clear_pointer (&self->granted, g_free);
  proceed_after (self, get_timings (self)->forbidden);
  set_state (self, KUBE_LIST_FORBIDDEN, error);
}

static gboolean
served_version_changed (KubeReflector *self)
{
  const char *version = kube_client_get_served_version (self->client, self->kind);

  return version != NULL && g_strcmp0 (version, self->version) != 0;
}

/* Takes @error. A server with no API at all is not asked again because of that. */
static void
handle_discovery_error (KubeReflector *self, GError *error)
{
  if (g_error_matches (error, KUBE_ERROR, KUBE_ERROR_NOT_FOUND))
    back_off (self, 0, error);
  else
    handle_error (self, error);
}

static void
rediscovered_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KubeReflector) self = kube_weak_take (user_data);
  GError *error = NULL;
  gboolean ok = kube_client_discover_finish (KUBE_CLIENT (object), result, &error);

  if (self == NULL || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
    g_clear_error (&error);
    return;
  }
  g_clear_object (&self->cancellable);
  if (!ok) {
    handle_discovery_error (self, error);
  } else if (served_version_changed (self)) {
    self->version = NULL;
    g_clear_pointer (&self->resource_version, g_free);
    proceed (self);
  } else {
    set_absent (self);
  }
}

static void
discover (KubeReflector *self, GAsyncReadyCallback callback)
{
  self->cancellable = g_cancellable_new ();
  kube_client_discover_async (self->client, self->cancellable, callback, kube_weak_new (self));
}

/* Takes @error: why there is no list, or no watch. Nothing is under way. */
static void
handle_error (KubeReflector *self, GError *error)
{
  gint64 live_since = self->live_since;

  if (error->domain != KUBE_ERROR) {
    back_off (self, live_since, error);
    return;
  }
  switch ((KubeError)error->code) {
    case KUBE_ERROR_UNREACHABLE:
    case KUBE_ERROR_TLS:
      wait_for_server (self, error);
      g_error_free (error);
      break;
    case KUBE_ERROR_UNAUTHORIZED:
    case KUBE_ERROR_EXEC_NOT_APPROVED:
    case KUBE_ERROR_CONFIG:
      set_state (self, KUBE_LIST_UNAUTHORIZED, error);
      break;
    case KUBE_ERROR_FORBIDDEN:
      handle_forbidden (self, error);
      break;
    case KUBE_ERROR_NOT_FOUND:
      /* gone altogether, or only this version of it? */
      g_error_free (error);
      discover (self, rediscovered_cb);
      break;
    case KUBE_ERROR_GONE:
    case KUBE_ERROR_INVALID:
      /* the version from which to go on is of no use */
      g_clear_pointer (&self->resource_version, g_free);
      back_off (self, live_since, error);
      break;
    case KUBE_ERROR_FAILED:
    case KUBE_ERROR_ALREADY_EXISTS:
    case KUBE_ERROR_CONFLICT:
    case KUBE_ERROR_BUSY:
    case KUBE_ERROR_SERVER:
    case KUBE_ERROR_PROTOCOL:
    default:
      back_off (self, live_since, error);
      break;
  }
}

static void
opened_cb (KubeWatch *watch, KubeReflector *self)
{
  note_word (self);
  kube_reachability_report_answer (kube_client_get_reachability (self->client));
  set_state (self, KUBE_LIST_LIVE, NULL);
}

static void
changes_cb (KubeWatch *watch, GPtrArray *changes, KubeReflector *self)
{
  g_signal_emit (self, signals[SIGNAL_CHANGES], 0, changes);
}

/* A list right after a list that was too old at once would be the same again. */
static void
handle_expired (KubeReflector *self, gboolean was_useful, const GError *error)
{
  gboolean again = !was_useful && self->expired_early;

  self->expired_early = !was_useful;
  g_clear_pointer (&self->resource_version, g_free);
  if (again)
    handle_error (self, g_error_copy (error));
  else
    proceed (self);
}

static gboolean
is_broken (const GError *error)
{
  return error == NULL || g_error_matches (error, KUBE_ERROR, KUBE_ERROR_UNREACHABLE) ||
         g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* The end of a watch is no event: servers end each one after some minutes. */
static void
ended_cb (KubeWatch *watch, const GError *error, KubeReflector *self)
{
  gboolean was_useful = kube_watch_was_useful (watch);

  g_free (self->resource_version);
  self->resource_version = g_strdup (kube_watch_get_resource_version (watch));
  clear_watch (self);

  if (g_error_matches (error, KUBE_ERROR, KUBE_ERROR_GONE)) {
    handle_expired (self, was_useful, error);
    return;
  }
  self->expired_early = FALSE;
  if (is_broken (error) && was_useful)
    proceed (self);
  else if (error != NULL)
    handle_error (self, g_error_copy (error));
  else
    handle_error (self, g_error_new_literal (KUBE_ERROR, KUBE_ERROR_PROTOCOL,
                                             _ ("The server ends the watch at once.")));
}

static void
start_watch (KubeReflector *self)
{
  KubeCollection collection = get_collection (self);

  self->watch = kube_watch_new (self->client, &collection, self->resource_version);
  g_signal_connect_object (self->watch, "opened", G_CALLBACK (opened_cb), self, 0);
  g_signal_connect_object (self->watch, "word", G_CALLBACK (note_word), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->watch, "changes", G_CALLBACK (changes_cb), self, 0);
  g_signal_connect_object (self->watch, "ended", G_CALLBACK (ended_cb), self, 0);
  kube_watch_start (self->watch);
}

/* A KubePageFunc. Only the first list is shown while it grows: later ones must be whole to tell
 * what is gone. */
static void
page_cb (GPtrArray *changes, gpointer user_data)
{
  g_autoptr (KubeReflector) self = kube_weak_get (user_data);

  if (self == NULL || self->listed)
    return;
  note_word (self);
  g_signal_emit (self, signals[SIGNAL_LISTED], 0, changes, FALSE);
}

static void
listed_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KubeReflector) self = kube_weak_take (user_data);
  g_autofree char *resource_version = NULL;
  GError *error = NULL;
  g_autoptr (GPtrArray) changes =
    kube_lister_list_finish (KUBE_CLIENT (object), result, &resource_version, &error);

  if (self == NULL || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
    g_clear_error (&error);
    return;
  }
  g_clear_object (&self->cancellable);
  if (changes == NULL) {
    handle_error (self, error);
    return;
  }

  note_word (self);
  kube_reachability_report_answer (kube_client_get_reachability (self->client));
  g_free (self->resource_version);
  self->resource_version = g_strdup (resource_version != NULL ? resource_version : "0");
  self->listed = TRUE;
  /* the watch goes out first: what hears of the list may take its time */
  start_watch (self);
  g_signal_emit (self, signals[SIGNAL_LISTED], 0, changes, TRUE);
}

static void
start_list (KubeReflector *self)
{
  KubeCollection collection = get_collection (self);

  if (self->state == KUBE_LIST_ABSENT || self->state == KUBE_LIST_FORBIDDEN ||
      self->state == KUBE_LIST_UNAUTHORIZED)
    set_state (self, KUBE_LIST_LOADING, NULL);
  self->cancellable = g_cancellable_new ();
  kube_lister_list_async (self->client, &collection, self->cancellable, page_cb, listed_cb,
                          kube_weak_new (self));
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

static void
discovered_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KubeReflector) self = kube_weak_take (user_data);
  GError *error = NULL;
  gboolean ok = kube_client_discover_finish (KUBE_CLIENT (object), result, &error);

  if (self == NULL || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
    g_clear_error (&error);
    return;
  }
  g_clear_object (&self->cancellable);
  if (!ok) {
    handle_discovery_error (self, error);
    return;
  }
  note_word (self);
  if (kube_client_get_served_version (self->client, self->kind) != NULL)
    proceed (self);
  else
    set_absent (self);
}

/* Does the next thing. Nothing is under way. */
static void
proceed (KubeReflector *self)
{
  if (!self->started)
    return;
  if (!kube_reachability_get_reachable (kube_client_get_reachability (self->client))) {
    wait_for_server (self, NULL);
    return;
  }
  if (self->version == NULL)
    self->version = find_version (self);
  if (self->version == NULL)
    discover (self, discovered_cb);
  else if (self->resource_version != NULL)
    start_watch (self);
  else
    start_list (self);
}

/* Somebody else's discovery has found what was absent. */
static void
client_discovered_cb (KubeClient *client, KubeReflector *self)
{
  if (self->state != KUBE_LIST_ABSENT || self->timer_id == 0 ||
      kube_client_get_served_version (client, self->kind) == NULL)
    return;
  g_clear_handle_id (&self->timer_id, g_source_remove);
  proceed (self);
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
  g_clear_object (&self->client);

  G_OBJECT_CLASS (kube_reflector_parent_class)->dispose (object);
}

static void
kube_reflector_finalize (GObject *object)
{
  KubeReflector *self = KUBE_REFLECTOR (object);

  g_clear_error (&self->error);
  g_clear_pointer (&self->cache, kube_tree_cache_unref);
  g_free (self->namespace_);
  g_free (self->label_selector);
  g_free (self->granted);
  g_free (self->resource_version);

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
  self->cache = kube_tree_cache_new (MAX_CACHED_TEXT_BYTES);
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
  self->namespace_ = g_strdup (namespace_);
  self->label_selector = g_strdup (label_selector);
  reset_backoff (self);
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
  set_state (self, KUBE_LIST_LOADING, NULL);
  proceed (self);
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
  if (self->watch != NULL) {
    g_free (self->resource_version);
    self->resource_version = g_strdup (kube_watch_get_resource_version (self->watch));
  }
  halt (self);
  set_state (self, KUBE_LIST_IDLE, NULL);
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

  if (!self->started || self->watch != NULL || self->cancellable != NULL)
    return;
  halt (self);
  reset_backoff (self);
  if (looks_again)
    discover (self, discovered_cb);
  else
    proceed (self);
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
  return self->namespace_ != NULL ? self->namespace_ : self->granted;
}
