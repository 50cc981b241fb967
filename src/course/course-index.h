/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "course-course.h"

G_BEGIN_DECLS

typedef enum {
  COURSE_HIT_TITLE, /* of a section */
  COURSE_HIT_PROSE,
  COURSE_HIT_COMMAND, /* what is typed, or changed in a file */
  COURSE_HIT_OUTPUT,
  COURSE_HIT_CHECK, /* what a check says */
} CourseHitKind;

/* Where searched words stand, with the text around the first of them. */
typedef struct {
  CourseSection *section;
  guint block; /* index among the section's; 0 for its title */
  CourseHitKind kind;
  char *before;
  char *match;
  char *after;
} CourseHit;

/* The text of a whole course, for searching. */
#define COURSE_TYPE_INDEX (course_index_get_type ())
G_DECLARE_FINAL_TYPE (CourseIndex, course_index, COURSE, INDEX, GObject)

CourseIndex *course_index_new (CourseCourse *course);
GPtrArray *course_index_find (CourseIndex *self, const char *words, guint limit);

G_END_DECLS
