/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fake-api-server.h"
#include "kube-client.h"

G_BEGIN_DECLS

/* A client of the fake server. @cluster and @user as fake_api_server_dup_kubeconfig() has them. */
KubeClient *fake_client_new (FakeApiServer *server, const char *cluster, const char *user);
KubeClient *fake_client_new_dial (FakeApiServer *server,
                                  const char *cluster,
                                  const char *user,
                                  GSocketConnectable *dial);

/* These wait for the answer. */
JsonNode *
fake_client_request (KubeClient *client, const char *method, const char *path, GError **error);
JsonNode *fake_client_send (KubeClient *client,
                            const char *method,
                            const char *path,
                            const char *content_type,
                            const char *body,
                            GError **error);
GInputStream *fake_client_open (KubeClient *client, const char *path, GError **error);
gboolean fake_client_discover (KubeClient *client, GError **error);

G_END_DECLS
