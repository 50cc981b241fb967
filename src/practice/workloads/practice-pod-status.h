/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* The status of a Pod, as its kubelet writes it. */
gboolean practice_pod_status_is_known (JsonNode *pod);
gboolean practice_pod_status_is_running (JsonNode *pod);
gboolean practice_pod_status_is_initialized (JsonNode *pod);
gboolean practice_pod_status_has_ended (JsonNode *pod);
JsonNode *practice_pod_status_find (JsonNode *pod, const char *container);
const char *practice_pod_status_get_waiting_reason (JsonNode *pod, const char *container);

/* A whole pod at once. */
void practice_pod_status_set_creating (JsonNode *pod, const char *host_ip);
void practice_pod_status_set_running (JsonNode *pod, const char *pod_ip);
void practice_pod_status_set_ready (JsonNode *pod);

/* One container; practice_pod_status_update() after the last of them. */
void practice_pod_status_set_address (JsonNode *pod, const char *address);
void practice_pod_status_set_waiting (JsonNode *pod,
                                      const char *container,
                                      const char *reason,
                                      const char *message);
void practice_pod_status_set_started (JsonNode *pod, const char *container, const char *image);
void practice_pod_status_set_ended (JsonNode *pod, const char *container, int exit_status);
void practice_pod_status_set_restarting (JsonNode *pod,
                                         const char *container,
                                         const char *reason,
                                         const char *message);
void practice_pod_status_count_restart (JsonNode *pod, const char *container);
void practice_pod_status_set_container_ready (JsonNode *pod, const char *container, gboolean ready);
void practice_pod_status_update (JsonNode *pod);

G_END_DECLS
