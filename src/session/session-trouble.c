/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "session-trouble.h"

#include "session-advice.h"

/* What is over sooner need not be read by anybody. */
#define PATIENCE_MS 2000

/**
 * SessionTrouble:
 *
 * Lists know by themselves when their server is silent, and go on when it is back. Who looks at
 * another part of the window is told once, for all of them.
 */
struct _SessionTrouble {
  GObject parent_instance;

  GHashTable *stale; /* of SessionResource, not owned: those that had no answer */
  guint timer;       /* 0: none */
  GError *error;     /* (nullable) */
};

G_DEFINE_FINAL_TYPE (SessionTrouble, session_trouble, G_TYPE_OBJECT)

enum {
  PROP_0,
  PROP_ERROR,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

enum {
  REFUSED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

/* Takes @error (nullable). */
static void
take_error (SessionTrouble *self, GError *error)
{
  gboolean changed = self->error != NULL || error != NULL;

  g_clear_error (&self->error);
  self->error = error;
  if (changed)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ERROR]);
}

static gboolean
timer_cb (gpointer user_data)
{
  SessionTrouble *self = SESSION_TROUBLE (user_data);
  GHashTableIter iter;
  gpointer resource;
  const GError *error = NULL;

  self->timer = 0;
  g_hash_table_iter_init (&iter, self->stale);
  while (error == NULL && g_hash_table_iter_next (&iter, &resource, NULL))
    error = session_resource_get_error (resource);
  if (error != NULL)
    take_error (self, session_advice_add (g_error_copy (error)));
  return G_SOURCE_REMOVE;
}

static void
state_cb (SessionResource *resource, GParamSpec *pspec, SessionTrouble *self)
{
  KubeListState state = session_resource_get_state (resource);
  const GError *error = session_resource_get_error (resource);

  if (state == KUBE_LIST_UNAUTHORIZED && error != NULL) {
    g_autoptr (GError) copy = g_error_copy (error);

    g_signal_emit (self, signals[REFUSED], 0, copy);
    return;
  }
  if (state == KUBE_LIST_STALE && error != NULL) {
    g_hash_table_add (self->stale, resource);
    if (self->timer == 0 && self->error == NULL)
      self->timer = g_timeout_add (PATIENCE_MS, timer_cb, self);
  } else if (g_hash_table_remove (self->stale, resource) && g_hash_table_size (self->stale) == 0) {
    session_trouble_clear (self);
  }
}

static void
session_trouble_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  switch (id) {
    case PROP_ERROR:
      g_value_set_boxed (value, SESSION_TROUBLE (object)->error);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
session_trouble_finalize (GObject *object)
{
  SessionTrouble *self = SESSION_TROUBLE (object);

  g_clear_handle_id (&self->timer, g_source_remove);
  g_clear_error (&self->error);
  g_clear_pointer (&self->stale, g_hash_table_unref);
  G_OBJECT_CLASS (session_trouble_parent_class)->finalize (object);
}

static void
session_trouble_class_init (SessionTroubleClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = session_trouble_get_property;
  object_class->finalize = session_trouble_finalize;

  properties[PROP_ERROR] =
    g_param_spec_boxed ("error", NULL, NULL, G_TYPE_ERROR,
                        G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[REFUSED] = g_signal_new ("refused", SESSION_TYPE_TROUBLE, G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 1, G_TYPE_ERROR);
}

static void
session_trouble_init (SessionTrouble *self)
{
  self->stale = g_hash_table_new (NULL, NULL);
}

/**
 * session_trouble_new:
 *
 * Returns: (transfer full): no trouble yet
 */
SessionTrouble *
session_trouble_new (void)
{
  return g_object_new (SESSION_TYPE_TROUBLE, NULL);
}

/**
 * session_trouble_watch:
 * @resource: whose state to follow; it lives as long as @self is told of its changes
 */
void
session_trouble_watch (SessionTrouble *self, SessionResource *resource)
{
  g_return_if_fail (SESSION_IS_TROUBLE (self));
  g_return_if_fail (SESSION_IS_RESOURCE (resource));

  g_signal_connect_object (resource, "notify::state", G_CALLBACK (state_cb), self, 0);
}

/**
 * session_trouble_clear:
 *
 * Forgets what was wrong: all is well again, or the connection has ended and says why itself.
 */
void
session_trouble_clear (SessionTrouble *self)
{
  g_return_if_fail (SESSION_IS_TROUBLE (self));

  g_clear_handle_id (&self->timer, g_source_remove);
  g_hash_table_remove_all (self->stale);
  take_error (self, NULL);
}

/**
 * session_trouble_get_error:
 *
 * Returns: (nullable) (transfer none): why there is no answer, in a sentence that says what to do
 */
const GError *
session_trouble_get_error (SessionTrouble *self)
{
  g_return_val_if_fail (SESSION_IS_TROUBLE (self), NULL);

  return self->error;
}
