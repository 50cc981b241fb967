/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "course-report.h"

G_BEGIN_DECLS

/* One Markdown file, made ready for the parser. */
typedef struct {
  char *folder;
  JsonNode *front; /* (nullable): the front matter, a mapping */
  char *front_text;
  GStrv lines;     /* of the text behind the front matter */
  GArray *numbers; /* of guint: the line of the file that each of them comes from */
  char *text;      /* the same lines in one piece */
} CourseSource;

CourseSource *course_source_load (const char *path, const CourseReport *report, GError **error);
void course_source_free (CourseSource *self);
guint course_source_get_line (CourseSource *self, int line);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CourseSource, course_source_free)

G_END_DECLS
