/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-mesh-match.h"
#include "practice-mesh-retries.h"
#include "practice-mesh-upstream.h"

G_BEGIN_DECLS

/* What a proxy does with a request. */
typedef struct {
  guint status;      /* the proxy's own answer; 0: the request goes on */
  const char *flags; /* of the access log: "NR", "NC", "UH", "FI"; NULL: none */
  char *location;    /* (nullable): of a redirect */

  gint64 delay;       /* microseconds before anything else; 0: none */
  guint abort_status; /* 0: no fault */

  char *host;                     /* (nullable): fully qualified, of the destination */
  PracticeMeshUpstream *upstream; /* (nullable): where it goes */
  PracticeMeshUpstream *mirror;   /* (nullable): where a copy goes */
  gint64 timeout;                 /* microseconds for all tries together; 0: none */
  PracticeMeshRetries retries;
  char *target;              /* (nullable): path and query, rewritten */
  char *authority;           /* (nullable): rewritten */
  JsonNode *headers[2];      /* (nullable): "headers" of the rule and of the destination */
  JsonNode *virtual_service; /* (nullable): by which it was decided */
} PracticeMeshDecision;

/* Never NULL. @random: for weights and percentages, drawn from only where there is a choice. */
PracticeMeshDecision *practice_mesh_decide (PracticeMeshConfig *config,
                                            PracticeStore *store,
                                            const PracticeMeshQuery *query,
                                            GRand *random);
void practice_mesh_decision_free (PracticeMeshDecision *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PracticeMeshDecision, practice_mesh_decision_free)

/* Changes headers as "headers" of a rule say, @part being "request" or "response". */
void practice_mesh_decision_change_headers (PracticeMeshDecision *self,
                                            const char *part,
                                            SoupMessageHeaders *headers);

G_END_DECLS
