/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "course-check.h"

G_BEGIN_DECLS

/* What a page is judged by, whichever way it was asked for. */
char *session_answer_dup_fault (CourseCheck *check, const char *body, gsize length, gint64 took_us);

G_END_DECLS
