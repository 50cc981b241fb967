/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum {
  COURSE_FENCE_LINE_TEXT, /* or code, where that is not sure */
  COURSE_FENCE_LINE_MARK, /* opens or closes a fence, or is code: no paragraph goes on over it */
  COURSE_FENCE_LINE_CODE, /* surely stands in a fence */
} CourseFenceLine;

/* Which lines of a file stand in fences, without parsing it. Plain data, all zero at the first
 * line.
 */
typedef struct {
  gboolean unsure; /* whether a fence is open depends on what only the parser knows */
  char mark;       /* of the fence that surely is open; NUL: none */
  gsize length;    /* of its marks */
} CourseFenceScan;

CourseFenceLine course_fence_scan_next (CourseFenceScan *self, const char *line);

G_END_DECLS
