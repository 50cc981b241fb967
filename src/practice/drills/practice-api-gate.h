/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libsoup/soup.h>

G_BEGIN_DECLS

/* What stands between clients and the API server: its sockets and certificate, and the faults that
 * can be put there. */
#define PRACTICE_TYPE_API_GATE (practice_api_gate_get_type ())
G_DECLARE_FINAL_TYPE (PracticeApiGate, practice_api_gate, PRACTICE, API_GATE, GObject)

typedef void (*PracticeApiGateFunc) (SoupServerMessage *message, gpointer user_data);

PracticeApiGate *
practice_api_gate_new (SoupServer *server, PracticeApiGateFunc serve, gpointer user_data);
void practice_api_gate_set_certificates (PracticeApiGate *self,
                                         GTlsCertificate *valid,
                                         GTlsCertificate *expired);
guint16 practice_api_gate_listen_anywhere (PracticeApiGate *self, GError **error);
gboolean practice_api_gate_listen_port (PracticeApiGate *self, guint16 port, GError **error);
gboolean practice_api_gate_listen (PracticeApiGate *self, GSocket *socket, GError **error);

void practice_api_gate_close (PracticeApiGate *self);
gboolean practice_api_gate_open (PracticeApiGate *self, GError **error);
gboolean practice_api_gate_show_expired (PracticeApiGate *self, gboolean expired, GError **error);
void practice_api_gate_set_delay (PracticeApiGate *self, guint milliseconds);
void practice_api_gate_set_revoked (PracticeApiGate *self, gboolean revoked);
gboolean practice_api_gate_is_revoked (PracticeApiGate *self);
void practice_api_gate_set_expires_watches (PracticeApiGate *self, gboolean expires);
gboolean practice_api_gate_expires_watch (PracticeApiGate *self, const char *path);

G_END_DECLS
