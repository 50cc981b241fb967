/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-channel.h"
#include "practice-sandbox-maker.h"

G_BEGIN_DECLS

/* The practice jumpserver, or a container of a pod: a bubblewrap sandbox in a PracticeNetwork, and
 * the agent inside that starts programs. Where it has ended, it is started again for the next
 * program. */
#define PRACTICE_TYPE_SANDBOX (practice_sandbox_get_type ())
G_DECLARE_FINAL_TYPE (PracticeSandbox, practice_sandbox, PRACTICE, SANDBOX, GObject)

PracticeSandbox *practice_sandbox_new (PracticeNetwork *network, const PracticeBwrapPaths *paths);
PracticeSandbox *practice_sandbox_new_with_options (PracticeNetwork *network,
                                                    const char *agent_program,
                                                    PracticeSandboxOptionsFunc open_options,
                                                    gpointer data,
                                                    GDestroyNotify destroy);
/* Without bubblewrap or a network: @program is ourselves. Takes @confinement. */
PracticeSandbox *
practice_sandbox_new_confined (const char *program, PracticeConfinement *confinement);
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
