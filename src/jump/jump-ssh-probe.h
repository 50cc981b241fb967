/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "jump-ssh-master.h"

G_BEGIN_DECLS

/* Whether the jumpserver can connect to @host and @port, over ssh's own forwarding. */
void jump_ssh_probe_async (JumpSshSettings *settings,
                           JumpSshMaster *master,
                           const char *host,
                           guint16 port,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data);
gboolean jump_ssh_probe_finish (GAsyncResult *result, GError **error);
/* @words: what the far side said; also from a relay. */
GError *jump_ssh_probe_make_error (JumpSshSettings *settings,
                                   const char *host,
                                   guint16 port,
                                   const char *words);

G_END_DECLS
