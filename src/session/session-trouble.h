/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "session-lab.h"

G_BEGIN_DECLS

/* What goes wrong after the connection was made, read from the lists that are watched. Property
 * "error" (nullable): the server does not answer; it is tried again by itself. Signal "refused"
 * (GError): the server does not accept the credentials any more, so that nothing is. */
#define SESSION_TYPE_TROUBLE (session_trouble_get_type ())
G_DECLARE_FINAL_TYPE (SessionTrouble, session_trouble, SESSION, TROUBLE, GObject)

SessionTrouble *session_trouble_new (void);
void session_trouble_watch (SessionTrouble *self, SessionResource *resource);
void session_trouble_clear (SessionTrouble *self);
const GError *session_trouble_get_error (SessionTrouble *self);

G_END_DECLS
