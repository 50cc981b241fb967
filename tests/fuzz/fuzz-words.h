/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The lines of @data, the last one with what follows: exactly @n, all of them valid UTF-8 as what
 * comes through GLib is. */
static inline GStrv
fuzz_words_new (const guint8 *data, gsize size, guint n)
{
  g_autofree char *bytes = g_strndup ((const char *)data, size);
  g_autofree char *text = g_utf8_make_valid (bytes, -1);
  g_auto (GStrv) lines = g_strsplit (text, "\n", (int)n);
  guint length = g_strv_length (lines);
  GStrv words = g_new0 (char *, n + 1);

  for (guint i = 0; i < n; i++)
    words[i] = g_strdup (i < length ? lines[i] : "");
  return words;
}

G_END_DECLS
