/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

#define PRACTICE_DAEMON_HASH_LABEL "controller-revision-hash"

/* A pod of a DaemonSet, not stored yet. @node NULL: for no node in particular. */
JsonNode *practice_daemon_pod_new (JsonNode *set, const char *node, const char *hash);
/* (nullable): the node that a pod of a DaemonSet is on, or is meant for. */
const char *practice_daemon_pod_get_node (JsonNode *pod);
/* Whether a new one may be put on @node, and whether one that is there may stay. */
gboolean practice_daemon_pod_may_start (JsonNode *pod, JsonNode *node);
gboolean practice_daemon_pod_may_stay (JsonNode *pod, JsonNode *node);

G_END_DECLS
