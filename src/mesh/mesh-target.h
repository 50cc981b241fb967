/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "mesh-answer.h"

G_BEGIN_DECLS

typedef enum {
  MESH_TARGET_REVIEWS, /* Bookinfo's page tells what reviews said, and which version it was */
  MESH_TARGET_API,     /* Bookinfo's page tells what another of its services said */
  MESH_TARGET_PATH,    /* whatever the gateway serves at a path */
} MeshTargetKind;

/* What is asked for, to see what a VirtualService makes of the requests for its host. */
typedef struct {
  MeshTargetKind kind;
  char *host;       /* whose rules are told, as it is written: "reviews" */
  char *namespace_; /* that it is written in */
  char *object;     /* (nullable): the VirtualService whose rules are told; NULL: the host's */
  char *path;
  char *authority; /* (nullable): who is asked by name; NULL: the gateway's own address */
} MeshTarget;

MeshTarget *mesh_target_new_reviews (const char *namespace_);
MeshTarget *
mesh_target_new_for (JsonNode *virtual_service, const char *bookinfo_namespace, const char *path);
MeshTarget *mesh_target_copy (const MeshTarget *self);
void mesh_target_free (MeshTarget *self);
gboolean mesh_target_equal (const MeshTarget *a, const MeshTarget *b);
void mesh_target_read (const MeshTarget *self,
                       MeshAnswer *answer,
                       guint status,
                       const char *body,
                       gsize length,
                       GHashTable *pods);
const char *mesh_target_find_host (JsonNode *virtual_service);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MeshTarget, mesh_target_free)

G_END_DECLS
