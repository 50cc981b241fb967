/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "session-lab.h"

G_BEGIN_DECLS

/* What was so when its step was done, and is no longer, though no later step has undone it on
 * purpose. */
gboolean session_fall_is (SessionStep *step, SessionCheck *check);
gboolean session_fall_stays (SessionStep *step, SessionCheck *check);
guint session_fall_count (SessionStep *step);
GPtrArray *session_fall_list_menders (SessionLab *lab, CourseSection *section);
SessionStep *session_fall_find_mender (SessionStep *step, SessionCheck *check);

G_END_DECLS
