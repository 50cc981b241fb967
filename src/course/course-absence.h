/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base-json-path.h"

G_BEGIN_DECLS

char *course_absence_dup_words (BaseJsonPath *path, JsonNode *object);

G_END_DECLS
