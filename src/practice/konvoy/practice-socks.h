/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-dialer.h"
#include "practice-resolve.h"

G_BEGIN_DECLS

/* The practice network for a curl that is not in it: a SOCKS 5 proxy (RFC 1928) on a Unix socket.
 */
#define PRACTICE_TYPE_SOCKS (practice_socks_get_type ())
G_DECLARE_FINAL_TYPE (PracticeSocks, practice_socks, PRACTICE, SOCKS, GObject)

PracticeSocks *practice_socks_new (const char *path,
                                   PracticeDialer *dialer,
                                   PracticeResolveFunc resolve,
                                   gpointer user_data,
                                   GError **error);

void practice_socks_stop (PracticeSocks *self);

G_END_DECLS
