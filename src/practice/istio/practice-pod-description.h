/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-mesh.h"

G_BEGIN_DECLS

/* (transfer full): what `istioctl x describe pod` says of a pod, a line each. */
GStrv practice_pod_description_new (PracticeMesh *mesh, JsonNode *pod);

G_END_DECLS
