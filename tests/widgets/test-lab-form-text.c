/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lab-form-text.h"

static void
test_title (void)
{
  const char *const cases[][2] = {
    { "kubernetes<1.22", "Kubernetes before 1.22" },
    { "kubernetes<=1.21", "Kubernetes up to 1.21" },
    { "istio>=1.5", "Istio from 1.5" },
    { "istio>1.5", "Istio after 1.5" },
    { "istio=1.4", "Istio 1.4" },
    { "place=practice", "in practice" },
    { "place=ssh, kubernetes<1.22", "on a jumpserver, Kubernetes before 1.22" },
    { "moon=full", "moon=full" },
    { "", "Otherwise" },
    { NULL, "Otherwise" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *when = g_strdup (cases[i][0]);
    const CourseForm form = { .when = when };
    g_autofree char *title = lab_form_dup_title (&form);

    g_assert_cmpstr (title, ==, cases[i][1]);
  }
}

static void
test_note (void)
{
  const CourseForm plain = { 0 };
  const CourseForm form = { .why = (char *)"Since 1.22 it is so." };
  const char *const filled[] = { "10.1.2.3", "centos", NULL };
  g_autofree char *nothing = lab_form_dup_note (&plain, NULL);
  g_autofree char *why = lab_form_dup_note (&form, filled + 2);
  g_autofree char *both = lab_form_dup_note (&form, filled);

  g_assert_cmpstr (nothing, ==, "");
  g_assert_cmpstr (why, ==, "Since 1.22 it is so.");
  g_assert_cmpstr (both, ==, "Since 1.22 it is so. Filled in for you: 10.1.2.3, centos.");
}

static void
test_input (void)
{
  CourseInput input = { .text = (char *)"quit" };
  g_autofree char *plain = lab_input_dup_text (&input);
  g_autofree char *after = NULL;

  input.after = (char *)"Connected";
  after = lab_input_dup_text (&input);
  g_assert_cmpstr (plain, ==, "Then types “quit”");
  g_assert_cmpstr (after, ==, "Types “quit” once “Connected” appears");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/lab/form-text/title", test_title);
  g_test_add_func ("/lab/form-text/note", test_note);
  g_test_add_func ("/lab/form-text/input", test_input);

  return g_test_run ();
}
