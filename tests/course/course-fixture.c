/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gstdio.h>

#include "course-fixture.h"

void
course_fixture_set_up (CourseFixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  self->folder = g_dir_make_tmp ("konvoy-course-XXXXXX", &error);
  g_assert_no_error (error);
}

static void
remove_folder (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *path = g_build_filename (folder, name, NULL);

    if (g_file_test (path, G_FILE_TEST_IS_DIR) && !g_file_test (path, G_FILE_TEST_IS_SYMLINK))
      remove_folder (path);
    else
      g_unlink (path);
  }
  g_rmdir (folder);
}

void
course_fixture_tear_down (CourseFixture *self, gconstpointer data)
{
  remove_folder (self->folder);
  g_clear_pointer (&self->folder, g_free);
}

/* Returns the path of what was written. */
char *
course_fixture_write (CourseFixture *self, const char *name, const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = g_build_filename (self->folder, name, NULL);

  g_file_set_contents (path, text, -1, &error);
  g_assert_no_error (error);
  return g_steal_pointer (&path);
}

CourseCourse *
course_fixture_load_text (CourseFixture *self, const char *text)
{
  g_autofree char *path = course_fixture_write (self, "lab.md", text);
  g_autoptr (GError) error = NULL;
  CourseCourse *course = course_course_load (path, &error);

  g_assert_no_error (error);
  return course;
}

/* Returns a section that the course holds. */
CourseSection *
course_fixture_get_section (CourseCourse *course, guint position)
{
  g_autoptr (CourseSection) section =
    g_list_model_get_item (course_course_get_sections (course), position);

  g_assert_nonnull (section);
  return section;
}

CourseStep *
course_fixture_get_step (CourseSection *section, guint position)
{
  GPtrArray *steps = course_section_get_steps (section);

  g_assert_cmpuint (position, <, steps->len);
  return g_ptr_array_index (steps, position);
}

const CourseMessage *
course_fixture_find_message (CourseCourse *course, const char *part)
{
  GPtrArray *messages = course_course_get_messages (course);

  for (guint i = 0; i < messages->len; i++) {
    const CourseMessage *message = g_ptr_array_index (messages, i);

    if (strstr (message->text, part) != NULL)
      return message;
  }
  return NULL;
}

void
course_fixture_assert_message (CourseCourse *course, guint line, const char *part)
{
  const CourseMessage *message = course_fixture_find_message (course, part);

  if (message == NULL)
    g_error ("No message says “%s”", part);
  g_assert_cmpuint (message->line, ==, line);
}
