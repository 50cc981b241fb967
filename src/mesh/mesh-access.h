/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "kube-client.h"

G_BEGIN_DECLS

/* Whether the user may change a VirtualService, by asking the server. */
void mesh_access_check_async (KubeClient *client,
                              const char *namespace_,
                              const char *name,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data);
gboolean mesh_access_check_finish (KubeClient *client, GAsyncResult *result, GError **error);

G_END_DECLS
