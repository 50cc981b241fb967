/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* What goes when a Service becomes one of another type. */
void practice_service_transition_drop (JsonNode *service, JsonNode *old);
/* Whether its balancer asks each node for the Service's health. */
gboolean practice_service_transition_needs_health_port (JsonNode *service);
/* Whether it is reached from outside. */
gboolean practice_service_transition_needs_node_ports (JsonNode *service);

G_END_DECLS
