/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>
#include <string.h>

G_BEGIN_DECLS

/* What @data unpacks to; empty where it is not packed by Flate. */
static inline GBytes *
lab_pdf_inflate (const char *data, gsize length)
{
  g_autoptr (GInputStream) packed = g_memory_input_stream_new_from_data (data, length, NULL);
  g_autoptr (GZlibDecompressor) zlib = g_zlib_decompressor_new (G_ZLIB_COMPRESSOR_FORMAT_ZLIB);
  g_autoptr (GInputStream) plain = g_converter_input_stream_new (packed, G_CONVERTER (zlib));
  g_autoptr (GOutputStream) out = g_memory_output_stream_new_resizable ();

  g_output_stream_splice (out, plain, G_OUTPUT_STREAM_SPLICE_CLOSE_TARGET, NULL, NULL);

  return g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (out));
}

static inline guint
lab_pdf_find_count (const char *text, gsize length)
{
  const char *count = memmem (text, length, "/Count ", strlen ("/Count "));

  return count != NULL ? (guint)g_ascii_strtoull (count + strlen ("/Count "), NULL, 10) : 0;
}

/* How many pages a file says that it has; 0: it is no PDF, or not a whole one. Newer versions of
 * cairo pack the objects that tell it (ISO 32000-1, 7.5.7). */
static inline guint
lab_pdf_count_pages (const char *bytes, gsize length)
{
  const char *end = bytes + length;
  guint n_pages;

  if (!g_str_has_prefix (bytes, "%PDF") || memmem (bytes, length, "%%EOF", 5) == NULL)
    return 0;

  n_pages = lab_pdf_find_count (bytes, length);
  for (const char *at = bytes; n_pages == 0 && at != NULL;) {
    at = memmem (at, end - at, "\nstream\n", strlen ("\nstream\n"));
    if (at != NULL) {
      g_autoptr (GBytes) plain = NULL;
      gsize size;
      const char *text;

      at += strlen ("\nstream\n");
      plain = lab_pdf_inflate (at, end - at);
      text = g_bytes_get_data (plain, &size);
      n_pages = size > 0 ? lab_pdf_find_count (text, size) : 0;
    }
  }

  return n_pages;
}

G_END_DECLS
