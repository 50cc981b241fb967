/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-mesh.h"

G_BEGIN_DECLS

/* What a proxy has been told, as `istioctl proxy-config` tables it. */
typedef enum {
  PRACTICE_PROXY_CLUSTERS,
  PRACTICE_PROXY_LISTENERS,
  PRACTICE_PROXY_ROUTES,
  PRACTICE_PROXY_ENDPOINTS,
} PracticeProxyPart;

gboolean practice_proxy_part_find (const char *name, PracticeProxyPart *part);

/* (transfer full) (element-type GStrv): the rows of a table, its head first. @config: what the
 * proxy of @pod goes by. */
GPtrArray *practice_proxy_config_list (PracticeMesh *mesh,
                                       PracticeMeshConfig *config,
                                       JsonNode *pod,
                                       PracticeProxyPart part);

G_END_DECLS
