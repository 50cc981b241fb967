/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-mesh.h"

G_BEGIN_DECLS

/* A port of a gateway that is not plain HTTP: what each connection is, its server says, which with
 * TLS is the one for the name that the client asks for. */
#define PRACTICE_TYPE_GATEWAY_LISTENER (practice_gateway_listener_get_type ())
G_DECLARE_FINAL_TYPE (
  PracticeGatewayListener, practice_gateway_listener, PRACTICE, GATEWAY_LISTENER, GObject)

/* @socket: listens; @handler: answers what turns out to be HTTP. */
PracticeGatewayListener *practice_gateway_listener_new (PracticeMesh *mesh,
                                                        JsonNode *pod,
                                                        guint16 port,
                                                        PracticeHttpHandler *handler,
                                                        GSocket *socket,
                                                        GError **error);
/* Ends all connections. */
void practice_gateway_listener_stop (PracticeGatewayListener *self);

G_END_DECLS
