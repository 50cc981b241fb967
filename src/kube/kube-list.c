/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "kube-list.h"

#include "kube-object-private.h"
#include "kube-reflector.h"
#include "kube-rows.h"

/**
 * KubeList:
 *
 * What a collection of the cluster looks like, as far as the server has said; the
 * [class@KubeReflector] sees to that it goes on saying.
 */
struct _KubeList {
  GObject parent_instance;

  const KubeKind *kind;
  KubeReflector *reflector;
  KubeRows *rows;
};

static void list_model_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (KubeList,
                               kube_list,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_init))

enum {
  PROP_0,
  PROP_STATE,
  PROP_ERROR,
  N_PROPS
};
enum {
  SIGNAL_UPDATED,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

GType
kube_list_state_get_type (void)
{
  static const GEnumValue values[] = {
    { KUBE_LIST_IDLE, "KUBE_LIST_IDLE", "idle" },
    { KUBE_LIST_LOADING, "KUBE_LIST_LOADING", "loading" },
    { KUBE_LIST_LIVE, "KUBE_LIST_LIVE", "live" },
    { KUBE_LIST_STALE, "KUBE_LIST_STALE", "stale" },
    { KUBE_LIST_ABSENT, "KUBE_LIST_ABSENT", "absent" },
    { KUBE_LIST_FORBIDDEN, "KUBE_LIST_FORBIDDEN", "forbidden" },
    { KUBE_LIST_UNAUTHORIZED, "KUBE_LIST_UNAUTHORIZED", "unauthorized" },
    { 0, NULL, NULL },
  };
  static gsize type = 0;

  if (g_once_init_enter (&type))
    g_once_init_leave (&type, g_enum_register_static ("KubeListState", values));
  return type;
}

/* First the rows, which are whole then; after that who listens to a single object, and last who
 * listens to all. */
static void
apply (KubeList *self, GPtrArray *changes, gboolean complete)
{
  g_autoptr (KubeList) alive = g_object_ref (self);
  g_autoptr (GPtrArray) updated = g_ptr_array_new_with_free_func (g_object_unref);
  KubeSplice splice = kube_rows_apply (self->rows, changes, complete, updated);

  if (splice.removed > 0 || splice.added > 0)
    g_list_model_items_changed (G_LIST_MODEL (self), splice.position, splice.removed, splice.added);
  for (guint i = 0; i < updated->len; i++)
    kube_object_emit_changed (g_ptr_array_index (updated, i));
  g_signal_emit (self, signals[SIGNAL_UPDATED], 0);
}

static void
listed_cb (KubeReflector *reflector, GPtrArray *changes, gboolean complete, KubeList *self)
{
  apply (self, changes, complete);
}

static void
changes_cb (KubeReflector *reflector, GPtrArray *changes, KubeList *self)
{
  apply (self, changes, FALSE);
}

static void
state_changed_cb (KubeReflector *reflector, KubeList *self)
{
  g_object_freeze_notify (G_OBJECT (self));
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ERROR]);
  g_object_thaw_notify (G_OBJECT (self));
}

static GType
kube_list_get_item_type (GListModel *model)
{
  return KUBE_TYPE_OBJECT;
}

static guint
kube_list_get_n_items (GListModel *model)
{
  return kube_rows_get_n_rows (KUBE_LIST (model)->rows);
}

static gpointer
kube_list_get_item (GListModel *model, guint position)
{
  KubeObject *object = kube_rows_get (KUBE_LIST (model)->rows, position);

  return object != NULL ? g_object_ref (object) : NULL;
}

static void
list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = kube_list_get_item_type;
  iface->get_n_items = kube_list_get_n_items;
  iface->get_item = kube_list_get_item;
}

static void
kube_list_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  KubeList *self = KUBE_LIST (object);

  switch (id) {
    case PROP_STATE:
      g_value_set_enum (value, kube_list_get_state (self));
      break;
    case PROP_ERROR:
      g_value_set_boxed (value, kube_list_get_error (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
kube_list_dispose (GObject *object)
{
  g_clear_object (&KUBE_LIST (object)->reflector);

  G_OBJECT_CLASS (kube_list_parent_class)->dispose (object);
}

static void
kube_list_finalize (GObject *object)
{
  kube_rows_free (KUBE_LIST (object)->rows);

  G_OBJECT_CLASS (kube_list_parent_class)->finalize (object);
}

static void
kube_list_class_init (KubeListClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = kube_list_get_property;
  object_class->dispose = kube_list_dispose;
  object_class->finalize = kube_list_finalize;

  properties[PROP_STATE] =
    g_param_spec_enum ("state", NULL, NULL, KUBE_TYPE_LIST_STATE, KUBE_LIST_IDLE,
                       G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_ERROR] = g_param_spec_boxed ("error", NULL, NULL, G_TYPE_ERROR,
                                               G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  /**
   * KubeList::updated:
   *
   * A batch of changes is done: rows have come or gone, or objects have changed.
   */
  signals[SIGNAL_UPDATED] = g_signal_new ("updated", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                          0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
kube_list_init (KubeList *self)
{
  self->rows = kube_rows_new ();
}

/**
 * kube_list_new:
 * @client: a client
 * @kind: which resource
 * @namespace_: (nullable): which namespace, %NULL for all; where we may not see all, that of the
 *   kubeconfig is shown
 * @label_selector: (nullable): only objects with these labels
 *
 * Returns: (transfer full): an empty list, not started
 */
KubeList *
kube_list_new (KubeClient *client,
               const KubeKind *kind,
               const char *namespace_,
               const char *label_selector)
{
  KubeList *self;

  g_return_val_if_fail (KUBE_IS_CLIENT (client), NULL);
  g_return_val_if_fail (kind != NULL, NULL);

  self = g_object_new (KUBE_TYPE_LIST, NULL);
  self->kind = kind;
  self->reflector = kube_reflector_new (client, kind, namespace_, label_selector);
  g_signal_connect_object (self->reflector, "listed", G_CALLBACK (listed_cb), self, 0);
  g_signal_connect_object (self->reflector, "changes", G_CALLBACK (changes_cb), self, 0);
  g_signal_connect_object (self->reflector, "state-changed", G_CALLBACK (state_changed_cb), self,
                           0);
  return self;
}

/**
 * kube_list_start:
 * @self: a list
 *
 * Begins to follow the cluster, or goes on after kube_list_stop().
 */
void
kube_list_start (KubeList *self)
{
  g_return_if_fail (KUBE_IS_LIST (self));

  kube_reflector_start (self->reflector);
}

/**
 * kube_list_stop:
 * @self: a list
 *
 * Gives its connection back. The rows stay as they are.
 */
void
kube_list_stop (KubeList *self)
{
  g_return_if_fail (KUBE_IS_LIST (self));

  kube_reflector_stop (self->reflector);
}

/**
 * kube_list_retry:
 * @self: a list
 *
 * Tries again now what it would try again later: after an error, after signing in, or because the
 * resource may be served by now.
 */
void
kube_list_retry (KubeList *self)
{
  g_return_if_fail (KUBE_IS_LIST (self));

  kube_reflector_retry (self->reflector);
}

/**
 * kube_list_get_state:
 * @self: a list
 *
 * Returns: how far the rows can be relied on
 */
KubeListState
kube_list_get_state (KubeList *self)
{
  g_return_val_if_fail (KUBE_IS_LIST (self), KUBE_LIST_IDLE);

  return kube_reflector_get_state (self->reflector);
}

/**
 * kube_list_get_error:
 * @self: a list
 *
 * Returns: (transfer none) (nullable): why it is not live
 */
const GError *
kube_list_get_error (KubeList *self)
{
  g_return_val_if_fail (KUBE_IS_LIST (self), NULL);

  return kube_reflector_get_error (self->reflector);
}

/**
 * kube_list_get_synced_at:
 * @self: a list
 *
 * Returns: when the server last said anything about the collection, in microseconds of
 *   g_get_monotonic_time(); 0 for never. A quiet server says something about once a minute.
 */
gint64
kube_list_get_synced_at (KubeList *self)
{
  g_return_val_if_fail (KUBE_IS_LIST (self), 0);

  return kube_reflector_get_synced_at (self->reflector);
}

/**
 * kube_list_get_kind:
 * @self: a list
 *
 * Returns: (transfer none): which resource it is of
 */
const KubeKind *
kube_list_get_kind (KubeList *self)
{
  g_return_val_if_fail (KUBE_IS_LIST (self), NULL);

  return self->kind;
}

/**
 * kube_list_get_namespace:
 * @self: a list
 *
 * Returns: (nullable): the namespace that is shown, %NULL for all. Where all were asked for and are
 *   forbidden, it is that of the kubeconfig.
 */
const char *
kube_list_get_namespace (KubeList *self)
{
  g_return_val_if_fail (KUBE_IS_LIST (self), NULL);

  return kube_reflector_get_namespace (self->reflector);
}

/**
 * kube_list_find:
 * @self: a list
 * @namespace_: (nullable): a namespace, %NULL for kinds that have none
 * @name: a name
 *
 * Returns: (transfer none) (nullable): the object of that name
 */
KubeObject *
kube_list_find (KubeList *self, const char *namespace_, const char *name)
{
  g_return_val_if_fail (KUBE_IS_LIST (self), NULL);
  g_return_val_if_fail (name != NULL, NULL);

  return kube_rows_find (self->rows, namespace_, name);
}
