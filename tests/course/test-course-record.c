/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "base-json.h"
#include "course-fixture.h"
#include "course-record.h"

#define TEXT                                                                                       \
  COURSE_FIXTURE_SECTION (                                                                         \
    "```bash {id=a}\nls\n```\n```check\n- resource: pod/x\n  says: A <pod> & "                     \
    "more\n```\n```bash {id=b}\nls\n```\n")

static void
test_json (CourseFixture *self, gconstpointer data)
{
  g_autoptr (CourseCourse) course = course_fixture_load_text (self, TEXT);
  g_autoptr (CourseProgress) progress = course_progress_new (NULL);
  g_autoptr (JsonNode) node = NULL;
  g_autofree char *text = NULL;
  JsonNode *section;
  JsonArray *steps;

  course_progress_mark_done (progress, "one", "a", 1574680231);
  text = course_record_dup_json (
    &(CourseRecordSpec){ course, progress, NULL, "Practice cluster", "Ada \"the\" First", NULL });
  node = base_json_parse (text, -1, NULL);
  g_assert_nonnull (node);
  g_assert_cmpstr (base_json_get_string (node, "student", NULL), ==, "Ada \"the\" First");
  g_assert_cmpstr (base_json_get_string (node, "place", NULL), ==, "Practice cluster");
  section = json_array_get_element (base_json_get_array (node, "sections", NULL), 0);
  steps = base_json_get_array (section, "steps", NULL);
  g_assert_cmpuint (json_array_get_length (steps), ==, 2);
  g_assert_cmpstr (base_json_get_string (json_array_get_element (steps, 0), "doneAt", NULL), ==,
                   "2019-11-25T11:10:31Z");
  g_assert_null (base_json_get_string (json_array_get_element (steps, 1), "doneAt", NULL));
}

static void
test_html (CourseFixture *self, gconstpointer data)
{
  g_autoptr (CourseCourse) course = course_fixture_load_text (self, TEXT);
  g_autoptr (CourseProgress) progress = course_progress_new (NULL);
  g_autofree char *text = NULL;

  course_progress_mark_done (progress, "one", "a", 1574680231);
  text =
    course_record_dup_html (&(CourseRecordSpec){ course, progress, NULL, "<b>", "<script>", NULL });
  g_assert_nonnull (strstr (text, "1 of 2"));
  g_assert_nonnull (strstr (text, "<tr class='done'>"));
  g_assert_nonnull (strstr (text, "<tr class='todo'>"));
  g_assert_nonnull (strstr (text, "A &lt;pod&gt; &amp; more"));
  g_assert_nonnull (strstr (text, "&lt;script&gt;"));
  g_assert_null (strstr (text, "<script>"));
  g_assert_null (strstr (text, "<b>"));
  g_assert_null (strstr (text, "http"));
}

/* What has been undone since is said, and was done all the same. */
static void
test_fallen (CourseFixture *self, gconstpointer data)
{
  g_autoptr (CourseCourse) course = course_fixture_load_text (self, TEXT);
  g_autoptr (CourseProgress) progress = course_progress_new (NULL);
  g_autoptr (GHashTable) fallen = g_hash_table_new (NULL, NULL);
  const CourseRecordSpec spec = { course, progress, NULL, "here", NULL, fallen };
  CourseSection *section = course_course_find_section (course, "one");
  g_autofree char *html = NULL;
  g_autofree char *json = NULL;
  g_autoptr (JsonNode) node = NULL;
  JsonArray *steps;

  course_progress_mark_done (progress, "one", "a", 1574680231);
  course_progress_mark_done (progress, "one", "b", 1574680231);
  g_hash_table_add (fallen, course_section_find_step (section, "a"));
  html = course_record_dup_html (&spec);
  g_assert_nonnull (strstr (html, "2 of 2"));
  g_assert_nonnull (strstr (html, ", no longer so</td>"));
  g_assert_null (strstr (strstr (html, ", no longer so") + 1, ", no longer so"));

  json = course_record_dup_json (&spec);
  node = base_json_parse (json, -1, NULL);
  steps = base_json_get_array (
    json_array_get_element (base_json_get_array (node, "sections", NULL), 0), "steps", NULL);
  g_assert_true (
    base_json_get_boolean (json_array_get_element (steps, 0), FALSE, "noLongerSo", NULL));
  g_assert_nonnull (base_json_get_string (json_array_get_element (steps, 0), "doneAt", NULL));
  g_assert_null (base_json_get (json_array_get_element (steps, 1), "noLongerSo", NULL));
}

/* What does not count at a place was not proved there. */
static void
test_place (CourseFixture *self, gconstpointer data)
{
  g_autoptr (CourseCourse) course = course_fixture_load_text (
    self, "---\nid: one\ntitle: One\n---\n# One\n\n```bash {id=a}\nls\n```\n```check\n"
          "- resource: pods\n  says: Anywhere\n- resource: nodes\n  when: place=local\n"
          "  says: Here only\n```\n");
  g_autoptr (CourseProgress) progress = course_progress_new (NULL);
  const CourseFacts facts = { .place = "practice" };
  const CourseRecordSpec spec = { course, progress, &facts, "there", NULL, NULL };
  g_autofree char *html = course_record_dup_html (&spec);
  g_autofree char *json = course_record_dup_json (&spec);

  g_assert_nonnull (strstr (html, "Anywhere"));
  g_assert_nonnull (strstr (json, "Anywhere"));
  g_assert_null (strstr (html, "Here only"));
  g_assert_null (strstr (json, "Here only"));
}

/* How long was waited for what, and nothing where that is not known. */
static void
test_waits (CourseFixture *self, gconstpointer data)
{
  g_autoptr (CourseCourse) course = course_fixture_load_text (self, TEXT);
  g_autoptr (CourseProgress) progress = course_progress_new (NULL);
  g_autoptr (GPtrArray) waits = course_waits_new ();
  CourseWait *wait = course_wait_new ("A <pod> & more");
  g_autofree char *html = NULL;
  g_autofree char *json = NULL;
  g_autoptr (JsonNode) node = NULL;
  JsonArray *steps;

  course_wait_add (wait, COURSE_STAGE_POD, -1);
  course_wait_add (wait, COURSE_STAGE_NODE, 2100);
  g_ptr_array_add (waits, wait);
  g_ptr_array_add (waits, course_wait_new ("Another check of another time"));
  course_progress_mark_done_after (progress, "one", "a", 1574680231, waits);
  html = course_record_dup_html (&(CourseRecordSpec){ course, progress, NULL, "here", NULL, NULL });
  g_assert_nonnull (
    strstr (html, "<li>A &lt;pod&gt; &amp; more<br><small>Pod, Node found 2.1 s</small></li>"));
  g_assert_null (strstr (html, "another time"));

  json = course_record_dup_json (&(CourseRecordSpec){ course, progress, NULL, "here", NULL, NULL });
  node = base_json_parse (json, -1, NULL);
  steps = base_json_get_array (
    json_array_get_element (base_json_get_array (node, "sections", NULL), 0), "steps", NULL);
  g_assert_cmpuint (
    json_array_get_length (base_json_get_array (json_array_get_element (steps, 0), "waits", NULL)),
    ==, 2);
  g_assert_null (base_json_get (json_array_get_element (steps, 1), "waits", NULL));
}

static void
test_nobody (CourseFixture *self, gconstpointer data)
{
  g_autoptr (CourseCourse) course = course_fixture_load_text (self, TEXT);
  g_autoptr (CourseProgress) progress = course_progress_new (NULL);
  g_autofree char *json =
    course_record_dup_json (&(CourseRecordSpec){ course, progress, NULL, "here", NULL, NULL });
  g_autofree char *html =
    course_record_dup_html (&(CourseRecordSpec){ course, progress, NULL, "here", NULL, NULL });

  g_assert_null (strstr (json, "student"));
  g_assert_nonnull (strstr (html, "0 of 2"));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  COURSE_FIXTURE_TEST ("/course/record/json", test_json);
  COURSE_FIXTURE_TEST ("/course/record/html", test_html);
  COURSE_FIXTURE_TEST ("/course/record/fallen", test_fallen);
  COURSE_FIXTURE_TEST ("/course/record/place", test_place);
  COURSE_FIXTURE_TEST ("/course/record/waits", test_waits);
  COURSE_FIXTURE_TEST ("/course/record/nobody", test_nobody);

  return g_test_run ();
}
