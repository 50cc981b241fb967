/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "mesh-settings.h"
#include "session-lab.h"

G_BEGIN_DECLS

/* Who asks. */
typedef enum {
  SESSION_LANE_ANONYMOUS,
  SESSION_LANE_JASON,
  SESSION_N_LANES,
} SessionLane;

#define SESSION_LANE_USER "jason"

/* What is configured for who asks for a target, and who may answer. Signal "changed" (boolean:
 * whether something else was known before). */
#define SESSION_TYPE_RULES (session_rules_get_type ())
G_DECLARE_FINAL_TYPE (SessionRules, session_rules, SESSION, RULES, GObject)

SessionRules *session_rules_new (SessionLab *lab);
void session_rules_hold (SessionRules *self);
void session_rules_release (SessionRules *self);
void session_rules_set_target (SessionRules *self, const MeshTarget *target);
const MeshTarget *session_rules_get_target (SessionRules *self);
const MeshSettings *session_rules_get_settings (SessionRules *self, SessionLane lane);
GHashTable *session_rules_dup_new_pods (SessionRules *self);

G_END_DECLS
