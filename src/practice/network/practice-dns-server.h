/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "practice-resolve.h"

G_BEGIN_DECLS

/* Answers for the jumpserver's names on two sockets, and asks nobody else. */
#define PRACTICE_TYPE_DNS_SERVER (practice_dns_server_get_type ())
G_DECLARE_FINAL_TYPE (PracticeDnsServer, practice_dns_server, PRACTICE, DNS_SERVER, GObject)

PracticeDnsServer *practice_dns_server_new (GSocket *datagram,
                                            GSocket *stream,
                                            PracticeLookUpFunc look_up,
                                            gpointer user_data,
                                            GError **error);

/* Whether a question gets through now. */
typedef gboolean (*PracticeDnsGateFunc) (gpointer user_data);
void practice_dns_server_set_gate (PracticeDnsServer *self, PracticeDnsGateFunc gate);

G_END_DECLS
