/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A cancellable of its own for an operation that has an end in time: cancelled with its caller's,
 * or when the time is over. */
typedef struct _BaseDeadline BaseDeadline;

BaseDeadline *base_deadline_new (GCancellable *outer, guint milliseconds);
GCancellable *base_deadline_get_cancellable (BaseDeadline *self);
gboolean base_deadline_has_expired (BaseDeadline *self);
void base_deadline_free (BaseDeadline *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BaseDeadline, base_deadline_free)

G_END_DECLS
