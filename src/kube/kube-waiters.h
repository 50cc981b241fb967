/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Callers who wait for one operation that is under way. Each may be cancelled without the others
 * noticing. Plain data. */
typedef struct {
  GQueue tasks;  /* of GTask, each owned */
  gboolean busy; /* the operation is under way, even where all who asked have left */
} KubeWaiters;

gboolean kube_waiters_add (KubeWaiters *self, GTask *task);
void kube_waiters_return (KubeWaiters *self, const GError *error);

G_END_DECLS
