/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "session-chain.h"
#include "session-finding.h"
#include "session-lab.h"

G_BEGIN_DECLS

/* Tries a service's address from outside, again and again with a back-off, while it is started.
 * Property "result" (notified only): what was found or its freshness has changed. */
#define SESSION_TYPE_PROBE (session_probe_get_type ())
G_DECLARE_FINAL_TYPE (SessionProbe, session_probe, SESSION, PROBE, GObject)

/* @check: of the type reach, http or traffic. @lab must outlive the probe's being started. @chain
 * is told what is seen. */
SessionProbe *session_probe_new (CourseCheck *check, SessionLab *lab, SessionChain *chain);
void session_probe_start (SessionProbe *self);
void session_probe_stop (SessionProbe *self);
/* Now, and then from the shortest interval on. What passed is not fresh until it has again, when a
 * change has had time to arrive. */
void session_probe_retry (SessionProbe *self);
/* Something was changed that it depends on: now, and then soon again for some seconds. What passed
 * is not fresh until it has when the change has had time to arrive. */
void session_probe_hurry (SessionProbe *self);
/* UNKNOWN, WAITING or PASSED */
SessionCheckState session_probe_state_of (SessionAttemptResult result);
SessionCheckState session_probe_get_state (SessionProbe *self);
/* Whether the last attempt began after session_probe_retry(), or session_probe_hurry(). */
gboolean session_probe_get_fresh (SessionProbe *self);
/* (transfer none): of the last attempt */
const SessionFinding *session_probe_get_finding (SessionProbe *self);

G_END_DECLS
