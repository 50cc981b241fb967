/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-dialer.h"
#include "practice-network.h"
#include "practice-resolve.h"

G_BEGIN_DECLS

/* The way into the sandbox's network from outside: a Unix socket on which a client sends
 * "HOST PORT\n", gets "ok\n" and is then connected; or one sentence,
 * and maybe a line with a word: "refused", "silent" or "nameless". */
#define PRACTICE_TYPE_RELAY (practice_relay_get_type ())
G_DECLARE_FINAL_TYPE (PracticeRelay, practice_relay, PRACTICE, RELAY, GObject)

PracticeRelay *practice_relay_new (const char *path,
                                   PracticeNetwork *network,
                                   PracticeResolveFunc resolve,
                                   gpointer user_data,
                                   GError **error);
void practice_relay_set_dialer (PracticeRelay *self, PracticeDialer *dialer);

G_END_DECLS
