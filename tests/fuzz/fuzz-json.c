/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base-json-patch.h"
#include "base-json-path.h"
#include "base-json.h"
#include "fuzz-target.h"

/* Any JSON. What is read is written and read again as the same. */
int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (JsonNode) node = base_json_parse ((const char *)data, (gssize)size, NULL);
  g_autoptr (JsonNode) again = NULL;
  g_autofree char *text = NULL;

  if (node == NULL)
    return 0;
  text = base_json_write (node, FALSE);
  again = base_json_parse (text, -1, NULL);
  g_assert_nonnull (again);
  g_assert_true (base_json_equal (node, again));
  return 0;
}
