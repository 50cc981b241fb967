/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Carries bytes both ways between two sockets until both directions have ended. */
void practice_splice_start (GSocketConnection *a, GSocketConnection *b, GCancellable *cancellable);

G_END_DECLS
