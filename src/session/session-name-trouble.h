/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "session-sight.h"

G_BEGIN_DECLS

/* Why a load balancer's name leads nowhere. */
char *session_name_dup_trouble (SessionSight *sight, const char *namespace_, const char *service);
char *session_name_dup_silence (SessionSight *sight, const char *namespace_, const char *service);

G_END_DECLS
