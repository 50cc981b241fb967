/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "session-look.h"

#include "base-backoff.h"
#include "session-file-attempt.h"
#include "session-proxy-attempt.h"

#define AGAIN_AFTER_PASS_MS 15000

struct _SessionLook {
  GObject parent_instance;

  CourseCheck *check;
  SessionLab *lab;           /* (nullable) (weak) */
  GCancellable *cancellable; /* (nullable): of the attempt under way */
  guint timer;
  gboolean started;
  BaseBackoff backoff;

  SessionCheckState state;
  gboolean fresh;
  char *detail; /* (nullable) */
};

G_DEFINE_FINAL_TYPE (SessionLook, session_look, G_TYPE_OBJECT)

enum {
  PROP_0,
  PROP_RESULT,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

static void look (SessionLook *self);

static void
set_result (SessionLook *self, SessionCheckState state, const char *detail)
{
  g_autofree char *old = NULL;

  if (self->fresh && self->state == state && g_strcmp0 (self->detail, detail) == 0)
    return;
  old = g_steal_pointer (&self->detail);
  self->fresh = TRUE;
  self->state = state;
  self->detail = g_strdup (detail);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_RESULT]);
}

static gboolean
timer_cb (gpointer user_data)
{
  SessionLook *self = SESSION_LOOK (user_data);

  self->timer = 0;
  look (self);
  return G_SOURCE_REMOVE;
}

static void
look_after (SessionLook *self, guint delay_ms)
{
  g_clear_handle_id (&self->timer, g_source_remove);
  if (self->started)
    self->timer = g_timeout_add (delay_ms, timer_cb, self);
}

static void
take_finding (SessionLook *self, const SessionFinding *finding)
{
  g_clear_object (&self->cancellable);
  switch (finding->result) {
    case SESSION_ATTEMPT_PASSED:
      base_backoff_reset (&self->backoff);
      set_result (self, SESSION_CHECK_PASSED, NULL);
      break;
    case SESSION_ATTEMPT_FAILED:
      set_result (self, SESSION_CHECK_WAITING, finding->words);
      break;
    case SESSION_ATTEMPT_UNKNOWN:
    default:
      set_result (self, SESSION_CHECK_UNKNOWN, finding->words);
      break;
  }
  /* Whoever was told of the result may have stopped us, or asked for another look. */
  if (self->timer == 0 && self->cancellable == NULL)
    look_after (self, self->state == SESSION_CHECK_PASSED ? AGAIN_AFTER_PASS_MS
                                                          : base_backoff_next (&self->backoff));
}

static gboolean
is_file (SessionLook *self)
{
  return course_check_get_check_type (self->check) == COURSE_CHECK_FILE;
}

static void
attempted_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SessionLook) self = user_data;
  g_autoptr (SessionFinding) finding =
    is_file (self) ? session_file_attempt_finish (result) : session_proxy_attempt_finish (result);

  if (finding != NULL)
    take_finding (self, finding);
}

static const char *
get_namespace (SessionLook *self)
{
  const char *namespace_ = course_check_get_namespace (self->check);

  return namespace_ != NULL ? namespace_
                            : course_course_get_namespace (session_lab_get_course (self->lab));
}

/* An attempt at what counts no more is given up. */
static void
cancel (SessionLook *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
}

static void
look (SessionLook *self)
{
  cancel (self);
  if (session_lab_get_state (self->lab) != SESSION_LAB_ONLINE) {
    set_result (self, SESSION_CHECK_UNKNOWN, NULL);
    return;
  }
  self->cancellable = g_cancellable_new ();
  if (is_file (self))
    session_file_attempt_async (self->check, session_lab_get_place (self->lab), self->cancellable,
                                attempted_cb, g_object_ref (self));
  else
    session_proxy_attempt_async (self->check, session_lab_get_client (self->lab),
                                 get_namespace (self), self->cancellable, attempted_cb,
                                 g_object_ref (self));
}

static void
lab_state_cb (SessionLook *self)
{
  base_backoff_reset (&self->backoff);
  g_clear_handle_id (&self->timer, g_source_remove);
  look (self);
}

static void
session_look_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  switch (id) {
    case PROP_RESULT:
      g_value_set_enum (value, SESSION_LOOK (object)->state);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
session_look_dispose (GObject *object)
{
  SessionLook *self = SESSION_LOOK (object);

  session_look_stop (self);
  g_clear_weak_pointer (&self->lab);
  g_clear_object (&self->check);
  G_OBJECT_CLASS (session_look_parent_class)->dispose (object);
}

static void
session_look_finalize (GObject *object)
{
  g_clear_pointer (&SESSION_LOOK (object)->detail, g_free);
  G_OBJECT_CLASS (session_look_parent_class)->finalize (object);
}

static void
session_look_class_init (SessionLookClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = session_look_get_property;
  object_class->dispose = session_look_dispose;
  object_class->finalize = session_look_finalize;

  properties[PROP_RESULT] =
    g_param_spec_enum ("result", NULL, NULL, SESSION_TYPE_CHECK_STATE, SESSION_CHECK_UNKNOWN,
                       G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
session_look_init (SessionLook *self)
{
  self->backoff = (BaseBackoff)BASE_BACKOFF_INIT (500, 15000, 0.2);
}

SessionLook *
session_look_new (CourseCheck *check, SessionLab *lab)
{
  SessionLook *self = g_object_new (SESSION_TYPE_LOOK, NULL);

  self->check = g_object_ref (check);
  g_set_weak_pointer (&self->lab, lab);
  return self;
}

void
session_look_start (SessionLook *self)
{
  g_return_if_fail (SESSION_IS_LOOK (self));
  g_return_if_fail (!self->started && self->lab != NULL);

  self->started = TRUE;
  base_backoff_reset (&self->backoff);
  g_signal_connect_object (self->lab, "notify::state", G_CALLBACK (lab_state_cb), self,
                           G_CONNECT_SWAPPED);
  look (self);
}

void
session_look_stop (SessionLook *self)
{
  g_return_if_fail (SESSION_IS_LOOK (self));

  cancel (self);
  g_clear_handle_id (&self->timer, g_source_remove);
  if (self->started && self->lab != NULL)
    g_signal_handlers_disconnect_by_data (self->lab, self);
  self->started = FALSE;
}

void
session_look_retry (SessionLook *self)
{
  g_return_if_fail (SESSION_IS_LOOK (self));

  if (!self->started)
    return;
  cancel (self);
  self->fresh = FALSE;
  base_backoff_reset (&self->backoff);
  look_after (self, 0);
}

SessionCheckState
session_look_get_state (SessionLook *self)
{
  g_return_val_if_fail (SESSION_IS_LOOK (self), SESSION_CHECK_UNKNOWN);

  return self->state;
}

gboolean
session_look_get_fresh (SessionLook *self)
{
  g_return_val_if_fail (SESSION_IS_LOOK (self), FALSE);

  return self->fresh;
}

const char *
session_look_get_detail (SessionLook *self)
{
  g_return_val_if_fail (SESSION_IS_LOOK (self), NULL);

  return self->detail;
}
