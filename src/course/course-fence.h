/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "course-report.h"

G_BEGIN_DECLS

typedef enum {
  COURSE_FENCE_CODE, /* yaml, json, none: shown only */
  COURSE_FENCE_SHELL,
  COURSE_FENCE_OUTPUT,
  COURSE_FENCE_CHECK,
  COURSE_FENCE_INPUT,
  COURSE_FENCE_EDIT,
} CourseFenceKind;

/* The line that opens a fence: its language, and what stands in braces behind it. */
typedef struct {
  CourseFenceKind kind;
  char *language;  /* lower case, "" where none is written */
  char *id;        /* nullable */
  char *when;      /* nullable */
  char *why;       /* nullable */
  char **required; /* nullable */
  char *after;     /* nullable */
  char *file;      /* nullable */
  gboolean norun;
  char *stray; /* (nullable): the first attribute of what is only shown */
} CourseFence;

const char *course_fence_find_meant (const CourseFence *self);
CourseFence *course_fence_new (const char *info, const CourseReport *report, guint line);
void course_fence_free (CourseFence *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CourseFence, course_fence_free)

G_END_DECLS
