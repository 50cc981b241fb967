/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-mesh.h"

G_BEGIN_DECLS

/* A gateway's pod while it runs: it listens on the ports for which there are Gateways, and on no
 * other. */
#define PRACTICE_TYPE_GATEWAY (practice_gateway_get_type ())
G_DECLARE_FINAL_TYPE (PracticeGateway, practice_gateway, PRACTICE, GATEWAY, GObject)

/* @network (nullable): where real connections come from. */
PracticeGateway *practice_gateway_new (PracticeMesh *mesh, PracticeNetwork *network, JsonNode *pod);
/* Whether a pod is a gateway, by its labels. */
gboolean practice_gateway_is_one (JsonNode *pod);
void practice_gateway_stop (PracticeGateway *self);

G_END_DECLS
