/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

gboolean course_table_is_delimiter (const char *line);
GStrv course_table_split_row (const char *line);

G_END_DECLS
