/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-output-lines.h"

#include <string.h>

/* A longer line is cut, as container runtimes do. */
#define MAX_LINE (16 * 1024)

struct _PracticeOutputLines {
  GString *line;
};

static void
emit (PracticeOutputLines *self, PracticeLineFunc func, gpointer user_data)
{
  func (self->line->str, user_data);
  g_string_truncate (self->line, 0);
}

/**
 * practice_output_lines_new:
 *
 * Returns: (transfer full): what cuts one stream into lines
 */
PracticeOutputLines *
practice_output_lines_new (void)
{
  PracticeOutputLines *self = g_new (PracticeOutputLines, 1);

  self->line = g_string_new (NULL);
  return self;
}

/**
 * practice_output_lines_push:
 * @self: the lines of a stream
 * @bytes: what was printed
 * @func: (scope call): gets each line that is whole, without its end
 * @user_data: data of @func
 *
 * A zero byte, which no line can have, becomes a question mark.
 */
void
practice_output_lines_push (PracticeOutputLines *self,
                            GBytes *bytes,
                            PracticeLineFunc func,
                            gpointer user_data)
{
  gsize size;
  const char *data = g_bytes_get_data (bytes, &size);

  for (gsize i = 0; i < size; i++) {
    if (data[i] == '\n') {
      emit (self, func, user_data);
      continue;
    }
    g_string_append_c (self->line, data[i] != '\0' ? data[i] : '?');
    if (self->line->len >= MAX_LINE)
      emit (self, func, user_data);
  }
}

/**
 * practice_output_lines_flush:
 * @self: the lines of a stream that has ended
 * @func: (scope call): gets what is left, if anything
 * @user_data: data of @func
 */
void
practice_output_lines_flush (PracticeOutputLines *self, PracticeLineFunc func, gpointer user_data)
{
  if (self->line->len > 0)
    emit (self, func, user_data);
}

/**
 * practice_output_lines_free:
 * @self: (transfer full): lines
 *
 * Frees @self.
 */
void
practice_output_lines_free (PracticeOutputLines *self)
{
  g_string_free (self->line, TRUE);
  g_free (self);
}
