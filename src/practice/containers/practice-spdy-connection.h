/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* The server's side of a SPDY/3.1 connection on which the client opens all streams. Accepts each,
 * up to a limit. */
#define PRACTICE_TYPE_SPDY_CONNECTION (practice_spdy_connection_get_type ())
G_DECLARE_FINAL_TYPE (
  PracticeSpdyConnection, practice_spdy_connection, PRACTICE, SPDY_CONNECTION, GObject)

PracticeSpdyConnection *practice_spdy_connection_new (GIOStream *stream);
void practice_spdy_connection_set_reading (PracticeSpdyConnection *self, gboolean reading);
void practice_spdy_connection_send (PracticeSpdyConnection *self, guint stream, GBytes *data);
/* Nothing more is sent on the stream. */
void practice_spdy_connection_end (PracticeSpdyConnection *self, guint stream);
void practice_spdy_connection_reset (PracticeSpdyConnection *self, guint stream);
gboolean practice_spdy_connection_is_full (PracticeSpdyConnection *self);
/* Closes once all is sent. */
void practice_spdy_connection_finish (PracticeSpdyConnection *self);
void practice_spdy_connection_close (PracticeSpdyConnection *self);

/* Signals: "opened" (guint stream, GHashTable *headers); "data" (guint stream, GBytes *);
 * "ended" (guint stream): nothing more comes on it; "reset" (guint stream); "drained"; "closed": by
 * the other side. */

G_END_DECLS
