/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "session-sight.h"

G_BEGIN_DECLS

/* What keeps a Service from leading to a pod that answers. */
char *session_service_dup_trouble (SessionSight *sight,
                                   const char *namespace_,
                                   const char *name,
                                   gint64 port);
char *
session_service_dup_address_trouble (const char *namespace_, const char *name, const char *type);
char *session_service_dup_wrong_port (SessionSight *sight,
                                      const char *namespace_,
                                      const char *name,
                                      gint64 port);
JsonNode *session_service_find_policy (SessionSight *sight,
                                       const char *namespace_,
                                       const char *name,
                                       gint64 port);
char *session_service_dup_openness (SessionSight *sight,
                                    const char *namespace_,
                                    const char *name,
                                    gint64 port);
gboolean session_service_is_served (SessionSight *sight, const char *namespace_, const char *name);
GPtrArray *session_service_list_pods (SessionSight *sight, JsonNode *service);

G_END_DECLS
