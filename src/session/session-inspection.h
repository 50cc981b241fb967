/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "session-sight.h"

G_BEGIN_DECLS

/* A check of objects, judged on the lab's lists whenever they have news, while it is started.
 * Property "result" (SessionCheckState), notified of whatever changes. */
#define SESSION_TYPE_INSPECTION (session_inspection_get_type ())
G_DECLARE_FINAL_TYPE (SessionInspection, session_inspection, SESSION, INSPECTION, GObject)

SessionInspection *session_inspection_new (CourseCheck *check,
                                           SessionLab *lab,
                                           SessionChain *chain,
                                           SessionSight *sight);
void session_inspection_start (SessionInspection *self);
void session_inspection_stop (SessionInspection *self);
void session_inspection_set_at_length (SessionInspection *self, gboolean at_length);
SessionCheckState session_inspection_get_state (SessionInspection *self);
const char *session_inspection_get_detail (SessionInspection *self);

G_END_DECLS
