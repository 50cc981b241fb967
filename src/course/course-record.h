/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "course-facts.h"
#include "course-progress.h"

G_BEGIN_DECLS

/* What a record is of. */
typedef struct {
  CourseCourse *course;
  CourseProgress *progress;
  const CourseFacts *facts; /* (nullable): by which a check counts; NULL: all do that may */
  const char *place;        /* for readers */
  const char *student;      /* (nullable) */
  GHashTable *fallen;       /* (nullable): set of CourseStep: done, and no longer so */
} CourseRecordSpec;

char *course_record_dup_json (const CourseRecordSpec *spec);
char *course_record_dup_html (const CourseRecordSpec *spec);
char *course_record_dup_time (gint64 time);
char *
course_record_dup_outcome (const CourseRecordSpec *spec, CourseSection *section, CourseStep *step);

G_END_DECLS
