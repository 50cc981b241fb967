/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Adds to @found (element-type utf8) the paths of members that stand twice in an object of @data,
 * which is JSON. */
void practice_duplicate_fields_find (const char *data, gsize length, GPtrArray *found);

G_END_DECLS
