/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A GSocketConnectable that leads wherever it was last told to: a client's way to the API server,
 * which is another one after a reconnect. */
#define SESSION_TYPE_DIAL (session_dial_get_type ())
G_DECLARE_FINAL_TYPE (SessionDial, session_dial, SESSION, DIAL, GObject)

SessionDial *session_dial_new (GSocketConnectable *target);
void session_dial_set_target (SessionDial *self, GSocketConnectable *target);

G_END_DECLS
