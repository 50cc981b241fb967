/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base-metadata.h"

#include "base-fixture.h"

static void
test_reads (void)
{
  g_autoptr (JsonNode) object =
    base_test_parse ("{\"name\":\"outer\",\"metadata\":{"
                     "\"name\":\"redis\",\"namespace\":\"default\",\"uid\":\"u1\","
                     "\"labels\":{\"app.kubernetes.io/name\":\"cache\"},"
                     "\"annotations\":{\"note\":\"\"}}}");

  g_assert_cmpstr (base_metadata_get_name (object), ==, "redis");
  g_assert_cmpstr (base_metadata_get_namespace (object), ==, "default");
  g_assert_cmpstr (base_metadata_get_uid (object), ==, "u1");
  g_assert_cmpstr (base_metadata_get_label (object, "app.kubernetes.io/name"), ==, "cache");
  g_assert_null (base_metadata_get_label (object, "note"));
  g_assert_cmpstr (base_metadata_get_annotation (object, "note"), ==, "");
  g_assert_null (base_metadata_get_annotation (object, "app.kubernetes.io/name"));
}

static void
test_lacks (void)
{
  static const char *const texts[] = {
    "null",
    "[]",
    "{}",
    "{\"metadata\":null}",
    "{\"metadata\":\"name\"}",
    "{\"metadata\":{\"name\":null,\"namespace\":[],\"uid\":{},\"labels\":[],\"annotations\":\"a\"}"
    "}",
    "{\"metadata\":{\"name\":1,\"namespace\":true,\"uid\":0.5,\"labels\":{\"a\":1},"
    "\"annotations\":{\"a\":{}}}}",
  };

  for (guint i = 0; i <= G_N_ELEMENTS (texts); i++) {
    g_autoptr (JsonNode) object = i < G_N_ELEMENTS (texts) ? base_test_parse (texts[i]) : NULL;

    g_assert_null (base_metadata_get_name (object));
    g_assert_null (base_metadata_get_namespace (object));
    g_assert_null (base_metadata_get_uid (object));
    g_assert_null (base_metadata_get_label (object, "a"));
    g_assert_null (base_metadata_get_annotation (object, "a"));
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/base/metadata/reads", test_reads);
  g_test_add_func ("/base/metadata/lacks", test_lacks);

  return g_test_run ();
}
