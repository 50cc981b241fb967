/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "course-report.h"

G_BEGIN_DECLS

GStrv course_fence_repair (const char *const *lines,
                           guint first_number,
                           const CourseReport *report,
                           GArray *numbers);

G_END_DECLS
