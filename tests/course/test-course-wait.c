/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base-json.h"
#include "course-wait.h"

static CourseWait *
new_wait (void)
{
  CourseWait *wait = course_wait_new ("Redis answers");

  course_wait_add (wait, COURSE_STAGE_SERVICE, -1);
  course_wait_add (wait, COURSE_STAGE_HOST_NAME, 12345);
  course_wait_add (wait, COURSE_STAGE_DNS, 0);
  return wait;
}

static void
assert_time (gint64 ms, const char *expected)
{
  g_autofree char *text = course_wait_dup_time (ms);

  g_assert_cmpstr (text, ==, expected);
}

static void
test_time (void)
{
  assert_time (-5, "<0.1 s");
  assert_time (0, "<0.1 s");
  assert_time (99, "<0.1 s");
  assert_time (100, "0.1 s");
  assert_time (2149, "2.1 s");
  assert_time (9949, "9.9 s");
  assert_time (9951, "10 s");
  assert_time (59499, "59 s");
  assert_time (59501, "1 min 0 s");
  assert_time (125000, "2 min 5 s");
  assert_time (3599400, "59 min 59 s");
  assert_time (4200000, "1 h 10 min");
  assert_time (G_MAXINT64, "1000 h 0 min");
}

static void
test_text (void)
{
  g_autoptr (CourseWait) wait = new_wait ();
  g_autoptr (CourseWait) empty = course_wait_new ("");
  g_autofree char *text = course_wait_dup_text (wait);
  g_autofree char *nothing = course_wait_dup_text (empty);
  g_autofree char *total = course_wait_dup_total (wait);

  g_assert_cmpstr (text, ==, "Service, Host name 12 s, DNS <0.1 s");
  g_assert_cmpstr (nothing, ==, "");
  g_assert_cmpstr (total, ==, "<0.1 s");
  g_assert_null (course_wait_dup_total (empty));
  course_wait_add (wait, COURSE_STAGE_PORT, -1);
  g_assert_null (course_wait_dup_total (wait));
}

static void
assert_same (const CourseWait *a, const CourseWait *b)
{
  g_assert_cmpstr (course_wait_get_says (a), ==, course_wait_get_says (b));
  g_assert_cmpuint (course_wait_get_n_stages (a), ==, course_wait_get_n_stages (b));
  for (guint i = 0; i < course_wait_get_n_stages (a); i++) {
    g_assert_cmpuint (course_wait_get_stage (a, i), ==, course_wait_get_stage (b, i));
    g_assert_cmpint (course_wait_get_ms (a, i), ==, course_wait_get_ms (b, i));
  }
}

static void
test_json (void)
{
  g_autoptr (GPtrArray) waits = course_waits_new ();
  g_autoptr (GPtrArray) again = NULL;
  g_autoptr (JsonNode) json = NULL;
  g_autoptr (CourseWait) copy = NULL;
  const CourseWait *wait = NULL;

  g_ptr_array_add (waits, course_wait_new ("Nothing"));
  g_ptr_array_add (waits, new_wait ());
  json = course_waits_to_json (waits);
  again = course_waits_new_from_json (json);
  g_assert_cmpuint (again->len, ==, 2);
  wait = course_waits_find (again, "Redis answers");
  assert_same (wait, g_ptr_array_index (waits, 1));
  assert_same (course_waits_find (again, "Nothing"), g_ptr_array_index (waits, 0));
  g_assert_null (course_waits_find (again, "Something"));
  g_assert_null (course_waits_find (NULL, "Nothing"));
  copy = g_boxed_copy (COURSE_TYPE_WAIT, wait);
  g_clear_pointer (&again, g_ptr_array_unref);
  assert_same (copy, g_ptr_array_index (waits, 1));
}

/* What was not written by us costs nothing but itself. */
static void
test_bad_json (void)
{
  static const char *const bad[] = {
    "null",
    "{}",
    "[]",
    "[null, 7, {}]",
    "[{\"check\": \"a\"}]",
    "[{\"stages\": []}]",
    "[{\"check\": 7, \"stages\": []}]",
    "[{\"check\": \"a\", \"stages\": {}}]",
    "[{\"check\": \"a\", \"stages\": [7]}]",
    "[{\"check\": \"a\", \"stages\": [{\"stage\": \"bogus\"}]}]",
    "[{\"check\": \"a\", \"stages\": [{\"stage\": \"dns\", \"ms\": 9223372036854775807}]}]",
  };
  g_autoptr (JsonNode) mixed = base_json_parse (
    "[7, {\"check\": \"a\", \"stages\": [{\"stage\": \"dns\", \"ms\": \"soon\"}]}]", -1, NULL);
  g_autoptr (GPtrArray) waits = course_waits_new_from_json (mixed);
  g_autoptr (GString) endless = g_string_new ("[{\"check\": \"a\", \"stages\": [");
  g_autoptr (JsonNode) too_many = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++) {
    g_autoptr (JsonNode) json = base_json_parse (bad[i], -1, NULL);

    g_assert_nonnull (json);
    g_test_message ("%s", bad[i]);
    g_assert_null (course_waits_new_from_json (json));
  }
  for (guint i = 0; i <= COURSE_N_STAGES; i++)
    g_string_append_printf (endless, "%s{\"stage\": \"dns\"}", i > 0 ? ", " : "");
  g_string_append (endless, "]}]");
  too_many = base_json_parse (endless->str, -1, NULL);
  g_assert_nonnull (too_many);
  g_assert_null (course_waits_new_from_json (too_many));
  g_assert_null (course_waits_new_from_json (NULL));
  g_assert_cmpuint (waits->len, ==, 1);
  g_assert_cmpint (course_wait_get_ms (g_ptr_array_index (waits, 0), 0), ==, -1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/course/wait/time", test_time);
  g_test_add_func ("/course/wait/text", test_text);
  g_test_add_func ("/course/wait/json", test_json);
  g_test_add_func ("/course/wait/bad-json", test_bad_json);
  return g_test_run ();
}
