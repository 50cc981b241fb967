/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "jump-relay.h"

G_BEGIN_DECLS

/* Carries connections into the practice jumpserver's network, by konvoy-practice's socket. */
#define JUMP_TYPE_PRACTICE_RELAY (jump_practice_relay_get_type ())
G_DECLARE_FINAL_TYPE (JumpPracticeRelay, jump_practice_relay, JUMP, PRACTICE_RELAY, JumpRelay)

JumpPracticeRelay *jump_practice_relay_new (const char *host, guint16 port);
/* @socket may change when konvoy-practice is started anew. */
void jump_practice_relay_set_socket (JumpPracticeRelay *self, const char *socket);
/* One connection to @host and @port as the practice jumpserver sees them. */
void jump_practice_relay_dial_async (JumpPracticeRelay *self,
                                     GCancellable *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer user_data);
GSocketConnection *
jump_practice_relay_dial_finish (JumpPracticeRelay *self, GAsyncResult *result, GError **error);

G_END_DECLS
