/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "session-typing.h"

#include <string.h>

#include "kube-kind.h"

/* A line of a shell, as far as it takes to tell one command from another: words without their
 * quotes, and what stands between commands. */

typedef struct {
  char *text;
  gboolean is_operator; /* ";", "|", "&&", ">": not in quotes */
  gboolean is_open;     /* the shell puts something else there: "$(cat name)" */
} Word;

static void
word_free (gpointer data)
{
  Word *word = data;

  g_free (word->text);
  g_free (word);
}

static void
add_word (GPtrArray *words, const char *text, gsize length, gboolean is_operator, gboolean is_open)
{
  Word *word = g_new0 (Word, 1);

  word->text = g_strndup (text, length);
  word->is_operator = is_operator;
  word->is_open = is_open;
  g_ptr_array_add (words, word);
}

/* The end of a substitution that begins with "$(" at @p. */
static const char *
skip_substitution (const char *p)
{
  guint depth = 0;

  for (; *p != '\0'; p++) {
    if (*p == '(')
      depth++;
    else if (*p == ')' && --depth == 0)
      return p + 1;
  }
  return p;
}

/* One word, from @p on; returns where it ends. */
static const char *
read_word (const char *p, GPtrArray *words)
{
  g_autoptr (GString) text = g_string_new (NULL);
  gboolean is_open = FALSE;
  char quote = '\0';

  while (*p != '\0' && (quote != '\0' || strchr (" \t\r\n;|&<>", *p) == NULL)) {
    if (quote == '\0' && (*p == '"' || *p == '\'')) {
      quote = *p++;
    } else if (*p == quote) {
      quote = '\0';
      p++;
    } else if (*p == '\\' && p[1] != '\0' && quote != '\'') {
      g_string_append_c (text, p[1]);
      p += 2;
    } else if (*p == '$' && p[1] == '(' && quote != '\'') {
      p = skip_substitution (p);
      is_open = TRUE;
    } else {
      is_open = is_open || (*p == '$' && (g_ascii_isalpha (p[1]) || p[1] == '{') && quote != '\'');
      g_string_append_c (text, *p++);
    }
  }
  add_word (words, text->str, text->len, FALSE, is_open);
  return p;
}

/* (element-type Word) */
static GPtrArray *
split (const char *line)
{
  GPtrArray *words = g_ptr_array_new_with_free_func (word_free);
  const char *p = line;

  while (*p != '\0') {
    gsize descriptor = strspn (p, "0123456789");
    gsize length = strspn (p + descriptor, ";|&<>");

    if (g_ascii_isspace (*p)) {
      p++;
    } else if (length > 0 && (descriptor == 0 || strchr ("<>", p[descriptor]) != NULL)) {
      add_word (words, p + descriptor, length, TRUE, FALSE);
      p += descriptor + length;
    } else {
      p = read_word (p, words);
    }
  }
  return words;
}

static gboolean
is_option (const Word *word)
{
  return word->text[0] == '-';
}

/* Without the slash that the Tab key adds to a folder. */
static gsize
get_length (const char *text)
{
  gsize length = strlen (text);

  return length > 1 && text[length - 1] == '/' ? length - 1 : length;
}

/* What is written in several ways is one thing: "po" and "pods", a folder with and without a slash
 * after it. */
static gboolean
is_same (const Word *a, const Word *b)
{
  const KubeKind *kind = kube_kind_lookup (a->text);
  gsize length = get_length (a->text);

  if (kind != NULL)
    return kind == kube_kind_lookup (b->text);
  return get_length (b->text) == length && strncmp (a->text, b->text, length) == 0;
}

/* An option that says what is asked for, and not only how it is shown. */
static gboolean
is_for_all (const Word *word)
{
  return g_str_equal (word->text, "-A") || g_str_equal (word->text, "--all-namespaces");
}

/* The end of the command that begins at @start. */
static guint
find_end (GPtrArray *words, guint start)
{
  while (start < words->len && !((Word *)g_ptr_array_index (words, start))->is_operator)
    start++;
  return start;
}

/* Whether @word stands in the command. What an option says may follow a "=". */
static gboolean
has_word (GPtrArray *words, guint start, guint end, const Word *word)
{
  for (guint i = start; i < end; i++) {
    const Word *candidate = g_ptr_array_index (words, i);
    const char *value = is_option (candidate) ? strchr (candidate->text, '=') : NULL;

    if (value != NULL && g_str_equal (value + 1, word->text))
      return TRUE;
    if (is_for_all (word) ? is_for_all (candidate) : is_same (word, candidate))
      return TRUE;
  }
  return FALSE;
}

/* All that the form says. */
static gboolean
has_all (GPtrArray *words, guint start, guint end, GPtrArray *form, guint form_end)
{
  for (guint i = 1; i < form_end; i++) {
    const Word *word = g_ptr_array_index (form, i);
    const char *value = is_option (word) ? strchr (word->text, '=') : NULL;
    Word of_option = { .text = (char *)(value != NULL ? value + 1 : word->text) };

    if (word->is_open || (is_option (word) && value == NULL && !is_for_all (word)))
      continue;
    if (!has_word (words, start + 1, end, value != NULL ? &of_option : word))
      return FALSE;
  }
  return TRUE;
}

/* And nothing that makes it another command: what is more is an option, or what one says. What the
 * shell would put there may be written out. */
static gboolean
has_no_more (GPtrArray *words, guint start, guint end, GPtrArray *form, guint form_end)
{
  guint n_open = 0;

  for (guint i = 1; i < form_end; i++)
    n_open += ((const Word *)g_ptr_array_index (form, i))->is_open;
  for (guint i = start + 1; i < end; i++) {
    const Word *word = g_ptr_array_index (words, i);

    if (is_option (word) || is_option (g_ptr_array_index (words, i - 1)) ||
        has_word (form, 1, form_end, word))
      continue;
    if (n_open == 0)
      return FALSE;
    n_open--;
  }
  return TRUE;
}

/* A command begins the line, or follows a prompt, another command or a variable that is set for it;
 * another word before it makes it that one's: "man kubectl". */
static gboolean
may_begin_at (GPtrArray *words, guint i)
{
  const Word *before = i > 0 ? g_ptr_array_index (words, i - 1) : NULL;

  if (before == NULL)
    return TRUE;
  if (before->is_operator)
    return strchr (before->text, '<') == NULL;
  return *before->text == '\0' || strchr (before->text, '=') != NULL ||
         !g_ascii_isalnum (before->text[strlen (before->text) - 1]);
}

/* The line's exit status is that of its last command. */
static gboolean
tells_status (GPtrArray *words, guint end)
{
  for (guint i = end; i < words->len; i++) {
    const Word *word = g_ptr_array_index (words, i);

    if (word->is_operator && (g_str_equal (word->text, "||") || strchr (word->text, ';') != NULL))
      return i + 1 == words->len;
    if (word->is_operator && g_str_equal (word->text, "&"))
      return FALSE;
  }
  return TRUE;
}

/* The command of @form whose output is the step's: its last line; of one with a here-document the
 * line that begins that. */
static char *
dup_command (const char *form)
{
  g_autofree char *joined = NULL;
  g_auto (GStrv) parts = g_strsplit (form, "\\\n", -1);
  g_auto (GStrv) lines = NULL;
  const char *command = "";

  joined = g_strjoinv (" ", parts);
  lines = g_strsplit (joined, "\n", -1);
  for (gsize i = 0; lines[i] != NULL; i++) {
    g_strstrip (lines[i]);
    if (lines[i][0] != '\0' && lines[i][0] != '#')
      command = lines[i];
    if (strstr (command, "<<") != NULL)
      break;
  }
  return g_strdup (command);
}

/**
 * session_typing_is:
 * @line: what was typed, with the prompt before it
 * @form: the text of a form of a step, with all filled in that is known
 *
 * The words of the form's command have to be there, in any order but for the program, and no others
 * but what an option says. Options do not count, as they mostly say how an answer is shown. A pipe
 * may follow. Kinds of Kubernetes have all the names that kubectl takes.
 *
 * Returns: whether @line does what @form does
 */
gboolean
session_typing_is (const char *line, const char *form)
{
  g_autofree char *command = NULL;
  g_autoptr (GPtrArray) words = NULL;
  g_autoptr (GPtrArray) wanted = NULL;
  guint wanted_end;

  g_return_val_if_fail (line != NULL, FALSE);
  g_return_val_if_fail (form != NULL, FALSE);

  command = dup_command (form);
  words = split (line);
  wanted = split (command);
  wanted_end = find_end (wanted, 0);
  for (guint i = 0; wanted_end > 0 && i < words->len; i++) {
    const Word *word = g_ptr_array_index (words, i);
    guint end = find_end (words, i);

    if (!word->is_operator && is_same (g_ptr_array_index (wanted, 0), word) &&
        may_begin_at (words, i) && tells_status (words, end) &&
        has_all (words, i, end, wanted, wanted_end) &&
        has_no_more (words, i, end, wanted, wanted_end))
      return TRUE;
  }
  return FALSE;
}
