/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "course-section.h"

G_BEGIN_DECLS

struct _CourseSection {
  GObject parent_instance;

  char *id;
  char *title;
  char *group; /* nullable */
  char *panel; /* nullable */
  guint minutes;
  GStrv objectives;
  GStrv shell;
  GStrv needs;
  GPtrArray *blocks; /* of CourseBlock */
  GPtrArray *steps;  /* of CourseStep that run */
};

CourseSection *course_section_new (const char *id, const char *title);
CourseBlock *course_section_add_block (CourseSection *self, CourseBlockType type);
void course_section_add_step (CourseSection *self, CourseStep *step);

G_END_DECLS
