/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Starts programs inside the sandbox on behalf of the owner, on the other side of a socket. */
#define PRACTICE_TYPE_AGENT (practice_agent_get_type ())
G_DECLARE_FINAL_TYPE (PracticeAgent, practice_agent, PRACTICE, AGENT, GObject)

PracticeAgent *practice_agent_new (GSocket *socket);
void practice_agent_run (PracticeAgent *self);

G_END_DECLS
