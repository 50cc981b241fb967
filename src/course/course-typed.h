/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "course-report.h"

G_BEGIN_DECLS

/* Lines that a course has the program type. */
void course_typed_check (const char *text, guint line, const CourseReport *report);

G_END_DECLS
