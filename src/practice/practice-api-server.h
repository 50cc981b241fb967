/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "practice-api-gate.h"
#include "practice-container-runtime.h"
#include "practice-fabric.h"
#include "practice-store.h"

G_BEGIN_DECLS

/* The Kubernetes API over HTTPS on loopback. Knows nothing of sandbox and controllers. */
#define PRACTICE_TYPE_API_SERVER (practice_api_server_get_type ())
G_DECLARE_FINAL_TYPE (PracticeApiServer, practice_api_server, PRACTICE, API_SERVER, GObject)

/* Makes (or finds in the store's settings) CA, certificate and token. Listens on 127.0.0.1, port 0,
 * or the port of the last time where it is free. */
PracticeApiServer *practice_api_server_new (PracticeStore *store, GError **error);
guint16 practice_api_server_get_port (PracticeApiServer *self);
/* Serves on a socket made elsewhere too: the one inside the sandbox's network. */
gboolean
practice_api_server_listen_socket (PracticeApiServer *self, GSocket *socket, GError **error);
/* What log, exec, attach and portforward of a pod are. */
void practice_api_server_set_runtime (PracticeApiServer *self, PracticeContainerRuntime *runtime);
/* Where services/proxy and pods/proxy lead. */
void practice_api_server_set_fabric (PracticeApiServer *self, PracticeFabric *fabric);
PracticeApiGate *practice_api_server_get_gate (PracticeApiServer *self);
const char *practice_api_server_get_ca_pem (PracticeApiServer *self);
const char *practice_api_server_get_token (PracticeApiServer *self);
/* A whole kubeconfig for https://127.0.0.1:PORT, context "practice". */
char *practice_api_server_dup_kubeconfig (PracticeApiServer *self);

G_END_DECLS
