/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "jump-ssh-settings.h"

G_BEGIN_DECLS

/* Files of the jumpserver, read by commands over the master connection. */
void jump_ssh_files_read_async (gpointer source,
                                JumpSshSettings *settings,
                                const char *path,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data);
GBytes *jump_ssh_files_read_finish (GAsyncResult *result, GError **error);
void jump_ssh_files_list_kubeconfigs_async (gpointer source,
                                            JumpSshSettings *settings,
                                            GCancellable *cancellable,
                                            GAsyncReadyCallback callback,
                                            gpointer user_data);
GStrv jump_ssh_files_list_kubeconfigs_finish (GAsyncResult *result, GError **error);

G_END_DECLS
