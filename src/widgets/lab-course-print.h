/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "course-course.h"
#include "lab-print-flow.h"

G_BEGIN_DECLS

void lab_course_print_begin (LabPrintFlow *flow, CourseSection *section);
void
lab_course_print_block (LabPrintFlow *flow, const CourseBlock *block, const CourseFacts *facts);

G_END_DECLS
