/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

gboolean course_kinds_contain (const char *name);
const char *course_kinds_get_plural (const char *name);

G_END_DECLS
