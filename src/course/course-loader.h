/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "course-course.h"

G_BEGIN_DECLS

gboolean course_loader_load (CourseCourse *self, GError **error);

G_END_DECLS
