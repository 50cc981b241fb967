/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "session-resource-private.h"

/**
 * SessionResource:
 *
 * All objects of a kind, over every client that a lab has in its life: what a panel binds to once.
 * The list of a new client takes the place of the last one's when it is complete, so that rows
 * which are old are seen, marked as stale, rather than none.
 */
struct _SessionResource {
  GObject parent_instance;

  const KubeKind *kind;
  guint holders;
  KubeClient *client; /* (nullable) */
  KubeList *shown;    /* (nullable): its rows are ours */
  KubeList *next;     /* (nullable): of a new client, not complete yet */
  GError *offline;    /* (nullable): why there is no connection */
};

static void session_resource_list_model_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (SessionResource,
                               session_resource,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL,
                                                      session_resource_list_model_init))

enum {
  PROP_0,
  PROP_STATE,
  PROP_ERROR,
  PROP_SYNCED_AT,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

enum {
  UPDATED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static guint
count_rows (SessionResource *self)
{
  return self->shown != NULL ? g_list_model_get_n_items (G_LIST_MODEL (self->shown)) : 0;
}

static void
notify_all (SessionResource *self)
{
  for (guint i = PROP_0 + 1; i < N_PROPS; i++)
    g_object_notify_by_pspec (G_OBJECT (self), properties[i]);
}

static void
items_changed_cb (
  GListModel *list, guint position, guint removed, guint added, SessionResource *self)
{
  g_list_model_items_changed (G_LIST_MODEL (self), position, removed, added);
}

static void
updated_cb (KubeList *list, SessionResource *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SYNCED_AT]);
  g_signal_emit (self, signals[UPDATED], 0);
}

static void
notify_cb (KubeList *list, GParamSpec *pspec, SessionResource *self)
{
  notify_all (self);
}

/* Takes @list (nullable) for the one that is shown. */
static void
show (SessionResource *self, KubeList *list)
{
  guint before = count_rows (self);
  guint after;

  if (self->shown != NULL) {
    g_signal_handlers_disconnect_by_data (self->shown, self);
    kube_list_stop (self->shown);
  }
  g_set_object (&self->shown, list);
  if (list != NULL) {
    g_signal_connect_object (list, "items-changed", G_CALLBACK (items_changed_cb), self, 0);
    g_signal_connect_object (list, "updated", G_CALLBACK (updated_cb), self, 0);
    g_signal_connect_object (list, "notify", G_CALLBACK (notify_cb), self, 0);
  }
  after = count_rows (self);
  if (before > 0 || after > 0)
    g_list_model_items_changed (G_LIST_MODEL (self), 0, before, after);
  notify_all (self);
  g_signal_emit (self, signals[UPDATED], 0);
}

static void
drop_next (SessionResource *self)
{
  if (self->next == NULL)
    return;
  g_signal_handlers_disconnect_by_data (self->next, self);
  kube_list_stop (self->next);
  g_clear_object (&self->next);
}

/* The list of a new client has something to say. */
static void
next_state_cb (KubeList *list, GParamSpec *pspec, SessionResource *self)
{
  g_autoptr (KubeList) next = NULL;

  switch (kube_list_get_state (list)) {
    case KUBE_LIST_IDLE:
    case KUBE_LIST_LOADING:
    case KUBE_LIST_STALE:
      notify_all (self);
      return;
    case KUBE_LIST_LIVE:
    case KUBE_LIST_ABSENT:
    case KUBE_LIST_FORBIDDEN:
    case KUBE_LIST_UNAUTHORIZED:
    default:
      break;
  }
  g_signal_handlers_disconnect_by_data (list, self);
  next = g_steal_pointer (&self->next);
  show (self, next);
}

/* Whom the state is to be read from. */
static KubeList *
get_current (SessionResource *self)
{
  return self->next != NULL ? self->next : self->shown;
}

static void
update_watching (SessionResource *self)
{
  KubeList *current = get_current (self);

  if (current == NULL)
    return;
  if (self->holders > 0 && self->offline == NULL)
    kube_list_start (current);
  else
    kube_list_stop (current);
}

static GType
session_resource_get_item_type (GListModel *model)
{
  return KUBE_TYPE_OBJECT;
}

static guint
session_resource_get_n_items (GListModel *model)
{
  return count_rows (SESSION_RESOURCE (model));
}

static gpointer
session_resource_get_item (GListModel *model, guint position)
{
  SessionResource *self = SESSION_RESOURCE (model);

  return self->shown != NULL ? g_list_model_get_item (G_LIST_MODEL (self->shown), position) : NULL;
}

static void
session_resource_list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = session_resource_get_item_type;
  iface->get_n_items = session_resource_get_n_items;
  iface->get_item = session_resource_get_item;
}

static void
session_resource_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  SessionResource *self = SESSION_RESOURCE (object);

  switch (id) {
    case PROP_STATE:
      g_value_set_enum (value, session_resource_get_state (self));
      break;
    case PROP_ERROR:
      g_value_set_boxed (value, session_resource_get_error (self));
      break;
    case PROP_SYNCED_AT:
      g_value_set_int64 (value, session_resource_get_synced_at (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
session_resource_dispose (GObject *object)
{
  SessionResource *self = SESSION_RESOURCE (object);

  drop_next (self);
  if (self->shown != NULL) {
    g_signal_handlers_disconnect_by_data (self->shown, self);
    kube_list_stop (self->shown);
  }
  g_clear_object (&self->shown);
  g_clear_object (&self->client);
  g_clear_error (&self->offline);
  G_OBJECT_CLASS (session_resource_parent_class)->dispose (object);
}

static void
session_resource_class_init (SessionResourceClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = session_resource_get_property;
  object_class->dispose = session_resource_dispose;

  properties[PROP_STATE] =
    g_param_spec_enum ("state", NULL, NULL, KUBE_TYPE_LIST_STATE, KUBE_LIST_IDLE, flags);
  properties[PROP_ERROR] = g_param_spec_boxed ("error", NULL, NULL, G_TYPE_ERROR, flags);
  properties[PROP_SYNCED_AT] =
    g_param_spec_int64 ("synced-at", NULL, NULL, 0, G_MAXINT64, 0, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  /**
   * SessionResource::updated:
   *
   * Once after every batch of changes, of rows as of what is in them.
   */
  signals[UPDATED] = g_signal_new ("updated", SESSION_TYPE_RESOURCE, G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
}

static void
session_resource_init (SessionResource *self)
{
}

SessionResource *
session_resource_new (const KubeKind *kind)
{
  SessionResource *self = g_object_new (SESSION_TYPE_RESOURCE, NULL);

  self->kind = kind;
  return self;
}

void
session_resource_set_client (SessionResource *self, KubeClient *client)
{
  g_return_if_fail (SESSION_IS_RESOURCE (self));

  if (!g_set_object (&self->client, client))
    return;
  drop_next (self);
  if (client == NULL) {
    show (self, NULL);
    return;
  }
  self->next = kube_list_new (client, self->kind, NULL, NULL);
  if (count_rows (self) == 0) {
    g_autoptr (KubeList) next = g_steal_pointer (&self->next);

    show (self, next);
  } else {
    kube_list_stop (self->shown);
    g_signal_connect_object (self->next, "notify::state", G_CALLBACK (next_state_cb), self, 0);
  }
  update_watching (self);
}

void
session_resource_set_offline (SessionResource *self, const GError *error)
{
  g_return_if_fail (SESSION_IS_RESOURCE (self));

  if (error == NULL && self->offline == NULL)
    return;
  g_clear_error (&self->offline);
  if (error != NULL)
    self->offline = g_error_copy (error);
  update_watching (self);
  notify_all (self);
}

/**
 * session_resource_hold:
 *
 * Somebody looks at it: it is watched until session_resource_release() was called as often.
 */
void
session_resource_hold (SessionResource *self)
{
  g_return_if_fail (SESSION_IS_RESOURCE (self));

  if (self->holders++ == 0)
    update_watching (self);
}

void
session_resource_release (SessionResource *self)
{
  g_return_if_fail (SESSION_IS_RESOURCE (self));
  g_return_if_fail (self->holders > 0);

  if (--self->holders == 0)
    update_watching (self);
}

/**
 * session_resource_get_state:
 *
 * Returns: the state of the present list; without a connection %KUBE_LIST_STALE where there are
 *   rows, else %KUBE_LIST_IDLE
 */
KubeListState
session_resource_get_state (SessionResource *self)
{
  KubeListState state;

  g_return_val_if_fail (SESSION_IS_RESOURCE (self), KUBE_LIST_IDLE);

  if (self->offline != NULL)
    return session_resource_get_synced_at (self) != 0 ? KUBE_LIST_STALE : KUBE_LIST_IDLE;
  if (self->shown == NULL)
    return KUBE_LIST_IDLE;
  state = kube_list_get_state (get_current (self));
  return self->next != NULL && state == KUBE_LIST_LOADING ? KUBE_LIST_STALE : state;
}

/**
 * session_resource_get_error:
 *
 * Returns: (nullable) (transfer none): why it is not live
 */
const GError *
session_resource_get_error (SessionResource *self)
{
  g_return_val_if_fail (SESSION_IS_RESOURCE (self), NULL);

  if (self->offline != NULL)
    return self->offline;
  return self->shown != NULL ? kube_list_get_error (get_current (self)) : NULL;
}

/**
 * session_resource_get_synced_at:
 *
 * Returns: when the server last said something about the rows that are shown, as monotonic time in
 *   microseconds; 0: never
 */
gint64
session_resource_get_synced_at (SessionResource *self)
{
  g_return_val_if_fail (SESSION_IS_RESOURCE (self), 0);

  return self->shown != NULL ? kube_list_get_synced_at (self->shown) : 0;
}

const KubeKind *
session_resource_get_kind (SessionResource *self)
{
  g_return_val_if_fail (SESSION_IS_RESOURCE (self), NULL);

  return self->kind;
}

/**
 * session_resource_get_namespace:
 *
 * Returns: (nullable) (transfer none): %NULL where all objects are shown; else the one namespace
 * that we may see, of all that were asked for
 */
const char *
session_resource_get_namespace (SessionResource *self)
{
  g_return_val_if_fail (SESSION_IS_RESOURCE (self), NULL);

  return self->shown != NULL ? kube_list_get_namespace (self->shown) : NULL;
}

/**
 * session_resource_retry:
 *
 * Asks the server now, whatever the back-off says. Does nothing where there is no connection: that
 * is session_lab_connect_async()'s.
 */
void
session_resource_retry (SessionResource *self)
{
  g_return_if_fail (SESSION_IS_RESOURCE (self));

  if (self->shown != NULL && self->offline == NULL && self->holders > 0)
    kube_list_retry (get_current (self));
}

/**
 * session_resource_find:
 * @namespace_: (nullable): NULL for what has none
 *
 * Returns: (nullable) (transfer none)
 */
KubeObject *
session_resource_find (SessionResource *self, const char *namespace_, const char *name)
{
  g_return_val_if_fail (SESSION_IS_RESOURCE (self), NULL);

  return self->shown != NULL ? kube_list_find (self->shown, namespace_, name) : NULL;
}
