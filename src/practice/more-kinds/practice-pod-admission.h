/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-store.h"

G_BEGIN_DECLS

/* What the admission controllers of a cluster do to a new pod, wherever it comes from: @pod is
 * changed in place. FALSE with a Status where it is refused. */
gboolean practice_pod_admission_admit (PracticeStore *store, JsonNode *pod, GError **error);

G_END_DECLS
