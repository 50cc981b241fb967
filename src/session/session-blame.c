/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "session-blame.h"

#include "session-service-trouble.h"
#include "session-sight.h"

struct _SessionBlame {
  GObject parent_instance;

  CourseCheck *check;
  char *namespace_; /* of the Service */
  SessionSight *sight;
};

G_DEFINE_FINAL_TYPE (SessionBlame, session_blame, G_TYPE_OBJECT)

enum {
  CHANGED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static void
sight_changed_cb (SessionBlame *self)
{
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
session_blame_dispose (GObject *object)
{
  SessionBlame *self = SESSION_BLAME (object);

  if (self->sight != NULL)
    session_blame_stop (self);
  g_clear_object (&self->sight);
  g_clear_object (&self->check);
  G_OBJECT_CLASS (session_blame_parent_class)->dispose (object);
}

static void
session_blame_finalize (GObject *object)
{
  g_free (SESSION_BLAME (object)->namespace_);
  G_OBJECT_CLASS (session_blame_parent_class)->finalize (object);
}

static void
session_blame_class_init (SessionBlameClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = session_blame_dispose;
  object_class->finalize = session_blame_finalize;

  signals[CHANGED] = g_signal_new ("changed", SESSION_TYPE_BLAME, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 0);
}

static void
session_blame_init (SessionBlame *self)
{
}

/**
 * session_blame_new:
 * @check: of the terminal, with a Service
 * @lab: whose lists to look at
 *
 * The lists are watched from now on, so that they are there when the command ends, until
 * session_blame_stop().
 *
 * Returns: (transfer full): who is to blame for what the command prints
 */
SessionBlame *
session_blame_new (CourseCheck *check, SessionLab *lab)
{
  static const char *const kinds[] = { "services", "pods", "networkpolicies" };
  SessionBlame *self = g_object_new (SESSION_TYPE_BLAME, NULL);
  const char *its = course_check_get_namespace (check);

  self->check = g_object_ref (check);
  self->namespace_ =
    g_strdup (its != NULL ? its : course_course_get_namespace (session_lab_get_course (lab)));
  self->sight = session_sight_new (lab);
  g_signal_connect_object (self->sight, "changed", G_CALLBACK (sight_changed_cb), self,
                           G_CONNECT_SWAPPED);
  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    session_sight_knows (self->sight, kinds[i], self->namespace_);
  return self;
}

/**
 * session_blame_stop:
 *
 * Nothing is watched, nor told, any more.
 */
void
session_blame_stop (SessionBlame *self)
{
  g_return_if_fail (SESSION_IS_BLAME (self));

  g_signal_handlers_disconnect_by_data (self->sight, self);
  session_sight_close (self->sight);
}

/**
 * session_blame_dup_sentence:
 *
 * Returns: (transfer full) (nullable): which object is the cause, and what to do; %NULL where none
 *   is seen to be
 */
char *
session_blame_dup_sentence (SessionBlame *self)
{
  const char *service = NULL;
  guint16 port;
  char *trouble = NULL;

  g_return_val_if_fail (SESSION_IS_BLAME (self), NULL);

  service = course_check_get_service (self->check);
  port = course_check_get_port (self->check);
  trouble = session_service_dup_trouble (self->sight, self->namespace_, service, port);
  if (trouble == NULL)
    trouble = session_service_dup_wrong_port (self->sight, self->namespace_, service, port);
  return trouble;
}
