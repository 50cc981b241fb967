/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Whether a watch has shown what was written: its version, or a later one. Versions are opaque, so
 * that a later one is one that is not known to be before it. */
typedef struct _MeshEcho MeshEcho;

MeshEcho *mesh_echo_new (void);
void mesh_echo_free (MeshEcho *self);
void mesh_echo_add_older (MeshEcho *self, const char *version);
void mesh_echo_await (MeshEcho *self, const char *version);
gboolean mesh_echo_is_awaited (MeshEcho *self);
gboolean mesh_echo_is_shown_by (MeshEcho *self, const char *version);
void mesh_echo_clear (MeshEcho *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MeshEcho, mesh_echo_free)

G_END_DECLS
