/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* Cells that several kinds have, as k8s.io/kubernetes/pkg/printers words them. */
void practice_cells_add_name (JsonArray *cells, JsonNode *object);
void practice_cells_add_age (JsonArray *cells, JsonNode *object);
/* The time of the creation, not yet an age. */
void practice_cells_add_created (JsonArray *cells, JsonNode *object);
void practice_cells_add_number (JsonArray *cells, gint64 number);
/* "<none>" for nothing. */
void practice_cells_add_or_none (JsonArray *cells, const char *text);
/* "a=b,c in (d,e)" of a LabelSelector. */
void practice_cells_add_selector (JsonArray *cells, JsonNode *selector);
/* "a=b" of plain labels. */
void practice_cells_add_labels (JsonArray *cells, JsonObject *labels);
/* Names and images of the containers of a pod's spec. */
void practice_cells_add_containers (JsonArray *cells, JsonNode *pod_spec);
/* Addresses of status.loadBalancer; NULL: none yet. */
char *practice_cells_dup_balancer (JsonNode *object);

G_END_DECLS
