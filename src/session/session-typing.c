/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "session-typing.h"

#include <string.h>

#include "kube-kind.h"
#include "session-line.h"

/* The last word of a command of several lines, and what its first line begins with. */
static const char *const closers[] = { "done", "fi", "esac", "}", NULL };
static const char *const heads[] = { "for", "case", "select", NULL };

static const SessionLineWord *
get_word (const SessionLineCommand *command, guint i)
{
  return g_ptr_array_index (command->words, i);
}

static gboolean
is_option (const SessionLineWord *word)
{
  return word->text[0] == '-';
}

/* (nullable): where @text leads to as a path, where that is known. */
static char *
dup_path (const SessionTyped *typed, const char *text)
{
  const char *rest = NULL;

  if (g_str_has_prefix (text, "$HOME"))
    rest = text + strlen ("$HOME");
  else if (*text == '~')
    rest = text + 1;
  if (rest == NULL && typed->directory != NULL)
    return g_canonicalize_filename (text, typed->directory);
  if (rest == NULL || typed->home == NULL || (*rest != '\0' && *rest != '/'))
    return NULL;
  return g_canonicalize_filename (*rest == '/' ? rest + 1 : ".", typed->home);
}

static gboolean
leads_to_same (const SessionTyped *typed, const char *a, const char *b)
{
  g_autofree char *path_a = dup_path (typed, a);
  g_autofree char *path_b = path_a != NULL ? dup_path (typed, b) : NULL;

  return path_b != NULL && g_str_equal (path_a, path_b);
}

/* Without the slash that the Tab key adds to a folder. */
static gsize
get_length (const char *text)
{
  gsize length = strlen (text);

  return length > 1 && text[length - 1] == '/' ? length - 1 : length;
}

/* What is written in several ways is one thing: "po" and "pods", a folder with and without a slash
 * after it, or from home and from where one is. */
static gboolean
is_same (const SessionTyped *typed, const char *a, const char *b)
{
  const KubeKind *kind = kube_kind_lookup (a);
  gsize length = get_length (a);

  if (kind != NULL)
    return kind == kube_kind_lookup (b);
  return (get_length (b) == length && strncmp (a, b, length) == 0) || leads_to_same (typed, a, b);
}

static gboolean
runs (const SessionLineCommand *command, const char *program)
{
  return g_str_equal (session_line_command_get_program (command), program);
}

/* An option that says what is asked for, and not only how it is shown. */
static gboolean
is_for_all (const char *text)
{
  return g_str_equal (text, "-A") || g_str_equal (text, "--all-namespaces");
}

/* Whether @text is a word of the command, but for the program. What an option says may follow a
 * "=". */
static gboolean
has_word (const SessionTyped *typed, const SessionLineCommand *command, const char *text)
{
  for (guint i = 1; i < command->words->len; i++) {
    const SessionLineWord *candidate = get_word (command, i);
    const char *value = is_option (candidate) ? strchr (candidate->text, '=') : NULL;

    if (value != NULL && g_str_equal (value + 1, text))
      return TRUE;
    if (is_for_all (text) ? is_for_all (candidate->text) : is_same (typed, text, candidate->text))
      return TRUE;
  }
  return FALSE;
}

/* All that the form says. */
static gboolean
has_all (const SessionTyped *typed,
         const SessionLineCommand *command,
         const SessionLineCommand *form)
{
  for (guint i = 1; i < form->words->len; i++) {
    const SessionLineWord *word = get_word (form, i);
    const char *value = is_option (word) ? strchr (word->text, '=') : NULL;

    if (word->is_open || (is_option (word) && value == NULL && !is_for_all (word->text)))
      continue;
    if (!has_word (typed, command, value != NULL ? value + 1 : word->text))
      return FALSE;
  }
  return TRUE;
}

/* And nothing that makes it another command: what is more is an option, or what one says. What the
 * shell would put there may be written out. */
static gboolean
has_no_more (const SessionTyped *typed,
             const SessionLineCommand *command,
             const SessionLineCommand *form)
{
  guint n_open = 0;

  for (guint i = 1; i < form->words->len; i++)
    n_open += get_word (form, i)->is_open;
  for (guint i = 1; i < command->words->len; i++) {
    const SessionLineWord *word = get_word (command, i);

    if (is_option (word) || is_option (get_word (command, i - 1)) ||
        has_word (typed, form, word->text))
      continue;
    if (n_open == 0)
      return FALSE;
    n_open--;
  }
  return TRUE;
}

static gboolean
has_command (const SessionTyped *typed,
             GPtrArray *commands,
             const SessionLineCommand *form,
             gboolean for_status)
{
  for (guint i = 0; i < commands->len; i++) {
    const SessionLineCommand *command = g_ptr_array_index (commands, i);

    if (runs (command, session_line_command_get_program (form)) &&
        (command->tells_status || !for_status) && has_all (typed, command, form) &&
        has_no_more (typed, command, form))
      return TRUE;
  }
  return FALSE;
}

/* (nullable): the command whose output is the step's: on its last line; of one with a here-document
 * the one that begins that. */
static const SessionLineCommand *
find_command (GPtrArray *form)
{
  const SessionLineCommand *found = NULL;

  for (guint i = 0; i < form->len; i++) {
    const SessionLineCommand *command = g_ptr_array_index (form, i);

    if (found == NULL || command->line != found->line)
      found = command;
    if (command->has_document)
      break;
  }
  return found;
}

static gboolean
is_one_of (const SessionLineCommand *command, const char *const *programs)
{
  return g_strv_contains (programs, session_line_command_get_program (command));
}

/* A loop is that of the form where it has in it what that has. */
static gboolean
has_all_commands (const SessionTyped *typed, GPtrArray *commands, GPtrArray *form)
{
  for (guint i = 0; i < form->len; i++) {
    const SessionLineCommand *wanted = g_ptr_array_index (form, i);

    if (!is_one_of (wanted, heads) && !has_command (typed, commands, wanted, FALSE))
      return FALSE;
  }
  return TRUE;
}

/**
 * session_typing_is:
 * @typed: what was typed
 * @form: the text of a form of a step, with all filled in that is known
 *
 * The words of the form's command have to be there, in any order but for the program, and no others
 * but what an option says. Options do not count, as they mostly say how an answer is shown. A pipe
 * may follow. Kinds of Kubernetes have all the names that kubectl takes.
 *
 * Returns: whether it does what @form does
 */
gboolean
session_typing_is (const SessionTyped *typed, const char *form)
{
  g_autoptr (GPtrArray) commands = NULL;
  g_autoptr (GPtrArray) wanted = NULL;
  const SessionLineCommand *command = NULL;

  g_return_val_if_fail (typed != NULL && typed->line != NULL, FALSE);
  g_return_val_if_fail (form != NULL, FALSE);

  commands = session_line_read (typed->line);
  wanted = session_line_read (form);
  command = find_command (wanted);
  if (command == NULL)
    return FALSE;
  return is_one_of (command, closers) ? has_all_commands (typed, commands, wanted)
                                      : has_command (typed, commands, command, TRUE);
}

static gboolean
has_text (const SessionLineCommand *command, const char *text)
{
  for (guint i = 1; i < command->words->len; i++) {
    if (strstr (get_word (command, i)->text, text) != NULL)
      return TRUE;
  }
  return FALSE;
}

/* A command of @form has @text in one of its words, and one of the same program of @commands. */
static gboolean
has_piece (GPtrArray *commands, GPtrArray *form, const char *text)
{
  for (guint i = 0; i < form->len; i++) {
    const SessionLineCommand *wanted = g_ptr_array_index (form, i);

    for (guint j = 0; has_text (wanted, text) && j < commands->len; j++) {
      const SessionLineCommand *command = g_ptr_array_index (commands, j);

      if (runs (command, session_line_command_get_program (wanted)) && has_text (command, text))
        return TRUE;
    }
  }
  return FALSE;
}

/* One of @commands is of the program of @part, and has its words. */
static gboolean
has_words (const SessionTyped *typed, GPtrArray *commands, const SessionLineCommand *part)
{
  for (guint i = 0; i < commands->len; i++) {
    const SessionLineCommand *command = g_ptr_array_index (commands, i);

    if (runs (command, session_line_command_get_program (part)) && has_all (typed, command, part))
      return TRUE;
  }
  return FALSE;
}

/**
 * session_typing_has:
 * @typed: what was typed
 * @form: the text of a form of a step, with all filled in that is known
 * @part: a program, and what has to be among its words; or a piece of a word of one of the form's
 *   commands
 *
 * Returns: whether it runs this program with these words, or the form's with that piece
 */
gboolean
session_typing_has (const SessionTyped *typed, const char *form, const char *part)
{
  g_autoptr (GPtrArray) commands = NULL;
  g_autoptr (GPtrArray) wanted = NULL;
  g_autoptr (GPtrArray) parts = NULL;

  g_return_val_if_fail (typed != NULL && typed->line != NULL, FALSE);
  g_return_val_if_fail (form != NULL, FALSE);
  g_return_val_if_fail (part != NULL, FALSE);

  commands = session_line_read (typed->line);
  wanted = session_line_read (form);
  parts = session_line_read (part);
  return (parts->len > 0 && has_words (typed, commands, g_ptr_array_index (parts, 0))) ||
         has_piece (commands, wanted, part);
}
