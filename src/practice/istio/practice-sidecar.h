/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-mesh.h"

G_BEGIN_DECLS

/* What a pod's requests go through on their way out: with a sidecar, the VirtualServices of the
 * mesh and then the fabric; without one, the fabric alone. The host of a request says where it
 * goes, its peer who sends it. One for all pods. */
#define PRACTICE_TYPE_SIDECAR (practice_sidecar_get_type ())
G_DECLARE_FINAL_TYPE (PracticeSidecar, practice_sidecar, PRACTICE, SIDECAR, GObject)

/* Implements PracticeHttpHandler. @seed: of the weighted choices; 0: not repeatable. */
PracticeSidecar *practice_sidecar_new (PracticeStore *store, PracticeFabric *fabric, guint32 seed);
/* (transfer none): what the sidecars share with gateways and Kiali. */
PracticeMesh *practice_sidecar_get_mesh (PracticeSidecar *self);
/* Whether the control plane has told the proxy of a pod what to do. */
gboolean
practice_sidecar_is_configured (PracticeSidecar *self, const char *namespace_, const char *name);
/* Whether a ServiceEntry makes a host known to the mesh. */
gboolean practice_sidecar_has_entry (PracticeSidecar *self, const char *host);
/* Whether a pod has a proxy beside its own containers. */
gboolean practice_sidecar_is_in (JsonNode *pod);

G_END_DECLS
