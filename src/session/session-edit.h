/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "jump-place.h"

G_BEGIN_DECLS

/* @text with @patch (YAML or JSON: a list is a JSON Patch, anything else a merge patch) applied. */
char *session_edit_apply (const char *text, const char *patch, const char *file, GError **error);

/* The same to @file at @place; a relative path, or one with ~/, is in the home folder there. */
void session_edit_make_async (JumpPlace *place,
                              const char *file,
                              const char *patch,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data);
gboolean session_edit_make_finish (GAsyncResult *result, GError **error);

G_END_DECLS
