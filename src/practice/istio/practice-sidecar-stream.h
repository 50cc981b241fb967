/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-endpoint.h"
#include "practice-sidecar.h"

G_BEGIN_DECLS

/* What a pod's proxy does with connections that are not HTTP. */

/* Whether where a pod's connection goes depends on the name that its client asks for. */
gboolean practice_sidecar_goes_by_name (PracticeSidecar *self,
                                        const PracticePeer *peer,
                                        const char *address,
                                        guint16 port);
/* Whether "tcp" routes, or "tls" routes at a port for TLS, lead a pod's connection elsewhere.
 * @name: (nullable): that its client asks for. @target: (transfer full) (nullable): NULL: nowhere.
 */
gboolean practice_sidecar_lead (PracticeSidecar *self,
                                const PracticePeer *peer,
                                const char *address,
                                guint16 port,
                                const char *name,
                                PracticeEndpoint **target);

G_END_DECLS
