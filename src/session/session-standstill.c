/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "session-standstill.h"

#include <string.h>

/* So much longer than for a question. */
#define SILENCE 6

#define MAX_LINE 200

struct _SessionStandstill {
  GObject parent_instance;

  guint patience_ms;
  GString *line; /* that is not ended yet */
  guint source;
  gboolean is_silent;
};

G_DEFINE_FINAL_TYPE (SessionStandstill, session_standstill, G_TYPE_OBJECT)

enum {
  ASKS,
  SILENT,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

/* "Password:", "Go on? [y/N]", "> ", "sh-4.2$ "; neither "Waiting..." nor a count. */
static gboolean
is_question (const char *line)
{
  g_autofree char *text = g_strchomp (g_strdup (line));
  gsize length = strlen (text);

  if (length == 0)
    return FALSE;
  if (strchr (">:?])", text[length - 1]) != NULL)
    return TRUE;
  return strchr ("$#", text[length - 1]) != NULL && line[length] == ' ';
}

static void
set_silent (SessionStandstill *self, gboolean is_silent)
{
  if (self->is_silent == is_silent)
    return;
  self->is_silent = is_silent;
  g_signal_emit (self, signals[SILENT], 0, is_silent);
}

static gboolean
silence_cb (gpointer user_data)
{
  SessionStandstill *self = SESSION_STANDSTILL (user_data);

  self->source = 0;
  set_silent (self, TRUE);
  return G_SOURCE_REMOVE;
}

static gboolean
patience_cb (gpointer user_data)
{
  SessionStandstill *self = SESSION_STANDSTILL (user_data);
  g_autofree char *line = g_utf8_make_valid (self->line->str, (gssize)self->line->len);

  self->source = g_timeout_add (self->patience_ms * (SILENCE - 1), silence_cb, self);
  if (is_question (line))
    g_signal_emit (self, signals[ASKS], 0, g_strstrip (line));
  return G_SOURCE_REMOVE;
}

static void
begin (SessionStandstill *self)
{
  g_clear_handle_id (&self->source, g_source_remove);
  self->source = g_timeout_add (self->patience_ms, patience_cb, self);
}

static void
text_cb (SessionShell *shell, const char *text, SessionStandstill *self)
{
  const char *end = strrchr (text, '\n');

  if (end != NULL)
    g_string_assign (self->line, end + 1);
  else
    g_string_append (self->line, text);
  if (self->line->len > MAX_LINE)
    g_string_erase (self->line, 0, (gssize)(self->line->len - MAX_LINE));
  begin (self);
  set_silent (self, FALSE);
}

static void
session_standstill_dispose (GObject *object)
{
  g_clear_handle_id (&SESSION_STANDSTILL (object)->source, g_source_remove);
  G_OBJECT_CLASS (session_standstill_parent_class)->dispose (object);
}

static void
session_standstill_finalize (GObject *object)
{
  g_string_free (SESSION_STANDSTILL (object)->line, TRUE);
  G_OBJECT_CLASS (session_standstill_parent_class)->finalize (object);
}

static void
session_standstill_class_init (SessionStandstillClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = session_standstill_dispose;
  object_class->finalize = session_standstill_finalize;

  signals[ASKS] = g_signal_new ("asks", SESSION_TYPE_STANDSTILL, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[SILENT] = g_signal_new ("silent", SESSION_TYPE_STANDSTILL, G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 1, G_TYPE_BOOLEAN);
}

static void
session_standstill_init (SessionStandstill *self)
{
  self->line = g_string_new (NULL);
}

/**
 * session_standstill_new:
 * @shell: of the terminal, in which a command begins now
 * @patience_ms: after this time what looks like a question is one; six times that is long
 *
 * Returns: (transfer full): looks on from now
 */
SessionStandstill *
session_standstill_new (SessionShell *shell, guint patience_ms)
{
  SessionStandstill *self = NULL;

  g_return_val_if_fail (SESSION_IS_SHELL (shell), NULL);
  g_return_val_if_fail (patience_ms > 0, NULL);

  self = g_object_new (SESSION_TYPE_STANDSTILL, NULL);
  self->patience_ms = patience_ms;
  g_signal_connect_object (shell, "text", G_CALLBACK (text_cb), self, 0);
  begin (self);
  return self;
}
