/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "session-sight.h"

G_BEGIN_DECLS

/* That what was there is gone. */
char *session_gone_dup_object (SessionSight *sight,
                               const KubeKind *kind,
                               const char *namespace_,
                               const char *name);
char *session_gone_dup_group (SessionSight *sight,
                              CourseCheck *check,
                              const KubeKind *kind,
                              const char *namespace_,
                              GPtrArray *objects);

G_END_DECLS
