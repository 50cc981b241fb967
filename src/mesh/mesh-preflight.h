/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

typedef enum {
  MESH_WARNING_NO_SUBSET,
  MESH_WARNING_NO_PODS,
  MESH_WARNING_SHARED_HOST,
  MESH_WARNING_FAULT_AND_TIMEOUT,
  MESH_WARNING_HIDDEN_RULE,
  MESH_WARNING_SUM,
} MeshWarningCode;

/* What will not work as it looks, and what to do. */
typedef struct {
  MeshWarningCode code;
  guint route; /* G_MAXUINT: of none */
  char *text;
  char *advice;
} MeshWarning;

/* What is beside a VirtualService. Arrays of JsonNode; NULL: not known, so nothing is said of it.
 */
typedef struct {
  GPtrArray *virtual_services;
  GPtrArray *destination_rules;
  GPtrArray *services;
  GPtrArray *pods;
  const char *istio_version; /* nullable: not known */
} MeshSurroundings;

GPtrArray *mesh_preflight (JsonNode *virtual_service, const MeshSurroundings *surroundings);

G_END_DECLS
