/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-controller.h"

#include "base-metadata.h"

/**
 * PracticeController:
 *
 * A loop that brings the store to what one kind of object asks: keys of changed objects are
 * queued, each is reconciled once however often it changed, from the store's present state
 * (https://kubernetes.io/docs/concepts/architecture/controller/). A subclass says which
 * resource it works on and what to do for one object.
 */

typedef struct {
  PracticeStore *store;
  GQueue queue;       /* of char *, "namespace/name" */
  GHashTable *queued; /* the same strings, borrowed */
  GHashTable *delays; /* key to the source of its pending delay */
  guint idle_id;
} PracticeControllerPrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (PracticeController, practice_controller, G_TYPE_OBJECT)

enum {
  PROP_0,
  PROP_STORE,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

typedef struct {
  PracticeController *self; /* outlives the source: dispose removes it */
  char *key;
} Delay;

static void
delay_free (gpointer data)
{
  Delay *delay = data;

  g_free (delay->key);
  g_free (delay);
}

static void
remove_source (gpointer id)
{
  g_source_remove (GPOINTER_TO_UINT (id));
}

static char *
make_key (const char *namespace_, const char *name)
{
  return g_strdup_printf ("%s/%s", namespace_ != NULL ? namespace_ : "", name);
}

static gboolean
work_cb (gpointer user_data)
{
  g_autoptr (PracticeController) self = g_object_ref (user_data);
  PracticeControllerPrivate *priv = practice_controller_get_instance_private (self);
  PracticeControllerClass *class = PRACTICE_CONTROLLER_GET_CLASS (self);
  g_autofree char *key = g_queue_pop_head (&priv->queue);
  const char *namespace_ = NULL;
  g_autoptr (JsonNode) object = NULL;
  JsonNode *stored;
  char *slash;

  if (key == NULL) {
    priv->idle_id = 0;
    return G_SOURCE_REMOVE;
  }

  g_hash_table_remove (priv->queued, key);
  slash = strchr (key, '/');
  *slash = '\0';
  if (*key != '\0')
    namespace_ = key;

  stored = practice_store_get (priv->store, class->resource, namespace_, slash + 1);
  if (stored != NULL)
    object = json_node_ref (stored);
  class->reconcile (self, namespace_, slash + 1, object);

  return G_SOURCE_CONTINUE;
}

static void
enqueue_key (PracticeController *self, char *key)
{
  PracticeControllerPrivate *priv = practice_controller_get_instance_private (self);

  if (g_hash_table_contains (priv->queued, key)) {
    g_free (key);
    return;
  }

  g_hash_table_add (priv->queued, key);
  g_queue_push_tail (&priv->queue, key);
  if (priv->idle_id == 0) {
    priv->idle_id = g_idle_add_full (G_PRIORITY_DEFAULT, work_cb, self, NULL);
    g_source_set_name_by_id (priv->idle_id, G_OBJECT_TYPE_NAME (self));
  }
}

static gboolean
delay_cb (gpointer user_data)
{
  Delay *delay = user_data;
  PracticeControllerPrivate *priv = practice_controller_get_instance_private (delay->self);

  g_hash_table_steal (priv->delays, delay->key);
  enqueue_key (delay->self, g_strdup (delay->key));

  return G_SOURCE_REMOVE;
}

static void
enqueue_object (PracticeController *self, JsonNode *object)
{
  practice_controller_enqueue (self, base_metadata_get_namespace (object),
                               base_metadata_get_name (object));
}

static void
store_event_cb (PracticeStore *store,
                PracticeEventType type,
                const char *resource,
                JsonNode *object,
                JsonNode *old,
                PracticeController *self)
{
  PracticeControllerClass *class = PRACTICE_CONTROLLER_GET_CLASS (self);

  if (g_str_equal (resource, class->resource))
    enqueue_object (self, object);

  if (class->also_watches != NULL && g_strv_contains (class->also_watches, resource))
    class->related (self, type, resource, object, old);
}

static void
restored_cb (PracticeStore *store, PracticeController *self)
{
  PracticeControllerClass *class = PRACTICE_CONTROLLER_GET_CLASS (self);

  if (class->restored != NULL)
    class->restored (self);
  practice_controller_enqueue_all (self, NULL);
}

static void
practice_controller_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  PracticeController *self = PRACTICE_CONTROLLER (object);
  PracticeControllerPrivate *priv = practice_controller_get_instance_private (self);

  switch (id) {
    case PROP_STORE:
      priv->store = g_value_dup_object (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
practice_controller_dispose (GObject *object)
{
  PracticeController *self = PRACTICE_CONTROLLER (object);
  PracticeControllerPrivate *priv = practice_controller_get_instance_private (self);

  g_clear_handle_id (&priv->idle_id, g_source_remove);
  g_hash_table_remove_all (priv->delays);
  g_hash_table_remove_all (priv->queued);
  g_queue_clear_full (&priv->queue, g_free);
  g_clear_object (&priv->store);

  G_OBJECT_CLASS (practice_controller_parent_class)->dispose (object);
}

static void
practice_controller_finalize (GObject *object)
{
  PracticeController *self = PRACTICE_CONTROLLER (object);
  PracticeControllerPrivate *priv = practice_controller_get_instance_private (self);

  g_hash_table_unref (priv->delays);
  g_hash_table_unref (priv->queued);

  G_OBJECT_CLASS (practice_controller_parent_class)->finalize (object);
}

static void
practice_controller_class_init (PracticeControllerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->set_property = practice_controller_set_property;
  object_class->dispose = practice_controller_dispose;
  object_class->finalize = practice_controller_finalize;

  properties[PROP_STORE] =
    g_param_spec_object ("store", NULL, NULL, PRACTICE_TYPE_STORE,
                         G_PARAM_WRITABLE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
practice_controller_init (PracticeController *self)
{
  PracticeControllerPrivate *priv = practice_controller_get_instance_private (self);

  g_queue_init (&priv->queue);
  priv->queued = g_hash_table_new (g_str_hash, g_str_equal);
  priv->delays = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, remove_source);
}

/**
 * practice_controller_start:
 * @self: a controller
 *
 * Queues every object that is there and follows the store from now on.
 */
void
practice_controller_start (PracticeController *self)
{
  PracticeControllerPrivate *priv = practice_controller_get_instance_private (self);

  g_return_if_fail (PRACTICE_IS_CONTROLLER (self));

  g_signal_connect_object (priv->store, "event", G_CALLBACK (store_event_cb), self, 0);
  g_signal_connect_object (priv->store, "restored", G_CALLBACK (restored_cb), self, 0);
  practice_controller_enqueue_all (self, NULL);
}

/**
 * practice_controller_get_store:
 * @self: a controller
 *
 * Returns: (transfer none): the store it works on
 */
PracticeStore *
practice_controller_get_store (PracticeController *self)
{
  PracticeControllerPrivate *priv = practice_controller_get_instance_private (self);

  g_return_val_if_fail (PRACTICE_IS_CONTROLLER (self), NULL);

  return priv->store;
}

/**
 * practice_controller_enqueue:
 * @self: a controller
 * @namespace_: (nullable): namespace of an object of its resource
 * @name: its name
 *
 * Has the object reconciled soon, once, even where it is queued already.
 */
void
practice_controller_enqueue (PracticeController *self, const char *namespace_, const char *name)
{
  g_return_if_fail (PRACTICE_IS_CONTROLLER (self));
  g_return_if_fail (name != NULL);

  enqueue_key (self, make_key (namespace_, name));
}

/**
 * practice_controller_enqueue_after:
 * @self: a controller
 * @namespace_: (nullable): namespace of an object of its resource
 * @name: its name
 * @milliseconds: how long to wait
 *
 * As practice_controller_enqueue(), later. An earlier delay of the same object is replaced.
 */
void
practice_controller_enqueue_after (PracticeController *self,
                                   const char *namespace_,
                                   const char *name,
                                   guint milliseconds)
{
  PracticeControllerPrivate *priv = practice_controller_get_instance_private (self);
  Delay *delay;
  guint id;

  g_return_if_fail (PRACTICE_IS_CONTROLLER (self));
  g_return_if_fail (name != NULL);

  delay = g_new0 (Delay, 1);
  delay->self = self;
  delay->key = make_key (namespace_, name);
  g_hash_table_remove (priv->delays, delay->key);
  id = g_timeout_add_full (G_PRIORITY_DEFAULT, milliseconds, delay_cb, delay, delay_free);
  g_hash_table_insert (priv->delays, delay->key, GUINT_TO_POINTER (id));
}

/**
 * practice_controller_enqueue_all:
 * @self: a controller
 * @namespace_: (nullable): only these, or all
 *
 * Queues every object of its resource.
 */
void
practice_controller_enqueue_all (PracticeController *self, const char *namespace_)
{
  PracticeControllerPrivate *priv = practice_controller_get_instance_private (self);
  PracticeControllerClass *class = PRACTICE_CONTROLLER_GET_CLASS (self);
  g_autoptr (GPtrArray) objects = NULL;

  g_return_if_fail (PRACTICE_IS_CONTROLLER (self));

  objects = practice_store_list (priv->store, class->resource, namespace_);
  for (guint i = 0; i < objects->len; i++)
    enqueue_object (self, g_ptr_array_index (objects, i));
}
