/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "jump-log.h"

/**
 * JumpLog:
 *
 * The end of what a program has written to a pipe. It is read as it comes, so that the pipe never
 * fills and the program never waits; only the last bytes are kept.
 */

#define MAX_KEPT (16 * 1024)
#define MAX_LINE 500

struct _JumpLog {
  GObject parent_instance;

  GInputStream *stream;
  GSource *source; /* (nullable) (owned): gone at the end of the stream */
  GString *text;
  guint64 dropped;
};

G_DEFINE_FINAL_TYPE (JumpLog, jump_log, G_TYPE_OBJECT)

static void
stop (JumpLog *self)
{
  if (self->source != NULL)
    g_source_destroy (self->source);
  g_clear_pointer (&self->source, g_source_unref);
}

/* Reads all that is there at the moment. */
static void
drain (JumpLog *self)
{
  char buffer[4096];
  gssize n;

  while (self->source != NULL) {
    g_autoptr (GError) error = NULL;

    n = g_pollable_input_stream_read_nonblocking (G_POLLABLE_INPUT_STREAM (self->stream), buffer,
                                                  sizeof buffer, NULL, &error);
    if (n <= 0) {
      if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
        stop (self);
      return;
    }
    g_string_append_len (self->text, buffer, n);
    if (self->text->len > MAX_KEPT) {
      gsize excess = self->text->len - MAX_KEPT;

      g_string_erase (self->text, 0, excess);
      self->dropped += excess;
    }
  }
}

static gboolean
readable_cb (GObject *stream, gpointer user_data)
{
  JumpLog *self = user_data;

  drain (self);
  return self->source != NULL;
}

static void
jump_log_dispose (GObject *object)
{
  JumpLog *self = JUMP_LOG (object);

  stop (self);
  g_clear_object (&self->stream);

  G_OBJECT_CLASS (jump_log_parent_class)->dispose (object);
}

static void
jump_log_finalize (GObject *object)
{
  g_string_free (JUMP_LOG (object)->text, TRUE);

  G_OBJECT_CLASS (jump_log_parent_class)->finalize (object);
}

static void
jump_log_class_init (JumpLogClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = jump_log_dispose;
  object_class->finalize = jump_log_finalize;
}

static void
jump_log_init (JumpLog *self)
{
  self->text = g_string_new (NULL);
}

/**
 * jump_log_new:
 * @stream: a stream that can be polled, such as that of a pipe
 */
JumpLog *
jump_log_new (GInputStream *stream)
{
  JumpLog *self;

  g_return_val_if_fail (G_IS_POLLABLE_INPUT_STREAM (stream), NULL);

  self = g_object_new (JUMP_TYPE_LOG, NULL);
  self->stream = g_object_ref (stream);
  self->source = g_pollable_input_stream_create_source (G_POLLABLE_INPUT_STREAM (stream), NULL);
  g_source_set_callback (self->source, G_SOURCE_FUNC (readable_cb), self, NULL);
  g_source_set_static_name (self->source, "jump-log");
  g_source_attach (self->source, g_main_context_get_thread_default ());
  return self;
}

guint64
jump_log_get_position (JumpLog *self)
{
  g_return_val_if_fail (JUMP_IS_LOG (self), 0);

  drain (self);
  return self->dropped + self->text->len;
}

/**
 * jump_log_dup_text:
 * @since: a position that jump_log_get_position() gave, or 0
 *
 * Returns: (transfer full): what was written after @since, as far as it is kept, as UTF-8
 */
char *
jump_log_dup_text (JumpLog *self, guint64 since)
{
  gsize skip;

  g_return_val_if_fail (JUMP_IS_LOG (self), NULL);

  drain (self);
  skip = since > self->dropped ? MIN (since - self->dropped, self->text->len) : 0;
  return g_utf8_make_valid (self->text->str + skip, self->text->len - skip);
}

/**
 * jump_log_dup_last_line:
 *
 * Returns: (transfer full): the last line that is not empty, fit to be shown to a user; "" where
 *   there is none
 */
char *
jump_log_dup_last_line (JumpLog *self)
{
  g_autofree char *text = jump_log_dup_text (self, 0);
  g_autoptr (GString) line = g_string_new (NULL);
  const char *start;

  g_strchomp (text);
  start = strrchr (text, '\n');
  for (const char *p = start != NULL ? start + 1 : text; *p != '\0' && line->len < MAX_LINE;
       p = g_utf8_next_char (p)) {
    gunichar c = g_utf8_get_char (p);

    if (!g_unichar_iscntrl (c))
      g_string_append_unichar (line, c);
  }
  return g_string_free (g_steal_pointer (&line), FALSE);
}
