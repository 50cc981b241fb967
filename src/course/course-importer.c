/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "course-importer.h"
#include "course-lines.h"

/* Tells commands, output and sentences apart in labs that were written for a browser, where all
 * three may stand in one fence. */
struct _CourseImporter {
  GObject parent_instance;

  GRegex *prompt;
  GRegex *command;
  GRegex *dialogue;
  GRegex *output;
  GRegex *sentence;
};

G_DEFINE_FINAL_TYPE (CourseImporter, course_importer, G_TYPE_OBJECT)

/* Longer lines are not looked at: they are taken for what they stand among. */
#define MAX_LINE 4096
#define MAX_ANNOUNCEMENT 300

/* Where a line leaves the shell: inside of a quote or a here-document, or at a next command. */
typedef struct {
  char quote;
  char *delimiter;    /* (nullable): that ends the here-document */
  gboolean continued; /* the next line goes on with this command */
} Shell;

/* What a shell shows before a command: "$ ", "ann@box:~$ ", "[ann@box lab]$ "; of root only where
 * it cannot be a comment. */
#define PROMPT "^(\\$|([\\w.-]+@[\\w.-]+(:\\S*)?|\\[[\\w.-]+@[^\\]]+\\]) ?[$#])[ \\t]+(?=\\S)"

/* Programs that labs of this kind call. Only asked where a fence has no language. */
#define COMMAND                                                                                    \
  "^\\s*(\\$ |sudo |[A-Z_]+=\\S* )*"                                                               \
  "(cat|cd|chmod|cp|curl|docker|echo|export|git|helm|istioctl|konvoy|kubectl|make|mkdir|mv|nc|"    \
  "nslookup|oc|source|tar|telnet|until|wget)(\\s|$)"

/* Columns of a table, YAML, JSON, HTML, what kubectl says of an object it has written. */
#define OUTPUT                                                                                     \
  "^[A-Z][A-Z0-9/()-]+(\\s{2,}|\\t)[A-Z]|^\\s*\"?[A-Za-z_][\\w./-]*\"?:(\\s|$)|^<[A-Za-z!/]|"      \
  "^\\s*[{\\[]\\s*([\"{]|$)|^---\\s*$|^\\.\\.\\.\\s*$|"                                            \
  "^\\S+/\\S+ (created|configured|unchanged|deleted|patched|labeled|exposed|scaled)\\b"

/* Programs that take the terminal for themselves, which labs have in fences without a language,
 * too: a way to the machine where the lab is done, or a file that is written by hand. */
#define DIALOGUE "^\\s*(\\$ |sudo )*(emacs|nano|scp|sftp|ssh|vi|vim)\\s"

#define SENTENCE "^[A-Z][\\w'’-]*,? +[\\w'’`\"(-]+.*[ ].*[.!?:]\\s*$"

static void
course_importer_finalize (GObject *object)
{
  CourseImporter *self = COURSE_IMPORTER (object);

  g_clear_pointer (&self->prompt, g_regex_unref);
  g_clear_pointer (&self->command, g_regex_unref);
  g_clear_pointer (&self->dialogue, g_regex_unref);
  g_clear_pointer (&self->output, g_regex_unref);
  g_clear_pointer (&self->sentence, g_regex_unref);

  G_OBJECT_CLASS (course_importer_parent_class)->finalize (object);
}

static void
course_importer_class_init (CourseImporterClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = course_importer_finalize;
}

static void
course_importer_init (CourseImporter *self)
{
  self->prompt = g_regex_new (PROMPT, 0, 0, NULL);
  self->command = g_regex_new (COMMAND, 0, 0, NULL);
  self->dialogue = g_regex_new (DIALOGUE, 0, 0, NULL);
  self->output = g_regex_new (OUTPUT, 0, 0, NULL);
  self->sentence = g_regex_new (SENTENCE, 0, 0, NULL);
}

static gboolean
matches (GRegex *regex, const char *line)
{
  return strlen (line) <= MAX_LINE && g_regex_match (regex, line, 0, NULL);
}

static gboolean
is_blank (const char *line)
{
  return line[strspn (line, " \t")] == '\0';
}

/* Reads the word behind "<<": EOF, 'EOF', "EOF" or -EOF. Returns where it ends. */
static const char *
read_delimiter (Shell *shell, const char *p)
{
  const char *start;
  char quote = '\0';

  if (*p == '-')
    p++;
  p += strspn (p, " \t");
  if (*p == '\'' || *p == '"')
    quote = *p++;
  start = p;
  while (g_ascii_isalnum (*p) || *p == '_')
    p++;
  if (p == start)
    return p;
  g_free (shell->delimiter);
  shell->delimiter = g_strndup (start, p - start);
  return quote != '\0' && *p == quote ? p + 1 : p;
}

static void
read_line (Shell *shell, const char *line)
{
  gboolean at_word = TRUE;

  shell->continued = FALSE;
  for (const char *p = line; *p != '\0'; p++) {
    if (shell->quote != '\0') {
      if (*p == '\\' && shell->quote == '"' && p[1] != '\0')
        p++;
      else if (*p == shell->quote)
        shell->quote = '\0';
    } else if (*p == '#' && at_word) {
      return;
    } else if (*p == '\\') {
      shell->continued = p[1] == '\0';
      p += p[1] != '\0';
    } else if (*p == '\'' || *p == '"') {
      shell->quote = *p;
    } else if (g_str_has_prefix (p, "<<<")) {
      p += 2;
    } else if (g_str_has_prefix (p, "<<")) {
      p = read_delimiter (shell, p + 2) - 1;
    } else if (*p == '|' || *p == '&') {
      shell->continued = is_blank (p + 1) && (*p == '|' || p[-(p > line)] == '&');
    }
    at_word = g_ascii_isspace (*p) || *p == ';';
  }
}

/* Whether @line goes on with the command of the lines before it. */
static gboolean
goes_on (Shell *shell, const char *line)
{
  if (shell->delimiter != NULL) {
    if (strcmp (line + strspn (line, "\t"), shell->delimiter) == 0)
      g_clear_pointer (&shell->delimiter, g_free);
    return TRUE;
  }
  if (shell->quote == '\0' && !shell->continued)
    return FALSE;
  read_line (shell, line);
  return TRUE;
}

static char *
join (GPtrArray *lines)
{
  g_autofree char *text = NULL;

  g_ptr_array_add (lines, NULL);
  text = g_strjoinv ("\n", (GStrv)lines->pdata);
  /* Empty lines around it, not the blanks of its first line. */
  return g_strdup (g_strchomp (text + strspn (text, "\n")));
}

/* Bytes of the prompt that @line begins with; 0: with none. */
static gsize
get_prompt (CourseImporter *self, const char *line)
{
  g_autoptr (GMatchInfo) match = NULL;
  int end = 0;

  if (strlen (line) <= MAX_LINE && g_regex_match (self->prompt, line, 0, &match))
    g_match_info_fetch_pos (match, 0, NULL, &end);
  return end;
}

/* What follows the prompt of a line that goes on with a command. */
static char *
skip_secondary (char *line)
{
  if (*line != '>')
    return line;
  return line + (line[1] == ' ' ? 2 : 1);
}

/* Whether the lines that go on with a command have a prompt of their own, "> ". What a
 * here-document holds may look like one; where it ends tells. */
static gboolean
has_secondary (const Shell *shell, GStrv rest)
{
  if (rest[0] == NULL || rest[0][0] != '>')
    return FALSE;
  for (guint i = 0; shell->delimiter != NULL && rest[i] != NULL; i++) {
    if (strcmp (rest[i] + strspn (rest[i], "\t"), shell->delimiter) == 0)
      return FALSE;
    if (rest[i][0] != '>')
      return FALSE;
    if (strcmp (skip_secondary (rest[i]), shell->delimiter) == 0)
      return TRUE;
  }
  return TRUE;
}

/* What a prompt stands before is a command, what follows until the next prompt is its output. */
static void
split_at_prompts (CourseImporter *self, GStrv lines, GPtrArray *commands, GPtrArray *output)
{
  Shell shell = { 0 };
  gboolean secondary = FALSE;

  for (guint i = 0; lines[i] != NULL; i++) {
    char *line = secondary ? skip_secondary (lines[i]) : lines[i];
    gsize prompt;

    if (goes_on (&shell, line)) {
      g_ptr_array_add (commands, line);
      continue;
    }
    prompt = get_prompt (self, lines[i]);
    if (prompt > 0) {
      g_ptr_array_add (commands, lines[i] + prompt);
      read_line (&shell, lines[i] + prompt);
      secondary = has_secondary (&shell, lines + i + 1);
    } else {
      g_ptr_array_add (output, lines[i]);
    }
  }
  g_free (shell.delimiter);
}

/* The output begins with the first line that can be no command, and goes on to the end. */
static void
split_at_output (CourseImporter *self, GStrv lines, GPtrArray *commands, GPtrArray *output)
{
  Shell shell = { 0 };

  for (guint i = 0; lines[i] != NULL; i++) {
    gboolean goes_on_ = goes_on (&shell, lines[i]);

    if (output->len > 0) {
      g_ptr_array_add (output, lines[i]);
    } else if (goes_on_) {
      g_ptr_array_add (commands, lines[i]);
    } else if (commands->len > 0 && (matches (self->output, lines[i]) ||
                                     course_importer_announces_output (self, lines[i]))) {
      g_ptr_array_add (output, lines[i]);
    } else {
      g_ptr_array_add (commands, lines[i]);
      read_line (&shell, lines[i]);
    }
  }
  g_free (shell.delimiter);
}

/**
 * course_importer_new:
 *
 * Returns: (transfer full): an importer; it keeps nothing between its calls
 */
CourseImporter *
course_importer_new (void)
{
  return g_object_new (COURSE_TYPE_IMPORTER, NULL);
}

/**
 * course_importer_announces_output:
 * @self: an importer
 * @sentence: a paragraph
 *
 * Returns: whether @sentence says that output follows, as "The output should be similar to:" does
 */
gboolean
course_importer_announces_output (CourseImporter *self, const char *sentence)
{
  static const char *const hints[] = { "below", "contain", "like", "look", "should", "similar" };
  g_autofree char *lower = NULL;

  g_return_val_if_fail (COURSE_IS_IMPORTER (self), FALSE);

  if (strlen (sentence) > MAX_ANNOUNCEMENT)
    return FALSE;
  lower = g_utf8_strdown (sentence, -1);
  for (guint i = 0; i < G_N_ELEMENTS (hints); i++)
    if (strstr (lower, "output") != NULL && strstr (lower, hints[i]) != NULL)
      return TRUE;
  return FALSE;
}

/**
 * course_importer_is_command:
 * @self: an importer
 * @line: a line of a fence
 *
 * Returns: whether @line surely is a command
 */
gboolean
course_importer_is_command (CourseImporter *self, const char *line)
{
  g_return_val_if_fail (COURSE_IS_IMPORTER (self), FALSE);
  return matches (self->command, line);
}

/**
 * course_importer_is_dialogue:
 * @self: an importer
 * @line: a line of a fence
 *
 * Returns: whether @line surely begins a program that takes the terminal for itself
 */
gboolean
course_importer_is_dialogue (CourseImporter *self, const char *line)
{
  g_return_val_if_fail (COURSE_IS_IMPORTER (self), FALSE);
  return matches (self->dialogue, line);
}

/**
 * course_importer_is_session:
 * @self: an importer
 * @code: what stands in a fence
 *
 * Returns: whether it is what a terminal shows: its first line begins with a prompt
 */
gboolean
course_importer_is_session (CourseImporter *self, const char *code)
{
  g_autofree char *line = NULL;

  g_return_val_if_fail (COURSE_IS_IMPORTER (self), FALSE);

  /* empty lines first, and not the blanks of the first that is none */
  while (code[strspn (code, " \t")] == '\n')
    code += strspn (code, " \t") + 1;
  line = g_strndup (code, strcspn (code, "\n"));
  return get_prompt (self, line) > 0;
}

/**
 * course_importer_is_prose:
 * @self: an importer
 * @code: what stands in a fence
 *
 * Returns: whether it is sentences
 */
gboolean
course_importer_is_prose (CourseImporter *self, const char *code)
{
  g_auto (GStrv) lines = NULL;
  guint sentences = 0;

  g_return_val_if_fail (COURSE_IS_IMPORTER (self), FALSE);

  lines = course_lines_split (code);
  for (guint i = 0; lines[i] != NULL; i++) {
    if (is_blank (lines[i]))
      continue;
    if (!matches (self->sentence, lines[i]))
      return FALSE;
    sentences++;
  }
  return sentences > 0;
}

/**
 * course_importer_split:
 * @self: an importer
 * @code: what stands in a fence of commands
 * @output: (out) (transfer full) (nullable): what the fence shows of their output
 *
 * Returns: (transfer full): the commands, without prompts
 */
char *
course_importer_split (CourseImporter *self, const char *code, char **output)
{
  g_autoptr (GPtrArray) commands = g_ptr_array_new ();
  g_autoptr (GPtrArray) rest = g_ptr_array_new ();
  g_auto (GStrv) lines = NULL;

  g_return_val_if_fail (COURSE_IS_IMPORTER (self), NULL);
  g_return_val_if_fail (output != NULL, NULL);

  lines = course_lines_split (code);
  if (course_importer_is_session (self, code))
    split_at_prompts (self, lines, commands, rest);
  else
    split_at_output (self, lines, commands, rest);

  *output = rest->len > 0 ? join (rest) : NULL;
  if (*output != NULL && **output == '\0')
    g_clear_pointer (output, g_free);
  return join (commands);
}
