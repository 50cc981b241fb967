/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "session-connection.h"
#include "session-resources.h"

G_BEGIN_DECLS

/* The cluster of a place: the connection to it, its lists of objects, and what is known of it.
 * Properties: "state", "error", "client" (nullable), "exec-argv" (strv, nullable),
 * "server-version", "istio-version", "apis" (strv, nullable), "trouble" (GError, nullable). */
#define SESSION_TYPE_CLUSTER (session_cluster_get_type ())
G_DECLARE_FINAL_TYPE (SessionCluster, session_cluster, SESSION, CLUSTER, GObject)

SessionCluster *session_cluster_new (JumpPlace *place, const char *context_name);
SessionConnection *session_cluster_get_connection (SessionCluster *self);
KubeClient *session_cluster_get_client (SessionCluster *self);
SessionResource *session_cluster_get_resource (SessionCluster *self, const char *name);
const char *session_cluster_get_server_version (SessionCluster *self);
const char *session_cluster_get_istio_version (SessionCluster *self);
const char *const *session_cluster_get_apis (SessionCluster *self);
const GError *session_cluster_get_trouble (SessionCluster *self);

G_END_DECLS
