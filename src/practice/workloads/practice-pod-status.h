/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

typedef enum {
  PRACTICE_POD_NEW,      /* nothing known of its containers yet */
  PRACTICE_POD_CREATING, /* images are pulled, containers made */
  PRACTICE_POD_RUNNING,  /* started, not ready */
  PRACTICE_POD_READY,
  PRACTICE_POD_ENDED, /* Succeeded or Failed */
} PracticePodStage;

PracticePodStage practice_pod_status_get_stage (JsonNode *pod);
gboolean practice_pod_status_is_image_current (JsonNode *pod);
void practice_pod_status_set_creating (JsonNode *pod, const char *host_ip);
void practice_pod_status_set_waiting (JsonNode *pod,
                                      const char *container,
                                      const char *reason,
                                      const char *message);
const char *practice_pod_status_get_waiting_reason (JsonNode *pod, const char *container);
void practice_pod_status_set_running (JsonNode *pod, const char *pod_ip);
void practice_pod_status_set_crashed (JsonNode *pod, guint seconds);
void practice_pod_status_set_ready (JsonNode *pod);

G_END_DECLS
