/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-channel.h"

G_BEGIN_DECLS

/* The programs that run in a sandbox, or are to as soon as its agent takes them. */
typedef struct _PracticeSandboxJobs PracticeSandboxJobs;

PracticeSandboxJobs *practice_sandbox_jobs_new (void);
void practice_sandbox_jobs_free (PracticeSandboxJobs *self);

/* FALSE: there are too many, as @client is told. */
gboolean practice_sandbox_jobs_add (PracticeSandboxJobs *self,
                                    PracticeChannel *client,
                                    GVariant *request,
                                    GUnixFDList *fds,
                                    guint *id);
void practice_sandbox_jobs_remove (PracticeSandboxJobs *self, guint id);
/* All that wait go to @agent. */
void practice_sandbox_jobs_give (PracticeSandboxJobs *self, PracticeChannel *agent);
/* What the agent says of one goes to its client. */
void practice_sandbox_jobs_tell (PracticeSandboxJobs *self, GVariant *message, GUnixFDList *fds);
void practice_sandbox_jobs_end (PracticeSandboxJobs *self, const char *reason);

G_END_DECLS
