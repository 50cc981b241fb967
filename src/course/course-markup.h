/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <cmark.h>

#include "course-report.h"
#include "course-targets.h"

G_BEGIN_DECLS

typedef struct {
  char *address;
  char *text; /* the alternative text */
} CourseImage;

/* The inline content of a paragraph, heading or cell. */
typedef struct {
  GString *markup; /* for GtkLabel: Pango markup and links */
  GString *text;
  GPtrArray *images;   /* of CourseImage */
  gboolean only_image; /* nothing but images and blanks */
} CourseMarkup;

CourseMarkup *course_markup_new_empty (void);
CourseMarkup *course_markup_new (cmark_node *node,
                                 CourseTargets *targets,
                                 const CourseReport *report,
                                 guint line);
void course_markup_free (CourseMarkup *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CourseMarkup, course_markup_free)

G_END_DECLS
