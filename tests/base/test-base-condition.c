/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base-condition.h"
#include "base-json.h"

static void
test_find (void)
{
  g_autoptr (JsonNode) node = json_from_string (
    "{\"status\":{\"conditions\":[7,{},{\"type\":\"Ready\",\"status\":\"True\"},"
    "{\"type\":\"Ready\",\"status\":\"False\"},{\"type\":\"DiskPressure\",\"status\":\"False\"},"
    "{\"type\":\"Odd\",\"status\":1}]}}",
    NULL);

  g_assert_cmpstr (base_condition_get_status (node, "Ready"), ==, "True");
  g_assert_true (base_condition_is_true (node, "Ready"));
  g_assert_cmpstr (base_condition_get_status (node, "DiskPressure"), ==, "False");
  g_assert_false (base_condition_is_true (node, "DiskPressure"));
  g_assert_nonnull (base_condition_find (node, "Odd"));
  g_assert_null (base_condition_get_status (node, "Odd"));
  g_assert_null (base_condition_find (node, "Other"));
}

static void
test_missing (void)
{
  static const char *const texts[] = { "{}", "7", "{\"status\":{\"conditions\":{}}}",
                                       "{\"status\":{\"conditions\":[]}}" };

  g_assert_null (base_condition_find (NULL, "Ready"));
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_autoptr (JsonNode) node = json_from_string (texts[i], NULL);

    g_assert_null (base_condition_find (node, "Ready"));
    g_assert_null (base_condition_get_status (node, "Ready"));
    g_assert_false (base_condition_is_true (node, "Ready"));
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/base/condition/find", test_find);
  g_test_add_func ("/base/condition/missing", test_missing);
  return g_test_run ();
}
