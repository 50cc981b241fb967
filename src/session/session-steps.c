/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "session-steps.h"

#include "session-fall.h"
#include "session-step-private.h"

struct _SessionSteps {
  GObject parent_instance;

  SessionLab *lab;             /* not owned: owns us */
  GHashTable *table;           /* of CourseStep to SessionStep */
  GHashTable *fallen;          /* of CourseStep: done, and seen not to be so any more */
  CourseSection *open_section; /* (nullable) */
};

G_DEFINE_FINAL_TYPE (SessionSteps, session_steps, G_TYPE_OBJECT)

enum {
  FALLEN_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* What its student has put back is looked at no longer where its section is not open. */
static void
fallen_cb (SessionStep *live, GParamSpec *pspec, SessionSteps *self)
{
  CourseStep *step = session_step_get_step (live);

  if (session_step_get_n_fallen (live) > 0) {
    g_hash_table_add (self->fallen, g_object_ref (step));
  } else {
    g_hash_table_remove (self->fallen, step);
    if (!session_step_get_done (live) && session_step_get_section (live) != self->open_section)
      session_step_set_active (live, FALSE);
  }
  g_signal_emit (self, signals[FALLEN_CHANGED], 0);
}

/* What was done, or forgotten, may let another step of the section begin. */
static void
changed_cb (SessionSteps *self)
{
  GPtrArray *steps =
    self->open_section != NULL ? course_section_get_steps (self->open_section) : NULL;

  for (guint i = 0; steps != NULL && i < steps->len; i++) {
    SessionStep *step = g_hash_table_lookup (self->table, g_ptr_array_index (steps, i));

    if (step != NULL)
      session_step_update (step);
  }
}

static void
set_active (SessionSteps *self, CourseSection *section, gboolean active)
{
  GPtrArray *steps = course_section_get_steps (section);

  for (guint i = 0; i < steps->len; i++)
    session_step_set_active (session_steps_get (self, section, g_ptr_array_index (steps, i)),
                             active);
}

static void
session_steps_dispose (GObject *object)
{
  session_steps_drop (SESSION_STEPS (object));
  G_OBJECT_CLASS (session_steps_parent_class)->dispose (object);
}

static void
session_steps_finalize (GObject *object)
{
  SessionSteps *self = SESSION_STEPS (object);

  g_clear_pointer (&self->table, g_hash_table_unref);
  g_clear_pointer (&self->fallen, g_hash_table_unref);
  G_OBJECT_CLASS (session_steps_parent_class)->finalize (object);
}

static void
session_steps_class_init (SessionStepsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = session_steps_dispose;
  object_class->finalize = session_steps_finalize;

  signals[FALLEN_CHANGED] = g_signal_new ("fallen-changed", SESSION_TYPE_STEPS, G_SIGNAL_RUN_LAST,
                                          0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
session_steps_init (SessionSteps *self)
{
  self->table = g_hash_table_new_full (NULL, NULL, g_object_unref, g_object_unref);
  self->fallen = g_hash_table_new_full (NULL, NULL, g_object_unref, NULL);
}

/**
 * session_steps_new:
 * @lab: a lab with its progress, which lives longer
 *
 * Returns: (transfer full): no step is looked at
 */
SessionSteps *
session_steps_new (SessionLab *lab)
{
  SessionSteps *self = g_object_new (SESSION_TYPE_STEPS, NULL);

  self->lab = lab;
  g_signal_connect_object (session_lab_get_progress (lab), "changed", G_CALLBACK (changed_cb), self,
                           G_CONNECT_SWAPPED | G_CONNECT_AFTER);
  return self;
}

/**
 * session_steps_get:
 *
 * Returns: (transfer none): the same one for a step, as long as the lab lives
 */
SessionStep *
session_steps_get (SessionSteps *self, CourseSection *section, CourseStep *step)
{
  SessionStep *live = g_hash_table_lookup (self->table, step);

  if (live == NULL) {
    live = session_step_new (self->lab, section, step);
    g_signal_connect_object (live, "notify::n-fallen", G_CALLBACK (fallen_cb), self, 0);
    g_hash_table_insert (self->table, g_object_ref (step), live);
  }
  return live;
}

/**
 * session_steps_open:
 * @section: (nullable): whose checks are live from now on. Of another section only what has fallen
 *   is looked at, where that costs the cluster nothing, until it is opened again.
 */
void
session_steps_open (SessionSteps *self, CourseSection *section)
{
  g_autoptr (CourseSection) old = NULL;

  if (self->open_section == section)
    return;
  old = g_steal_pointer (&self->open_section);
  g_set_object (&self->open_section, section);
  /* The new one first: what both look at is not let go in between. */
  if (section != NULL)
    set_active (self, section, TRUE);
  if (old != NULL)
    set_active (self, old, FALSE);
}

/**
 * session_steps_get_fallen:
 *
 * Returns: (transfer none) (element-type CourseStep): a set of the steps that are done, and are
 *   seen not to be so any more; "fallen-changed" tells when it is another
 */
GHashTable *
session_steps_get_fallen (SessionSteps *self)
{
  return self->fallen;
}

/**
 * session_steps_take_command:
 * @typed: a command that was typed by hand
 *
 * Tells the steps of the open section.
 */
void
session_steps_take_command (SessionSteps *self, const SessionTyped *typed)
{
  GPtrArray *steps =
    self->open_section != NULL ? course_section_get_steps (self->open_section) : NULL;

  for (guint i = 0; steps != NULL && i < steps->len; i++) {
    SessionStep *step = g_hash_table_lookup (self->table, g_ptr_array_index (steps, i));

    if (step != NULL)
      session_step_take_command (step, typed);
  }
}

/**
 * session_steps_drop:
 *
 * Lets all steps go.
 */
void
session_steps_drop (SessionSteps *self)
{
  session_steps_open (self, NULL);
  g_hash_table_remove_all (self->table);
  g_hash_table_remove_all (self->fallen);
}
