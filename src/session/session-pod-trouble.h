/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* What keeps a pod from answering, as its status has it. */
gboolean session_pod_is_ready (JsonNode *pod);
char *session_pod_dup_trouble (JsonNode *pod);

G_END_DECLS
