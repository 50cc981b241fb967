/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "jump-place.h"

G_BEGIN_DECLS

/* Web pages that a place shows, in the browser of this computer. */
#define SESSION_TYPE_PAGES (session_pages_get_type ())
G_DECLARE_FINAL_TYPE (SessionPages, session_pages, SESSION, PAGES, GObject)

SessionPages *session_pages_new (JumpPlace *place);
void session_pages_open_async (SessionPages *self,
                               const char *url,
                               const char *via,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data);
char *session_pages_open_finish (SessionPages *self, GAsyncResult *result, GError **error);
void session_pages_close (SessionPages *self);

G_END_DECLS
