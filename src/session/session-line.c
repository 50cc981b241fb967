/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "session-line.h"

#include <string.h>

#define BLANKS " \t\r"
#define OPERATORS ";|&<>()\n"

typedef struct {
  const char *at;
  GPtrArray *commands;
  GPtrArray *words;   /* of the command that is being read */
  GPtrArray *endings; /* of the here-documents that begin on the next line */
  guint line;
  guint n_parted;    /* commands whose status is told no more */
  gboolean is_apart; /* the next command's status is another than that of those before it */
} Reader;

/* What stands before a command, and is none. */
static const char *const openers[] = { "do",    "then",  "else", "elif", "if",
                                       "while", "until", "!",    "{",    NULL };

/* What runs the command after it, how many words of its own it has, and which of its options say
 * something in the next word: of GNU coreutils, of sudo(8), and of bash. */
static const struct {
  const char *program;
  guint n_words;
  const char *letters;
} runners[] = {
  { "timeout", 1, "ks" }, { "sudo", 0, "CDRTUghprtu" }, { "env", 0, "Cu" },
  { "time", 0, "fo" },    { "nohup", 0, "" },           { "exec", 0, "a" },
};

/* The same in full. */
static const char *const long_options[] = {
  "--chdir",      "--chroot", "--close-from", "--command-timeout",
  "--format",     "--group",  "--host",       "--kill-after",
  "--other-user", "--output", "--prompt",     "--role",
  "--signal",     "--type",   "--unset",      "--user",
  NULL,
};

static void
word_free (gpointer data)
{
  SessionLineWord *word = data;

  g_free (word->text);
  g_free (word);
}

static void
command_free (gpointer data)
{
  SessionLineCommand *command = data;

  g_ptr_array_unref (command->words);
  g_free (command);
}

static GPtrArray *
new_words (void)
{
  return g_ptr_array_new_with_free_func (word_free);
}

static const char *
get_word (GPtrArray *words, guint i)
{
  return ((const SessionLineWord *)g_ptr_array_index (words, i))->text;
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

/* The prompt for more of a command, as of bash ("> ") and zsh ("for> "), at the begin of a line. */
static const char *
skip_prompt (const char *p)
{
  const char *end = p + strspn (p, "abcdefghijklmnopqrstuvwxyz");

  return g_str_has_prefix (end, "> ") ? end + 2 : p;
}

static gboolean
is_substitution (const char *p)
{
  return *p == '$' && (g_ascii_isalpha (p[1]) || p[1] == '_' || p[1] == '{');
}

static SessionLineWord *
read_word (Reader *self)
{
  g_autoptr (GString) text = g_string_new (NULL);
  SessionLineWord *word = g_new0 (SessionLineWord, 1);
  const char *p = self->at;
  char quote = '\0';

  while (*p != '\0' && (quote != '\0' || strchr (BLANKS OPERATORS, *p) == NULL)) {
    if (quote == '\0' && (*p == '"' || *p == '\'')) {
      quote = *p++;
    } else if (*p == quote) {
      quote = '\0';
      p++;
    } else if (g_str_has_prefix (p, "\\\n") && quote != '\'') {
      p = skip_prompt (p + 2);
    } else if (*p == '\\' && p[1] != '\0' && quote != '\'') {
      g_string_append_c (text, p[1]);
      p += 2;
    } else if (*p == '$' && p[1] == '(' && quote != '\'') {
      p = skip_substitution (p);
      word->is_open = TRUE;
    } else {
      word->is_open = word->is_open || (quote != '\'' && is_substitution (p));
      g_string_append_c (text, *p++);
    }
  }
  word->text = g_strdup (text->str);
  self->at = p;
  return word;
}

static gboolean
is_assignment (const char *text)
{
  gsize length = strspn (text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");

  return length > 0 && text[length] == '=' && !g_ascii_isdigit (*text);
}

/* Whether the option @word says something, and in the next word: "-u root", and not "-uroot". */
static gboolean
has_value (const char *word, const char *letters)
{
  const char *letter = word + 1 + strcspn (word + 1, letters);

  return word[1] == '-' ? g_strv_contains (long_options, word)
                        : letter[0] != '\0' && letter[1] == '\0';
}

/* How many words from @begin on belong to what runs the command, and not to it. */
static guint
count_runner (GPtrArray *words, guint begin)
{
  guint end = begin + 1;

  for (gsize i = 0; i < G_N_ELEMENTS (runners); i++) {
    if (!g_str_equal (get_word (words, begin), runners[i].program))
      continue;
    for (; end < words->len && get_word (words, end)[0] == '-'; end++)
      end += has_value (get_word (words, end), runners[i].letters);
    return end - begin + runners[i].n_words;
  }
  return 0;
}

static void
strip (GPtrArray *words)
{
  guint begin = 0;

  while (begin < words->len) {
    const char *word = get_word (words, begin);
    guint n = count_runner (words, begin);

    if (is_assignment (word) || g_strv_contains (openers, word))
      n = 1;
    if (n == 0)
      break;
    begin += n;
  }
  g_ptr_array_remove_range (words, 0, MIN (begin, words->len));
}

static void
part_statuses (Reader *self)
{
  for (; self->n_parted < self->commands->len; self->n_parted++)
    ((SessionLineCommand *)g_ptr_array_index (self->commands, self->n_parted))->tells_status =
      FALSE;
}

static void
end_command (Reader *self)
{
  SessionLineCommand *command = NULL;

  strip (self->words);
  if (self->words->len == 0)
    return;
  if (self->is_apart)
    part_statuses (self);
  self->is_apart = FALSE;
  command = g_new0 (SessionLineCommand, 1);
  command->words = g_steal_pointer (&self->words);
  command->line = self->line;
  command->has_document = self->endings->len > 0;
  command->tells_status = TRUE;
  g_ptr_array_add (self->commands, command);
  self->words = new_words ();
}

/* What is read or written belongs to no command. */
static void
skip_redirection (Reader *self, const char *sign, gsize length)
{
  g_autofree char *ending = NULL;
  SessionLineWord *word = NULL;

  self->at += strspn (self->at, BLANKS);
  if (*self->at == '\0' || strchr (OPERATORS, *self->at) != NULL)
    return;
  word = read_word (self);
  if (length == 2 && strncmp (sign, "<<", 2) == 0)
    g_ptr_array_add (self->endings, g_strdup (word->text[0] == '-' ? word->text + 1 : word->text));
  word_free (word);
}

/* To after the line that is @ending. */
static void
skip_document (Reader *self, const char *ending)
{
  gboolean ended = FALSE;

  while (!ended && *self->at != '\0') {
    const char *begin = skip_prompt (self->at);
    gsize length = strcspn (begin, "\n");
    g_autofree char *line = g_strndup (begin, length);

    ended = g_str_equal (g_strstrip (line), ending);
    self->at = begin + length + (begin[length] != '\0');
    self->line++;
  }
}

static void
end_line (Reader *self)
{
  self->line++;
  for (guint i = 0; i < self->endings->len; i++)
    skip_document (self, g_ptr_array_index (self->endings, i));
  g_ptr_array_set_size (self->endings, 0);
  self->at = skip_prompt (self->at);
}

static void
read_operator (Reader *self)
{
  const char *sign = self->at;
  gsize length = strspn (sign, ";|&<>");
  gboolean is_or = length == 2 && strncmp (sign, "||", 2) == 0;

  if (length > 0 && (memchr (sign, '<', length) || memchr (sign, '>', length))) {
    self->at += length;
    skip_redirection (self, sign, length);
    return;
  }
  end_command (self);
  self->at += MAX (length, 1);
  if (length == 1 && *sign == '&')
    part_statuses (self);
  else if (*sign == ';' || *sign == '\n' || is_or)
    self->is_apart = TRUE;
  if (*sign == '\n')
    end_line (self);
}

static void
read_all (Reader *self)
{
  while (*self->at != '\0') {
    gsize descriptor = strspn (self->at, "0123456789");

    if (strchr (BLANKS, *self->at) != NULL) {
      self->at++;
    } else if (g_str_has_prefix (self->at, "\\\n")) {
      self->at = skip_prompt (self->at + 2);
    } else if (*self->at == '#') {
      self->at += strcspn (self->at, "\n");
    } else if (strchr (OPERATORS, *self->at) != NULL) {
      read_operator (self);
    } else if (descriptor > 0 && (self->at[descriptor] == '<' || self->at[descriptor] == '>')) {
      self->at += descriptor;
    } else {
      g_ptr_array_add (self->words, read_word (self));
    }
  }
  end_command (self);
}

/**
 * session_line_read:
 * @text: one or several lines, as they are typed; from the second one on with the shell's prompt
 *   for more, where there is one
 *
 * Returns: (transfer full) (element-type SessionLineCommand): what they run, in their order; what a
 *   substitution runs is not told
 */
GPtrArray *
session_line_read (const char *text)
{
  Reader reader = { .at = text };

  g_return_val_if_fail (text != NULL, NULL);

  reader.commands = g_ptr_array_new_with_free_func (command_free);
  reader.words = new_words ();
  reader.endings = g_ptr_array_new_with_free_func (g_free);
  read_all (&reader);
  g_ptr_array_unref (reader.words);
  g_ptr_array_unref (reader.endings);
  return reader.commands;
}

/**
 * session_line_command_get_program:
 *
 * Many have "k" stand for kubectl, and so it does here.
 *
 * Returns: (transfer none): the name of what is run, without its folder
 */
const char *
session_line_command_get_program (const SessionLineCommand *command)
{
  const char *path = get_word (command->words, 0);
  const char *slash = strrchr (path, '/');

  const char *name = slash != NULL ? slash + 1 : path;

  return g_str_equal (name, "k") ? "kubectl" : name;
}
