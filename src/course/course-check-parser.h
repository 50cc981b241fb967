/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "course-check.h"
#include "course-report.h"

G_BEGIN_DECLS

GPtrArray *course_check_parse_list (const char *yaml,
                                    guint first_line,
                                    guint default_within,
                                    const CourseReport *report);
gboolean course_check_parse_seconds (JsonNode *node, guint *seconds);

G_END_DECLS
