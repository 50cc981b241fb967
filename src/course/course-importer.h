/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

#define COURSE_TYPE_IMPORTER (course_importer_get_type ())
G_DECLARE_FINAL_TYPE (CourseImporter, course_importer, COURSE, IMPORTER, GObject)

CourseImporter *course_importer_new (void);
gboolean course_importer_announces_output (CourseImporter *self, const char *sentence);
gboolean course_importer_is_command (CourseImporter *self, const char *line);
gboolean course_importer_is_dialogue (CourseImporter *self, const char *line);
gboolean course_importer_is_session (CourseImporter *self, const char *code);
gboolean course_importer_is_prose (CourseImporter *self, const char *code);
char *course_importer_split (CourseImporter *self, const char *code, char **output);

G_END_DECLS
