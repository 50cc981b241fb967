/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "session-capture.h"

#include "session-pty-private.h"

#define MAX_TEXT (256 * 1024)

struct _SessionCapture {
  SessionShell *shell;
  GString *text;
  gboolean has_begun; /* the first command */
};

/* Of what is too much, the end is kept. */
static void
text_cb (SessionShell *shell, const char *text, SessionCapture *self)
{
  g_string_append (self->text, text);
  if (self->text->len > MAX_TEXT)
    g_string_erase (self->text, 0, self->text->len - MAX_TEXT / 2);
}

/* What stands before it is the prompt, and the command itself as it was typed. */
static void
started_cb (SessionShell *shell, SessionCapture *self)
{
  if (!self->has_begun)
    g_string_truncate (self->text, 0);
  self->has_begun = TRUE;
}

/**
 * session_capture_new:
 *
 * Returns: (transfer full): nothing was printed yet
 */
SessionCapture *
session_capture_new (SessionPty *pty)
{
  SessionCapture *self = g_new0 (SessionCapture, 1);

  self->shell = g_object_ref (session_pty_get_shell (pty));
  self->text = g_string_new (NULL);
  g_signal_connect (self->shell, "text", G_CALLBACK (text_cb), self);
  g_signal_connect (self->shell, "started", G_CALLBACK (started_cb), self);
  return self;
}

/**
 * session_capture_free:
 * @self: (nullable): a capture
 */
void
session_capture_free (SessionCapture *self)
{
  if (self == NULL)
    return;
  g_signal_handlers_disconnect_by_data (self->shell, self);
  g_clear_object (&self->shell);
  g_string_free (self->text, TRUE);
  g_free (self);
}

/**
 * session_capture_dup_text:
 *
 * Returns: (transfer full): what was printed, UTF-8; where the shell marks the begin of a command,
 *   without the command itself
 */
char *
session_capture_dup_text (SessionCapture *self)
{
  return g_utf8_make_valid (self->text->str, (gssize)self->text->len);
}
