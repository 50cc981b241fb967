/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "session-sight.h"

G_BEGIN_DECLS

/* Why a pod has no sidecar, so that Istio's rules do not reach it. */
char *session_sidecar_dup_trouble (SessionSight *sight, JsonNode *pod);

G_END_DECLS
