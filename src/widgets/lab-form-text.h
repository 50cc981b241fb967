/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "course-step.h"

G_BEGIN_DECLS

char *lab_form_dup_title (GPtrArray *forms, guint index);
char *lab_form_dup_note (const CourseForm *form, const char *const *filled);
char *lab_input_dup_text (const CourseInput *input);
char *lab_form_dup_beginning (const char *text);

G_END_DECLS
