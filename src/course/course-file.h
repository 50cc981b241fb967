/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

char *course_file_read (const char *path, GError **error);
char *course_file_resolve_inside (const char *folder, const char *relative);

G_END_DECLS
