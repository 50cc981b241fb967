/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "session-outcome.h"

#include <glib/gi18n-lib.h>

#include "session-service-trouble.h"
#include "session-sight.h"

struct _SessionOutcome {
  GObject parent_instance;

  CourseCheck *check;
  SessionLab *lab; /* (nullable) (weak) */
  SessionCheckState state;
  char *seen;          /* (nullable): instead of what should be */
  SessionSight *sight; /* (nullable): while there may be a cause to look for */
};

G_DEFINE_FINAL_TYPE (SessionOutcome, session_outcome, G_TYPE_OBJECT)

enum {
  CHANGED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static void
changed (SessionOutcome *self)
{
  g_signal_emit (self, signals[CHANGED], 0);
}

static const char *
get_namespace (SessionOutcome *self)
{
  const char *its = course_check_get_namespace (self->check);

  return its != NULL ? its : course_course_get_namespace (session_lab_get_course (self->lab));
}

static void
close_sight (SessionOutcome *self)
{
  if (self->sight == NULL)
    return;
  g_signal_handlers_disconnect_by_data (self->sight, self);
  session_sight_close (self->sight);
  g_clear_object (&self->sight);
}

/* All that may be needed is watched from the start, so that it is there when the command ends. */
static void
open_sight (SessionOutcome *self)
{
  static const char *const kinds[] = { "services", "pods", "networkpolicies" };

  self->sight = session_sight_new (self->lab);
  g_signal_connect_object (self->sight, "changed", G_CALLBACK (changed), self, G_CONNECT_SWAPPED);
  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    session_sight_knows (self->sight, kinds[i], get_namespace (self));
}

static void
update_sight (SessionOutcome *self)
{
  gboolean may_fail = self->state == SESSION_CHECK_WAITING || self->state == SESSION_CHECK_OVERDUE;

  if (self->lab == NULL || !may_fail || course_check_get_service (self->check) == NULL)
    close_sight (self);
  else if (self->sight == NULL)
    open_sight (self);
}

/* Takes @seen (nullable). */
static void
set_state (SessionOutcome *self, SessionCheckState state, char *seen)
{
  g_free (self->seen);
  self->seen = seen;
  self->state = state;
  update_sight (self);
  changed (self);
}

static void
session_outcome_dispose (GObject *object)
{
  SessionOutcome *self = SESSION_OUTCOME (object);

  close_sight (self);
  g_clear_weak_pointer (&self->lab);
  g_clear_object (&self->check);
  G_OBJECT_CLASS (session_outcome_parent_class)->dispose (object);
}

static void
session_outcome_finalize (GObject *object)
{
  g_free (SESSION_OUTCOME (object)->seen);
  G_OBJECT_CLASS (session_outcome_parent_class)->finalize (object);
}

static void
session_outcome_class_init (SessionOutcomeClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = session_outcome_dispose;
  object_class->finalize = session_outcome_finalize;

  signals[CHANGED] = g_signal_new ("changed", SESSION_TYPE_OUTCOME, G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
}

static void
session_outcome_init (SessionOutcome *self)
{
}

/**
 * session_outcome_new:
 * @check: of the terminal
 *
 * Returns: (transfer full): of a command that was not run
 */
SessionOutcome *
session_outcome_new (CourseCheck *check)
{
  SessionOutcome *self = g_object_new (SESSION_TYPE_OUTCOME, NULL);

  self->check = g_object_ref (check);
  return self;
}

/**
 * session_outcome_set_lab:
 * @lab: (nullable) (transfer none): whose lists are looked at from now on for what keeps a Service
 *   from answering; no reference is kept. %NULL: no cause is told.
 */
void
session_outcome_set_lab (SessionOutcome *self, SessionLab *lab)
{
  g_return_if_fail (SESSION_IS_OUTCOME (self));

  if (g_set_weak_pointer (&self->lab, lab))
    update_sight (self);
}

/**
 * session_outcome_expect:
 *
 * The command runs: the state is %SESSION_CHECK_WAITING until its output is taken.
 */
void
session_outcome_expect (SessionOutcome *self)
{
  g_return_if_fail (SESSION_IS_OUTCOME (self));

  set_state (self, SESSION_CHECK_WAITING, NULL);
}

/**
 * session_outcome_take:
 * @output: (transfer none): what the command has printed, as text
 * @exit_status: what it ended with; -1 where the shell does not say, and is believed
 *
 * The state is %SESSION_CHECK_PASSED or %SESSION_CHECK_OVERDUE from then on.
 */
void
session_outcome_take (SessionOutcome *self, const char *output, int exit_status)
{
  char *seen = NULL;
  gboolean passes;

  g_return_if_fail (SESSION_IS_OUTCOME (self));

  passes = course_check_judge_output (self->check, output, exit_status, &seen);
  /* Nothing more comes of a command that has ended. */
  set_state (self, passes ? SESSION_CHECK_PASSED : SESSION_CHECK_OVERDUE, seen);
}

/**
 * session_outcome_forget:
 *
 * Nobody knows what came of the command, or it counts no more: the state is %SESSION_CHECK_UNKNOWN.
 */
void
session_outcome_forget (SessionOutcome *self)
{
  g_return_if_fail (SESSION_IS_OUTCOME (self));

  set_state (self, SESSION_CHECK_UNKNOWN, NULL);
}

/**
 * session_outcome_get_state:
 *
 * Returns: overdue where the command has ended and does not do
 */
SessionCheckState
session_outcome_get_state (SessionOutcome *self)
{
  g_return_val_if_fail (SESSION_IS_OUTCOME (self), SESSION_CHECK_UNKNOWN);

  return self->state;
}

/* (nullable): which object is the cause, and what to do */
static char *
dup_cause (SessionOutcome *self)
{
  const char *namespace_ = get_namespace (self);
  const char *service = course_check_get_service (self->check);
  guint16 port = course_check_get_port (self->check);
  char *trouble = session_service_dup_trouble (self->sight, namespace_, service, port);

  return trouble != NULL ? trouble
                         : session_service_dup_wrong_port (self->sight, namespace_, service, port);
}

/**
 * session_outcome_dup_detail:
 *
 * Returns: (transfer full) (nullable): what was seen instead, and why, as far as that is known
 */
char *
session_outcome_dup_detail (SessionOutcome *self)
{
  g_autofree char *cause = NULL;

  g_return_val_if_fail (SESSION_IS_OUTCOME (self), NULL);

  if (self->state == SESSION_CHECK_OVERDUE && self->lab != NULL && self->sight != NULL)
    cause = dup_cause (self);
  if (cause == NULL || self->seen == NULL)
    return g_strdup (self->seen);
  /* Translators: what a command has printed instead, and a sentence about why */
  return g_strdup_printf (_ ("%s. %s"), self->seen, cause);
}
