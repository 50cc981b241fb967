/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* "0.5s", "500ms", "1m30s". */
gboolean practice_mesh_duration_parse (const char *text, gint64 *microseconds);

G_END_DECLS
