/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-fabric.h"
#include "practice-mesh-breakers.h"
#include "practice-mesh-config.h"
#include "practice-mesh-telemetry.h"
#include "practice-mesh-upstream.h"

G_BEGIN_DECLS

/* What all proxies of the mesh share: the configuration that has got to them, their random numbers
 * and turns, and what they saw. */
#define PRACTICE_TYPE_MESH (practice_mesh_get_type ())
G_DECLARE_FINAL_TYPE (PracticeMesh, practice_mesh, PRACTICE, MESH, GObject)

/* @seed: of the weighted choices; 0: not repeatable. */
PracticeMesh *practice_mesh_new (PracticeStore *store, PracticeFabric *fabric, guint32 seed);
/* How long a change takes, in milliseconds; 0 and 0: it counts at once. */
void practice_mesh_set_propagation (PracticeMesh *self, guint least, guint most);
PracticeStore *practice_mesh_get_store (PracticeMesh *self);
PracticeFabric *practice_mesh_get_fabric (PracticeMesh *self);
GRand *practice_mesh_get_random (PracticeMesh *self);
PracticeMeshTelemetry *practice_mesh_get_telemetry (PracticeMesh *self);
/* (transfer none): what the proxies go by now. Signal "changed" when it is another. */
PracticeMeshConfig *practice_mesh_get_config (PracticeMesh *self);
/* Whether all that is configured has got there. */
gboolean practice_mesh_is_synced (PracticeMesh *self);
PracticeMeshBreakers *practice_mesh_get_breakers (PracticeMesh *self);
/* An answer, or 503 and 504 where there was none, of the pod @endpoint. */
void practice_mesh_count_answer (PracticeMesh *self,
                                 JsonNode *pod,
                                 PracticeMeshUpstream *upstream,
                                 PracticeMeshEndpoint *endpoint,
                                 guint status);
/* Whether the proxy of @pod leaves @endpoint out, since it failed. */
gboolean practice_mesh_is_ejected (PracticeMesh *self,
                                   JsonNode *pod,
                                   PracticeMeshUpstream *upstream,
                                   PracticeMeshEndpoint *endpoint);
/* Whether the proxy of @pod speaks TLS with @upstream (nullable), by its DestinationRules. */
gboolean
practice_mesh_is_mutual_tls (PracticeMesh *self, JsonNode *pod, PracticeMeshUpstream *upstream);
/* (transfer none) (nullable): the pod whose turn it is for @proxy. */
PracticeMeshEndpoint *practice_mesh_next_endpoint (PracticeMesh *self,
                                                   const char *proxy,
                                                   const char *namespace_,
                                                   PracticeMeshUpstream *upstream);

G_END_DECLS
