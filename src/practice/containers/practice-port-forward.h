/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "practice-container-runtime.h"

G_BEGIN_DECLS

/* Connections of a client to ports of a pod, in the streams of one SPDY connection. Keeps itself
 * alive until the client or the pod has gone. */
#define PRACTICE_TYPE_PORT_FORWARD (practice_port_forward_get_type ())
G_DECLARE_FINAL_TYPE (PracticePortForward, practice_port_forward, PRACTICE, PORT_FORWARD, GObject)

void
practice_port_forward_start (PracticeContainerRuntime *runtime, JsonNode *pod, GIOStream *stream);

G_END_DECLS
