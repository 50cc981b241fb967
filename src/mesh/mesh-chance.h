/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Numbers of answers, both ends among them. */
typedef struct {
  guint least;
  guint most;
} MeshRange;

MeshRange mesh_chance_get_range (guint n, double share);
gboolean mesh_chance_can_tell (guint n, double a, double b);
char *mesh_chance_dup_words (guint count, guint n, double share);
char *mesh_chance_dup_verdict (guint count, guint n, double share);
char *mesh_chance_dup_limit (guint n, double share);

G_END_DECLS
