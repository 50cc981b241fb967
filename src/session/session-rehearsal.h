/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "session-camera.h"
#include "session-lab.h"

G_BEGIN_DECLS

/* Plays a course as a student would. Prints "ok SECTION/STEP", "FAIL SECTION/STEP: reason" or "skip
 * SECTION/STEP: requires WORDS" by signal "line" (string). */
#define SESSION_TYPE_REHEARSAL (session_rehearsal_get_type ())
G_DECLARE_FINAL_TYPE (SessionRehearsal, session_rehearsal, SESSION, REHEARSAL, GObject)

SessionRehearsal *session_rehearsal_new (SessionLab *lab, const char *section_id);
/* Where pictures of what failed go; made with the first of them. NULL: nowhere. */
void
session_rehearsal_set_pictures (SessionRehearsal *self, const char *folder, SessionCamera *camera);
/* What the place does not have, in the course's words: steps that require it are left out. */
void session_rehearsal_set_absent (SessionRehearsal *self, const char *const *words);
void session_rehearsal_run_async (SessionRehearsal *self,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data);
/* TRUE only where every step passed. */
gboolean
session_rehearsal_run_finish (SessionRehearsal *self, GAsyncResult *result, GError **error);
char *session_rehearsal_dup_junit (SessionRehearsal *self);

G_END_DECLS
