/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "course-condition.h"

static void
test_evaluate (void)
{
  const CourseFacts facts = { .kubernetes = "v1.22.3+k3s1", .istio = "1.10.0", .place = "ssh" };
  static const struct {
    const char *when;
    CourseConditionResult result;
  } cases[] = {
    { "kubernetes<1.22", COURSE_CONDITION_FALSE },
    { "kubernetes<=1.22", COURSE_CONDITION_TRUE },
    { "kubernetes>1.22", COURSE_CONDITION_FALSE },
    { "kubernetes>=1.22", COURSE_CONDITION_TRUE },
    { "kubernetes = 1.22", COURSE_CONDITION_TRUE },
    { "kubernetes==1.22.3", COURSE_CONDITION_TRUE },
    { "kubernetes!=1.22.4", COURSE_CONDITION_TRUE },
    { "kubernetes<v1.22.10", COURSE_CONDITION_TRUE },
    { "kubernetes>=2", COURSE_CONDITION_FALSE },
    { "kubernetes>1", COURSE_CONDITION_FALSE },
    { "istio>=1.5", COURSE_CONDITION_TRUE },
    { "istio>1.9", COURSE_CONDITION_TRUE },
    { "place=ssh", COURSE_CONDITION_TRUE },
    { "place!=ssh", COURSE_CONDITION_FALSE },
    { "place=practice", COURSE_CONDITION_FALSE },
    { "place=ssh, istio>=1.5", COURSE_CONDITION_TRUE },
    { "place=ssh,istio<1.5", COURSE_CONDITION_FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_test_message ("%s", cases[i].when);
    g_assert_cmpint (course_condition_evaluate (cases[i].when, &facts), ==, cases[i].result);
  }
}

static void
test_unknown (void)
{
  const CourseFacts facts = { .place = "practice", .kubernetes = "who knows" };

  g_assert_cmpint (course_condition_evaluate ("istio>=1.5", &facts), ==, COURSE_CONDITION_UNKNOWN);
  g_assert_cmpint (course_condition_evaluate ("kubernetes>=1", &facts), ==,
                   COURSE_CONDITION_UNKNOWN);
  g_assert_cmpint (course_condition_evaluate ("place=practice", NULL), ==,
                   COURSE_CONDITION_UNKNOWN);
  g_assert_cmpint (course_condition_evaluate ("istio>=1.5,place=practice", &facts), ==,
                   COURSE_CONDITION_UNKNOWN);
  /* One that does not hold decides. */
  g_assert_cmpint (course_condition_evaluate ("istio>=1.5,place=ssh", &facts), ==,
                   COURSE_CONDITION_FALSE);
}

static void
test_validate (void)
{
  static const char *const wrong[] = {
    "",
    "kubernetes",
    "kubernetes<",
    "kubernetes<new",
    "moon=1",
    "place<ssh",
    "place=",
    "<1.2",
    "istio>=1.5,",
    ",",
    "kubernetes~1.2",
    "1.22>kubernetes",
  };

  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++) {
    g_autoptr (GError) error = NULL;

    g_test_message ("%s", wrong[i]);
    g_assert_false (course_condition_validate (wrong[i], &error));
    g_assert_nonnull (error);
    g_assert_cmpint (course_condition_evaluate (wrong[i], NULL), ==, COURSE_CONDITION_FALSE);
  }
  g_assert_true (course_condition_validate ("kubernetes>=1.19,place!=local", NULL));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/course/condition/evaluate", test_evaluate);
  g_test_add_func ("/course/condition/unknown", test_unknown);
  g_test_add_func ("/course/condition/validate", test_validate);

  return g_test_run ();
}
