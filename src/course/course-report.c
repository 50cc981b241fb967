/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "course-manifest.h"
#include "course-report.h"

/* A file of nothing but mistakes must not fill the memory with sentences about them. */
#define MAX_MESSAGES 1000

static void
course_message_free (gpointer data)
{
  CourseMessage *message = data;

  g_free (message->file);
  g_free (message->text);
  g_free (message);
}

static gboolean
is_manifest (const char *file)
{
  return g_str_has_suffix (file, "/" COURSE_MANIFEST_FILE);
}

static int
compare_messages (gconstpointer a, gconstpointer b)
{
  const CourseMessage *left = *(const CourseMessage *const *)a;
  const CourseMessage *right = *(const CourseMessage *const *)b;
  gboolean is_list = is_manifest (left->file);
  int order = g_strcmp0 (left->file, right->file);

  /* what is wrong there may be why something is wrong elsewhere */
  if (is_list != is_manifest (right->file))
    return is_list ? -1 : 1;
  if (order != 0)
    return order;
  return left->line < right->line ? -1 : left->line > right->line;
}

static void
add_message (const CourseReport *self, guint line, gboolean is_error, char *text)
{
  CourseMessage *message;

  if (self->messages->len >= MAX_MESSAGES) {
    g_free (text);
    return;
  }
  message = g_new0 (CourseMessage, 1);
  message->file = g_strdup (self->file);
  /* editors that are led by such messages know no line 0 */
  message->line = MAX (line, 1);
  message->is_error = is_error;
  message->text = text;
  g_ptr_array_add (self->messages, message);
}

/**
 * course_messages_new:
 *
 * Returns: (transfer full) (element-type CourseMessage): an empty list of messages
 */
GPtrArray *
course_messages_new (void)
{
  return g_ptr_array_new_with_free_func (course_message_free);
}

/**
 * course_messages_sort:
 * @messages: (element-type CourseMessage): messages
 *
 * Puts @messages in order of file and line, those of course.yaml first; those of one line stay in
 * the order they came.
 */
void
course_messages_sort (GPtrArray *messages)
{
  g_ptr_array_sort (messages, compare_messages);
}

/**
 * course_report_error:
 * @self: where to report
 * @line: line of the file, from 1; 0 for the file as a whole, of which the first line stands
 * @format: the sentence, without a full stop
 *
 * Reports what makes a part of the course not work as written.
 */
void
course_report_error (const CourseReport *self, guint line, const char *format, ...)
{
  va_list args;

  va_start (args, format);
  add_message (self, line, TRUE, g_strdup_vprintf (format, args));
  va_end (args);
}

/**
 * course_report_warning:
 * @self: where to report
 * @line: line of the file, from 1; 0 for the file as a whole, of which the first line stands
 * @format: the sentence, without a full stop
 *
 * Reports what works, though probably not as its author meant it.
 */
void
course_report_warning (const CourseReport *self, guint line, const char *format, ...)
{
  va_list args;

  va_start (args, format);
  add_message (self, line, FALSE, g_strdup_vprintf (format, args));
  va_end (args);
}
