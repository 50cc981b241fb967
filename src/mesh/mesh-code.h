/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* A VirtualService as code, for those who would rather type. */
char *mesh_code_dup_yaml (JsonNode *object);
char *mesh_code_dup_kubectl (JsonNode *from, JsonNode *to);
char *mesh_code_dup_shell_word (const char *text);

typedef enum {
  MESH_LINE_SAME,
  MESH_LINE_ADDED,
  MESH_LINE_REMOVED,
} MeshLineChange;

typedef struct {
  char *text;
  MeshLineChange change;
} MeshLine;

GArray *mesh_code_diff (const char *old, const char *now);

G_END_DECLS
