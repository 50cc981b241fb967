/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

void base_splice_async (GSocketConnection *a,
                        GSocketConnection *b,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data);
gboolean base_splice_finish (GAsyncResult *result, GError **error);

G_END_DECLS
