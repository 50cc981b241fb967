/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "session-lab.h"
#include "session-name.h"

G_BEGIN_DECLS

/* What the place's name servers say of the name that is tried, where nobody else has told it.
 * Signal "told": when they were asked. */
#define SESSION_TYPE_RESOLUTION (session_resolution_get_type ())
G_DECLARE_FINAL_TYPE (SessionResolution, session_resolution, SESSION, RESOLUTION, GObject)

SessionResolution *session_resolution_new (SessionLab *lab);
void session_resolution_set_name (SessionResolution *self, const char *name);
void session_resolution_forget (SessionResolution *self);
void session_resolution_ask_after (SessionResolution *self, guint delay_ms);
void session_resolution_stop (SessionResolution *self);
SessionName session_resolution_get_said (SessionResolution *self);

G_END_DECLS
