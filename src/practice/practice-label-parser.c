/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-label-parser.h"

#include <gio/gio.h>
#include <string.h>

#include "practice-label-lexer.h"
#include "practice-selector-private.h"

#define MAX_REQUIREMENTS 100

/* @detail (nullable): what is said before what was found */
static gboolean
fail_parse (GError **error, const char *detail, const char *found, const char *expected)
{
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "%sfound '%s'%s",
               detail != NULL ? detail : "", found, expected);
  return FALSE;
}

static gboolean
fail_requirement (GError **error, PracticeLabelLexer *lexer, const char *expected)
{
  return fail_parse (error, "unable to parse requirement: ", lexer->literal, expected);
}

/* "a, b)", after the opening bracket. Nothing is a value, too. */
static GStrv
read_set (PracticeLabelLexer *lexer, GError **error)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  practice_label_lexer_advance (lexer);
  for (;;) {
    gboolean is_word = lexer->token == PRACTICE_LABEL_TOKEN_WORD;

    if (!is_word && lexer->token != PRACTICE_LABEL_TOKEN_COMMA &&
        lexer->token != PRACTICE_LABEL_TOKEN_CLOSE) {
      fail_requirement (error, lexer, ", expected: ',', ')' or identifier");
      return NULL;
    }
    g_strv_builder_add (builder, is_word ? lexer->literal : "");
    if (is_word)
      practice_label_lexer_advance (lexer);
    if (lexer->token == PRACTICE_LABEL_TOKEN_CLOSE)
      return g_strv_builder_end (builder);
    if (lexer->token != PRACTICE_LABEL_TOKEN_COMMA) {
      fail_requirement (error, lexer, ", expected: ',' or ')'");
      return NULL;
    }
    practice_label_lexer_advance (lexer);
  }
}

static gboolean
is_valid_key (const char *key)
{
  for (const char *c = key; *c != '\0'; c++) {
    if (!g_ascii_isalnum (*c) && strchr ("-_./", *c) == NULL)
      return FALSE;
  }
  return *key != '\0' && strlen (key) <= 317;
}

static gboolean
is_end (PracticeLabelLexer *lexer)
{
  return lexer->token == PRACTICE_LABEL_TOKEN_END || lexer->token == PRACTICE_LABEL_TOKEN_COMMA;
}

/* "in (a, b)", at its first word; ends behind it. */
static gboolean
parse_set (PracticeSelector *self, const char *key, PracticeLabelLexer *lexer, GError **error)
{
  gboolean is_in = g_str_equal (lexer->literal, "in");
  GStrv values;

  if (!is_in && !g_str_equal (lexer->literal, "notin"))
    return fail_requirement (error, lexer, ", expected: '=', '!=', '==', 'in', notin'");
  if (practice_label_lexer_advance (lexer) != PRACTICE_LABEL_TOKEN_OPEN)
    return fail_requirement (error, lexer, " expected: '('");
  values = read_set (lexer, error);
  if (values == NULL)
    return FALSE;
  practice_selector_add (self, g_strdup (key),
                         is_in ? PRACTICE_SELECTOR_IN : PRACTICE_SELECTOR_NOT_IN, values);
  practice_label_lexer_advance (lexer);
  return TRUE;
}

static gboolean
is_integer (const char *text)
{
  const char *digits = *text == '-' || *text == '+' ? text + 1 : text;

  return *digits != '\0' && strspn (digits, "0123456789") == strlen (digits);
}

/* "=a", at the operator; nothing is a value, too. */
static gboolean
parse_value (PracticeSelector *self,
             const char *key,
             PracticeSelectorOperator operator_,
             PracticeLabelLexer *lexer,
             GError **error)
{
  practice_label_lexer_advance (lexer);
  if (!is_end (lexer) && lexer->token != PRACTICE_LABEL_TOKEN_WORD)
    return fail_requirement (error, lexer, ", expected: identifier");
  if ((operator_ == PRACTICE_SELECTOR_GREATER || operator_ == PRACTICE_SELECTOR_LESS) &&
      !is_integer (is_end (lexer) ? "" : lexer->literal)) {
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                         "unable to parse requirement: for 'Gt', 'Lt' operators, the value must be "
                         "an integer");
    return FALSE;
  }
  practice_selector_add (self, g_strdup (key), operator_,
                         practice_selector_new_values (is_end (lexer) ? "" : lexer->literal));
  if (!is_end (lexer))
    practice_label_lexer_advance (lexer);
  return TRUE;
}

/* What follows a key: nothing, an operator and a value, or "in (...)". */
static gboolean
parse_operator (PracticeSelector *self, const char *key, PracticeLabelLexer *lexer, GError **error)
{
  switch (lexer->token) {
    case PRACTICE_LABEL_TOKEN_END:
    case PRACTICE_LABEL_TOKEN_COMMA:
      practice_selector_add (self, g_strdup (key), PRACTICE_SELECTOR_EXISTS, NULL);
      return TRUE;
    case PRACTICE_LABEL_TOKEN_EQUAL:
      return parse_value (self, key, PRACTICE_SELECTOR_IN, lexer, error);
    case PRACTICE_LABEL_TOKEN_UNEQUAL:
      return parse_value (self, key, PRACTICE_SELECTOR_NOT_IN, lexer, error);
    case PRACTICE_LABEL_TOKEN_GREATER:
      return parse_value (self, key, PRACTICE_SELECTOR_GREATER, lexer, error);
    case PRACTICE_LABEL_TOKEN_LESS:
      return parse_value (self, key, PRACTICE_SELECTOR_LESS, lexer, error);
    case PRACTICE_LABEL_TOKEN_WORD:
      return parse_set (self, key, lexer, error);
    case PRACTICE_LABEL_TOKEN_NOT:
    case PRACTICE_LABEL_TOKEN_OPEN:
    case PRACTICE_LABEL_TOKEN_CLOSE:
    default:
      return fail_requirement (error, lexer, ", expected: '=', '!=', '==', 'in', notin'");
  }
}

/* At the first token of a requirement; ends behind it. */
static gboolean
parse_requirement (PracticeSelector *self, PracticeLabelLexer *lexer, GError **error)
{
  gboolean missing = lexer->token == PRACTICE_LABEL_TOKEN_NOT;
  g_autofree char *key = NULL;

  if (missing)
    practice_label_lexer_advance (lexer);
  if (lexer->token != PRACTICE_LABEL_TOKEN_WORD || !is_valid_key (lexer->literal))
    return fail_requirement (error, lexer, ", expected: identifier");
  key = g_strdup (lexer->literal);
  practice_label_lexer_advance (lexer);
  if (!missing)
    return parse_operator (self, key, lexer, error);
  practice_selector_add (self, g_steal_pointer (&key), PRACTICE_SELECTOR_MISSING, NULL);
  return TRUE;
}

static gboolean
begins_requirement (PracticeLabelLexer *lexer)
{
  return lexer->token == PRACTICE_LABEL_TOKEN_WORD || lexer->token == PRACTICE_LABEL_TOKEN_NOT;
}

/* Up to the end, or with what stands instead of it in @error. */
static gboolean
parse_requirements (PracticeSelector *self, PracticeLabelLexer *lexer, GError **error)
{
  guint count = 0;

  if (practice_label_lexer_advance (lexer) == PRACTICE_LABEL_TOKEN_END)
    return TRUE;
  if (!begins_requirement (lexer))
    return fail_parse (error, NULL, lexer->literal,
                       ", expected: !, identifier, or 'end of string'");
  for (;;) {
    if (!parse_requirement (self, lexer, error))
      return FALSE;
    if (lexer->token == PRACTICE_LABEL_TOKEN_END)
      return TRUE;
    if (lexer->token != PRACTICE_LABEL_TOKEN_COMMA || ++count > MAX_REQUIREMENTS)
      return fail_parse (error, NULL, lexer->literal, ", expected: ',' or 'end of string'");
    practice_label_lexer_advance (lexer);
    if (!begins_requirement (lexer))
      return fail_parse (error, NULL, lexer->literal, ", expected: identifier after ','");
  }
}

/**
 * practice_label_parser_parse:
 * @selector: an empty selector, which gets the conditions
 * @text: as in the labelSelector of a request
 * @error: return location
 *
 * Reads a label selector (k8s.io/apimachinery/pkg/labels, Parse).
 *
 * Returns: %FALSE with %G_IO_ERROR_INVALID_ARGUMENT and the words of a real server
 */
gboolean
practice_label_parser_parse (PracticeSelector *selector, const char *text, GError **error)
{
  g_auto (PracticeLabelLexer) lexer = { 0 };

  practice_label_lexer_init (&lexer, text);
  return parse_requirements (selector, &lexer, error);
}
