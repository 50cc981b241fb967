/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "course-fence-scan.h"

#include <string.h>

#define MAX_INDENT 3
#define MIN_MARKS 3

/* Marks at the beginning of @line, 0 where no fence can begin or end with it (CommonMark 0.30, 4.5
 * Fenced code blocks). @named: whether something follows them, so that it can only begin one. */
static gsize
count_marks (const char *line, gsize indent, gboolean *named)
{
  const char *start = line + indent;
  gsize length;
  const char *info;

  if (indent > MAX_INDENT || (*start != '`' && *start != '~'))
    return 0;
  length = strspn (start, *start == '`' ? "`" : "~");
  info = start + length;
  *named = info[strspn (info, " \t")] != '\0';
  if (length < MIN_MARKS || (*start == '`' && strchr (info, '`') != NULL))
    return 0;
  return length;
}

/**
 * course_fence_scan_next:
 * @self: a scan
 * @line: the next line of the file, without its end
 *
 * A fence at the beginning of a line is in no list and no quote, and ends where marks say so. From
 * one that is indented on, which may end with a list, and from the first HTML on, which may hold
 * what looks like a fence, nothing is sure.
 *
 * Returns: what @line is
 */
CourseFenceLine
course_fence_scan_next (CourseFenceScan *self, const char *line)
{
  gsize indent = strspn (line, " ");
  gboolean named = FALSE;
  gsize length = count_marks (line, indent, &named);

  if (self->mark != '\0') {
    if (length < self->length || line[indent] != self->mark || named)
      return COURSE_FENCE_LINE_CODE;
    self->mark = '\0';
    return COURSE_FENCE_LINE_MARK;
  }
  if (length > 0 && indent == 0 && !self->unsure) {
    self->mark = *line;
    self->length = length;
  } else if (length > 0 || (indent <= MAX_INDENT && line[indent] == '<')) {
    self->unsure = TRUE;
  }
  return length > 0 ? COURSE_FENCE_LINE_MARK : COURSE_FENCE_LINE_TEXT;
}
