/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-mesh.h"

G_BEGIN_DECLS

/* One port of a gateway's pod: a PracticeHttpHandler that answers for the servers that Gateways
 * define on it. */
#define PRACTICE_TYPE_GATEWAY_PORT (practice_gateway_port_get_type ())
G_DECLARE_FINAL_TYPE (PracticeGatewayPort, practice_gateway_port, PRACTICE, GATEWAY_PORT, GObject)

PracticeGatewayPort *practice_gateway_port_new (PracticeMesh *mesh, JsonNode *pod, guint16 port);

G_END_DECLS
