/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "base-spelling.h"
#include "course-condition.h"
#include "course-fence.h"
#include "course-slug.h"

typedef struct {
  const char *language;
  CourseFenceKind kind;
} Language;

static const Language languages[] = {
  { "bash", COURSE_FENCE_SHELL },    { "check", COURSE_FENCE_CHECK },
  { "console", COURSE_FENCE_SHELL }, { "edit", COURSE_FENCE_EDIT },
  { "input", COURSE_FENCE_INPUT },   { "output", COURSE_FENCE_OUTPUT },
  { "sh", COURSE_FENCE_SHELL },      { "shell", COURSE_FENCE_SHELL },
};

/* Other words for what a terminal shows. */
static const char *const sessions[] = {
  "bash-session", "sh-session", "shell-session", "shellsession", NULL,
};

static CourseFenceKind
find_kind (const char *language)
{
  for (guint i = 0; i < G_N_ELEMENTS (languages); i++)
    if (strcmp (languages[i].language, language) == 0)
      return languages[i].kind;
  return COURSE_FENCE_CODE;
}

/* Reads a value at @p: quoted, with a backslash before a quote or a backslash, or up to a blank. */
static const char *
read_value (const char *p, GString *value)
{
  char quote = *p == '"' || *p == '\'' ? *p : '\0';

  if (quote == '\0') {
    for (; *p != '\0' && *p != '}' && !g_ascii_isspace (*p); p++)
      g_string_append_c (value, *p);
    return p;
  }
  for (p++; *p != '\0' && *p != quote; p++) {
    if (*p == '\\' && (p[1] == quote || p[1] == '\\'))
      p++;
    g_string_append_c (value, *p);
  }
  return *p == quote ? p + 1 : p;
}

static void
take_id (CourseFence *self, const char *value, const CourseReport *report, guint line)
{
  if (!course_slug_is_id (value)) {
    course_report_error (report, line,
                         _ ("“%s” is not an id: use small letters, digits and dashes"), value);
    return;
  }
  g_free (self->id);
  self->id = g_strdup (value);
}

static void
take_when (CourseFence *self, const char *value, const CourseReport *report, guint line)
{
  g_autoptr (GError) error = NULL;

  if (!course_condition_validate (value, &error)) {
    course_report_error (report, line, "%s", error->message);
    return;
  }
  g_free (self->when);
  self->when = g_strdup (value);
}

/* Words as ids are, with blanks or commas between them. */
static void
take_required (CourseFence *self, const char *value, const CourseReport *report, guint line)
{
  g_auto (GStrv) parts = g_strsplit_set (value, " ,", -1);
  g_autoptr (GStrvBuilder) words = g_strv_builder_new ();

  for (guint i = 0; parts[i] != NULL; i++) {
    if (*parts[i] == '\0')
      continue;
    if (!course_slug_is_id (parts[i])) {
      course_report_error (report, line,
                           _ ("“%s” is no word for what a step requires: use small letters, "
                              "digits and dashes"),
                           parts[i]);
      return;
    }
    g_strv_builder_add (words, parts[i]);
  }
  g_strfreev (self->required);
  self->required = g_strv_builder_end (words);
}

static void
take_attribute (
  CourseFence *self, const char *key, const char *value, const CourseReport *report, guint line)
{
  gboolean is_shell = self->kind == COURSE_FENCE_SHELL;

  if (is_shell && strcmp (key, "norun") == 0 && value == NULL) {
    self->norun = TRUE;
  } else if (is_shell && strcmp (key, "id") == 0 && value != NULL) {
    take_id (self, value, report, line);
  } else if ((is_shell || self->kind == COURSE_FENCE_EDIT) && strcmp (key, "when") == 0 &&
             value != NULL) {
    take_when (self, value, report, line);
  } else if (is_shell && strcmp (key, "why") == 0 && value != NULL) {
    g_free (self->why);
    self->why = g_strdup (value);
  } else if (is_shell && strcmp (key, "requires") == 0 && value != NULL) {
    take_required (self, value, report, line);
  } else if (self->kind == COURSE_FENCE_INPUT && strcmp (key, "after") == 0 && value != NULL) {
    g_free (self->after);
    self->after = g_strdup (value);
  } else if (self->kind == COURSE_FENCE_EDIT && strcmp (key, "file") == 0 && value != NULL) {
    g_free (self->file);
    self->file = g_strdup (value);
  } else if (self->kind == COURSE_FENCE_CODE) {
    if (self->stray == NULL)
      self->stray = g_strdup (key);
  } else {
    course_report_error (report, line, _ ("A fence of “%s” knows no “%s”"), self->language, key);
  }
}

static void
read_attributes (CourseFence *self, const char *p, const CourseReport *report, guint line)
{
  while (TRUE) {
    g_autoptr (GString) key = g_string_new (NULL);
    g_autoptr (GString) value = NULL;

    while (g_ascii_isspace (*p) || *p == ',')
      p++;
    if (*p == '}')
      return;
    if (*p == '\0') {
      course_report_error (report, line, _ ("The “{” of a fence has no “}”"));
      return;
    }
    for (; *p != '\0' && *p != '=' && *p != '}' && !g_ascii_isspace (*p); p++)
      g_string_append_c (key, *p);
    if (*p == '=') {
      value = g_string_new (NULL);
      p = read_value (p + 1, value);
    }
    take_attribute (self, key->str, value != NULL ? value->str : NULL, report, line);
  }
}

/* Some write ```{bash} or ```{.bash}. Returns where the word behind the brace ends; NULL where it
 * is no language of ours. */
static const char *
read_braced_language (CourseFence *self, const char *p, const CourseReport *report, guint line)
{
  const char *start = p + (*p == '.');
  const char *end = start;
  g_autofree char *word = NULL;

  while (g_ascii_isalnum (*end) || *end == '-')
    end++;
  word = g_ascii_strdown (start, end - start);
  if (*end == '=' || find_kind (word) == COURSE_FENCE_CODE)
    return NULL;
  course_report_warning (report, line,
                         _ ("The language of a fence stands before its braces: %s {…}"), word);
  g_free (self->language);
  self->language = g_steal_pointer (&word);
  self->kind = find_kind (self->language);
  return end;
}

/**
 * course_fence_find_meant:
 * @self: a fence
 *
 * Returns: (transfer none) (nullable): the language that @self may have been meant to have, where
 *   its own is none that does anything
 */
const char *
course_fence_find_meant (const CourseFence *self)
{
  /* languages of their own, which have nothing to do with ours */
  static const char *const others[] = { "dash", "chuck", NULL };

  if (self->kind != COURSE_FENCE_CODE || g_strv_contains (others, self->language))
    return NULL;
  for (guint i = 0; i < G_N_ELEMENTS (languages); i++)
    if (base_spelling_is_near (self->language, languages[i].language))
      return languages[i].language;
  return NULL;
}

/**
 * course_fence_new:
 * @info: what stands behind the backticks, for example `bash {id=redis-pod norun}`
 * @report: where to say what is wrong with it
 * @line: line of the fence
 *
 * Returns: (transfer full): the fence; what could not be understood is left out of it
 */
CourseFence *
course_fence_new (const char *info, const CourseReport *report, guint line)
{
  CourseFence *self = g_new0 (CourseFence, 1);
  const char *p = info;

  while (g_ascii_isspace (*p))
    p++;
  info = p;
  while (*p != '\0' && *p != '{' && !g_ascii_isspace (*p))
    p++;
  self->language = g_ascii_strdown (info, p - info);
  if (g_strv_contains (sessions, self->language)) {
    g_free (self->language);
    self->language = g_strdup ("console");
  }
  self->kind = find_kind (self->language);

  while (g_ascii_isspace (*p))
    p++;
  if (*p != '{')
    return self;
  p++;
  if (self->language[0] == '\0') {
    const char *rest = read_braced_language (self, p, report, line);

    p = rest != NULL ? rest : p;
  }
  read_attributes (self, p, report, line);
  return self;
}

/**
 * course_fence_free:
 * @self: (nullable): a fence
 *
 * Frees @self.
 */
void
course_fence_free (CourseFence *self)
{
  if (self == NULL)
    return;
  g_free (self->language);
  g_free (self->id);
  g_free (self->when);
  g_free (self->why);
  g_strfreev (self->required);
  g_free (self->after);
  g_free (self->file);
  g_free (self->stray);
  g_free (self);
}
