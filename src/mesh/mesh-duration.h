/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Durations as Istio's objects hold them: "0.5s", "500ms", "1m30s". */
gboolean mesh_duration_parse (const char *text, gint64 *microseconds);
char *mesh_duration_dup_words (const char *text);
char *mesh_duration_dup_error (const char *text);

G_END_DECLS
