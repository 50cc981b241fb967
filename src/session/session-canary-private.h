/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "session-canary-route.h"
#include "session-canary.h"

G_BEGIN_DECLS

struct _SessionCanary {
  GObject parent_instance;

  SessionSampler *sampler;
  SessionCanaryLog *log;
  SessionCanaryPlan plan;

  /* of the present run, or the last one */
  MeshEditor *editor;        /* (nullable) */
  KubeObject *object;        /* (nullable) */
  SessionCanaryRoute *route; /* (nullable) */
  char *subset;              /* (nullable) */
  guint step;
  guint timer;
  gboolean has_waited; /* the step's time is over */

  SessionCanaryState state;
  char *status;
};

void session_canary_set_state (SessionCanary *self, SessionCanaryState state, char *text);
const char *session_canary_get_name (SessionCanary *self);
guint session_canary_get_percent (SessionCanary *self);
MeshHistory *session_canary_get_history (SessionCanary *self);

void session_canary_shift (SessionCanary *self);
void session_canary_watch (SessionCanary *self);
void session_canary_evaluate (SessionCanary *self);
void session_canary_stop (SessionCanary *self, SessionCanaryState state, char *text);

/* How it ends before its time. */
void session_canary_go_back (SessionCanary *self, const char *reason);
void session_canary_strand (SessionCanary *self, char *text);
void session_canary_give_up (SessionCanary *self);

G_END_DECLS
