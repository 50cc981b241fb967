/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "mesh-editor.h"
#include "session-canary-log.h"
#include "session-canary-plan.h"
#include "session-sampler.h"

G_BEGIN_DECLS

typedef enum {
  SESSION_CANARY_IDLE,
  SESSION_CANARY_SHIFTING, /* weights are on their way */
  SESSION_CANARY_WATCHING, /* the answers are counted */
  SESSION_CANARY_PAUSED,
  SESSION_CANARY_RETURNING, /* the weights that were before are on their way */
  SESSION_CANARY_DONE,
  SESSION_CANARY_ABORTED, /* it is where it was before */
  SESSION_CANARY_STOPPED, /* somebody else has the weights now, or they could not be written */
} SessionCanaryState;

GType session_canary_state_get_type (void);
#define SESSION_TYPE_CANARY_STATE (session_canary_state_get_type ())

/* Shifts the open route of a VirtualService to one of its destinations, step by step, while the
 * answers are good, and back where they are not. Properties: "state", "status" (a sentence). Who
 * stops watching ends it, so that it goes back; where it is disposed of in the midst of it all the
 * same, it writes nothing more, and both its last line in the log and the next start say where it
 * was. */
#define SESSION_TYPE_CANARY (session_canary_get_type ())
G_DECLARE_FINAL_TYPE (SessionCanary, session_canary, SESSION, CANARY, GObject)

SessionCanary *session_canary_new (SessionSampler *sampler, SessionCanaryLog *log);
gboolean session_canary_start (SessionCanary *self,
                               MeshEditor *editor,
                               KubeObject *virtual_service,
                               const char *subset,
                               const SessionCanaryPlan *plan,
                               GError **error);
void session_canary_pause (SessionCanary *self);
void session_canary_resume (SessionCanary *self);
void session_canary_promote (SessionCanary *self);
void session_canary_abort (SessionCanary *self);
void session_canary_end_async (SessionCanary *self,
                               guint limit_ms,
                               GAsyncReadyCallback callback,
                               gpointer user_data);
gboolean session_canary_end_finish (SessionCanary *self, GAsyncResult *result);
void session_canary_leave (SessionCanary *self);
SessionCanaryState session_canary_get_state (SessionCanary *self);
gboolean session_canary_is_active (SessionCanary *self);
const char *session_canary_get_status (SessionCanary *self);

G_END_DECLS
