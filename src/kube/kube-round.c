/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "kube-round.h"

#include <glib/gi18n-lib.h>

#include "kube-error.h"
#include "kube-lister.h"
#include "kube-watch.h"
#include "kube-weak.h"

/* of JSON text; its trees take some ten times as much */
#define MAX_CACHED_TEXT_BYTES (512 * 1024)

/**
 * KubeRound:
 *
 * What a reflector does while nothing goes wrong: list, then watch from the list's version; the
 * next time watch from the last version seen.
 */
struct _KubeRound {
  GObject parent_instance;

  KubeClient *client;
  const KubeKind *kind;
  char *namespace_;     /* (nullable): all */
  char *label_selector; /* (nullable) */
  KubeTreeCache *cache;

  const char *version;       /* (nullable): static; of the kind's group, in this run */
  char *resource_version;    /* (nullable): where to watch from */
  gboolean listed;           /* the model has a whole list, old or new */
  gboolean expired_early;    /* the last watch was too old before it told anything */
  GCancellable *cancellable; /* (nullable): of the list under way */
  KubeWatch *watch;          /* (nullable) */
};

G_DEFINE_FINAL_TYPE (KubeRound, kube_round, G_TYPE_OBJECT)

enum {
  SIGNAL_LISTED,
  SIGNAL_OPENED,
  SIGNAL_WORD,
  SIGNAL_CHANGES,
  SIGNAL_ENDED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static KubeCollection
get_collection (KubeRound *self)
{
  return (KubeCollection){ .kind = self->kind,
                           .version = self->version,
                           .namespace_ = self->namespace_,
                           .label_selector = self->label_selector,
                           .cache = self->cache };
}

/* Takes @resource_version. */
static void
take_resource_version (KubeRound *self, char *resource_version)
{
  g_free (self->resource_version);
  self->resource_version = resource_version;
}

/* Where the next watch begins is where this one has come to. */
static void
clear_watch (KubeRound *self)
{
  if (self->watch == NULL)
    return;
  take_resource_version (self, g_strdup (kube_watch_get_resource_version (self->watch)));
  g_signal_handlers_disconnect_by_data (self->watch, self);
  kube_watch_stop (self->watch);
  g_clear_object (&self->watch);
}

static void
opened_cb (KubeWatch *watch, KubeRound *self)
{
  g_signal_emit (self, signals[SIGNAL_OPENED], 0);
}

static void
word_cb (KubeWatch *watch, KubeRound *self)
{
  g_signal_emit (self, signals[SIGNAL_WORD], 0);
}

static void
changes_cb (KubeWatch *watch, GPtrArray *changes, KubeRound *self)
{
  g_signal_emit (self, signals[SIGNAL_CHANGES], 0, changes);
}

static gboolean
is_broken (const GError *error)
{
  return error == NULL || g_error_matches (error, KUBE_ERROR, KUBE_ERROR_UNREACHABLE) ||
         g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* The end of a watch is no event: servers end each one after some minutes. One that is too old is
 * followed by a list; but a list right after a list that was too old at once would be the same
 * again. */
static gboolean
may_go_on (KubeRound *self, const GError *error, gboolean was_useful)
{
  gboolean expired = g_error_matches (error, KUBE_ERROR, KUBE_ERROR_GONE);
  gboolean again = self->expired_early;

  self->expired_early = expired && !was_useful;
  if (expired)
    kube_round_forget_version (self);
  return expired ? was_useful || !again : was_useful && is_broken (error);
}

static void
ended_cb (KubeWatch *watch, const GError *error, KubeRound *self)
{
  gboolean was_useful = kube_watch_was_useful (watch);
  g_autoptr (GError) at_once = NULL;

  clear_watch (self);
  if (may_go_on (self, error, was_useful)) {
    g_signal_emit (self, signals[SIGNAL_ENDED], 0, NULL);
    return;
  }
  if (error == NULL)
    at_once = g_error_new_literal (KUBE_ERROR, KUBE_ERROR_PROTOCOL,
                                   _ ("The server ends the watch at once."));
  g_signal_emit (self, signals[SIGNAL_ENDED], 0, error != NULL ? error : at_once);
}

static void
start_watch (KubeRound *self)
{
  KubeCollection collection = get_collection (self);

  self->watch = kube_watch_new (self->client, &collection, self->resource_version);
  g_signal_connect_object (self->watch, "opened", G_CALLBACK (opened_cb), self, 0);
  g_signal_connect_object (self->watch, "word", G_CALLBACK (word_cb), self, 0);
  g_signal_connect_object (self->watch, "changes", G_CALLBACK (changes_cb), self, 0);
  g_signal_connect_object (self->watch, "ended", G_CALLBACK (ended_cb), self, 0);
  kube_watch_start (self->watch);
}

/* A KubePageFunc. Only the first list is shown while it grows: later ones must be whole to tell
 * what is gone. */
static void
page_cb (GPtrArray *changes, gpointer user_data)
{
  g_autoptr (KubeRound) self = kube_weak_get (user_data);

  if (self == NULL || self->listed)
    return;
  g_signal_emit (self, signals[SIGNAL_WORD], 0);
  g_signal_emit (self, signals[SIGNAL_LISTED], 0, changes, FALSE);
}

static void
listed_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KubeRound) self = kube_weak_take (user_data);
  g_autofree char *resource_version = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) changes =
    kube_lister_list_finish (KUBE_CLIENT (object), result, &resource_version, &error);

  if (self == NULL || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  g_clear_object (&self->cancellable);
  if (changes == NULL) {
    g_signal_emit (self, signals[SIGNAL_ENDED], 0, error);
    return;
  }

  take_resource_version (self, resource_version != NULL ? g_steal_pointer (&resource_version)
                                                        : g_strdup ("0"));
  self->listed = TRUE;
  /* the watch goes out first: what hears of the list may take its time */
  start_watch (self);
  g_signal_emit (self, signals[SIGNAL_LISTED], 0, changes, TRUE);
}

static void
start_list (KubeRound *self)
{
  KubeCollection collection = get_collection (self);

  self->cancellable = g_cancellable_new ();
  kube_lister_list_async (self->client, &collection, self->cancellable, page_cb, listed_cb,
                          kube_weak_new (self));
}

static void
kube_round_dispose (GObject *object)
{
  KubeRound *self = KUBE_ROUND (object);

  kube_round_stop (self);
  g_clear_object (&self->client);

  G_OBJECT_CLASS (kube_round_parent_class)->dispose (object);
}

static void
kube_round_finalize (GObject *object)
{
  KubeRound *self = KUBE_ROUND (object);

  g_clear_pointer (&self->cache, kube_tree_cache_unref);
  g_free (self->namespace_);
  g_free (self->label_selector);
  g_free (self->resource_version);

  G_OBJECT_CLASS (kube_round_parent_class)->finalize (object);
}

static void
kube_round_class_init (KubeRoundClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GType type = G_TYPE_FROM_CLASS (klass);

  object_class->dispose = kube_round_dispose;
  object_class->finalize = kube_round_finalize;

  signals[SIGNAL_LISTED] = g_signal_new ("listed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                         G_TYPE_NONE, 2, G_TYPE_PTR_ARRAY, G_TYPE_BOOLEAN);
  signals[SIGNAL_OPENED] =
    g_signal_new ("opened", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_WORD] =
    g_signal_new ("word", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_CHANGES] = g_signal_new ("changes", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                          G_TYPE_NONE, 1, G_TYPE_PTR_ARRAY);
  signals[SIGNAL_ENDED] = g_signal_new ("ended", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                        G_TYPE_NONE, 1, G_TYPE_ERROR);
}

static void
kube_round_init (KubeRound *self)
{
  self->cache = kube_tree_cache_new (MAX_CACHED_TEXT_BYTES);
}

/**
 * kube_round_new:
 * @client: a client
 * @kind: a resource
 * @namespace_: (nullable): a namespace, %NULL for all
 * @label_selector: (nullable): a label selector
 *
 * Returns: (transfer full): a round that does not run
 */
KubeRound *
kube_round_new (KubeClient *client,
                const KubeKind *kind,
                const char *namespace_,
                const char *label_selector)
{
  KubeRound *self = g_object_new (KUBE_TYPE_ROUND, NULL);

  self->client = g_object_ref (client);
  self->kind = kind;
  self->namespace_ = g_strdup (namespace_);
  self->label_selector = g_strdup (label_selector);
  return self;
}

/**
 * kube_round_set_namespace:
 * @self: a round that does not run
 * @namespace_: (nullable): a namespace, %NULL for all
 */
void
kube_round_set_namespace (KubeRound *self, const char *namespace_)
{
  g_free (self->namespace_);
  self->namespace_ = g_strdup (namespace_);
}

/**
 * kube_round_get_namespace:
 * @self: a round
 *
 * Returns: (nullable): the namespace that is followed, %NULL for all
 */
const char *
kube_round_get_namespace (KubeRound *self)
{
  return self->namespace_;
}

/**
 * kube_round_run:
 * @self: a round that does not run
 * @version: static; the version of the kind's group to ask for
 */
void
kube_round_run (KubeRound *self, const char *version)
{
  g_assert (!kube_round_is_running (self));

  self->version = version;
  if (self->resource_version != NULL)
    start_watch (self);
  else
    start_list (self);
}

/**
 * kube_round_stop:
 * @self: a round
 *
 * Ends the run without a signal; the next one goes on from there.
 */
void
kube_round_stop (KubeRound *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  clear_watch (self);
}

/**
 * kube_round_is_running:
 * @self: a round
 *
 * Returns: whether a list or a watch is under way
 */
gboolean
kube_round_is_running (KubeRound *self)
{
  return self->cancellable != NULL || self->watch != NULL;
}

/**
 * kube_round_forget_version:
 * @self: a round that does not run
 *
 * The next run lists anew: the version to go on from is of no use.
 */
void
kube_round_forget_version (KubeRound *self)
{
  g_clear_pointer (&self->resource_version, g_free);
}

/**
 * kube_round_forget_all:
 * @self: a round that does not run
 *
 * The next list is shown while it grows, as the first one was: nothing is there to be kept.
 */
void
kube_round_forget_all (KubeRound *self)
{
  kube_round_forget_version (self);
  self->listed = FALSE;
}
