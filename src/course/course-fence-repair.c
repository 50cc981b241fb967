/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "course-fence-repair.h"

/* A line that opens or closes a fence (CommonMark 0.30, 4.5 Fenced code blocks). */
typedef struct {
  char mark;      /* ` or ~; NUL where the line is none */
  guint length;   /* of the run of marks */
  guint indent;   /* in letters, with what a quote puts before it */
  gboolean named; /* something follows the marks, so that it can only open */
} Mark;

/* The fence that is open while lines go by. */
typedef struct {
  Mark mark;
  guint line;  /* index */
  guint blank; /* index of the first empty line in it, 0: none yet */
} OpenFence;

/* A line to be put in. */
typedef struct {
  guint before; /* index of the line that it goes before */
  Mark mark;
} Closing;

/* Behind what makes the line a part of quotes and the beginning of list items. */
static const char *
skip_containers (const char *line)
{
  for (const char *p = line;;) {
    gsize marker;

    p += strspn (p, " >\t");
    marker = strspn (p, "0123456789");
    if (marker == 0 ? strchr ("-+*", *p) == NULL : p[marker] != '.' && p[marker] != ')')
      return p;
    if (p[marker] == '\0' || p[marker + 1] != ' ')
      return p;
    p += marker + 1;
  }
}

static Mark
read_mark (const char *line)
{
  Mark mark = { 0 };
  const char *p = skip_containers (line);
  const char *info;

  if (*p != '`' && *p != '~')
    return mark;
  mark.indent = p - line;
  mark.length = strspn (p, *p == '`' ? "`" : "~");
  info = p + mark.length;
  info += strspn (info, " \t");
  mark.named = *info != '\0';
  /* Three backticks, a word, three backticks: code inside of a line. */
  if (mark.length >= 3 && !(*p == '`' && strchr (info, '`') != NULL))
    mark.mark = *p;
  return mark;
}

static gboolean
belongs_to (const Mark *mark, const Mark *open)
{
  return mark->mark == open->mark && mark->indent <= open->indent + 3;
}

static gboolean
closes (const Mark *mark, const Mark *open)
{
  return belongs_to (mark, open) && mark->length >= open->length && !mark->named;
}

/* A fence with a language inside of an open fence of the same marks: the open one was forgotten. */
static gboolean
shows_forgotten (const Mark *mark, const Mark *open)
{
  return belongs_to (mark, open) && mark->length == open->length && mark->named;
}

static gboolean
is_blank (const char *line)
{
  return line[strspn (line, " \t")] == '\0';
}

/* (transfer full) (element-type Closing): where fences were forgotten to be closed, in order */
static GArray *
find_forgotten (const char *const *lines, guint first_number, const CourseReport *report)
{
  GArray *closings = g_array_new (FALSE, FALSE, sizeof (Closing));
  OpenFence open = { 0 };

  for (guint i = 0; lines[i] != NULL; i++) {
    Mark mark = read_mark (lines[i]);

    if (open.mark.mark == '\0') {
      if (mark.mark != '\0')
        open = (OpenFence){ .mark = mark, .line = i };
    } else if (closes (&mark, &open.mark)) {
      open = (OpenFence){ 0 };
    } else if (shows_forgotten (&mark, &open.mark)) {
      Closing closing = { .before = open.blank != 0 ? open.blank : i, .mark = open.mark };

      course_report_error (report, first_number + open.line,
                           _ ("This fence is not closed before another opens on line %u"),
                           first_number + i);
      g_array_append_val (closings, closing);
      open = (OpenFence){ .mark = mark, .line = i };
    } else if (open.blank == 0 && is_blank (lines[i])) {
      open.blank = i;
    }
  }
  if (open.mark.mark != '\0')
    course_report_error (report, first_number + open.line, _ ("This fence is never closed"));
  return closings;
}

/**
 * course_fence_repair:
 * @lines: the lines of a text
 * @first_number: the line of the file where they begin
 * @report: where to say what was repaired
 * @numbers: (element-type uint): gets the line of the file that each line of the result is from
 *
 * Closes the fences that nothing closes before the next one opens. CommonMark would take the text
 * between for code. The closing line goes before the first empty line, since a command seldom has
 * one and the sentence after a command nearly always does.
 *
 * Returns: (transfer full): the lines, with the missing ones put in
 */
GStrv
course_fence_repair (const char *const *lines,
                     guint first_number,
                     const CourseReport *report,
                     GArray *numbers)
{
  g_autoptr (GArray) closings = find_forgotten (lines, first_number, report);
  g_autoptr (GStrvBuilder) repaired = g_strv_builder_new ();
  guint next = 0;

  for (guint i = 0; lines[i] != NULL; i++) {
    guint number = first_number + i;

    while (next < closings->len && g_array_index (closings, Closing, next).before == i) {
      Mark mark = g_array_index (closings, Closing, next++).mark;
      g_autofree char *closing = g_strnfill (mark.indent + mark.length, mark.mark);

      memset (closing, ' ', mark.indent);
      g_strv_builder_add (repaired, closing);
      g_array_append_val (numbers, number);
    }
    g_strv_builder_add (repaired, lines[i]);
    g_array_append_val (numbers, number);
  }
  return g_strv_builder_end (repaired);
}
