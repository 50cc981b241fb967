/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "session-chain.h"
#include "session-sight.h"

G_BEGIN_DECLS

/* Tells a chain how far that has come which its check is about, as the lists show it. */
void session_stages_tell_objects (SessionChain *chain,
                                  CourseCheck *check,
                                  SessionSight *sight,
                                  const char *namespace_,
                                  GPtrArray *objects,
                                  gboolean passed);
void session_stages_tell_service (SessionChain *chain,
                                  SessionSight *sight,
                                  const char *namespace_,
                                  const char *service,
                                  gboolean passed);

G_END_DECLS
