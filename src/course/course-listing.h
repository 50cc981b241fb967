/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "course-manifest.h"

G_BEGIN_DECLS

/* A folder that was not made for this program has no course.yaml: what is in it is the course. */
CourseManifest *
course_listing_read (const char *folder, const CourseReport *report, GError **error);

G_END_DECLS
