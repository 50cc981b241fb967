/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lab-syntax.h"

#include <string.h>

/* Light colouring of shell commands and YAML, enough to read by, at the price of one pass over the
 * text: a section may have thousands of steps, and none of them may delay a frame. */

typedef enum {
  SYNTAX_COMMENT,
  SYNTAX_STRING,
  SYNTAX_VARIABLE,
  SYNTAX_KEYWORD,
  SYNTAX_OPTION,
  SYNTAX_KEY,
  N_SYNTAX,
} SyntaxClass;

/* At least 7:1 on the card's background in the light style, for projectors. */
static const char *const light_colors[N_SYNTAX] = {
  [SYNTAX_COMMENT] = "#55535b", [SYNTAX_STRING] = "#0d5a32", [SYNTAX_VARIABLE] = "#6b2a84",
  [SYNTAX_KEYWORD] = "#124a94", [SYNTAX_OPTION] = "#6b3f0c", [SYNTAX_KEY] = "#124a94",
};

static const char *const dark_colors[N_SYNTAX] = {
  [SYNTAX_COMMENT] = "#b0afb2", [SYNTAX_STRING] = "#8ff0a4", [SYNTAX_VARIABLE] = "#e3a6f0",
  [SYNTAX_KEYWORD] = "#99c1f1", [SYNTAX_OPTION] = "#ffbe6f", [SYNTAX_KEY] = "#99c1f1",
};

static const char *const keywords[] = {
  "if", "then", "else",  "elif",  "fi",   "for",  "in",
  "do", "done", "while", "until", "case", "esac", "export",
};

typedef struct {
  const char *text;
  PangoAttrList *attributes;
  const char *const *colors;
} Painter;

static void
paint (Painter *self, SyntaxClass class, const char *start, const char *end)
{
  PangoColor color;
  PangoAttribute *attribute;

  if (end <= start)
    return;

  pango_color_parse (&color, self->colors[class]);
  attribute = pango_attr_foreground_new (color.red, color.green, color.blue);
  attribute->start_index = (guint)(start - self->text);
  attribute->end_index = (guint)(end - self->text);
  pango_attr_list_insert (self->attributes, attribute);
}

static const char *
end_of_line (const char *p)
{
  const char *newline = strchr (p, '\n');

  return newline != NULL ? newline : p + strlen (p);
}

static gboolean
is_word (char c)
{
  return g_ascii_isalnum (c) || c == '_' || c == '-' || c == '.' || c == '/';
}

/* One line of YAML: a comment, or the key before its colon. */
static void
paint_yaml_line (Painter *self, const char *line, const char *end)
{
  const char *p = line;
  const char *key;

  while (p < end && (*p == ' ' || (*p == '-' && p + 1 < end && p[1] == ' ')))
    p++;
  if (p < end && *p == '#') {
    paint (self, SYNTAX_COMMENT, p, end);
    return;
  }

  key = p;
  while (p < end && is_word (*p))
    p++;
  if (p > key && p < end && *p == ':' && (p + 1 == end || p[1] == ' '))
    paint (self, SYNTAX_KEY, key, p);
}

static const char *
paint_yaml_until (Painter *self, const char *p, const char *terminator, gsize length)
{
  while (*p != '\0') {
    const char *end = end_of_line (p);

    if (terminator != NULL && (gsize)(end - p) == length && strncmp (p, terminator, length) == 0) {
      paint (self, SYNTAX_KEYWORD, p, end);
      return end;
    }
    paint_yaml_line (self, p, end);
    p = *end == '\n' ? end + 1 : end;
  }

  return p;
}

/* A quoted string, with the variables in it where the quotes let them be. */
static const char *
paint_string (Painter *self, const char *p)
{
  char quote = *p;
  const char *start = p++;

  while (*p != '\0' && *p != quote) {
    if (*p == '\\' && quote == '"' && p[1] != '\0')
      p++;
    p++;
  }
  if (*p == quote)
    p++;
  paint (self, SYNTAX_STRING, start, p);

  return p;
}

static const char *
paint_variable (Painter *self, const char *p)
{
  const char *start = p++;

  if (*p == '{') {
    while (*p != '\0' && *p != '}' && *p != '\n')
      p++;
    if (*p == '}')
      p++;
  } else {
    while (g_ascii_isalnum (*p) || *p == '_')
      p++;
  }
  if (p > start + 1)
    paint (self, SYNTAX_VARIABLE, start, p);

  return p;
}

static const char *
paint_word (Painter *self, const char *p)
{
  const char *start = p;

  while (is_word (*p))
    p++;
  if (*start == '-') {
    paint (self, SYNTAX_OPTION, start, p);
    return p;
  }

  for (gsize i = 0; i < G_N_ELEMENTS (keywords); i++) {
    if ((gsize)(p - start) == strlen (keywords[i]) && strncmp (start, keywords[i], p - start) == 0)
      paint (self, SYNTAX_KEYWORD, start, p);
  }

  return p;
}

/* "<<EOF" or "<<-'EOF'": where the delimiter's word is; NULL where this is none. */
static const char *
find_here_delimiter (const char *p, gsize *length)
{
  const char *start;

  if (strncmp (p, "<<", 2) != 0 || p[2] == '<')
    return NULL;
  p += 2;
  while (*p == '-' || *p == ' ' || *p == '\'' || *p == '"' || *p == '\\')
    p++;
  start = p;
  while (g_ascii_isalnum (*p) || *p == '_')
    p++;
  *length = (gsize)(p - start);

  return *length > 0 ? start : NULL;
}

static void
paint_shell (Painter *self)
{
  const char *p = self->text;
  const char *delimiter = NULL;
  gsize delimiter_length = 0;
  gboolean at_word = TRUE;

  while (*p != '\0') {
    gsize length = 0;
    const char *found = find_here_delimiter (p, &length);
    gboolean starts_word = at_word;

    at_word = g_ascii_isspace (*p) || strchr (";|&(`", *p) != NULL;
    if (found != NULL) {
      delimiter = found;
      delimiter_length = length;
      p = found + length;
    } else if (*p == '\n' && delimiter != NULL) {
      p = paint_yaml_until (self, p + 1, delimiter, delimiter_length);
      delimiter = NULL;
    } else if (*p == '#' && starts_word) {
      const char *end = end_of_line (p);

      paint (self, SYNTAX_COMMENT, p, end);
      p = end;
    } else if (*p == '"' || *p == '\'') {
      p = paint_string (self, p);
    } else if (*p == '$' && p[1] != '(') {
      p = paint_variable (self, p);
    } else if (starts_word && is_word (*p)) {
      p = paint_word (self, p);
    } else {
      p++;
    }
  }
}

/**
 * lab_syntax_highlight:
 * @text: UTF-8
 * @language: (nullable): of the fence: "bash", "yaml"; anything else stays plain
 * @dark: colours for a dark background
 *
 * Returns: (transfer full): the colours of @text
 */
PangoAttrList *
lab_syntax_highlight (const char *text, const char *language, gboolean dark)
{
  g_autoptr (PangoAttrList) attributes = pango_attr_list_new ();
  Painter painter = { text, attributes, dark ? dark_colors : light_colors };
  static const char *const shells[] = { "bash", "sh", "shell", "console", NULL };

  g_return_val_if_fail (text != NULL, NULL);

  if (language != NULL && g_strv_contains (shells, language))
    paint_shell (&painter);
  else if (g_strcmp0 (language, "yaml") == 0)
    paint_yaml_until (&painter, text, NULL, 0);

  return g_steal_pointer (&attributes);
}
