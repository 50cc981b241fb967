/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "session-lab.h"

G_BEGIN_DECLS

/* Notices when Istio comes to the cluster, lets the client look anew at what is served, and finds
 * Istio's version. Property "version" (nullable: not there, or not known yet). */
#define SESSION_TYPE_ISTIO (session_istio_get_type ())
G_DECLARE_FINAL_TYPE (SessionIstio, session_istio, SESSION, ISTIO, GObject)

/* @definitions: the cluster's CustomResourceDefinitions; held while Istio is not there. */
SessionIstio *session_istio_new (SessionResource *definitions);
/* (nullable): NULL while there is no connection */
void session_istio_set_client (SessionIstio *self, KubeClient *client);
const char *session_istio_get_version (SessionIstio *self);

G_END_DECLS
