/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <cmark.h>

#include "course-source.h"
#include "course-targets.h"

G_BEGIN_DECLS

/* A heading of a plain lab that begins a section. */
typedef struct {
  char *id;
  char *title;
} CourseOutlineEntry;

/* The sections of a Markdown file that does not name them: its headings. */
typedef struct {
  char *title;            /* (nullable): the heading that the file begins with */
  cmark_node *title_node; /* (nullable) (unowned) */
  GPtrArray *entries;     /* (element-type CourseOutlineEntry), in order */
  GHashTable *by_node;
  GHashTable *taken; /* ids */
} CourseOutline;

CourseOutline *
course_outline_new (cmark_node *document, CourseSource *source, const CourseReport *report);
void course_outline_free (CourseOutline *self);
char *course_outline_dup_first_heading (cmark_node *document);
const CourseOutlineEntry *course_outline_find (CourseOutline *self, cmark_node *node);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CourseOutline, course_outline_free)

G_END_DECLS
