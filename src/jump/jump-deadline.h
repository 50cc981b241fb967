/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A cancellable of its own for an operation that has an end in time: cancelled with its caller's,
 * or when the time is over. */
typedef struct _JumpDeadline JumpDeadline;

JumpDeadline *jump_deadline_new (GCancellable *outer, guint milliseconds);
GCancellable *jump_deadline_get_cancellable (JumpDeadline *self);
gboolean jump_deadline_has_expired (JumpDeadline *self);
void jump_deadline_free (JumpDeadline *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (JumpDeadline, jump_deadline_free)

G_END_DECLS
