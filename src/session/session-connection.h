/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "session-lab.h"

G_BEGIN_DECLS

/* A lab's connection to its place and to the API server there. Properties as SessionLab has them:
 * "state", "error", "client", "exec-argv". "client" changes before "state" does. */
#define SESSION_TYPE_CONNECTION (session_connection_get_type ())
G_DECLARE_FINAL_TYPE (SessionConnection, session_connection, SESSION, CONNECTION, GObject)

SessionConnection *session_connection_new (JumpPlace *place, const char *context_name);
void session_connection_connect_async (SessionConnection *self,
                                       GCancellable *cancellable,
                                       GAsyncReadyCallback callback,
                                       gpointer user_data);
gboolean
session_connection_connect_finish (SessionConnection *self, GAsyncResult *result, GError **error);
void session_connection_disconnect (SessionConnection *self);
void session_connection_fail (SessionConnection *self, const GError *error);
void session_connection_approve_exec (SessionConnection *self);
SessionLabState session_connection_get_state (SessionConnection *self);
const GError *session_connection_get_error (SessionConnection *self);
KubeClient *session_connection_get_client (SessionConnection *self);
const char *const *session_connection_get_exec_argv (SessionConnection *self);

G_END_DECLS
