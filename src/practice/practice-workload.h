/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "practice-causes.h"
#include "practice-kind.h"

G_BEGIN_DECLS

/* What Deployment, ReplicaSet, DaemonSet and the like have in common: a selector, and a template of
 * the pods that it selects. */
void practice_workload_set_defaults (JsonNode *object);
/* One where there is none. */
void practice_workload_set_default_replicas (JsonNode *object);
/* A status of no replicas yet. */
void practice_workload_prepare_replicas (JsonNode *object, JsonNode *old);

/* Of ReplicaSet and ReplicationController. */
extern const PracticeColumn practice_workload_replicas_columns[];
extern const char *const practice_workload_replicas_fields[];
void practice_workload_add_replicas_cells (JsonNode *object, JsonArray *cells);

/* Age, containers, images and selector. */
void practice_workload_add_cells (JsonNode *object, JsonArray *cells);

/* @word: what a real server calls the kind. */
gboolean
practice_workload_validate_selector (JsonNode *object, const char *word, PracticeCauses *causes);
void practice_workload_validate_restart_policy (JsonNode *template_, PracticeCauses *causes);
void practice_workload_validate_no_deadline (JsonNode *template_,
                                             const char *kind,
                                             PracticeCauses *causes);
/* @kind: what a real server calls the kind that makes the pods. */
void
practice_workload_validate_template (JsonNode *object, const char *kind, PracticeCauses *causes);
void
practice_workload_validate_same_selector (JsonNode *object, JsonNode *old, PracticeCauses *causes);

G_END_DECLS
