/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libsoup/soup.h>

#include "practice-mesh-config.h"

G_BEGIN_DECLS

/* What is asked of a proxy. Borrowed from whoever asks. */
typedef struct {
  const char *const *gateways; /* (nullable): "NAMESPACE/NAME" of those it came in at; NULL: a pod's
                                  own sidecar */
  const char *namespace_;      /* of the pod that asks, or of the gateway's */
  JsonObject *labels;          /* (nullable): of that pod */
  const char *host;            /* fully qualified where a Service has it; no port */
  const char *authority;       /* the Host header */
  const char *address;         /* (nullable): that a stream is sent to */
  guint16 port;
  const char *sni; /* (nullable): the name that a client of TLS asks for */
  const char *scheme;
  const char *method;
  const char *target; /* path and query */
  SoupMessageHeaders *headers;
} PracticeMeshQuery;

/* Whether an HTTPMatchRequest fits. @namespace_: the VirtualService's. */
gboolean practice_mesh_match_request (JsonNode *match,
                                      const PracticeMeshQuery *query,
                                      const char *namespace_,
                                      PracticeMeshConfig *config);

G_END_DECLS
