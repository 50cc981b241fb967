/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "mesh-answer.h"
#include "mesh-settings.h"

G_BEGIN_DECLS

/* What explains how long an answer took. */
char *mesh_latency_dup_seconds (guint milliseconds);
char *mesh_latency_dup_reason (const MeshAnswer *answer, const MeshSettings *settings);

G_END_DECLS
