/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

char *course_slug_new (const char *text);
char *course_slug_unique (const char *slug, GHashTable *taken);
gboolean course_slug_is_id (const char *text);

G_END_DECLS
