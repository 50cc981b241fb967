/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Tasks that wait at policies: what policies cut off waits for its own end, since packets are
 * dropped and not answered. */
typedef struct _PracticeWaiting PracticeWaiting;

/* Whether a waiting task may go on. */
typedef gboolean (*PracticeWaitingFunc) (GTask *task, gpointer user_data);

PracticeWaiting *practice_waiting_new (void);
void practice_waiting_free (PracticeWaiting *self);

/* FALSE: too many wait already. */
gboolean practice_waiting_add (PracticeWaiting *self, GTask *task);
/* Those that wait no more: of GTask, the caller's. */
GPtrArray *practice_waiting_take (PracticeWaiting *self, PracticeWaitingFunc may_go, gpointer data);
void practice_waiting_end (PracticeWaiting *self, GIOErrorEnum code, const char *message);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PracticeWaiting, practice_waiting_free)

G_END_DECLS
