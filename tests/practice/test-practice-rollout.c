/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-rollout.h"

#include "base-yaml.h"

static JsonNode *
new_deployment (int replicas, const char *surge, const char *unavailable)
{
  g_autofree char *yaml = g_strdup_printf (
    "spec: {replicas: %d, template: {spec: {a: 1}}, strategy: {type: RollingUpdate,"
    " rollingUpdate: {maxSurge: %s, maxUnavailable: %s}}}",
    replicas, surge, unavailable);

  return base_yaml_parse (yaml, -1, "test", BASE_YAML_NONE, NULL);
}

static void
test_limits (void)
{
  static const struct {
    int replicas;
    const char *surge;
    const char *unavailable;
    guint most_more;
    guint most_missing;
  } cases[] = {
    { 3, "25%", "25%", 1, 0 }, { 4, "25%", "25%", 1, 1 }, { 10, "25%", "25%", 3, 2 },
    { 3, "0", "0", 0, 1 },     { 1, "1", "0", 1, 0 },     { 5, "100%", "50%", 5, 2 },
    { 0, "25%", "25%", 0, 1 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (JsonNode) deployment =
      new_deployment (cases[i].replicas, cases[i].surge, cases[i].unavailable);

    g_assert_cmpuint (practice_rollout_get_surge (deployment), ==, cases[i].most_more);
    g_assert_cmpuint (practice_rollout_get_unavailable (deployment), ==, cases[i].most_missing);
  }
}

static void
test_scaling (void)
{
  g_autoptr (JsonNode) deployment = new_deployment (10, "2", "3");

  g_assert_cmpuint (practice_rollout_scale_up (deployment, 0, 10), ==, 2);
  g_assert_cmpuint (practice_rollout_scale_up (deployment, 2, 12), ==, 2);
  g_assert_cmpuint (practice_rollout_scale_up (deployment, 9, 10), ==, 10);
  g_assert_cmpuint (practice_rollout_scale_up (deployment, 12, 12), ==, 10);
  g_assert_cmpuint (practice_rollout_get_scale_down (deployment, 12, 2), ==, 3);
  g_assert_cmpuint (practice_rollout_get_scale_down (deployment, 7, 0), ==, 0);
}

static void
test_hash (void)
{
  g_autoptr (JsonNode) deployment = new_deployment (1, "1", "0");
  g_autofree char *first = practice_rollout_dup_template_hash (deployment, 0);
  g_autofree char *again = practice_rollout_dup_template_hash (deployment, 0);
  g_autofree char *other = practice_rollout_dup_template_hash (deployment, 1);

  g_assert_cmpstr (first, ==, again);
  g_assert_cmpstr (first, !=, other);
  g_assert_true (g_regex_match_simple ("^[bcdfghjklmnpqrstvwxz2456789]{1,10}$", first, 0, 0));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/practice-rollout/limits", test_limits);
  g_test_add_func ("/practice-rollout/scaling", test_scaling);
  g_test_add_func ("/practice-rollout/hash", test_hash);

  return g_test_run ();
}
