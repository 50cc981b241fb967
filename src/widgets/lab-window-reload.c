/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lab-window-private.h"

#include <glib/gi18n-lib.h>

/* A course whose author is at work on it. */

/* (nullable): the first mistake */
static const CourseMessage *
find_mistake (CourseCourse *course)
{
  GPtrArray *messages = course_course_get_messages (course);

  for (guint i = 0; i < messages->len; i++) {
    const CourseMessage *message = g_ptr_array_index (messages, i);

    if (message->is_error)
      return message;
  }

  return NULL;
}

static gboolean
says_so (CourseCourse *course, const CourseMessage *message)
{
  GPtrArray *messages = course_course_get_messages (course);

  for (guint i = 0; i < messages->len; i++) {
    const CourseMessage *other = g_ptr_array_index (messages, i);

    if (g_str_equal (other->text, message->text) && g_str_equal (other->file, message->file))
      return TRUE;
  }

  return FALSE;
}

/* (nullable): the first of what is said of @course that was not said of it before */
static const CourseMessage *
find_news (CourseCourse *before, CourseCourse *course)
{
  GPtrArray *messages = course_course_get_messages (course);

  for (guint i = 0; i < messages->len; i++) {
    const CourseMessage *message = g_ptr_array_index (messages, i);

    if (!says_so (before, message))
      return message;
  }

  return NULL;
}

static char *
dup_text (CourseCourse *course, const CourseMessage *message)
{
  return g_strdup_printf ("%s:%u: %s", course_course_get_relative (course, message->file),
                          message->line, message->text);
}

static void
tell (LabWindow *self, const char *mistake)
{
  /* Translators: %s is a message such as "01-pods.md:12: This fence is empty" */
  g_autofree char *text = g_strdup_printf (
    _ ("The course has changed, and has a mistake now. What you see is as it was before. %s"),
    mistake);

  lab_banner_show (self->course_banner, text, NULL);
}

/* The course that is shown may be one of those that never were right. */
static gboolean
is_worse (LabWindow *self, CourseCourse *course)
{
  const CourseMessage *mistake = find_mistake (course);
  g_autofree char *text = NULL;

  if (mistake == NULL || find_mistake (self->course) != NULL)
    return FALSE;

  text = dup_text (course, mistake);
  tell (self, text);

  return TRUE;
}

/* (nullable): what an author should know of @course, which is shown all the same */
static char *
dup_news (LabWindow *self, CourseCourse *course)
{
  const CourseMessage *news = find_news (self->course, course);
  g_autofree char *text = news != NULL ? dup_text (course, news) : NULL;

  if (text == NULL)
    return NULL;
  /* Translators: %s is a message such as "01-pods.md:12: HTML is not shown" */
  return g_strdup_printf (_ ("The course has changed, and is shown as it is now. %s"), text);
}

static void
replace (LabWindow *self, CourseCourse *course)
{
  CourseSection *section =
    course_course_find_section (course, course_section_get_id (self->section));
  gboolean stays = section != NULL;

  session_lab_set_course (self->lab, course);
  g_set_object (&self->course, course);
  lab_sidebar_set_lab (self->sidebar, self->lab);
  if (self->search_page != NULL)
    lab_search_page_set_course (self->search_page, course);
  if (stays) {
    lab_window_replace_section (self, section);
  } else {
    g_autoptr (CourseSection) first =
      g_list_model_get_item (course_course_get_sections (course), 0);

    lab_window_show_section (self, first);
  }
}

static void
changed_cb (LabWindow *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CourseCourse) course = NULL;
  g_autofree char *news = NULL;

  if (self->lab == NULL || self->section == NULL)
    return;

  course = course_course_load (course_course_get_path (self->course), &error);
  if (course == NULL) {
    tell (self, error->message);
    return;
  }
  if (is_worse (self, course))
    return;

  news = dup_news (self, course);
  lab_banner_hide (self->course_banner);
  if (g_strcmp0 (course_course_get_id (course), course_course_get_id (self->course)) != 0) {
    g_autoptr (JumpPlace) place = g_object_ref (session_lab_get_place (self->lab));

    /* another course now, with a progress of its own */
    lab_window_open (self, course, place, NULL, self->student);
    return;
  }
  replace (self, course);
  lab_window_watch_course (self);
  if (news != NULL)
    lab_banner_show (self->course_banner, news, NULL);
}

/**
 * lab_window_watch_course:
 * @self: a window with a course
 *
 * From now on what its author saves is shown.
 */
void
lab_window_watch_course (LabWindow *self)
{
  g_clear_object (&self->watch);
  self->watch = course_watch_new (self->course);
  g_signal_connect_object (self->watch, "changed", G_CALLBACK (changed_cb), self,
                           G_CONNECT_SWAPPED);
}
