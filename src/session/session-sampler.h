/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "mesh-history.h"
#include "session-rules.h"

G_BEGIN_DECLS

/* Requests a second, of each lane. */
#define SESSION_SAMPLER_MIN_RATE 0.2
#define SESSION_SAMPLER_RATE 2.0
#define SESSION_SAMPLER_MAX_RATE 20.0

/* Asks Bookinfo's page for reviews, or for what else is set, anonymous and as jason, at a steady
 * rate. Properties: "running", "reason" (nullable sentence: why nothing is seen, and what to do),
 * "rate". Signal "settings": what is configured for who asks is something else; the answers are
 * marked. */
#define SESSION_TYPE_SAMPLER (session_sampler_get_type ())
G_DECLARE_FINAL_TYPE (SessionSampler, session_sampler, SESSION, SAMPLER, GObject)

SessionSampler *session_sampler_new (SessionLab *lab);
void session_sampler_start (SessionSampler *self);
void session_sampler_pause (SessionSampler *self);
gboolean session_sampler_get_running (SessionSampler *self);
void session_sampler_set_rate (SessionSampler *self, double rate);
double session_sampler_get_rate (SessionSampler *self);
void session_sampler_set_target (SessionSampler *self, const MeshTarget *target);
const MeshTarget *session_sampler_get_target (SessionSampler *self);
void session_sampler_mark (SessionSampler *self);
void session_sampler_set_settle (SessionSampler *self, guint milliseconds);
guint session_sampler_get_settle (SessionSampler *self);
void session_sampler_set_limit (SessionSampler *self, guint milliseconds);
MeshHistory *session_sampler_get_history (SessionSampler *self, SessionLane lane);
const MeshSettings *session_sampler_get_settings (SessionSampler *self, SessionLane lane);
const char *session_sampler_get_reason (SessionSampler *self);

G_END_DECLS
