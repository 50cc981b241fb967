/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "session-resolution.h"

struct _SessionResolution {
  GObject parent_instance;

  SessionLab *lab; /* (nullable) (weak) */
  char *name;      /* (nullable) */
  SessionName said;
  GCancellable *cancellable; /* (nullable): while they are asked */
  guint timer;
};

G_DEFINE_FINAL_TYPE (SessionResolution, session_resolution, G_TYPE_OBJECT)

enum {
  TOLD,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static void
looked_up_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SessionResolution) self = user_data;
  SessionName said = session_name_look_up_finish (result);

  if (g_cancellable_is_cancelled (g_task_get_cancellable (G_TASK (result))))
    return;
  g_clear_object (&self->cancellable);
  self->said = said;
  g_signal_emit (self, signals[TOLD], 0);
}

static gboolean
ask_cb (gpointer user_data)
{
  SessionResolution *self = SESSION_RESOLUTION (user_data);

  self->timer = 0;
  if (self->lab == NULL || self->name == NULL ||
      session_lab_get_state (self->lab) != SESSION_LAB_ONLINE)
    return G_SOURCE_REMOVE;
  self->cancellable = g_cancellable_new ();
  session_name_look_up_async (session_lab_get_place (self->lab), self->name, self->cancellable,
                              looked_up_cb, g_object_ref (self));
  return G_SOURCE_REMOVE;
}

static void
session_resolution_dispose (GObject *object)
{
  SessionResolution *self = SESSION_RESOLUTION (object);

  session_resolution_stop (self);
  g_clear_weak_pointer (&self->lab);
  G_OBJECT_CLASS (session_resolution_parent_class)->dispose (object);
}

static void
session_resolution_finalize (GObject *object)
{
  g_free (SESSION_RESOLUTION (object)->name);
  G_OBJECT_CLASS (session_resolution_parent_class)->finalize (object);
}

static void
session_resolution_class_init (SessionResolutionClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = session_resolution_dispose;
  object_class->finalize = session_resolution_finalize;

  signals[TOLD] = g_signal_new ("told", SESSION_TYPE_RESOLUTION, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                NULL, G_TYPE_NONE, 0);
}

static void
session_resolution_init (SessionResolution *self)
{
}

/**
 * session_resolution_new:
 * @lab: at whose place to ask
 *
 * Returns: (transfer full): of no name
 */
SessionResolution *
session_resolution_new (SessionLab *lab)
{
  SessionResolution *self = g_object_new (SESSION_TYPE_RESOLUTION, NULL);

  g_set_weak_pointer (&self->lab, lab);
  return self;
}

/**
 * session_resolution_set_name:
 * @name: (nullable): a host name
 *
 * What was said of another name counts no more.
 */
void
session_resolution_set_name (SessionResolution *self, const char *name)
{
  g_return_if_fail (SESSION_IS_RESOLUTION (self));

  if (g_strcmp0 (self->name, name) == 0)
    return;
  session_resolution_stop (self);
  session_resolution_forget (self);
  g_free (self->name);
  self->name = g_strdup (name);
}

/**
 * session_resolution_forget:
 *
 * What was said counts no more.
 */
void
session_resolution_forget (SessionResolution *self)
{
  g_return_if_fail (SESSION_IS_RESOLUTION (self));

  self->said = SESSION_NAME_UNTOLD;
}

/**
 * session_resolution_ask_after:
 *
 * Asks, unless it is known that there is such a name, or somebody is being asked.
 */
void
session_resolution_ask_after (SessionResolution *self, guint delay_ms)
{
  g_return_if_fail (SESSION_IS_RESOLUTION (self));

  if (self->name == NULL || self->said == SESSION_NAME_KNOWN || self->cancellable != NULL)
    return;
  g_clear_handle_id (&self->timer, g_source_remove);
  self->timer = g_timeout_add (delay_ms, ask_cb, self);
}

/**
 * session_resolution_stop:
 *
 * Nobody is asked any more.
 */
void
session_resolution_stop (SessionResolution *self)
{
  g_return_if_fail (SESSION_IS_RESOLUTION (self));

  g_clear_handle_id (&self->timer, g_source_remove);
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
}

SessionName
session_resolution_get_said (SessionResolution *self)
{
  g_return_val_if_fail (SESSION_IS_RESOLUTION (self), SESSION_NAME_UNTOLD);

  return self->said;
}
