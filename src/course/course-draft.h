/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "course-check-private.h"
#include "course-report.h"

G_BEGIN_DECLS

/* One check on its way from YAML. */
typedef struct {
  CourseCheck *check;
  JsonObject *object;
  const CourseReport *report;
  guint line;
  gboolean failed;
} CourseDraft;

void course_draft_fail (CourseDraft *self, const char *format, ...) G_GNUC_PRINTF (2, 3);
void course_draft_check_keys (CourseDraft *self,
                              JsonObject *object,
                              const char *const *known,
                              const char *const *more);
char *course_draft_dup_scalar (CourseDraft *self, JsonObject *object, const char *key);
guint course_draft_get_number (CourseDraft *self,
                               JsonObject *object,
                               const char *key,
                               guint fallback,
                               guint lowest,
                               guint highest);
void course_draft_check_unit (CourseDraft *self, JsonObject *object, const char *key);
guint course_draft_get_milliseconds (CourseDraft *self, JsonObject *object, const char *key);
GRegex *course_draft_new_regex (CourseDraft *self, JsonObject *object, const char *key);

G_END_DECLS
