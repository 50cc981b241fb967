/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* The files of a new jumpserver, which are compiled in. */
gboolean practice_skeleton_make_folder (const char *path, GError **error);
gboolean practice_skeleton_write_etc (const char *path, GError **error);
gboolean practice_skeleton_write_home (const char *path, GError **error);
char *practice_skeleton_dup_file (const char *name, GError **error);

G_END_DECLS
