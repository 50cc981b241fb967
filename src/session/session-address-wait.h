/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "session-lab.h"
#include "session-trial.h"

G_BEGIN_DECLS

/* Waits until the cluster has given the addresses that @text asks it for, as far as it can be seen
 * what that is; else it goes on at once. */
void session_address_wait_async (SessionLab *lab,
                                 const char *text,
                                 const SessionTrialListener *listener,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data);
/* @reason: (out) (nullable) (transfer full): why it is of no use to wait any longer. FALSE with an
 * error only where it was cancelled. */
gboolean session_address_wait_finish (GAsyncResult *result, char **reason, GError **error);

G_END_DECLS
