/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>
#include <libsoup/soup.h>

#include "practice-container-runtime.h"

G_BEGIN_DECLS

/* The subresource portforward of @pod. FALSE with a Status. */
gboolean practice_pod_forward_serve (PracticeContainerRuntime *runtime,
                                     JsonNode *pod,
                                     SoupServerMessage *message,
                                     GError **error);

G_END_DECLS
