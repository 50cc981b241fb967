/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define BASE_TYPE_COMMAND_RESULT (base_command_result_get_type ())

typedef struct {
  GBytes *output;
  GBytes *errors;
  int exit_status; /* -1 where a signal ended it */
} BaseCommandResult;

GType base_command_result_get_type (void);
BaseCommandResult *base_command_result_copy (BaseCommandResult *self);
void base_command_result_free (BaseCommandResult *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BaseCommandResult, base_command_result_free)

/* Runs @argv with its streams captured up to @max_bytes each, and ends it at @timeout_ms
 * (0: none) or when cancelled. A non-zero exit is a result, not an error. @environment: whole
 * environment, or NULL for our own. */
void base_command_run_async (const char *const *argv,
                             const char *const *environment,
                             GBytes *input,
                             gsize max_bytes,
                             guint timeout_ms,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data);
BaseCommandResult *base_command_run_finish (GAsyncResult *result, GError **error);

G_END_DECLS
