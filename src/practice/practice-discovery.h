/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-answer.h"
#include "practice-registry.h"

G_BEGIN_DECLS

/* What the server says of itself: /version, /api, /apis and below, /healthz. NULL where @path is
 * none of these. */
PracticeAnswer *practice_discovery_handle (PracticeRegistry *registry, const char *path);

G_END_DECLS
