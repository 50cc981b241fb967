/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-mesh.h"

G_BEGIN_DECLS

/* Sends a copy of @request from the proxy of @pod to a pod of @upstream; nobody waits for its
 * answer.
 */
void practice_mesh_mirror (PracticeMesh *mesh,
                           JsonNode *pod,
                           PracticeMeshUpstream *upstream,
                           PracticeHttpRequest *request);

G_END_DECLS
