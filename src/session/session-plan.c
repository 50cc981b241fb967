/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "session-plan.h"

#include <glib/gi18n-lib.h>

#include "jump-practice.h"

typedef struct {
  SessionLab *lab;
  GPtrArray *steps; /* of SessionStep */
  guint n_needed;   /* of them, that only bring the cluster to the section's start */
} Plan;

static void
add_steps (Plan *self, CourseSection *section)
{
  GPtrArray *steps = course_section_get_steps (section);

  for (guint i = 0; i < steps->len; i++)
    g_ptr_array_add (self->steps, g_object_ref (session_lab_get_step (
                                    self->lab, section, g_ptr_array_index (steps, i))));
}

/* @seen: sections that are there already, or on their way: needs may go in a circle. */
static void
add_needed (Plan *self, CourseSection *section, GHashTable *seen)
{
  const char *const *needs = course_section_get_needs (section);

  g_hash_table_add (seen, section);
  for (guint i = 0; needs != NULL && needs[i] != NULL; i++) {
    CourseSection *needed =
      course_course_find_section (session_lab_get_course (self->lab), needs[i]);

    if (needed == NULL || g_hash_table_contains (seen, needed))
      continue;
    add_needed (self, needed, seen);
    add_steps (self, needed);
  }
}

/* Another cluster is its users', who bring it to where they want it. */
static void
add_one_section (Plan *self, CourseSection *section)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (NULL, NULL);

  if (JUMP_IS_PRACTICE (session_lab_get_place (self->lab)))
    add_needed (self, section, seen);
  self->n_needed = self->steps->len;
  add_steps (self, section);
}

static gboolean
add_sections (Plan *self, const char *section_id, GError **error)
{
  CourseCourse *course = session_lab_get_course (self->lab);
  GListModel *sections = course_course_get_sections (course);
  CourseSection *section = NULL;

  if (section_id == NULL) {
    for (guint i = 0; i < g_list_model_get_n_items (sections); i++) {
      g_autoptr (CourseSection) one = g_list_model_get_item (sections, i);

      add_steps (self, one);
    }
  } else if ((section = course_course_find_section (course, section_id)) != NULL) {
    add_one_section (self, section);
  } else {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                 /* Translators: %s is the id of a section */
                 _ ("The course has no section “%s”."), section_id);
    return FALSE;
  }
  if (self->steps->len > self->n_needed)
    return TRUE;
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                       _ ("There is no step to rehearse: none of them runs."));
  return FALSE;
}

static gboolean
section_requires (CourseSection *section, const char *const *words)
{
  GPtrArray *steps = course_section_get_steps (section);

  for (guint i = 0; i < steps->len; i++) {
    GPtrArray *forms = course_step_get_forms (g_ptr_array_index (steps, i));

    for (guint j = 0; j < forms->len; j++) {
      g_autofree char *found = course_form_dup_absent (g_ptr_array_index (forms, j), words);

      if (found != NULL)
        return TRUE;
    }
  }
  return FALSE;
}

/* A word that no step of the course has is a mistyped one. */
static gboolean
knows_word (CourseCourse *course, const char *word)
{
  GListModel *sections = course_course_get_sections (course);
  const char *const words[] = { word, NULL };

  for (guint i = 0; i < g_list_model_get_n_items (sections); i++) {
    g_autoptr (CourseSection) section = g_list_model_get_item (sections, i);

    if (section_requires (section, words))
      return TRUE;
  }
  return FALSE;
}

static gboolean
check_words (CourseCourse *course, const char *const *words, GError **error)
{
  for (guint i = 0; words != NULL && words[i] != NULL; i++) {
    if (knows_word (course, words[i]))
      continue;
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                 /* Translators: %s is a word of the course's author, such as "pods" */
                 _ ("No step of the course requires “%s”."), words[i]);
    return FALSE;
  }
  return TRUE;
}

/**
 * session_plan_find_steps:
 * @section_id: (nullable): the only section to play; NULL: all
 * @absent: (nullable): what the place does not have, in words that the course knows
 * @n_needed: (out): how many of the steps only bring the cluster to the section's start
 *
 * Returns: (transfer full) (element-type SessionStep): what to play, with the steps that require
 *   what is absent; NULL with a #GIOErrorEnum where there is nothing
 */
GPtrArray *
session_plan_find_steps (SessionLab *lab,
                         const char *section_id,
                         const char *const *absent,
                         guint *n_needed,
                         GError **error)
{
  g_autoptr (GPtrArray) steps = g_ptr_array_new_with_free_func (g_object_unref);
  Plan plan = { .lab = lab, .steps = steps };

  if (!check_words (session_lab_get_course (lab), absent, error) ||
      !add_sections (&plan, section_id, error))
    return NULL;
  *n_needed = plan.n_needed;
  return g_steal_pointer (&steps);
}
