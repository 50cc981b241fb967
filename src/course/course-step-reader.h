/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "course-importer.h"
#include "course-report.h"
#include "course-section.h"

G_BEGIN_DECLS

/* Makes the steps of a section from its fences, one after the other. Plain data on the caller's
 * stack; cleared with course_step_reader_clear(). */
typedef struct {
  const CourseReport *report;
  CourseImporter *importer; /* (nullable) (unowned): for a lab without our own fences */
  guint within;             /* seconds, for checks that do not say */
  CourseSection *section;   /* (nullable) (unowned) */
  CourseStep *last;         /* (nullable) (owned): the step that output and checks belong to */
  GHashTable *ids;          /* (owned): taken in this section */
} CourseStepReader;

void course_step_reader_begin (CourseStepReader *self, CourseSection *section);
void course_step_reader_take (
  CourseStepReader *self, const char *info, const char *code, guint line, gboolean announced);
void course_step_reader_clear (CourseStepReader *self);

G_END_DECLS
