/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "course-course.h"

G_BEGIN_DECLS

/* Looks at the files of a course while its author works on them. Signal "changed": some of them
 * have, and then stayed as they are for a moment. */
#define COURSE_TYPE_WATCH (course_watch_get_type ())
G_DECLARE_FINAL_TYPE (CourseWatch, course_watch, COURSE, WATCH, GObject)

CourseWatch *course_watch_new (CourseCourse *course);

G_END_DECLS
