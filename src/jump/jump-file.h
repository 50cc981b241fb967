/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define JUMP_FILE_MAX_BYTES (1024 * 1024)

GBytes *jump_file_read (const char *path, GCancellable *cancellable, GError **error);
void jump_file_read_async (gpointer source,
                           const char *path,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data);
GBytes *jump_file_read_finish (GAsyncResult *result, GError **error);

G_END_DECLS
