/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-mesh.h"

G_BEGIN_DECLS

/* How a server of a Gateway speaks with clients, and where what they say goes. */
typedef enum {
  PRACTICE_GATEWAY_NONE,        /* a protocol that is not known here */
  PRACTICE_GATEWAY_HTTP,        /* plain, to "http" routes */
  PRACTICE_GATEWAY_HTTPS,       /* with a certificate, to "http" routes */
  PRACTICE_GATEWAY_PASSTHROUGH, /* by the name the client asks for, to "tls" routes */
  PRACTICE_GATEWAY_TLS,         /* with a certificate, to "tcp" routes */
  PRACTICE_GATEWAY_TCP,         /* plain, to "tcp" routes */
} PracticeGatewayKind;

PracticeGatewayKind practice_gateway_servers_get_kind (JsonNode *server);
/* Whether @gateway is for @pod. */
gboolean practice_gateway_servers_select (JsonNode *gateway, JsonNode *pod);
/* (transfer full): "NAMESPACE/NAME" of the Gateways for @pod that have @host (NULL: any) at @port;
 * @server (out) (transfer none) (nullable): the one that fits best. */
GStrv practice_gateway_servers_find (
  PracticeMesh *mesh, JsonNode *pod, guint16 port, const char *host, JsonNode **server);
/* (transfer full) (nullable): certificate and key of a server as PEM. */
char *practice_gateway_servers_dup_certificate (PracticeStore *store, JsonNode *server);
/* (transfer full) (nullable): by whom its clients' certificates have to be signed. */
char *practice_gateway_servers_dup_authority (PracticeStore *store, JsonNode *server);

G_END_DECLS
