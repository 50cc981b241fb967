/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>
#include <libsoup/soup.h>

#include "practice-container-runtime.h"
#include "practice-request.h"

G_BEGIN_DECLS

/* The subresources exec and attach of @pod. FALSE with a Status; else @message is answered, perhaps
 * later. */
gboolean practice_pod_exec_serve (PracticeContainerRuntime *runtime,
                                  JsonNode *pod,
                                  PracticeRequest *request,
                                  SoupServerMessage *message,
                                  GError **error);

G_END_DECLS
