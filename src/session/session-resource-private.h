/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "session-lab.h"

G_BEGIN_DECLS

/* For SessionLab, which owns them. */
SessionResource *session_resource_new (const KubeKind *kind);
/* @client (nullable): whom to ask from now on. The rows of the last one stay until the new one has
 * listed. */
void session_resource_set_client (SessionResource *self, KubeClient *client);
/* @error (nullable): why there is no connection; NULL: there is one. */
void session_resource_set_offline (SessionResource *self, const GError *error);

G_END_DECLS
