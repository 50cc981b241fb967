/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "mesh-target.h"

G_BEGIN_DECLS

#define MESH_MAX_SHARES 8

typedef struct {
  char *version; /* a subset */
  int weight;
} MeshSetShare;

/* What VirtualServices say about the requests of one user: for reviews, or for another host. Times
 * in milliseconds, 0: none. */
typedef struct {
  char *user;         /* (nullable): the end-user header; NULL: nobody is signed in */
  MeshTarget *target; /* (nullable): what is asked for; NULL: reviews */
  MeshSetShare shares[MESH_MAX_SHARES];
  guint n_shares; /* 0: no rule shares them out */
  guint reviews_timeout;
  guint reviews_delay;
  guint ratings_timeout;
  guint ratings_delay;
  guint timeout; /* of the target */
  guint delay;
} MeshSettings;

MeshSettings *mesh_settings_new (const char *user);
void mesh_settings_free (MeshSettings *self);
void mesh_settings_set_target (MeshSettings *self, const MeshTarget *target);
MeshTargetKind mesh_settings_get_kind (const MeshSettings *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MeshSettings, mesh_settings_free)
void mesh_settings_add (MeshSettings *self, JsonNode *virtual_service, const char *namespace_);
double mesh_settings_get_share (const MeshSettings *self, const char *version);

G_END_DECLS
