/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "session-lab.h"

G_BEGIN_DECLS

/* Why a way has led nowhere. */
typedef enum {
  SESSION_GATEWAY_DEAF,     /* nobody listens there */
  SESSION_GATEWAY_BROKEN,   /* the connection broke */
  SESSION_GATEWAY_NAMELESS, /* nobody knows its name */
} SessionGatewayHitch;

/* The way to Istio's ingress gateway, found anew while it is started: where its address comes, goes
 * or changes, or the place is another one. Property "way" (GSocketConnectable, nullable), notified
 * also where only the reason is another one. */
#define SESSION_TYPE_GATEWAY (session_gateway_get_type ())
G_DECLARE_FINAL_TYPE (SessionGateway, session_gateway, SESSION, GATEWAY, GObject)

SessionGateway *session_gateway_new (SessionLab *lab);
void session_gateway_start (SessionGateway *self);
void session_gateway_stop (SessionGateway *self);
void session_gateway_retry (SessionGateway *self, SessionGatewayHitch hitch);
GSocketConnectable *session_gateway_get_way (SessionGateway *self);
const char *session_gateway_get_address (SessionGateway *self);
const char *session_gateway_get_reason (SessionGateway *self);

G_END_DECLS
