/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "session-sight.h"

G_BEGIN_DECLS

/* A request that comes in by a Service of Istio's ingress gateway. */
typedef struct {
  const char *namespace_; /* of the Service */
  const char *service;
  gint64 port;
  const char *host; /* (nullable): that is asked for; NULL: the gateway's own address */
  const char *path;
} SessionGatewayRequest;

/* Where Gateways and VirtualServices lead what comes in by Istio's ingress gateway, and why they do
 * not. */
gboolean session_gateway_is_one (SessionSight *sight, const char *namespace_, const char *service);
char *session_gateway_dup_trouble (SessionSight *sight,
                                   const SessionGatewayRequest *request,
                                   JsonNode **target);

G_END_DECLS
