/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "course-step.h"

G_BEGIN_DECLS

typedef enum {
  COURSE_CONDITION_FALSE,
  COURSE_CONDITION_TRUE,
  COURSE_CONDITION_UNKNOWN,
} CourseConditionResult;

gboolean course_condition_is_of_place (const char *when);
GStrv course_condition_list_services (const char *when);
gboolean course_condition_validate (const char *when, GError **error);
CourseConditionResult course_condition_evaluate (const char *when, const CourseFacts *facts);

G_END_DECLS
