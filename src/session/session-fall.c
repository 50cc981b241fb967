/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "session-fall.h"

#include "session-step-private.h"

/* The step that undoes it is done. */
static gboolean
is_undone (SessionStep *step, SessionCheck *check)
{
  const char *own = course_section_get_id (session_step_get_section (step));
  g_autofree char *id = NULL;
  g_autofree char *section = course_check_dup_until (session_check_get_check (check), own, &id);
  CourseProgress *progress = session_lab_get_progress (session_step_get_lab (step));

  return section != NULL && course_progress_get_done_at (progress, section, id) != 0;
}

/**
 * session_fall_is:
 * @step: a step
 * @check: one of its checks
 *
 * Returns: whether @check had passed, as @step is done, and does not now, as far as it is looked at
 */
gboolean
session_fall_is (SessionStep *step, SessionCheck *check)
{
  SessionCheckState state = session_check_get_state (check);

  return (state == SESSION_CHECK_WAITING || state == SESSION_CHECK_OVERDUE) &&
         session_step_get_done (step) && session_step_get_lab (step) != NULL &&
         !is_undone (step, check);
}

/**
 * session_fall_stays:
 * @step: a step
 * @check: one of its checks
 *
 * Returns: whether @check is to be looked at even when its section is left: it has fallen, and is
 *   about objects. What is tried is tried only while somebody reads of it.
 */
gboolean
session_fall_stays (SessionStep *step, SessionCheck *check)
{
  return course_check_get_check_type (session_check_get_check (check)) == COURSE_CHECK_RESOURCE &&
         session_fall_is (step, check);
}

/**
 * session_fall_count:
 * @step: a step
 *
 * Returns: how many of its checks have fallen
 */
guint
session_fall_count (SessionStep *step)
{
  GPtrArray *checks = session_step_get_checks (step);
  guint n = 0;

  for (guint i = 0; i < checks->len; i++)
    n += session_fall_is (step, g_ptr_array_index (checks, i));
  return n;
}

static gboolean
is_of_same (CourseCheck *a, CourseCheck *b)
{
  return course_check_get_check_type (a) == COURSE_CHECK_RESOURCE &&
         course_check_get_check_type (b) == COURSE_CHECK_RESOURCE &&
         course_check_get_name (a) != NULL &&
         g_strcmp0 (course_check_get_name (a), course_check_get_name (b)) == 0 &&
         g_strcmp0 (course_check_get_namespace (a), course_check_get_namespace (b)) == 0 &&
         kube_kind_lookup (course_check_get_resource (a)) ==
           kube_kind_lookup (course_check_get_resource (b));
}

static gboolean
has_fallen_of_same (SessionStep *step, CourseCheck *asked)
{
  GPtrArray *checks = session_step_get_checks (step);

  for (guint i = 0; i < checks->len; i++) {
    SessionCheck *check = g_ptr_array_index (checks, i);

    if (session_fall_is (step, check) && is_of_same (session_check_get_check (check), asked))
      return TRUE;
  }
  return FALSE;
}

/**
 * session_fall_find_step:
 * @step: a step
 * @check: one of its checks that has fallen
 *
 * Returns: the number of the step that mends it when it is run again: the first of the section that
 *   has fallen by the same object, as it has made that
 */
guint
session_fall_find_step (SessionStep *step, SessionCheck *check)
{
  CourseSection *section = session_step_get_section (step);
  GPtrArray *steps = course_section_get_steps (section);

  for (guint i = 0; i < steps->len && g_ptr_array_index (steps, i) != session_step_get_step (step);
       i++) {
    SessionStep *earlier =
      session_lab_get_step (session_step_get_lab (step), section, g_ptr_array_index (steps, i));

    if (has_fallen_of_same (earlier, session_check_get_check (check)))
      return course_step_get_number (g_ptr_array_index (steps, i));
  }
  return course_step_get_number (session_step_get_step (step));
}
