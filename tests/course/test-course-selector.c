/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base-json.h"
#include "course-selector.h"

static void
test_matches (void)
{
  static const struct {
    const char *selector;
    gboolean matches;
  } cases[] = {
    { "app=redis", TRUE },
    { "app==redis", TRUE },
    { "app = redis", TRUE },
    { "app=other", FALSE },
    { "app!=other", TRUE },
    { "app!=redis", FALSE },
    { "none!=redis", TRUE },
    { "none=redis", FALSE },
    { "app", TRUE },
    { "none", FALSE },
    { "!none", TRUE },
    { "!app", FALSE },
    { "app in (mysql, redis)", TRUE },
    { "app in (mysql)", FALSE },
    { "app notin (mysql, redis)", FALSE },
    { "none notin (a)", TRUE },
    { "app=redis,version=v1", TRUE },
    { "app=redis,version=v2", FALSE },
    { "app in (redis,b),version in (v1,v2),!none", TRUE },
    { "example.com/tier=", TRUE },
    { "app=redis,", FALSE },
    { "app in redis", FALSE },
    { "", FALSE },
  };
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) object =
    base_json_parse ("{\"metadata\": {\"labels\": {\"app\": \"redis\", \"version\": \"v1\","
                     " \"example.com/tier\": \"\"}}}",
                     -1, &error);

  g_assert_no_error (error);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_test_message ("%s", cases[i].selector);
    g_assert_cmpint (course_selector_matches (cases[i].selector, object), ==, cases[i].matches);
  }
}

static void
test_no_labels (void)
{
  g_autoptr (JsonNode) object = base_json_parse ("{\"metadata\": {\"labels\": null}}", -1, NULL);
  g_autoptr (JsonNode) number =
    base_json_parse ("{\"metadata\": {\"labels\": {\"app\": 1}}}", -1, NULL);
  g_autoptr (JsonNode) text = base_json_parse ("\"text\"", -1, NULL);

  g_assert_false (course_selector_matches ("app=redis", object));
  g_assert_true (course_selector_matches ("!app", object));
  g_assert_false (course_selector_matches ("app=1", number));
  g_assert_false (course_selector_matches ("app", text));
}

static void
test_validate (void)
{
  static const char *const wrong[] = {
    "",    "app in redis", "app in (a", "app is (a)", "in (a)",          "=a",
    "a b", "app=a b",      "app=<b>",   "a=b,,c=d",   "app in (a, b c)",
  };

  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++) {
    g_autoptr (GError) error = NULL;

    g_test_message ("%s", wrong[i]);
    g_assert_false (course_selector_validate (wrong[i], &error));
    g_assert_nonnull (error);
  }
  g_assert_true (course_selector_validate ("app in (a,b), tier, !none,x!=y", NULL));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/course/selector/matches", test_matches);
  g_test_add_func ("/course/selector/no-labels", test_no_labels);
  g_test_add_func ("/course/selector/validate", test_validate);

  return g_test_run ();
}
