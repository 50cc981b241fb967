/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "fuzz-target.h"
#include "practice-spdy-reader.h"

/* How many bytes come at once, then what a client sends over SPDY/3.1. */
int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (PracticeSpdyReader) reader = practice_spdy_reader_new ();
  g_autoptr (GError) error = NULL;
  gsize step = size > 0 ? data[0] + 1u : 1;

  for (gsize at = 1; at < size && error == NULL; at += step) {
    practice_spdy_reader_push (reader, data + at, MIN (step, size - at));
    while (error == NULL) {
      g_autoptr (PracticeSpdyEvent) event = practice_spdy_reader_take (reader, &error);

      if (event == NULL)
        break;
    }
  }
  return 0;
}
