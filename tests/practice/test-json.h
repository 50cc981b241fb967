/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base-json.h"

G_BEGIN_DECLS

/* (transfer full): JSON with single quotes, so that tests can be read. */
static inline JsonNode *
test_json (const char *text)
{
  g_autofree char *quoted = g_strdelimit (g_strdup (text), "'", '"');
  g_autoptr (GError) error = NULL;
  JsonNode *node = base_json_parse (quoted, -1, &error);

  g_assert_no_error (error);
  return node;
}

static inline void
test_json_assert_equal (JsonNode *found, const char *expected)
{
  g_autoptr (JsonNode) wanted = test_json (expected);
  g_autofree char *found_text = base_json_write (found, TRUE);
  g_autofree char *wanted_text = base_json_write (wanted, TRUE);

  if (!base_json_equal (found, wanted))
    g_error ("found %s\nbut expected %s", found_text, wanted_text);
}

G_END_DECLS
