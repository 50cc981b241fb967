/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-fabric.h"
#include "practice-request.h"

G_BEGIN_DECLS

/* The subresource "proxy" of Services and pods: what the API server hands on to them. */
gboolean practice_api_proxy_wants (PracticeRequest *request);
/* Answers @message, later; FALSE with a Status: there is nothing to hand it on to. @fabric
 * (nullable): then there is nothing at all. */
gboolean practice_api_proxy_serve (PracticeStore *store,
                                   PracticeFabric *fabric,
                                   PracticeRequest *request,
                                   SoupServerMessage *message,
                                   GError **error);

G_END_DECLS
