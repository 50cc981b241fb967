/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "kube-client.h"

G_BEGIN_DECLS

/* The requests of an edit. Each ends with kube_client_request_finish(), which has the object. */
void mesh_request_patch (KubeClient *client,
                         JsonNode *object,
                         JsonNode *patch,
                         GAsyncReadyCallback callback,
                         gpointer user_data);
void mesh_request_post (KubeClient *client,
                        JsonNode *object,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data);
void mesh_request_get (KubeClient *client,
                       JsonNode *object,
                       GAsyncReadyCallback callback,
                       gpointer user_data);
void mesh_request_delete (KubeClient *client,
                          JsonNode *object,
                          GAsyncReadyCallback callback,
                          gpointer user_data);

G_END_DECLS
