/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Reads @stream to its end, at most @max_bytes, and closes it in any case. */
void kube_body_read_async (GInputStream *stream,
                           gsize max_bytes,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data);
GBytes *kube_body_read_finish (GInputStream *stream,
                               GAsyncResult *result,
                               gboolean *truncated,
                               GError **error);

/* Gives the connection under @stream back, or up where there is more to come. */
void kube_body_close (GInputStream *stream);

G_END_DECLS
