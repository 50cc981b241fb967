/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "practice-request.h"

G_BEGIN_DECLS

/* The container of a pod that a request for log, exec or attach means. */
const char *
practice_pod_target_find_container (JsonNode *pod, PracticeRequest *request, GError **error);
/* Its own part of the pod's spec; (nullable). */
JsonNode *practice_pod_target_get_spec (JsonNode *pod, const char *container);
/* Its own part of the pod's status; (nullable). */
JsonNode *practice_pod_target_get_status (JsonNode *pod, const char *container);
gboolean practice_pod_target_check_node (JsonNode *pod, GError **error);
/* "running", "waiting" or "terminated"; NULL: nothing is known yet. */
const char *practice_pod_target_get_state (JsonNode *pod, const char *container);

G_END_DECLS
