/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-kiali-graph.h"
#include "practice-kiali-rates.h"

G_BEGIN_DECLS

/* A node of a graph while it is drawn up. */
typedef struct {
  char *id;
  const char *type;
  const char *namespace_;
  const char *workload; /* (nullable), as all that follow */
  const char *app;
  const char *version;
  const char *service;
  char *parent;
  gboolean is_called;
  gboolean calls;
  gboolean is_alive; /* there is a pod or Service of it */
  gboolean has_sidecar;
  GHashTable *services; /* names that it was called by */
  PracticeKialiRates in;
  PracticeKialiRates out;
} PracticeKialiNode;

/* What goes from one to another. */
typedef struct {
  PracticeKialiNode *source;
  PracticeKialiNode *target;
  char *id;
  PracticeKialiRates rates;
} PracticeKialiEdge;

/* All that has been found. */
typedef struct {
  PracticeMesh *mesh;
  const PracticeKialiGraphOptions *options;
  GPtrArray *nodes; /* of PracticeKialiNode */
  GHashTable *node_index;
  GPtrArray *edges; /* of PracticeKialiEdge */
  GHashTable *edge_index;
} PracticeKialiElements;

/* (transfer full): the graph as JSON; sorts its nodes and edges. */
JsonNode *practice_kiali_elements_write (PracticeKialiElements *self);
gboolean practice_kiali_elements_is_asked_for (PracticeKialiElements *self, const char *namespace_);

#define PRACTICE_KIALI_UNKNOWN "unknown"

G_END_DECLS
