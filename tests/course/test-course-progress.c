/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <sys/stat.h>

#include <glib/gstdio.h>

#include "course-fixture.h"
#include "course-progress.h"
#include "test-wait.h"

static guint
get_mode (const char *path)
{
  struct stat info;

  g_assert_cmpint (stat (path, &info), ==, 0);
  return info.st_mode & 0777;
}

static void
note_change (CourseProgress *progress, const char *section, const char *step, gpointer data)
{
  g_string_append_printf (data, "%s/%s ", section, step);
}

static void
test_keeps (CourseFixture *self, gconstpointer data)
{
  g_autofree char *path =
    g_build_filename (self->folder, "state", "progress", "practice.json", NULL);
  g_autofree char *folder = g_path_get_dirname (path);
  g_autoptr (CourseProgress) progress = course_progress_new (path);
  g_autoptr (CourseProgress) again = NULL;

  g_assert_cmpint (course_progress_get_done_at (progress, "one", "a"), ==, 0);
  course_progress_mark_done (progress, "one", "a", 1600000000);
  course_progress_mark_done (progress, "two", "with \"quotes\" é", 1600000001);
  course_progress_mark_done (progress, "one", "a", 1700000000);

  g_assert_cmpuint (get_mode (path), ==, 0600);
  g_assert_cmpuint (get_mode (folder), ==, 0700);

  again = course_progress_new (path);
  g_assert_cmpint (course_progress_get_done_at (again, "one", "a"), ==, 1600000000);
  g_assert_cmpint (course_progress_get_done_at (again, "two", "with \"quotes\" é"), ==, 1600000001);
  g_assert_cmpint (course_progress_get_done_at (again, "one", "b"), ==, 0);
  g_assert_cmpint (course_progress_get_done_at (again, "three", "a"), ==, 0);
}

static void
count_notify (CourseProgress *progress, GParamSpec *pspec, guint *count)
{
  (*count)++;
}

/* Where nothing can be written, what is done is known all the same, and saved once it can be. */
static void
test_cannot_save (CourseFixture *self, gconstpointer data)
{
  g_autofree char *file = course_fixture_write (self, "state", "not a folder");
  g_autofree char *path = g_build_filename (file, "progress.json", NULL);
  g_autoptr (CourseProgress) progress = course_progress_new (path);
  g_autoptr (CourseProgress) again = NULL;
  guint notified = 0;

  g_signal_connect (progress, "notify::error", G_CALLBACK (count_notify), &notified);
  g_assert_null (course_progress_get_error (progress));
  course_progress_mark_done (progress, "one", "a", 1600000000);
  g_assert_nonnull (course_progress_get_error (progress));
  g_assert_cmpuint (notified, ==, 1);
  g_assert_cmpint (course_progress_get_done_at (progress, "one", "a"), ==, 1600000000);

  g_assert_cmpint (g_remove (file), ==, 0);
  course_progress_save (progress);
  g_assert_null (course_progress_get_error (progress));
  g_assert_cmpuint (notified, ==, 2);
  again = course_progress_new (path);
  g_assert_cmpint (course_progress_get_done_at (again, "one", "a"), ==, 1600000000);
}

static gboolean
knows (gpointer data)
{
  return course_progress_get_done_at (data, "one", "b") != 0;
}

/* Two windows of one student: neither undoes what the other has done, and each shows it. */
static void
test_two (CourseFixture *self, gconstpointer data)
{
  g_autofree char *path = g_build_filename (self->folder, "progress", "practice.json", NULL);
  g_autoptr (CourseProgress) one = course_progress_new (path);
  g_autoptr (CourseProgress) two = course_progress_new (path);
  g_autoptr (CourseProgress) again = NULL;
  g_autoptr (GString) log = g_string_new (NULL);

  g_signal_connect_data (one, "changed", G_CALLBACK (note_change), log, NULL, 0);
  course_progress_mark_done (one, "one", "a", 1);
  course_progress_mark_done (two, "one", "b", 2);
  course_progress_mark_done (two, "one", "a", 3);
  g_assert_cmpint (course_progress_get_done_at (two, "one", "a"), ==, 1);
  test_wait_until (knows, one, 20, "the step of the other window");
  g_assert_cmpstr (log->str, ==, "one/a one/b ");

  course_progress_reset (two, "one", "a");
  course_progress_mark_done (one, "two", "c", 4);
  again = course_progress_new (path);
  g_assert_cmpint (course_progress_get_done_at (again, "one", "a"), ==, 0);
  g_assert_cmpint (course_progress_get_done_at (again, "one", "b"), ==, 2);
  g_assert_cmpint (course_progress_get_done_at (again, "two", "c"), ==, 4);
}

/* What could not be saved is added to what another window has saved by then. */
static void
test_two_cannot_save (CourseFixture *self, gconstpointer data)
{
  g_autofree char *file = course_fixture_write (self, "state", "not a folder");
  g_autofree char *path = g_build_filename (file, "progress.json", NULL);
  g_autoptr (CourseProgress) one = course_progress_new (path);
  g_autoptr (CourseProgress) two = NULL;
  g_autoptr (CourseProgress) again = NULL;

  course_progress_mark_done (one, "one", "a", 1);
  course_progress_reset (one, "one", "b");
  g_assert_nonnull (course_progress_get_error (one));
  g_assert_cmpint (g_remove (file), ==, 0);
  two = course_progress_new (path);
  course_progress_mark_done (two, "one", "b", 2);
  course_progress_mark_done (two, "one", "c", 3);
  course_progress_save (one);
  g_assert_null (course_progress_get_error (one));
  again = course_progress_new (path);
  g_assert_cmpint (course_progress_get_done_at (again, "one", "a"), ==, 1);
  g_assert_cmpint (course_progress_get_done_at (again, "one", "b"), ==, 0);
  g_assert_cmpint (course_progress_get_done_at (again, "one", "c"), ==, 3);
}

/* A file that others could read becomes private with the next step. */
static void
test_narrows_mode (CourseFixture *self, gconstpointer data)
{
  g_autofree char *path =
    course_fixture_write (self, "progress.json", "{\"version\": 1, \"done\": {}}");
  g_autoptr (CourseProgress) progress = course_progress_new (path);

  g_assert_cmpint (g_chmod (path, 0644), ==, 0);
  course_progress_mark_done (progress, "one", "a", 1);
  g_assert_cmpuint (get_mode (path), ==, 0600);
}

static void
test_reset (CourseFixture *self, gconstpointer data)
{
  g_autoptr (CourseProgress) progress = course_progress_new (NULL);
  g_autoptr (GString) log = g_string_new (NULL);

  g_signal_connect_data (progress, "changed", G_CALLBACK (note_change), log, NULL, 0);
  course_progress_mark_done (progress, "one", "a", 1);
  course_progress_mark_done (progress, "one", "a", 2);
  course_progress_mark_done (progress, "one", "b", 3);
  course_progress_mark_done (progress, "two", "c", 4);
  g_assert_cmpstr (log->str, ==, "one/a one/b two/c ");

  course_progress_reset (progress, "one", "a");
  g_assert_cmpint (course_progress_get_done_at (progress, "one", "a"), ==, 0);
  g_assert_cmpint (course_progress_get_done_at (progress, "one", "b"), ==, 3);
  course_progress_reset (progress, "one", NULL);
  g_assert_cmpint (course_progress_get_done_at (progress, "one", "b"), ==, 0);
  g_assert_cmpint (course_progress_get_done_at (progress, "two", "c"), ==, 4);
  course_progress_reset (progress, NULL, NULL);
  g_assert_cmpint (course_progress_get_done_at (progress, "two", "c"), ==, 0);
  g_assert_cmpstr (log->str, ==, "one/a one/b two/c one/a one/ / ");
}

/* That a step was put back is kept, until it is done again; one that was never done is not. */
static void
test_put_back (CourseFixture *self, gconstpointer data)
{
  g_autofree char *path = g_build_filename (self->folder, "put-back.json", NULL);
  g_autoptr (CourseProgress) progress = course_progress_new (path);
  g_autoptr (CourseProgress) next = NULL;
  g_autoptr (CourseProgress) last = NULL;
  g_autoptr (GString) log = g_string_new (NULL);

  course_progress_reset (progress, "one", "a");
  g_assert_false (course_progress_is_put_back (progress, "one", "a"));
  course_progress_mark_done (progress, "one", "a", 1);
  course_progress_mark_done (progress, "one", "b", 2);
  course_progress_mark_done (progress, "two", "c", 3);
  g_assert_false (course_progress_is_put_back (progress, "one", "a"));
  course_progress_reset (progress, "one", NULL);
  g_assert_true (course_progress_is_put_back (progress, "one", "a"));
  g_assert_false (course_progress_is_put_back (progress, "two", "c"));

  next = course_progress_new (path);
  g_assert_true (course_progress_is_put_back (next, "one", "a"));
  g_assert_true (course_progress_is_put_back (next, "one", "b"));
  g_assert_cmpint (course_progress_get_done_at (next, "one", "a"), ==, 0);
  g_assert_cmpint (course_progress_get_done_at (next, "two", "c"), ==, 3);
  g_signal_connect_data (next, "changed", G_CALLBACK (note_change), log, NULL, 0);
  course_progress_mark_done (next, "one", "a", 4);
  g_assert_cmpstr (log->str, ==, "one/a ");
  g_assert_false (course_progress_is_put_back (next, "one", "a"));
  course_progress_reset (next, NULL, NULL);

  last = course_progress_new (path);
  g_assert_true (course_progress_is_put_back (last, "one", "a"));
  g_assert_true (course_progress_is_put_back (last, "two", "c"));
}

static void
test_counts (CourseFixture *self, gconstpointer data)
{
  g_autoptr (CourseCourse) course = course_fixture_load_text (
    self, COURSE_FIXTURE_SECTION ("```bash {id=a}\nls\n```\n```bash {id=b}\nls\n```\n"
                                  "```bash {id=c norun}\nls\n```\n"));
  g_autoptr (CourseProgress) progress = course_progress_new (NULL);
  CourseSection *section = course_fixture_get_section (course, 0);

  g_assert_cmpuint (course_progress_count_done (progress, section), ==, 0);
  course_progress_mark_done (progress, "one", "a", 1);
  course_progress_mark_done (progress, "one", "c", 1);
  course_progress_mark_done (progress, "one", "long-gone", 1);
  g_assert_cmpuint (course_progress_count_done (progress, section), ==, 1);
}

static guint
count_files (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  guint count = 0;

  while (g_dir_read_name (dir) != NULL)
    count++;
  return count;
}

/* What cannot be read is set aside, and work goes on. */
static void
test_corrupt (CourseFixture *self, gconstpointer data)
{
  static const char *const texts[] = {
    "",
    "{",
    "[]",
    "{\"version\": 2, \"done\": {}}",
    "{\"version\": 1}",
    "\xff\xfe",
    "{\"version\": 1, \"done\": []}",
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_autofree char *path = course_fixture_write (self, "progress.json", texts[i]);
    g_autoptr (CourseProgress) progress = course_progress_new (path);

    g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
    g_assert_cmpuint (count_files (self->folder), ==, i + 1);
    course_progress_mark_done (progress, "one", "a", 5);
    g_assert_true (g_file_test (path, G_FILE_TEST_EXISTS));
    g_assert_cmpint (g_unlink (path), ==, 0);
  }
}

/* A part of it that makes no sense does not cost the rest. */
static void
test_odd_parts (CourseFixture *self, gconstpointer data)
{
  g_autofree char *path = course_fixture_write (
    self, "progress.json",
    "{\"version\": 1, \"done\": {\"one\": {\"a\": 7, \"b\": \"soon\", \"c\": -1}, \"two\": 3}, "
    "\"waits\": {\"one\": {\"a\": [7, {\"check\": \"x\", \"stages\": [{\"stage\": "
    "\"dns\"}]}], \"b\": []}, \"two\": 3}}");
  g_autoptr (CourseProgress) progress = course_progress_new (path);

  g_assert_cmpint (course_progress_get_done_at (progress, "one", "a"), ==, 7);
  g_assert_cmpint (course_progress_get_done_at (progress, "one", "b"), ==, 0);
  g_assert_cmpint (course_progress_get_done_at (progress, "one", "c"), ==, 0);
  g_assert_false (course_progress_is_put_back (progress, "one", "b"));
  g_assert_cmpuint (course_progress_get_waits (progress, "one", "a")->len, ==, 1);
  g_assert_null (course_progress_get_waits (progress, "one", "b"));
}

static GPtrArray *
new_waits (const char *says, gint64 ms)
{
  GPtrArray *waits = course_waits_new ();
  CourseWait *wait = course_wait_new (says);

  course_wait_add (wait, COURSE_STAGE_SERVICE, -1);
  course_wait_add (wait, COURSE_STAGE_ADDRESS, ms);
  g_ptr_array_add (waits, wait);
  return waits;
}

static gint64
get_ms (CourseProgress *progress, const char *step, const char *says)
{
  const CourseWait *wait =
    course_waits_find (course_progress_get_waits (progress, "one", step), says);

  g_assert_nonnull (wait);
  return course_wait_get_ms (wait, 1);
}

/* How long was waited is kept with what was done, and goes with it. */
static void
test_waits (CourseFixture *self, gconstpointer data)
{
  g_autofree char *path = g_build_filename (self->folder, "progress.json", NULL);
  g_autoptr (CourseProgress) progress = course_progress_new (path);
  g_autoptr (CourseProgress) again = NULL;
  g_autoptr (GPtrArray) waits = new_waits ("It is \"there\"", 1200);
  g_autoptr (GPtrArray) later = new_waits ("It is \"there\"", 7);

  course_progress_mark_done_after (progress, "one", "a", 5, waits);
  course_progress_mark_done_after (progress, "one", "a", 6, later);
  course_progress_mark_done (progress, "one", "b", 7);
  g_assert_cmpint (get_ms (progress, "a", "It is \"there\""), ==, 1200);

  again = course_progress_new (path);
  g_assert_cmpint (get_ms (again, "a", "It is \"there\""), ==, 1200);
  g_assert_null (course_progress_get_waits (again, "one", "b"));
  g_assert_null (course_progress_get_waits (again, "two", "a"));
  course_progress_reset (again, "one", "a");
  g_assert_null (course_progress_get_waits (again, "one", "a"));
}

/* So many that the file could not be read again: then what was done is kept alone. */
static void
test_too_many_waits (CourseFixture *self, gconstpointer data)
{
  g_autofree char *path = g_build_filename (self->folder, "progress.json", NULL);
  g_autoptr (CourseProgress) progress = course_progress_new (path);
  g_autoptr (CourseProgress) again = NULL;
  g_autofree char *says = g_strnfill (9 * 1024 * 1024, 'x');
  g_autoptr (GPtrArray) waits = new_waits (says, 1);

  course_progress_mark_done_after (progress, "one", "a", 5, waits);
  g_assert_null (course_progress_get_error (progress));
  again = course_progress_new (path);
  g_assert_cmpint (course_progress_get_done_at (again, "one", "a"), ==, 5);
  g_assert_null (course_progress_get_waits (again, "one", "a"));
}

static void
test_default_path (void)
{
  g_autofree char *plain = course_progress_dup_default_path ("garden", "practice", NULL);
  g_autofree char *student = course_progress_dup_default_path ("garden", "ssh", "Zoë / 7");
  g_autofree char *hostile = course_progress_dup_default_path ("../../etc", "..", "..");
  g_autofree char *root =
    g_build_filename (g_get_user_state_dir (), "konvoy-lab", "progress", NULL);
  g_autofree char *long_name = g_strnfill (400, 'x');
  g_autofree char *longest = course_progress_dup_default_path (long_name, long_name, long_name);
  g_autofree char *base = g_path_get_basename (longest);
  g_autofree char *canonical = g_canonicalize_filename (hostile, NULL);

  g_assert_true (g_str_has_suffix (plain, "/konvoy-lab/progress/garden/practice.json"));
  g_assert_true (g_str_has_suffix (student, "/garden/ssh@Zo%C3%AB%20%2F%207.json"));
  g_assert_true (g_str_has_prefix (canonical, root));
  g_assert_cmpuint (strlen (base), <, 256);
}

static void
test_finalize (void)
{
  CourseProgress *progress = course_progress_new (NULL);

  course_progress_mark_done (progress, "one", "a", 1);
  g_assert_finalize_object (progress);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  COURSE_FIXTURE_TEST ("/course/progress/keeps", test_keeps);
  COURSE_FIXTURE_TEST ("/course/progress/narrows-mode", test_narrows_mode);
  COURSE_FIXTURE_TEST ("/course/progress/reset", test_reset);
  COURSE_FIXTURE_TEST ("/course/progress/put-back", test_put_back);
  COURSE_FIXTURE_TEST ("/course/progress/counts", test_counts);
  COURSE_FIXTURE_TEST ("/course/progress/corrupt", test_corrupt);
  COURSE_FIXTURE_TEST ("/course/progress/odd-parts", test_odd_parts);
  COURSE_FIXTURE_TEST ("/course/progress/waits", test_waits);
  COURSE_FIXTURE_TEST ("/course/progress/too-many-waits", test_too_many_waits);
  COURSE_FIXTURE_TEST ("/course/progress/cannot-save", test_cannot_save);
  COURSE_FIXTURE_TEST ("/course/progress/two", test_two);
  COURSE_FIXTURE_TEST ("/course/progress/two-cannot-save", test_two_cannot_save);
  g_test_add_func ("/course/progress/default-path", test_default_path);
  g_test_add_func ("/course/progress/finalize", test_finalize);

  return g_test_run ();
}
