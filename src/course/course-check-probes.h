/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "course-draft.h"

G_BEGIN_DECLS

void course_check_parse_probe (CourseDraft *self, const char *key, JsonObject *object);

G_END_DECLS
