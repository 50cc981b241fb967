/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base-spelling.h"

static void
test_near (void)
{
  static const char *const near[][2] = {
    { "redis", "rdis" },
    { "redis", "reids" },
    { "jason", "Jason" },
    { "bookinfo", "bokinfo" },
    { "http-echo-1", "http-echo-one" },
    { "istio-ingressgateway", "istio-ingresgateway" },
    { "check", "chekc" },
    { "output", "ouput" },
  };
  static const char *const far[][2] = {
    { "redis", "redis" }, { "echo-1", "echo-2" },   { "reviews-v1", "reviews-v12" },
    { "web", "api" },     { "redis", "reviews" },   { "", "" },
    { "a", "b" },         { "details", "ratings" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (near); i++)
    g_assert_true (base_spelling_is_near (near[i][0], near[i][1]));
  for (gsize i = 0; i < G_N_ELEMENTS (far); i++)
    g_assert_false (base_spelling_is_near (far[i][0], far[i][1]));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/base/spelling/near", test_near);
  return g_test_run ();
}
