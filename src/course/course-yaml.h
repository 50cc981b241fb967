/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "course-report.h"

G_BEGIN_DECLS

JsonNode *course_yaml_parse (const char *yaml, guint first_line, const CourseReport *report);
guint course_yaml_find_key (const char *yaml, guint first_line, const char *key);
GArray *course_yaml_find_items (const char *yaml, guint first_line);
GStrv course_yaml_dup_strings (JsonNode *node);
gboolean course_yaml_lacks_unit (JsonNode *node);

G_END_DECLS
