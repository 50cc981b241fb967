/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "session-lab.h"
#include "session-trouble.h"

G_BEGIN_DECLS

/* All that a lab's readers look at in the cluster: one SessionResource a kind, made when it is
 * asked for, over all connections. */
#define SESSION_TYPE_RESOURCES (session_resources_get_type ())
G_DECLARE_FINAL_TYPE (SessionResources, session_resources, SESSION, RESOURCES, GObject)

SessionResources *session_resources_new (SessionTrouble *trouble);
SessionResource *session_resources_get (SessionResources *self, const char *name);
void session_resources_connect (SessionResources *self, KubeClient *client);
void session_resources_disconnect (SessionResources *self, const GError *error);
void session_resources_drop (SessionResources *self);

G_END_DECLS
