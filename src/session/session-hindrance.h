/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "session-asker.h"
#include "session-finding.h"
#include "session-sight.h"

G_BEGIN_DECLS

/* What stands between who asks and who should answer, in a sentence that names it and says what to
 * do. */
SessionFinding *session_hindrance_judge (SessionSight *sight,
                                         CourseCheck *check,
                                         const char *namespace_,
                                         const SessionFinding *finding);
char *
session_hindrance_dup_out_of_sight (const KubeKind *kind, const char *only, const char *namespace_);
char *session_hindrance_dup_sentence (SessionSight *sight,
                                      SessionAskerTrouble trouble,
                                      const char *namespace_);

G_END_DECLS
