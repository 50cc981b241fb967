/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "course-template.h"

static const CourseFacts here = {
  .jumpserver = "10.1.2.3", .user = "centos", .student = "", .istio = "1.30.4"
};

static void
test_fill (void)
{
  static const char *const cases[][2] = {
    { "ssh {{user}}@{{jumpserver}}", "ssh centos@10.1.2.3" },
    { "{{jumpserver}}{{jumpserver}}", "10.1.2.310.1.2.3" },
    { "{{student}} is not known", "{{student}} is not known" },
    { "kubectl get pods -o go-template='{{range .items}}{{.metadata.name}}{{end}}'",
      "kubectl get pods -o go-template='{{range .items}}{{.metadata.name}}{{end}}'" },
    { "{{{jumpserver}}} {{ jumpserver }} {{jumpserver",
      "{10.1.2.3} {{ jumpserver }} {{jumpserver" },
    { "ISTIO_VERSION={{istio}} sh -", "ISTIO_VERSION=1.30.4 sh -" },
    { "", "" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *filled = course_template_fill (cases[i][0], &here);

    g_assert_cmpstr (filled, ==, cases[i][1]);
  }
}

/* What is filled in is no template itself. */
static void
test_once (void)
{
  const CourseFacts facts = { .user = "{{student}}", .student = "Ada; rm x" };
  g_autofree char *filled = course_template_fill ("a {{user}} b", &facts);

  g_assert_cmpstr (filled, ==, "a {{student}} b");
}

static void
test_values (void)
{
  g_auto (GStrv) values =
    course_template_dup_values ("{{user}} {{jumpserver}} {{user}} {{student}}", &here);
  g_auto (GStrv) none = course_template_dup_values ("{{x}}", &here);
  g_autofree char *list = g_strjoinv (" ", values);

  g_assert_cmpstr (list, ==, "10.1.2.3 centos");
  g_assert_null (none[0]);
}

static void
test_unknown (void)
{
  g_assert_null (course_template_find_unknown ("ssh {{user}}@{{jumpserver}}", &here));
  g_assert_cmpstr (course_template_find_unknown ("hello {{student}}", &here), ==, "your name");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/course/template/fill", test_fill);
  g_test_add_func ("/course/template/once", test_once);
  g_test_add_func ("/course/template/values", test_values);
  g_test_add_func ("/course/template/unknown", test_unknown);
  return g_test_run ();
}
