/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-mesh-upstream.h"

G_BEGIN_DECLS

/* Which pods proxies leave out for a while, since they failed. */
typedef struct _PracticeMeshOutliers PracticeMeshOutliers;

PracticeMeshOutliers *practice_mesh_outliers_new (void);
void practice_mesh_outliers_free (PracticeMeshOutliers *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PracticeMeshOutliers, practice_mesh_outliers_free)

/* Counts an answer of @endpoint, as the proxy @proxy got it. @policy: an outlierDetection. */
void practice_mesh_outliers_count (PracticeMeshOutliers *self,
                                   const char *proxy,
                                   PracticeMeshUpstream *upstream,
                                   PracticeMeshEndpoint *endpoint,
                                   JsonNode *policy,
                                   guint status);
gboolean practice_mesh_outliers_is_ejected (PracticeMeshOutliers *self,
                                            const char *proxy,
                                            PracticeMeshUpstream *upstream,
                                            PracticeMeshEndpoint *endpoint);
/* (transfer container) (element-type PracticeMeshEndpoint): those of @upstream that may be asked.
 */
GPtrArray *practice_mesh_outliers_list_healthy (PracticeMeshOutliers *self,
                                                const char *proxy,
                                                PracticeMeshUpstream *upstream,
                                                JsonNode *policy);

G_END_DECLS
