/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A running konvoy-practice that has said what it serves. Signal "ended" (GError): it has stopped
 * by itself. */
#define JUMP_TYPE_PRACTICE_PROCESS (jump_practice_process_get_type ())
G_DECLARE_FINAL_TYPE (JumpPracticeProcess, jump_practice_process, JUMP, PRACTICE_PROCESS, GObject)

void jump_practice_process_start_async (const char *program,
                                        const char *directory,
                                        GCancellable *cancellable,
                                        GAsyncReadyCallback callback,
                                        gpointer user_data);
JumpPracticeProcess *jump_practice_process_start_finish (GAsyncResult *result, GError **error);
void jump_practice_process_stop (JumpPracticeProcess *self);

const char *jump_practice_process_get_kubeconfig (JumpPracticeProcess *self);
const char *jump_practice_process_get_socket (JumpPracticeProcess *self);
const char *const *jump_practice_process_get_terminal (JumpPracticeProcess *self);
const char *jump_practice_process_get_notice (JumpPracticeProcess *self); /* nullable */

G_END_DECLS
