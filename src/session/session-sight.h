/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "session-lab.h"

G_BEGIN_DECLS

/* What the lists of a lab show, for who looks for a cause in them. A kind is watched from when it
 * is first asked for until session_sight_close(). Signal "changed": there is news of what was asked
 * for; much of it at once is told once. */
#define SESSION_TYPE_SIGHT (session_sight_get_type ())
G_DECLARE_FINAL_TYPE (SessionSight, session_sight, SESSION, SIGHT, GObject)

SessionSight *session_sight_new (SessionLab *lab);
void session_sight_close (SessionSight *self);
GPtrArray *session_sight_list (SessionSight *self, const char *kind, const char *namespace_);
JsonNode *
session_sight_find (SessionSight *self, const char *kind, const char *namespace_, const char *name);
gboolean session_sight_knows (SessionSight *self, const char *kind, const char *namespace_);
const char *session_sight_get_only (SessionSight *self, const char *kind);
const SessionRecollection *session_sight_recall (SessionSight *self,
                                                 const char *kind,
                                                 const char *namespace_,
                                                 const char *name);
const SessionGroup *
session_sight_recall_group (SessionSight *self, CourseCheck *check, const char *namespace_);
JumpPlace *session_sight_get_place (SessionSight *self);
gboolean session_sight_lacks (SessionSight *self, const char *kind);

G_END_DECLS
