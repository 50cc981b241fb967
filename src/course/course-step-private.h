/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "course-step.h"

G_BEGIN_DECLS

struct _CourseStep {
  GObject parent_instance;

  char *id;
  guint number;
  guint line;
  gboolean runnable;
  GPtrArray *forms;  /* of CourseForm */
  GPtrArray *inputs; /* of CourseInput */
  CourseEdit *edit;  /* nullable */
  GPtrArray *checks; /* of CourseCheck */
};

CourseStep *course_step_new (const char *id, guint line, gboolean runnable);
void course_step_add_form (CourseStep *self,
                           const char *text,
                           const char *language,
                           const char *when,
                           const char *why,
                           const char *const *required);
/* FALSE where every form has its own */
gboolean course_step_add_output (CourseStep *self, const char *text);
void course_step_add_inputs (CourseStep *self, const char *text, const char *after);
void course_step_set_edit (CourseStep *self, const char *file, const char *patch, const char *when);

G_END_DECLS
