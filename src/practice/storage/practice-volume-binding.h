/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "practice-store.h"

G_BEGIN_DECLS

#define PRACTICE_PROVISIONER_ANNOTATION "volume.beta.kubernetes.io/storage-provisioner"
#define PRACTICE_PROVISIONED_ANNOTATION "pv.kubernetes.io/provisioned-by"
#define PRACTICE_SELECTED_NODE_ANNOTATION "volume.kubernetes.io/selected-node"

/* The two sides of a binding, written as a real controller writes them. */
void practice_volume_binding_reserve (PracticeStore *store, JsonNode *volume, JsonNode *claim);
void practice_volume_binding_bind (PracticeStore *store, JsonNode *volume, JsonNode *claim);
/* Whether the binding of @claim was completed once. */
gboolean practice_volume_binding_is_complete (JsonNode *claim);
/* The volume that @claim is bound to, from both sides; (transfer none) (nullable). */
JsonNode *practice_volume_binding_find (PracticeStore *store, JsonNode *claim);
/* Has @volume refer to @claim. */
void practice_volume_binding_set_claim (JsonNode *volume, JsonNode *claim);
/* Stores @object of @resource with another status.phase; @message nullable. */
void practice_volume_binding_set_phase (PracticeStore *store,
                                        const char *resource,
                                        JsonNode *object,
                                        const char *phase,
                                        const char *message);

G_END_DECLS
