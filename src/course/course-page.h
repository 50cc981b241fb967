/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <cmark.h>

#include "course-section.h"
#include "course-source.h"
#include "course-targets.h"

G_BEGIN_DECLS

/* A file of a course while that is read: links need the ids of all sections before the first of
 * them is filled. */
typedef struct {
  char *file; /* as named in messages */
  CourseSource *source;
  cmark_node *document;
  CourseSection *section;
  gboolean is_plain; /* was not written for this program */
} CoursePage;

CoursePage *course_page_new (CourseSource *source,
                             const char *file,
                             gboolean may_be_plain,
                             const CourseReport *report);
void course_page_free (CoursePage *self);
gboolean course_page_fill (CoursePage *self,
                           CourseTargets *targets,
                           guint within,
                           const CourseReport *report,
                           GError **error);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CoursePage, course_page_free)

G_END_DECLS
