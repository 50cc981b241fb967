/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "session-lab.h"

G_BEGIN_DECLS

/* The objects that decide whether an address answers, and how. Signal "changed" (gboolean
 * is_rule): one came, went or was changed since session_triggers_start(); is_rule: it is a policy,
 * or says where requests go, which takes a moment to be in force. */
#define SESSION_TYPE_TRIGGERS (session_triggers_get_type ())
G_DECLARE_FINAL_TYPE (SessionTriggers, session_triggers, SESSION, TRIGGERS, GObject)

SessionTriggers *session_triggers_new (SessionLab *lab, CourseCheck *check);
void session_triggers_start (SessionTriggers *self);
void session_triggers_stop (SessionTriggers *self);

G_END_DECLS
