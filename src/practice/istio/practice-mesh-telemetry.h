/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-store.h"

G_BEGIN_DECLS

/* An end of traffic, in Istio's words; "unknown" where nothing says it. Interned strings. */
typedef struct {
  const char *namespace_;
  const char *workload;
  const char *app;
  const char *version;
} PracticeMeshParty;

/* Traffic of one kind between two parties. Owned by the telemetry. */
typedef struct {
  PracticeMeshParty source;
  PracticeMeshParty destination;
  const char *service; /* interned (nullable): the fully qualified name that was called */
  guint status;        /* 0: none, the caller went */
  const char *flags;   /* interned: of the response, "-" for none */
  gboolean is_mutual_tls;
} PracticeMeshFlow;

/* What flowed of it in a window. */
typedef struct {
  const PracticeMeshFlow *flow;
  guint n_requests;
  guint64 duration; /* microseconds, the 95th percentile */
} PracticeMeshTraffic;

/* Requests that the proxies saw, the newest of them. */
#define PRACTICE_TYPE_MESH_TELEMETRY (practice_mesh_telemetry_get_type ())
G_DECLARE_FINAL_TYPE (
  PracticeMeshTelemetry, practice_mesh_telemetry, PRACTICE, MESH_TELEMETRY, GObject)

PracticeMeshTelemetry *practice_mesh_telemetry_new (PracticeStore *store);
void practice_mesh_telemetry_record (PracticeMeshTelemetry *self,
                                     JsonNode *source_pod,
                                     JsonNode *destination_pod,
                                     const char *service,
                                     guint status,
                                     const char *flags,
                                     gboolean is_mutual_tls,
                                     gint64 duration);
/* (transfer full) (element-type PracticeMeshTraffic): of the last @seconds, in a stable order;
 * flows that rested meanwhile have no requests. */
GPtrArray *practice_mesh_telemetry_dup_traffic (PracticeMeshTelemetry *self, guint seconds);
/* Whose traffic a pod's is. */
void practice_mesh_telemetry_get_party (PracticeMeshTelemetry *self,
                                        JsonNode *pod,
                                        PracticeMeshParty *party);

G_END_DECLS
