/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-mesh-config.h"

G_BEGIN_DECLS

/* A pod that a request can go to. */
typedef struct {
  char *address;
  guint16 port;
  JsonNode *pod; /* (nullable) */
} PracticeMeshEndpoint;

void practice_mesh_endpoint_free (PracticeMeshEndpoint *self);

/* Where requests to a host go: a Service, or one subset of its pods. Envoy's "cluster". */
typedef struct {
  char *host;
  char *subset; /* (nullable) */
  guint16 port;
  char *name; /* as Envoy names it: "outbound|9080|v1|reviews.default.svc.cluster.local" */
  GPtrArray *endpoints; /* (element-type PracticeMeshEndpoint): those that are ready */
} PracticeMeshUpstream;

/* (transfer full) (nullable): NULL: there is no such host, port or subset. @port 0: the Service's
 * only one, else @asked. */
PracticeMeshUpstream *practice_mesh_upstream_find (PracticeMeshConfig *config,
                                                   PracticeStore *store,
                                                   const char *namespace_,
                                                   const char *host,
                                                   const char *subset,
                                                   guint16 port,
                                                   guint16 asked);
void practice_mesh_upstream_free (PracticeMeshUpstream *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PracticeMeshUpstream, practice_mesh_upstream_free)

/* (nullable): the Service that a host as a pod of @namespace_ writes it, or a cluster IP, is of. */
JsonNode *practice_mesh_upstream_find_service (PracticeStore *store,
                                               const char *namespace_,
                                               const char *host);
/* (nullable): the same, where the proxies have heard of it. */
JsonNode *practice_mesh_upstream_find_known_service (PracticeMeshConfig *config,
                                                     PracticeStore *store,
                                                     const char *namespace_,
                                                     const char *host);
/* (nullable): its port @port, where it is one that Istio 1.3 takes for HTTP. */
JsonNode *practice_mesh_upstream_find_http_port (JsonNode *service, guint16 port);
/* Whether its port @port is one for TLS. */
gboolean practice_mesh_upstream_is_tls_port (JsonNode *service, guint16 port);

G_END_DECLS
