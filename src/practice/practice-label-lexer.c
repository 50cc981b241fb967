/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-label-lexer.h"

#include <string.h>

#define SPACE " \t\r\n"
#define SPECIAL "=!(),><"

/* The longer ones first. */
static const struct {
  const char *literal;
  PracticeLabelToken token;
} specials[] = {
  { "==", PRACTICE_LABEL_TOKEN_EQUAL }, { "!=", PRACTICE_LABEL_TOKEN_UNEQUAL },
  { "=", PRACTICE_LABEL_TOKEN_EQUAL },  { "!", PRACTICE_LABEL_TOKEN_NOT },
  { ",", PRACTICE_LABEL_TOKEN_COMMA },  { "(", PRACTICE_LABEL_TOKEN_OPEN },
  { ")", PRACTICE_LABEL_TOKEN_CLOSE },  { ">", PRACTICE_LABEL_TOKEN_GREATER },
  { "<", PRACTICE_LABEL_TOKEN_LESS },
};

/**
 * practice_label_lexer_init:
 * @self: a lexer
 * @text: a label selector
 *
 * Begins to read @text.
 */
void
practice_label_lexer_init (PracticeLabelLexer *self, const char *text)
{
  *self = (PracticeLabelLexer){ .next = text };
}

/**
 * practice_label_lexer_clear:
 * @self: a lexer
 *
 * Frees what @self holds.
 */
void
practice_label_lexer_clear (PracticeLabelLexer *self)
{
  g_clear_pointer (&self->literal, g_free);
}

static PracticeLabelToken
take (PracticeLabelLexer *self, PracticeLabelToken token, gsize length)
{
  g_free (self->literal);
  self->literal = g_strndup (self->next, length);
  self->next += length;
  self->token = token;

  return token;
}

/**
 * practice_label_lexer_advance:
 * @self: a lexer
 *
 * Reads the next token.
 *
 * Returns: what it is
 */
PracticeLabelToken
practice_label_lexer_advance (PracticeLabelLexer *self)
{
  self->next += strspn (self->next, SPACE);
  if (*self->next == '\0')
    return take (self, PRACTICE_LABEL_TOKEN_END, 0);
  for (guint i = 0; i < G_N_ELEMENTS (specials); i++)
    if (g_str_has_prefix (self->next, specials[i].literal))
      return take (self, specials[i].token, strlen (specials[i].literal));

  return take (self, PRACTICE_LABEL_TOKEN_WORD, strcspn (self->next, SPACE SPECIAL));
}
