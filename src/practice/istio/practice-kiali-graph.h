/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-mesh.h"

G_BEGIN_DECLS

typedef enum {
  PRACTICE_KIALI_WORKLOAD,
  PRACTICE_KIALI_APP,
  PRACTICE_KIALI_VERSIONED_APP,
  PRACTICE_KIALI_SERVICE,
} PracticeKialiGraphType;

/* What is asked of a graph. */
typedef struct {
  GStrv namespaces;
  PracticeKialiGraphType type;
  guint seconds;
  gboolean injects_services; /* nodes of Services between those that call and those that answer */
  gboolean has_idle_edges;
  gboolean has_idle_nodes;
  gboolean boxes_apps;
} PracticeKialiGraphOptions;

/* (transfer full): in the form of Kiali's /api/namespaces/graph. */
JsonNode *practice_kiali_graph_new (PracticeMesh *mesh, const PracticeKialiGraphOptions *options);

G_END_DECLS
