/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "session-lab.h"

G_BEGIN_DECLS

/* A check of a file at the place, or of a service that is asked through the API server, looked at
 * now and then while it is started. Property "result" (SessionCheckState), notified of whatever
 * changes. */
#define SESSION_TYPE_LOOK (session_look_get_type ())
G_DECLARE_FINAL_TYPE (SessionLook, session_look, SESSION, LOOK, GObject)

/* @lab must outlive its being started. */
SessionLook *session_look_new (CourseCheck *check, SessionLab *lab);
void session_look_start (SessionLook *self);
void session_look_stop (SessionLook *self);
/* A command may have changed it: what was seen before counts no more. */
void session_look_retry (SessionLook *self);
SessionCheckState session_look_get_state (SessionLook *self);
/* Whether it was looked at since the last session_look_retry(). */
gboolean session_look_get_fresh (SessionLook *self);
const char *session_look_get_detail (SessionLook *self);

G_END_DECLS
