/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-mesh-decision.h"

G_BEGIN_DECLS

/* What a decision is made from. */
typedef struct {
  PracticeMeshConfig *config;
  PracticeStore *store;
  const PracticeMeshQuery *query;
  GRand *random;
} PracticeMeshMaker;

/* Whether a VirtualService is for the gateway, or sidecar, that is asked. */
gboolean practice_mesh_decision_is_bound (PracticeMeshVirtualService *service,
                                          const PracticeMeshQuery *query);
/* How well its hosts fit: the whole name best, then the longest pattern; 0: none. */
gsize practice_mesh_decision_get_fit (PracticeMeshVirtualService *service, const char *host);
/* The answer of the proxy itself. */
void
practice_mesh_decision_refuse (PracticeMeshDecision *decision, guint status, const char *flags);
/* Refuses where there is no upstream, or nobody in it. */
void practice_mesh_decision_check_upstream (PracticeMeshDecision *decision);

/* What one rule of a VirtualService says, @match (nullable) being what of it did fit. */
void practice_mesh_rule_follow (PracticeMeshMaker *maker,
                                PracticeMeshVirtualService *service,
                                JsonNode *rule,
                                JsonNode *match,
                                PracticeMeshDecision *decision);
/* @rule: (nullable): NULL: the defaults */
void practice_mesh_rule_decide_retries (PracticeMeshMaker *maker,
                                        JsonNode *rule,
                                        PracticeMeshDecision *decision);
/* (transfer none) (nullable) */
JsonNode *practice_mesh_rule_choose_destination (PracticeMeshMaker *maker, JsonArray *routes);
char *practice_mesh_rule_dup_host (JsonNode *destination, const char *namespace_);
PracticeMeshUpstream *practice_mesh_rule_find_upstream (PracticeMeshMaker *maker,
                                                        JsonNode *destination,
                                                        const char *whole);

G_END_DECLS
