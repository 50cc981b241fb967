/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "course-check.h"

G_BEGIN_DECLS

gboolean course_selector_validate (const char *selector, GError **error);

G_END_DECLS
