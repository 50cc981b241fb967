/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "mesh-preflight.h"

G_BEGIN_DECLS

/* What the user has been told that it will not work as it looks, and wants all the same. For a
 * VirtualService and a cause once is enough: it may be what is to be shown. */
typedef struct _MeshConsent MeshConsent;

MeshConsent *mesh_consent_new (void);
void mesh_consent_free (MeshConsent *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MeshConsent, mesh_consent_free)

GPtrArray *mesh_consent_find (MeshConsent *self,
                              JsonNode *before,
                              JsonNode *after,
                              const MeshSurroundings *surroundings);
void mesh_consent_give (MeshConsent *self, JsonNode *object, GPtrArray *warnings);
char *mesh_consent_dup_text (GPtrArray *warnings);

G_END_DECLS
