/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "session-fall.h"

#include "session-step-private.h"

/* Somebody runs it, or has, and its checks have not all passed yet: what it undoes goes before. */
static gboolean
is_under_way (SessionLab *lab, const char *section_id, const char *step_id)
{
  CourseSection *section = course_course_find_section (session_lab_get_course (lab), section_id);
  CourseStep *step = section != NULL ? course_section_find_step (section, step_id) : NULL;
  SessionStepState state = step != NULL
                             ? session_step_get_state (session_lab_get_step (lab, section, step))
                             : SESSION_STEP_OPEN;

  return state != SESSION_STEP_OPEN && state != SESSION_STEP_DONE;
}

/* The step that undoes it is done, or under way. */
static gboolean
is_undone (SessionStep *step, SessionCheck *check)
{
  const char *own = course_section_get_id (session_step_get_section (step));
  g_autofree char *id = NULL;
  g_autofree char *section = course_check_dup_until (session_check_get_check (check), own, &id);
  SessionLab *lab = session_step_get_lab (step);

  return section != NULL &&
         (course_progress_get_done_at (session_lab_get_progress (lab), section, id) != 0 ||
          is_under_way (lab, section, id));
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

/* @made is about one object; @asked about the same, or about all of its kind. */
static gboolean
is_of_same (CourseCheck *made, CourseCheck *asked)
{
  const char *name = course_check_get_name (asked);

  return course_check_get_check_type (made) == COURSE_CHECK_RESOURCE &&
         course_check_get_check_type (asked) == COURSE_CHECK_RESOURCE &&
         course_check_get_name (made) != NULL &&
         (name == NULL || g_str_equal (course_check_get_name (made), name)) &&
         g_strcmp0 (course_check_get_namespace (made), course_check_get_namespace (asked)) == 0 &&
         kube_kind_lookup (course_check_get_resource (made)) ==
           kube_kind_lookup (course_check_get_resource (asked));
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

/* What has fallen of it is an object or a file, which it has made: it does not only look at what
 * others have made, or try it. */
static gboolean
mends (SessionStep *step)
{
  GPtrArray *checks = session_step_get_checks (step);
  gboolean has_made = FALSE;

  for (guint i = 0; i < checks->len; i++) {
    SessionCheck *check = g_ptr_array_index (checks, i);
    CourseCheckType type = course_check_get_check_type (session_check_get_check (check));

    if (type == COURSE_CHECK_TERMINAL)
      return FALSE;
    if (type == COURSE_CHECK_RESOURCE || type == COURSE_CHECK_FILE)
      has_made = has_made || session_fall_is (step, check);
  }
  return has_made;
}

static void
add_menders (SessionLab *lab, CourseSection *section, GPtrArray *menders)
{
  GHashTable *fallen = session_lab_get_fallen (lab);
  GPtrArray *steps = course_section_get_steps (section);

  for (guint i = 0; g_hash_table_size (fallen) > 0 && i < steps->len; i++) {
    CourseStep *step = g_ptr_array_index (steps, i);

    if (g_hash_table_contains (fallen, step) && mends (session_lab_get_step (lab, section, step)))
      g_ptr_array_add (menders, session_lab_get_step (lab, section, step));
  }
}

/* @seen: sections that are there already, or on their way: needs may go in a circle. */
static void
add_needed_menders (SessionLab *lab, CourseSection *section, GHashTable *seen, GPtrArray *menders)
{
  const char *const *needs = course_section_get_needs (section);

  g_hash_table_add (seen, section);
  for (guint i = 0; needs != NULL && needs[i] != NULL; i++) {
    CourseSection *needed = course_course_find_section (session_lab_get_course (lab), needs[i]);

    if (needed == NULL || g_hash_table_contains (seen, needed))
      continue;
    add_needed_menders (lab, needed, seen, menders);
    add_menders (lab, needed, menders);
  }
}

/**
 * session_fall_list_menders:
 * @section: a section
 *
 * Returns: (transfer container) (element-type SessionStep): the steps that make what is no longer
 *   so, of the sections that @section needs and then of @section itself, each in its order
 */
GPtrArray *
session_fall_list_menders (SessionLab *lab, CourseSection *section)
{
  GPtrArray *menders = g_ptr_array_new ();
  g_autoptr (GHashTable) seen = g_hash_table_new (NULL, NULL);

  if (g_hash_table_size (session_lab_get_fallen (lab)) > 0) {
    add_needed_menders (lab, section, seen, menders);
    add_menders (lab, section, menders);
  }
  return menders;
}

static gboolean
is_before (SessionStep *a, SessionStep *b)
{
  return session_step_get_section (a) == session_step_get_section (b) &&
         course_step_get_number (session_step_get_step (a)) <
           course_step_get_number (session_step_get_step (b));
}

/* What has no name may be what an earlier step of the same section has made. */
static gboolean
made_same (SessionStep *mender, SessionStep *step, CourseCheck *asked)
{
  return has_fallen_of_same (mender, asked) &&
         (course_check_get_name (asked) != NULL || is_before (mender, step));
}

/**
 * session_fall_find_mender:
 * @step: a step
 * @check: one of its checks that has fallen
 *
 * Returns: (transfer none) (nullable): the step that mends it when it is run again: the first that
 *   has made the same object, or before it in its section one of a kind that @check is about as a
 *   whole; else @step, where it has made something; else the first that has made anything that is
 * no longer so. %NULL where none has: there may be one that was not done yet.
 */
SessionStep *
session_fall_find_mender (SessionStep *step, SessionCheck *check)
{
  g_autoptr (GPtrArray) menders =
    session_fall_list_menders (session_step_get_lab (step), session_step_get_section (step));

  for (guint i = 0; i < menders->len; i++)
    if (made_same (g_ptr_array_index (menders, i), step, session_check_get_check (check)))
      return g_ptr_array_index (menders, i);
  if (g_ptr_array_find (menders, step, NULL))
    return step;
  return menders->len > 0 ? g_ptr_array_index (menders, 0) : NULL;
}
