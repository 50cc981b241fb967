/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "course-step.h"

G_BEGIN_DECLS

/* What a course leaves open in a step's text, since it is another for each student:
 * {{jumpserver}}, {{user}} (on it), {{student}}. */

/* (transfer full): @text with all filled in that @facts knows */
char *course_template_fill (const char *text, const CourseFacts *facts);
/* (transfer full): what was filled in, each once; empty where nothing was */
GStrv course_template_dup_values (const char *text, const CourseFacts *facts);
/* (nullable): the first that @facts does not know, in words */
const char *course_template_find_unknown (const char *text, const CourseFacts *facts);

/* (nullable): where the first of the braces in @text stands that is nearly one of ours, how many
 * bytes it has, and which it may be meant for. */
const char *course_template_find_slip (const char *text, gsize *length, const char **meant);

G_END_DECLS
