/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base-json.h"

G_BEGIN_DECLS

/* Shows a case in the test's own report, which bad text would spoil. */
static inline void
base_test_note (const char *text)
{
  g_autofree char *escaped = g_strescape (text, NULL);

  g_test_message ("%.100s", escaped);
}

/* (transfer full) */
static inline JsonNode *
base_test_parse (const char *text)
{
  g_autoptr (GError) error = NULL;
  JsonNode *node = base_json_parse (text, -1, &error);

  g_assert_no_error (error);
  g_assert_nonnull (node);
  return node;
}

/* (transfer full) */
static inline char *
base_test_repeat (const char *text, guint times)
{
  GString *string = g_string_new (NULL);

  for (guint i = 0; i < times; i++)
    g_string_append (string, text);

  return g_string_free (string, FALSE);
}

G_END_DECLS
