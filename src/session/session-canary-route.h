/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "mesh-editor.h"

G_BEGIN_DECLS

/* The route that a canary shifts: that of everyone for whom no other is, with the weights it had
 * before and those it is to have. */
typedef struct _SessionCanaryRoute SessionCanaryRoute;

SessionCanaryRoute *
session_canary_route_new (KubeObject *virtual_service, const char *subset, GError **error);
void session_canary_route_free (SessionCanaryRoute *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SessionCanaryRoute, session_canary_route_free)

void session_canary_route_shift (SessionCanaryRoute *self, MeshEditor *editor, guint percent);
void session_canary_route_return (SessionCanaryRoute *self, MeshEditor *editor);
/* Whether the object has the weights that were asked for last. */
gboolean session_canary_route_is_reached (SessionCanaryRoute *self, KubeObject *virtual_service);
/* The weights before the first shift, and as the object has them: "v1 70 %, v3 30 %" */
const char *session_canary_route_get_before (SessionCanaryRoute *self);
char *session_canary_route_dup_now (SessionCanaryRoute *self, KubeObject *virtual_service);

G_END_DECLS
