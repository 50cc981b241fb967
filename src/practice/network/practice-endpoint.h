/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* Where something answers. */
typedef struct {
  char *address; /* IPv4 */
  guint16 port;
} PracticeEndpoint;

PracticeEndpoint *practice_endpoint_new (const char *address, guint16 port);
PracticeEndpoint *practice_endpoint_copy (const PracticeEndpoint *self);
void practice_endpoint_free (PracticeEndpoint *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PracticeEndpoint, practice_endpoint_free)

/* (transfer full) (element-type PracticeEndpoint): where an Endpoints object says that pods are
 * ready for a port of its Service. @endpoints (nullable). */
GPtrArray *practice_endpoint_list (JsonNode *endpoints, JsonNode *service_port);
/* The same for a port by its name (nullable). */
GPtrArray *practice_endpoint_list_port (JsonNode *endpoints, const char *name);

G_END_DECLS
