/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-answer.h"
#include "practice-registry.h"

G_BEGIN_DECLS

/* What the server says of itself: /version, /api, /apis and below, /healthz. NULL where @path is
 * none of these. @agent (nullable): the client, as its User-Agent says. */
PracticeAnswer *
practice_discovery_handle (PracticeRegistry *registry, const char *path, const char *agent);

G_END_DECLS
