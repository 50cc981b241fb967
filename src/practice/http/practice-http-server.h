/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-http-handler.h"

G_BEGIN_DECLS

/* An edge: real connections whose requests go to a handler (SoupServer inside). */
#define PRACTICE_TYPE_HTTP_SERVER (practice_http_server_get_type ())
G_DECLARE_FINAL_TYPE (PracticeHttpServer, practice_http_server, PRACTICE, HTTP_SERVER, GObject)

/* @peer: who the clients are; NULL: outside, from the address they come from. @certificate
 * (nullable): TLS. */
PracticeHttpServer *practice_http_server_new (PracticeHttpHandler *handler,
                                              const PracticePeer *peer,
                                              GTlsCertificate *certificate);
/* Connections that arrive at a listening socket. */
gboolean practice_http_server_listen (PracticeHttpServer *self, GSocket *socket, GError **error);
/* One connection that is there already. */
gboolean practice_http_server_accept (PracticeHttpServer *self, GIOStream *stream, GError **error);
void practice_http_server_stop (PracticeHttpServer *self);

G_END_DECLS
