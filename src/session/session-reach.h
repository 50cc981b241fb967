/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "session-lab.h"

G_BEGIN_DECLS

typedef enum {
  SESSION_REACH_LOOKING,    /* what was found last counts no more */
  SESSION_REACH_OFFLINE,    /* the lab is */
  SESSION_REACH_UNKNOWN,    /* the services are not known yet */
  SESSION_REACH_NO_SERVICE, /* nor an address */
  SESSION_REACH_NO_ADDRESS,
  SESSION_REACH_FAILED, /* the place does not lead there; see the error */
  SESSION_REACH_FOUND,
} SessionReachState;

GType session_reach_state_get_type (void);
#define SESSION_TYPE_REACH_STATE (session_reach_state_get_type ())

/* The way to a Service's address from outside, looked for anew where the address comes, goes or
 * changes, or the lab is back; and when it is told to. Properties: "state", notified of every look;
 * "address", when the way there is about to be looked for. */
#define SESSION_TYPE_REACH (session_reach_get_type ())
G_DECLARE_FINAL_TYPE (SessionReach, session_reach, SESSION, REACH, GObject)

SessionReach *
session_reach_new (SessionLab *lab, const char *namespace_, const char *service, guint port);
void session_reach_start (SessionReach *self);
void session_reach_stop (SessionReach *self);
void session_reach_look_after (SessionReach *self, guint delay_ms);
SessionReachState session_reach_get_state (SessionReach *self);
const char *session_reach_get_address (SessionReach *self);
GSocketConnectable *session_reach_get_way (SessionReach *self);
const GError *session_reach_get_error (SessionReach *self);
const GError *session_reach_get_list_error (SessionReach *self);

/* (nullable) (transfer full): what a Service has, by name where it has one */
char *session_reach_dup_address (KubeObject *service);

G_END_DECLS
