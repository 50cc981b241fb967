/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "course-report.h"
#include "course-section.h"
#include "course-source.h"

G_BEGIN_DECLS

char *course_front_matter_dup_id_of_file (const char *file);
CourseSection *
course_front_matter_read (CourseSource *source, const char *file, const CourseReport *report);

G_END_DECLS
