/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gstdio.h>

#include "lab-options.h"

static LabOptions *
parse (const char *line, GError **error)
{
  g_autofree char *whole = g_strconcat ("konvoy-lab ", line, NULL);
  g_auto (GStrv) arguments = g_strsplit (whole, " ", -1);

  return lab_options_parse (arguments, "/elsewhere", error);
}

static void
assert_place (const char *line, const char *id)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LabOptions) options = parse (line, &error);
  g_autoptr (JumpPlace) place = NULL;

  g_assert_no_error (error);
  place = lab_options_create_place (options, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (jump_place_get_id (place), ==, id);
}

static void
test_places (void)
{
  assert_place ("--present", "practice");
  assert_place ("--practice", "practice");
  assert_place ("--practice=dir", "practice:/elsewhere/dir");
  assert_place ("--practice --context x", "practice");
  assert_place ("--jumpserver centos@10.1.2.3", "ssh:centos@10.1.2.3:22");
  assert_place ("--jumpserver centos@10.1.2.3:2222 --identity key", "ssh:centos@10.1.2.3:2222");
  assert_place ("--kubeconfig file", "local");
  assert_place ("--context x", "local");
}

/* Relative paths start where the program was called, which may be another process. */
static void
test_paths (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LabOptions) options =
    parse ("--practice=dir --course ../course --section istio --rehearse --report r.xml", &error);

  g_assert_no_error (error);
  g_assert_true (options->practice);
  g_assert_true (options->rehearse);
  g_assert_cmpstr (options->practice_dir, ==, "/elsewhere/dir");
  g_assert_cmpstr (options->course, ==, "/course");
  g_assert_cmpstr (options->report, ==, "/elsewhere/r.xml");
  g_assert_cmpstr (options->section, ==, "istio");
  g_assert_true (lab_options_names_place (options));
}

static void
test_practice_alone (void)
{
  g_autoptr (LabOptions) options = parse ("--practice --rehearse", NULL);

  g_assert_true (options->practice);
  g_assert_null (options->practice_dir);
  g_assert_true (options->rehearse);
}

static void
test_without (void)
{
  g_autoptr (LabOptions) options =
    parse ("--rehearse --without pods,addresses, --without=internet", NULL);

  g_assert_cmpstrv (options->without, ((const char *[]){ "pods", "addresses", "internet", NULL }));
}

static void
test_nothing (void)
{
  g_auto (GStrv) arguments = g_strsplit ("konvoy-lab", " ", -1);
  g_autoptr (LabOptions) options = lab_options_parse (arguments, NULL, NULL);

  g_assert_nonnull (options);
  g_assert_false (lab_options_names_place (options));
}

static void
test_wrong (void)
{
  const char *const lines[] = {
    "--practice=a --jumpserver b@c",
    "--roster a",
    "--student a",
    "--identity a",
    "--report a",
    "--without pods",
    "--moon",
    "stray",
    "--kubeconfig a --practice=b",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (lines); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (LabOptions) options = parse (lines[i], &error);

    g_assert_null (options);
    g_assert_nonnull (error);
    g_assert_cmpuint (error->domain, ==, G_OPTION_ERROR);
  }
}

static void
test_wrong_address (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LabOptions) options = parse ("--jumpserver -oProxyCommand=x", &error);

  g_assert_no_error (error);
  g_assert_null (lab_options_create_place (options, &error));
  g_assert_nonnull (error);
}

static void
test_course (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LabOptions) own = parse ("--present", NULL);
  g_autoptr (LabOptions) none = parse ("--course /nonexistent", NULL);
  g_autoptr (CourseCourse) course = lab_options_load_course (own, &error);

  g_assert_no_error (error);
  g_assert_nonnull (course_course_find_section (course, "load-balancer"));
  g_assert_null (lab_options_load_course (none, &error));
  g_assert_nonnull (error);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/lab/options/places", test_places);
  g_test_add_func ("/lab/options/paths", test_paths);
  g_test_add_func ("/lab/options/practice-alone", test_practice_alone);
  g_test_add_func ("/lab/options/without", test_without);
  g_test_add_func ("/lab/options/nothing", test_nothing);
  g_test_add_func ("/lab/options/wrong", test_wrong);
  g_test_add_func ("/lab/options/wrong-address", test_wrong_address);
  g_test_add_func ("/lab/options/course", test_course);

  return g_test_run ();
}
