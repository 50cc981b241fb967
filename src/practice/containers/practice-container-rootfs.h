/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>
#include <json-glib/json-glib.h>

#include "practice-network.h"
#include "practice-store.h"

G_BEGIN_DECLS

/* What a container has of files: this computer's programs, read-only, and an /etc, a home and
 * mounted volumes of its own, in memory. */
typedef struct _PracticeContainerRootfs PracticeContainerRootfs;

/* Where the program that starts others is inside. */
#define PRACTICE_CONTAINER_AGENT "/run/pause"

/* @name_server: for its resolv.conf. Errors are in a kubelet's words. */
PracticeContainerRootfs *practice_container_rootfs_new (PracticeStore *store,
                                                        JsonNode *pod,
                                                        const char *container,
                                                        const char *program,
                                                        PracticeNetwork *network,
                                                        const char *name_server,
                                                        GError **error);
void practice_container_rootfs_free (PracticeContainerRootfs *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PracticeContainerRootfs, practice_container_rootfs_free)
/* A PracticeSandboxOptionsFunc; @data is a PracticeContainerRootfs. */
int
practice_container_rootfs_open_options (gpointer data, int first_fd, GArray *fds, GError **error);

G_END_DECLS
