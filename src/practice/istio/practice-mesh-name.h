/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* How Istio's objects name hosts and gateways. */
char *practice_mesh_name_qualify (const char *host, const char *namespace_);
char *practice_mesh_name_qualify_gateway (const char *gateway, const char *namespace_);
gboolean practice_mesh_name_matches (const char *pattern, const char *host);
gboolean practice_mesh_name_overlaps (const char *a, const char *b);
/* The Service that a fully qualified name is of. */
gboolean practice_mesh_name_split_service (const char *host, char **namespace_, char **service);
/* Takes ":PORT" off an authority; 0: it has none. */
char *practice_mesh_name_split_authority (const char *authority, guint16 *port);

G_END_DECLS
