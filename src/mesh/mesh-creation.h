/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "kube-client.h"

G_BEGIN_DECLS

/* A VirtualService for the host of a DestinationRule that has none yet; or one that was deleted,
 * once more. */
JsonNode *mesh_creation_build (JsonNode *rule, const char *api_version, GError **error);
JsonNode *mesh_creation_build_again (JsonNode *object);
void mesh_creation_run_async (KubeClient *client,
                              JsonNode *rule,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data);
void mesh_creation_run_again_async (KubeClient *client,
                                    JsonNode *object,
                                    GCancellable *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data);
JsonNode *mesh_creation_run_finish (GAsyncResult *result, GError **error);

G_END_DECLS
