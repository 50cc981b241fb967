/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* A program that keeps an object as it has it, and undoes what others change. */
typedef enum {
  MESH_OWNER_NONE,
  MESH_OWNER_FLAGGER,
  MESH_OWNER_ROLLOUTS,
  MESH_OWNER_ARGO_CD,
  MESH_OWNER_FLUX,
  MESH_OWNER_HELM,
} MeshOwner;

MeshOwner mesh_owner_find (JsonNode *object);
char *mesh_owner_dup_text (MeshOwner self, JsonNode *object);

G_END_DECLS
