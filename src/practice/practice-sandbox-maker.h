/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "practice-bwrap.h"
#include "practice-confinement.h"
#include "practice-network.h"

G_BEGIN_DECLS

/* How a sandbox is made: by bubblewrap in a network of ours, or, where this computer refuses that,
 * by a confinement of the agent itself. */
typedef struct _PracticeSandboxMaker PracticeSandboxMaker;

/* The number that the first of a sandbox's own file descriptors gets. */
#define PRACTICE_SANDBOX_FIRST_FD 5

/* Returns a file descriptor of options for `bwrap --args`, -1 with @error. @fds (element-type int)
 * gets those that the options name, from @first_fd on in their order; they are the caller's in
 * any case. */
typedef int (*PracticeSandboxOptionsFunc) (gpointer data,
                                           int first_fd,
                                           GArray *fds,
                                           GError **error);

PracticeSandboxMaker *practice_sandbox_maker_new (PracticeNetwork *network,
                                                  const char *agent_program,
                                                  PracticeSandboxOptionsFunc open_options,
                                                  gpointer data,
                                                  GDestroyNotify destroy);
PracticeSandboxMaker *
practice_sandbox_maker_new_jumpserver (PracticeNetwork *network, const PracticeBwrapPaths *paths);
/* Takes @confinement. */
PracticeSandboxMaker *
practice_sandbox_maker_new_confined (const char *program, PracticeConfinement *confinement);
void practice_sandbox_maker_free (PracticeSandboxMaker *self);

/* (transfer full) (nullable), and @agent likewise: the process and our side of its agent's socket.
 * Its standard error is a pipe. */
GSubprocess *
practice_sandbox_maker_spawn (PracticeSandboxMaker *self, GSocket **agent, GError **error);
/* (transfer full): why the process has ended, in words. */
char *practice_sandbox_maker_dup_complaint (GSubprocess *bwrap);

G_END_DECLS
