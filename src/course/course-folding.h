/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

char *course_folding_new (const char *text);
void course_folding_find (
  const char *text, gsize folded_start, gsize folded_length, gsize *start, gsize *end);

G_END_DECLS
