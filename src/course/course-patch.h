/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "course-report.h"

G_BEGIN_DECLS

/* The change of a file that an `edit` fence holds. */
void course_patch_check (const char *patch, guint line, const CourseReport *report);

G_END_DECLS
