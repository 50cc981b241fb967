/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-mesh.h"

G_BEGIN_DECLS

/* The proxy that a request goes out by. Borrowed until the call has begun. */
typedef struct {
  JsonNode *pod;               /* whose proxy it is */
  const char *const *gateways; /* (nullable): of a gateway: those the request came in at */
  const char *host;            /* fully qualified where a Service has it; no port */
  guint16 port;
  const char *scheme;
  const char *server; /* what it calls itself in its answers */
} PracticeMeshOrigin;

/* Does with a request what the mesh says, and counts it. */
void practice_mesh_call_async (PracticeMesh *mesh,
                               PracticeHttpRequest *request,
                               const PracticeMeshOrigin *origin,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data);
PracticeHttpResponse *practice_mesh_call_finish (GAsyncResult *result, GError **error);

G_END_DECLS
