/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lab-form-text.h"

static char *
dup_title (const char *const *whens, guint index)
{
  g_autoptr (GPtrArray) forms = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; whens[i] != NULL; i++) {
    CourseForm *form = g_new0 (CourseForm, 1);

    form->when = *whens[i] != '\0' ? (char *)whens[i] : NULL;
    g_ptr_array_add (forms, form);
  }

  return lab_form_dup_title (forms, index);
}

static void
test_title (void)
{
  const char *const cases[][2] = {
    { "kubernetes<1.22", "Kubernetes before 1.22" },
    { "kubernetes<=1.21", "Kubernetes up to 1.21" },
    { "istio>=1.5", "Istio from 1.5" },
    { "istio>1.5", "Istio after 1.5" },
    { "istio=1.4", "Istio 1.4" },
    { "place=practice", "In practice" },
    { "place=ssh, kubernetes<1.22", "On a jumpserver, Kubernetes before 1.22" },
    { "api=apps/v1", "With apps/v1" },
    { "api!=apps/v1, istio>=1.5", "Without apps/v1, Istio from 1.5" },
    { "moon=full", "moon=full" },
    { "place!=ssh", "Not on a jumpserver" },
    { "place!=moon", "place!=moon" },
    { "address:redis=number", "With an IP address for redis" },
    { "address:istio-system/gateway=name", "With a host name for gateway" },
    { "istio>=1.5, address:redis!=number", "Istio from 1.5, with a host name for redis" },
    { "address:redis=street", "address:redis=street" },
    { "address:redis<number", "address:redis<number" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    const char *const whens[] = { cases[i][0], "", NULL };
    g_autofree char *title = dup_title (whens, 0);

    g_assert_cmpstr (title, ==, cases[i][1]);
  }
}

/* A form without a condition is for what the others leave, in words wherever there are any. */
static void
test_rest (void)
{
  const struct {
    const char *whens[4];
    const char *title; /* of the first */
  } cases[] = {
    { { "", "kubernetes<1.22" }, "Kubernetes from 1.22" },
    { { "", "kubernetes<=1.21" }, "Kubernetes after 1.21" },
    { { "", "istio>=1.5" }, "Istio before 1.5" },
    { { "", "istio>1.5" }, "Istio up to 1.5" },
    { { "", "place=local" }, "Not on this computer" },
    { { "", "place=practice" }, "Not in practice" },
    { { "", "api=apps/v1" }, "Without apps/v1" },
    { { "", "api!=apps/v1" }, "With apps/v1" },
    { { "", "place!=local" }, "On this computer" },
    { { "", "address:redis=number" }, "With a host name for redis" },
    { { "", "address:redis!=number" }, "With an IP address for redis" },
    { { "", "place=moon" }, "In all other cases" },
    { { "", "istio=1.4" }, "In all other cases" },
    { { "", "moon=full" }, "In all other cases" },
    { { "", "place=ssh,kubernetes<1.22" }, "In all other cases" },
    { { "", "kubernetes<1.16", "place=ssh" }, "In all other cases" },
    { { "", "", "place=ssh" }, "In all other cases" },
    { { "", "" }, "Way 1" },
    { { "" }, "Always" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *title = dup_title (cases[i].whens, 0);

    g_assert_cmpstr (title, ==, cases[i].title);
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
  g_test_add_func ("/lab/form-text/rest", test_rest);
  g_test_add_func ("/lab/form-text/note", test_note);
  g_test_add_func ("/lab/form-text/input", test_input);

  return g_test_run ();
}
