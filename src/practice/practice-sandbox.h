/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "practice-bwrap.h"
#include "practice-channel.h"
#include "practice-network.h"

G_BEGIN_DECLS

/* The practice jumpserver: a bubblewrap sandbox in a PracticeNetwork, and the agent inside that
 * starts programs. Where it has ended, it is started again for the next program. */
#define PRACTICE_TYPE_SANDBOX (practice_sandbox_get_type ())
G_DECLARE_FINAL_TYPE (PracticeSandbox, practice_sandbox, PRACTICE, SANDBOX, GObject)

PracticeSandbox *practice_sandbox_new (PracticeNetwork *network, const PracticeBwrapPaths *paths);
void practice_sandbox_start_async (PracticeSandbox *self,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data);
gboolean
practice_sandbox_start_finish (PracticeSandbox *self, GAsyncResult *result, GError **error);

void practice_sandbox_stop (PracticeSandbox *self);

/* Answers of the agent ("started", "failed", "exited") go to @client as they are. */
guint practice_sandbox_run (PracticeSandbox *self,
                            PracticeChannel *client,
                            GVariant *request,
                            GUnixFDList *fds);
void practice_sandbox_signal (PracticeSandbox *self, guint id, int number);
void practice_sandbox_hang_up (PracticeSandbox *self, guint id);

G_END_DECLS
