/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-store.h"

G_BEGIN_DECLS

/* Adds Istio's sidecar to a pod that is about to be stored, where its namespace asks for it. */
void practice_sidecar_injector_inject (PracticeStore *store, JsonNode *pod);

G_END_DECLS
