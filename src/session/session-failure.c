/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "session-failure.h"

#include <glib/gi18n-lib.h>

struct _SessionFailure {
  char *message; /* (nullable) */
  char *says;    /* (nullable): of the check that did not pass */
  char *detail;  /* (nullable): what was seen instead */
  int status;    /* of the command, where it is more than 0 */
};

SessionFailure *
session_failure_new (const char *message)
{
  SessionFailure *self = g_new0 (SessionFailure, 1);

  self->message = g_strdup (message);
  return self;
}

SessionFailure *
session_failure_new_check (const char *says, const char *detail, int status)
{
  SessionFailure *self = g_new0 (SessionFailure, 1);

  self->says = g_strdup (says);
  self->detail = g_strdup (detail);
  self->status = status;
  return self;
}

SessionFailure *
session_failure_new_status (int status)
{
  SessionFailure *self = g_new0 (SessionFailure, 1);

  self->status = status;
  return self;
}

/**
 * session_failure_new_question:
 * @question: the last line that the step's program has printed, as it is on the screen; it waits
 *   for an answer to that
 *
 * Returns: (transfer full): that nobody has answered
 */
SessionFailure *
session_failure_new_question (const char *question)
{
  g_autofree char *sentence = g_strdup_printf (
    /* Translators: %s is the last line that a program has printed, such as "Password:" */
    _ (
      "Its program waits for you to type: “%s”. Answer in the terminal, or leave it with Ctrl+C or "
      "Ctrl+D."),
    question);

  return session_failure_new (sentence);
}

void
session_failure_free (SessionFailure *self)
{
  g_free (self->message);
  g_free (self->says);
  g_free (self->detail);
  g_free (self);
}

/**
 * session_failure_dup_line:
 *
 * Returns: (transfer full): one line of text
 */
char *
session_failure_dup_line (const SessionFailure *self)
{
  g_autoptr (GString) text = g_string_new (self->message);

  if (self->says != NULL)
    g_string_append_printf (text, "not so: %s (%s)", self->says,
                            self->detail != NULL ? self->detail : "it could not be looked at");
  if (self->status > 0)
    g_string_append_printf (text, "%sthe command ended with status %d", text->len > 0 ? "; " : "",
                            self->status);
  g_strdelimit (text->str, "\r\n\t", ' ');
  return g_strdup (g_strstrip (text->str));
}

/**
 * session_failure_dup_sentence:
 *
 * Returns: (transfer full): what to tell a student
 */
char *
session_failure_dup_sentence (const SessionFailure *self)
{
  if (self->message != NULL)
    return g_strdup (self->message);
  if (self->says == NULL)
    /* Translators: a number such as 1 */
    return g_strdup_printf (_ ("The command ended with status %d."), self->status);
  if (self->detail == NULL)
    /* Translators: %s is the sentence of a check, which is true when it passes */
    return g_strdup_printf (_ ("It cannot be seen whether this is so: %s"), self->says);
  /* Translators: a check's sentence, which is true when it passes, and what was seen instead */
  return g_strdup_printf (_ ("This is not so yet: %s (%s)"), self->says, self->detail);
}
