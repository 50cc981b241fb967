/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-mesh-match.h"
#include "practice-mesh-upstream.h"

G_BEGIN_DECLS

/* Where a connection that is not HTTP goes by "tcp" routes, or "tls" routes where @query has a
 * name. FALSE: there is none for it.
 * @upstream: (transfer full) (nullable): NULL: nowhere. */
gboolean practice_mesh_stream_decide (PracticeMeshConfig *config,
                                      PracticeStore *store,
                                      const PracticeMeshQuery *query,
                                      GRand *random,
                                      PracticeMeshUpstream **upstream);
/* Whether it depends on the name that a client of TLS asks for. */
gboolean
practice_mesh_stream_goes_by_name (PracticeMeshConfig *config, const PracticeMeshQuery *query);

G_END_DECLS
