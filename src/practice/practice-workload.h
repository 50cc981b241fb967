/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "practice-causes.h"

G_BEGIN_DECLS

/* What Deployment, ReplicaSet, DaemonSet and the like have in common: a selector, and a template of
 * the pods that it selects. */
void practice_workload_set_defaults (JsonNode *object);
/* One where there is none. */
void practice_workload_set_default_replicas (JsonNode *object);
/* Age, containers, images and selector. */
void practice_workload_add_cells (JsonNode *object, JsonArray *cells);

/* @word: what a real server calls the kind. */
void
practice_workload_validate_selector (JsonNode *object, const char *word, PracticeCauses *causes);
void practice_workload_validate_template (JsonNode *object, PracticeCauses *causes);
void
practice_workload_validate_same_selector (JsonNode *object, JsonNode *old, PracticeCauses *causes);

G_END_DECLS
