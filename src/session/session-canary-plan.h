/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "mesh-history.h"

G_BEGIN_DECLS

#define SESSION_CANARY_MAX_STEPS 10
#define SESSION_CANARY_MIN_ANSWERS 10

/* How a canary goes. Plain data. */
typedef struct {
  guint steps[SESSION_CANARY_MAX_STEPS]; /* percent that the new version gets, one after another */
  guint n_steps;
  guint wait_ms;      /* at each step */
  double most_errors; /* share of the answers, 0 to 1, beyond which it goes back */
  guint most_latency; /* milliseconds that 95 % of the answers are to be within */
  guint min_answers;  /* fewer prove nothing */
  guint patience_ms;  /* beyond the wait, for answers that do not come */
} SessionCanaryPlan;

#define SESSION_CANARY_PLAN_INIT                                                                   \
  {                                                                                                \
    .steps = { 5, 25, 50, 100 }, .n_steps = 4, .wait_ms = 20000, .most_errors = 0.05,              \
    .most_latency = 1000, .min_answers = SESSION_CANARY_MIN_ANSWERS, .patience_ms = 30000          \
  }

gboolean session_canary_plan_read_steps (SessionCanaryPlan *self, const char *text, char **problem);
char *session_canary_plan_dup_steps (const SessionCanaryPlan *self);
char *session_canary_plan_dup_fault (const SessionCanaryPlan *self, MeshHistory *history);

G_END_DECLS
