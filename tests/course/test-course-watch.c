/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gstdio.h>

#include "course-fixture.h"
#include "course-watch.h"
#include "test-wait.h"

static void
changed_cb (CourseWatch *watch, guint *count)
{
  (*count)++;
}

static gboolean
has_changed (gpointer count)
{
  return *(guint *)count > 0;
}

/* A file that is written anew, and one that another takes the place of, as editors do. */
static void
test_file (CourseFixture *self, gconstpointer data)
{
  g_autofree char *path = course_fixture_write (self, "lab.md", "# One\n\nText\n");
  g_autofree char *other = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (CourseCourse) course = course_course_load (path, &error);
  g_autoptr (CourseWatch) watch = NULL;
  guint count = 0;

  g_assert_no_error (error);
  watch = course_watch_new (course);
  g_signal_connect (watch, "changed", G_CALLBACK (changed_cb), &count);
  g_file_set_contents_full (path, "# Two\n\nText\n", -1, G_FILE_SET_CONTENTS_NONE, 0600, &error);
  g_assert_no_error (error);
  test_wait_until (has_changed, &count, 20, "the file that was written");

  count = 0;
  other = course_fixture_write (self, "other", "# Three\n\nText\n");
  g_assert_cmpint (g_rename (other, path), ==, 0);
  test_wait_until (has_changed, &count, 20, "the file that was replaced");
  g_assert_finalize_object (g_steal_pointer (&watch));
}

/* Files that are saved one after the other are one change. */
static void
test_folder (CourseFixture *self, gconstpointer data)
{
  g_autofree char *manifest =
    course_fixture_write (self, "course.yaml", "id: c\ntitle: C\nsections: [a.md]\n");
  g_autofree char *section = course_fixture_write (self, "a.md", "---\nid: a\n---\n# A\n\nText\n");
  g_autoptr (GError) error = NULL;
  g_autoptr (CourseCourse) course = course_course_load (self->folder, &error);
  g_autoptr (CourseWatch) watch = NULL;
  guint count = 0;

  g_assert_no_error (error);
  watch = course_watch_new (course);
  g_signal_connect (watch, "changed", G_CALLBACK (changed_cb), &count);
  for (guint i = 0; i < 5; i++) {
    g_free (course_fixture_write (self, "a.md", "---\nid: a\n---\n# A\n\nMore\n"));
    g_free (course_fixture_write (self, "b.md", "---\nid: b\n---\n# B\n\nMore\n"));
  }
  test_wait_until (has_changed, &count, 20, "the files that were written");
  g_assert_cmpuint (count, ==, 1);
}

/* One that goes while a change is under way takes that with it. */
static void
test_destroyed (CourseFixture *self, gconstpointer data)
{
  g_autofree char *path = course_fixture_write (self, "lab.md", "# One\n\nText\n");
  g_autoptr (CourseCourse) course = course_course_load (path, NULL);
  CourseWatch *watch = course_watch_new (course);
  CourseWatch *other = course_watch_new (course);
  guint count = 0, other_count = 0;

  g_signal_connect (watch, "changed", G_CALLBACK (changed_cb), &count);
  g_signal_connect (other, "changed", G_CALLBACK (changed_cb), &other_count);
  g_free (course_fixture_write (self, "lab.md", "# Two\n\nText\n"));
  g_assert_finalize_object (watch);
  test_wait_until (has_changed, &other_count, 20, "the other watch");
  g_assert_cmpuint (count, ==, 0);
  g_assert_finalize_object (other);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  COURSE_FIXTURE_TEST ("/course/watch/file", test_file);
  COURSE_FIXTURE_TEST ("/course/watch/folder", test_folder);
  COURSE_FIXTURE_TEST ("/course/watch/destroyed", test_destroyed);

  return g_test_run ();
}
