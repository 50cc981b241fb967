/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "course-fence-repair.h"
#include "course-fence-scan.h"
#include "course-file.h"
#include "course-lines.h"
#include "course-source.h"
#include "course-yaml.h"

/* Deeper than this nobody writes, and the parser's work grows with the depth of every line. */
#define MAX_DEPTH 32

/* So long without an empty line nobody writes either, and neither the parser nor the page can stop
 * within such a paragraph. */
#define MAX_STRETCH (64 * 1024)

/* The parser's work grows with the square of the marks of emphasis that no other mark answers. */
#define MAX_MARKS 4000

/* (transfer full): @raw without a byte order mark, and with U+FFFD for what is not UTF-8 */
static char *
clean (const char *raw, const CourseReport *report)
{
  const char *start = g_str_has_prefix (raw, "\357\273\277") ? raw + 3 : raw;
  const char *invalid = NULL;

  if (!g_utf8_validate (start, -1, &invalid)) {
    guint line = 1;

    for (const char *p = start; p < invalid; p++)
      line += *p == '\n';
    course_report_error (report, line, _ ("This is not UTF-8 text"));
  }
  return g_utf8_make_valid (start, -1);
}

static gboolean
is_front_mark (const char *line)
{
  return strncmp (line, "---", 3) == 0 && line[3 + strspn (line + 3, " \t")] == '\0';
}

/* Returns the number of lines that the front matter takes, its two marks included; 0 for none. */
static guint
find_front_end (const char *const *lines)
{
  if (lines[0] == NULL || !is_front_mark (lines[0]))
    return 0;
  for (guint i = 1; lines[i] != NULL; i++)
    if (is_front_mark (lines[i]))
      return i + 1;
  return 0;
}

static void
take_front_matter (CourseSource *self,
                   const char *const *lines,
                   guint end,
                   const CourseReport *report)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) front = NULL;

  for (guint i = 1; i + 1 < end; i++)
    g_strv_builder_add (builder, lines[i]);
  front = g_strv_builder_end (builder);
  self->front_text = g_strjoinv ("\n", front);
  self->front = course_yaml_parse (self->front_text, 2, report);
  if (self->front != NULL && !JSON_NODE_HOLDS_OBJECT (self->front)) {
    course_report_error (report, 2, _ ("The front matter must be a mapping"));
    g_clear_pointer (&self->front, json_node_unref);
  }
}

/* How many quotes and list items a line opens or continues by what it begins with. */
static guint
count_containers (const char *line)
{
  guint depth = 0;

  for (const char *p = line;;) {
    p += strspn (p, " \t");
    if (*p == '>') {
      p++;
    } else if (strchr ("-+*", *p) != NULL && *p != '\0' && (p[1] == ' ' || p[1] == '\t')) {
      p++;
    } else {
      gsize digits = strspn (p, "0123456789");

      if (digits == 0 || digits > 9 || (p[digits] != '.' && p[digits] != ')') ||
          (p[digits + 1] != ' ' && p[digits + 1] != '\t'))
        return depth;
      p += digits + 1;
    }
    depth++;
  }
}

static gboolean
check_depth (CourseSource *self, GError **error)
{
  for (guint i = 0; self->lines[i] != NULL; i++) {
    if (count_containers (self->lines[i]) > MAX_DEPTH) {
      g_set_error (error, COURSE_ERROR, COURSE_ERROR_TOO_LARGE,
                   _ ("quotes and lists on line %u are nested deeper than %d"),
                   g_array_index (self->numbers, guint, i), MAX_DEPTH);
      return FALSE;
    }
  }
  return TRUE;
}

static gsize
count_marks (const char *line)
{
  gsize marks = 0;

  for (const char *p = strpbrk (line, "*_"); p != NULL; p = strpbrk (p + 1, "*_"))
    marks++;
  return marks;
}

/* What the parser has to look through at one go. */
typedef struct {
  guint line; /* of the file, where it begins */
  gsize bytes;
  gsize marks;
} Stretch;

static gboolean
grow (Stretch *self, const char *line, guint number, GError **error)
{
  if (self->bytes == 0)
    self->line = number;
  self->bytes += strlen (line) + 1;
  self->marks += count_marks (line);
  if (self->bytes > MAX_STRETCH) {
    g_set_error (error, COURSE_ERROR, COURSE_ERROR_TOO_LARGE,
                 _ ("the text that begins on line %u is longer than %d KiB, with no empty line in "
                    "it"),
                 self->line, MAX_STRETCH / 1024);
    return FALSE;
  }
  if (self->marks > MAX_MARKS) {
    g_set_error (error, COURSE_ERROR, COURSE_ERROR_TOO_LARGE,
                 _ ("the text that begins on line %u has more than %d marks of emphasis (* or _) "
                    "up to line %u, with no empty line between"),
                 self->line, MAX_MARKS, number);
    return FALSE;
  }
  return TRUE;
}

/* An empty line ends a paragraph, and so does one that opens or closes a fence. */
static gboolean
check_stretches (CourseSource *self, GError **error)
{
  CourseFenceScan scan = { 0 };
  Stretch stretch = { 0 };

  for (guint i = 0; self->lines[i] != NULL; i++) {
    const char *line = self->lines[i];

    switch (course_fence_scan_next (&scan, line)) {
      case COURSE_FENCE_LINE_MARK:
        stretch = (Stretch){ 0 };
        break;
      case COURSE_FENCE_LINE_TEXT:
        if (line[strspn (line, " \t")] == '\0')
          stretch = (Stretch){ 0 };
        else if (!grow (&stretch, line, g_array_index (self->numbers, guint, i), error))
          return FALSE;
        break;
      case COURSE_FENCE_LINE_CODE:
      default:
        break;
    }
  }
  return TRUE;
}

/**
 * course_source_load:
 * @path: a Markdown file
 * @report: where to say what is wrong with it
 * @error: return location for a #GError in the COURSE_ERROR domain
 *
 * Reads a file, takes its front matter off and repairs its fences.
 *
 * Returns: (transfer full) (nullable): the file
 */
CourseSource *
course_source_load (const char *path, const CourseReport *report, GError **error)
{
  g_autoptr (CourseSource) self = g_new0 (CourseSource, 1);
  g_autofree char *raw = course_file_read (path, error);
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;
  guint front_end;

  if (raw == NULL)
    return NULL;

  text = clean (raw, report);
  lines = course_lines_split (text);
  front_end = find_front_end ((const char *const *)lines);
  if (front_end > 0)
    take_front_matter (self, (const char *const *)lines, front_end, report);

  self->folder = g_path_get_dirname (path);
  self->numbers = g_array_new (FALSE, FALSE, sizeof (guint));
  self->lines = course_fence_repair ((const char *const *)lines + front_end, front_end + 1, report,
                                     self->numbers);
  if (!check_depth (self, error) || !check_stretches (self, error))
    return NULL;
  self->text = g_strjoinv ("\n", self->lines);
  return g_steal_pointer (&self);
}

/**
 * course_source_free:
 * @self: (nullable): a file
 *
 * Frees @self.
 */
void
course_source_free (CourseSource *self)
{
  if (self == NULL)
    return;
  g_free (self->folder);
  g_clear_pointer (&self->front, json_node_unref);
  g_free (self->front_text);
  g_strfreev (self->lines);
  g_clear_pointer (&self->numbers, g_array_unref);
  g_free (self->text);
  g_free (self);
}

/**
 * course_source_get_line:
 * @self: a file
 * @line: a line of its text as the parser counts, from 1
 *
 * Returns: the line of the file
 */
guint
course_source_get_line (CourseSource *self, int line)
{
  if (self->numbers->len == 0)
    return 0;
  return g_array_index (self->numbers, guint, CLAMP (line - 1, 0, (int)self->numbers->len - 1));
}
