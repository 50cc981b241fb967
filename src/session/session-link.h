/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "jump-place.h"
#include "kube-client.h"
#include "session-dial.h"

G_BEGIN_DECLS

/* A client of the place's cluster, and what it was made from. */
#define SESSION_TYPE_LINK (session_link_get_type ())
G_DECLARE_FINAL_TYPE (SessionLink, session_link, SESSION, LINK, GObject)

/* Connects @place, reads its kubeconfig, and asks its API server what it serves. Where @previous
 * (nullable) was made from the very same files, its client is led to the server anew and kept.
 * @approved (nullable): the exec plugin's command line that the user has agreed to. */
void session_link_connect_async (JumpPlace *place,
                                 const char *context_name,
                                 const char *const *approved,
                                 SessionLink *previous,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data);
/* (transfer full): where an exec plugin is not approved, KUBE_ERROR_EXEC_NOT_APPROVED and
 * @exec_argv (transfer full) (nullable) says which. */
SessionLink *session_link_connect_finish (GAsyncResult *result, GStrv *exec_argv, GError **error);

KubeClient *session_link_get_client (SessionLink *self);

G_END_DECLS
