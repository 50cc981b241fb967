/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

gboolean course_picture_read_size (const char *path, guint *width, guint *height);

G_END_DECLS
