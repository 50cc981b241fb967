/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Looks at the first words of a client of TLS, and leaves them to whoever serves it. */
void practice_tls_peek_async (GSocketConnection *client,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data);
/* @name (out) (transfer full) (nullable): whom the client asks for; NULL: it does not say. */
gboolean practice_tls_peek_finish (GSocketConnection *client,
                                   GAsyncResult *result,
                                   char **name,
                                   GError **error);

G_END_DECLS
