/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "course-course.h"
#include "course-progress.h"

G_BEGIN_DECLS

gboolean lab_record_print_save_pdf (CourseCourse *course,
                                    CourseProgress *progress,
                                    const char *place,
                                    const char *student,
                                    const char *path,
                                    GError **error);

G_END_DECLS
