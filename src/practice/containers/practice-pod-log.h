/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>
#include <libsoup/soup.h>

#include "practice-container-logs.h"
#include "practice-request.h"

G_BEGIN_DECLS

/* The subresource log of @pod: an answer at once, or one that goes on while the container does.
 * FALSE with a Status. */
gboolean practice_pod_log_serve (PracticeContainerLogs *logs,
                                 JsonNode *pod,
                                 PracticeRequest *request,
                                 SoupServerMessage *message,
                                 GError **error);

G_END_DECLS
