/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-dialer.h"
#include "practice-resolve.h"

G_BEGIN_DECLS

/* What clients and the proxy say: https://www.rfc-editor.org/rfc/rfc1928, and Tor's way to ask for
 * an address only
 * (https://spec.torproject.org/socks-extensions.html). */
#define PRACTICE_SOCKS_VERSION 5
#define PRACTICE_SOCKS_CONNECT 1
#define PRACTICE_SOCKS_RESOLVE 0xf0
#define PRACTICE_SOCKS_ADDRESS_IPV4 1
#define PRACTICE_SOCKS_ADDRESS_NAME 3
#define PRACTICE_SOCKS_GRANTED 0
#define PRACTICE_SOCKS_FAILED 1
#define PRACTICE_SOCKS_HOST_UNREACHABLE 4
#define PRACTICE_SOCKS_REFUSED 5
#define PRACTICE_SOCKS_NOT_SUPPORTED 7

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
