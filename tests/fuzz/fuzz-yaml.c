/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base-json.h"
#include "base-yaml.h"
#include "fuzz-target.h"

/* Any YAML. What is read is written and read again as the same. */
int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GPtrArray) documents =
    base_yaml_parse_all ((const char *)data, (gssize)size, "input", BASE_YAML_NONE, NULL);

  for (guint i = 0; documents != NULL && i < documents->len; i++) {
    g_autofree char *text = base_yaml_write (documents->pdata[i]);
    g_autoptr (GError) error = NULL;
    g_autoptr (JsonNode) again = base_yaml_parse (text, -1, "output", BASE_YAML_NONE, &error);

    /* null alone is no document. */
    if (JSON_NODE_HOLDS_NULL ((JsonNode *)documents->pdata[i]))
      continue;
    g_assert_no_error (error);
    g_assert_true (base_json_equal (documents->pdata[i], again));
  }
  return 0;
}
