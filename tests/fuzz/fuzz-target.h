/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What a fuzz target has: takes bytes of anybody's, and must neither crash nor leak, nor break a
 * rule that it asserts. Run by libFuzzer, or by replay.c with the bytes of a corpus. */
int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

G_END_DECLS
