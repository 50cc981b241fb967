/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "course-progress.h"

G_BEGIN_DECLS

char *course_record_dup_json (CourseCourse *course,
                              CourseProgress *progress,
                              const char *place,
                              const char *student);
char *course_record_dup_html (CourseCourse *course,
                              CourseProgress *progress,
                              const char *place,
                              const char *student);
char *course_record_dup_time (gint64 time);

G_END_DECLS
