/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <cmark.h>

#include "course-importer.h"
#include "course-outline.h"
#include "course-section.h"
#include "course-source.h"
#include "course-targets.h"

G_BEGIN_DECLS

gboolean course_builder_fill_section (CourseSection *section,
                                      cmark_node *document,
                                      CourseSource *source,
                                      CourseTargets *targets,
                                      guint within,
                                      CourseImporter *importer,
                                      const CourseReport *report,
                                      GError **error);
GPtrArray *course_builder_import (CourseOutline *outline,
                                  cmark_node *document,
                                  CourseSource *source,
                                  CourseTargets *targets,
                                  guint within,
                                  const CourseReport *report,
                                  GError **error);

G_END_DECLS
