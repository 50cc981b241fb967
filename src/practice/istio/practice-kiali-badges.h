/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-mesh-config.h"

G_BEGIN_DECLS

/* Marks a node of Kiali's graph with what the configuration does to a host. */
void practice_kiali_badges_write (PracticeMeshConfig *config, const char *host, JsonObject *data);

G_END_DECLS
