/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-http-handler.h"
#include "practice-network.h"

G_BEGIN_DECLS

/* What answers at the addresses and ports of pods: programs of our own, and those that really run
 * in a pod's own network. */
typedef struct _PracticeDoors PracticeDoors;

/* Takes up the far end of a connection to @program. */
typedef void (*PracticeAcceptFunc) (GObject *program, GSocketConnection *connection);

/* @network: (nullable): where our own programs listen for what is not HTTP. */
PracticeDoors *practice_doors_new (PracticeNetwork *network);
void practice_doors_free (PracticeDoors *self);
/* Nothing answers any more. */
void practice_doors_close (PracticeDoors *self);

/* @handler: (nullable): nothing any more. */
void practice_doors_set_handler (PracticeDoors *self,
                                 const char *address,
                                 guint16 port,
                                 PracticeHttpHandler *handler);
PracticeHttpHandler *
practice_doors_get_handler (PracticeDoors *self, const char *address, guint16 port);
/* Likewise, what answers something else where there are no real sockets. */
void practice_doors_set_acceptor (PracticeDoors *self,
                                  const char *address,
                                  guint16 port,
                                  PracticeAcceptFunc accept,
                                  GObject *program);
/* FALSE: nothing takes it up. */
gboolean practice_doors_accept (PracticeDoors *self,
                                const char *address,
                                guint16 port,
                                GSocketConnection *connection);
/* @network: (nullable): no real programs any more. */
void practice_doors_set_inside (PracticeDoors *self, const char *address, PracticeNetwork *network);
/* (nullable): where a pod's own programs listen, unless one of ours has that port. */
PracticeNetwork *practice_doors_get_inside (PracticeDoors *self, const char *address, guint16 port);
/* Whether one of our own programs answers there. */
gboolean practice_doors_has_own (PracticeDoors *self, const char *address, guint16 port);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PracticeDoors, practice_doors_free)

G_END_DECLS
