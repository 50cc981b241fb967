/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "session-lab.h"

G_BEGIN_DECLS

/* Tries a service's address from outside, again and again with a back-off, while it is started.
 * Property "result" (notified only): state or detail have changed. */
#define SESSION_TYPE_PROBE (session_probe_get_type ())
G_DECLARE_FINAL_TYPE (SessionProbe, session_probe, SESSION, PROBE, GObject)

/* @check: of the type reach or http. @lab must outlive the probe's being started. */
SessionProbe *session_probe_new (CourseCheck *check, SessionLab *lab);
void session_probe_start (SessionProbe *self);
void session_probe_stop (SessionProbe *self);
/* Now, and then from the shortest interval on. */
void session_probe_retry (SessionProbe *self);
/* UNKNOWN, WAITING or PASSED */
SessionCheckState session_probe_get_state (SessionProbe *self);
const char *session_probe_get_detail (SessionProbe *self); /* nullable */

G_END_DECLS
