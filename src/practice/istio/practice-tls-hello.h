/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum {
  PRACTICE_TLS_HELLO_INCOMPLETE, /* more is to come */
  PRACTICE_TLS_HELLO_NONE,       /* this is not how TLS begins */
  PRACTICE_TLS_HELLO_READ,
} PracticeTlsHello;

/* The most that is looked at: one record. */
#define PRACTICE_TLS_HELLO_MAX (5 + 16384)

/* The name that a client of TLS says first that it wants (Server Name Indication, RFC 6066), in
 * lower case. @name (out) (transfer full) (nullable): NULL where it says none. */
PracticeTlsHello practice_tls_hello_read (const guint8 *data, gsize length, char **name);

G_END_DECLS
