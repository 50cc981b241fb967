/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* What asks a PracticeSocks, waiting for its answers. @path: its Unix socket. Errors are in the
 * words that programs have for them. */
GSocket *
practice_socks_client_connect (const char *path, const char *host, guint16 port, GError **error);
/* (transfer full) (nullable): the address of @name; "" where it has none. */
char *practice_socks_client_resolve (const char *path, const char *name, GError **error);

G_END_DECLS
