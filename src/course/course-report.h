/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "course-course.h"

G_BEGIN_DECLS

/* Where the reader of one file puts what it finds wrong. Plain data, on the caller's stack. */
typedef struct {
  GPtrArray *messages; /* (element-type CourseMessage) */
  const char *file;    /* as named in the messages */
} CourseReport;

GPtrArray *course_messages_new (void);
void course_messages_sort (GPtrArray *messages);
void course_report_error (const CourseReport *self, guint line, const char *format, ...)
  G_GNUC_PRINTF (3, 4);
void course_report_warning (const CourseReport *self, guint line, const char *format, ...)
  G_GNUC_PRINTF (3, 4);

G_END_DECLS
