/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The words of a label selector, "app in (a, b),!old" (k8s.io/apimachinery/pkg/labels, Lexer). */
typedef enum {
  PRACTICE_LABEL_TOKEN_END,
  PRACTICE_LABEL_TOKEN_WORD, /* also "in" and "notin" */
  PRACTICE_LABEL_TOKEN_NOT,
  PRACTICE_LABEL_TOKEN_COMMA,
  PRACTICE_LABEL_TOKEN_OPEN,
  PRACTICE_LABEL_TOKEN_CLOSE,
  PRACTICE_LABEL_TOKEN_EQUAL, /* "=" or "==" */
  PRACTICE_LABEL_TOKEN_UNEQUAL,
  PRACTICE_LABEL_TOKEN_GREATER,
  PRACTICE_LABEL_TOKEN_LESS,
} PracticeLabelToken;

typedef struct {
  const char *next;         /* what is not read yet */
  PracticeLabelToken token; /* what was read last */
  char *literal;            /* (owned): as it stands there */
} PracticeLabelLexer;

/* Before the first token of @text, which must outlive @self. */
void practice_label_lexer_init (PracticeLabelLexer *self, const char *text);
void practice_label_lexer_clear (PracticeLabelLexer *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PracticeLabelLexer, practice_label_lexer_clear)

/* Reads the next token, and returns it. */
PracticeLabelToken practice_label_lexer_advance (PracticeLabelLexer *self);

G_END_DECLS
