/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "session-canary.h"

G_BEGIN_DECLS

/* How it ends before its time. */
void session_canary_go_back (SessionCanary *self, const char *reason);
void session_canary_strand (SessionCanary *self, char *text);
void session_canary_give_up (SessionCanary *self);

G_END_DECLS
