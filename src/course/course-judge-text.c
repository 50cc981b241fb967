/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base-yaml.h"
#include "course-check-private.h"

/* A file may have several documents, of which one is meant: those that have something at the path.
 */
static gboolean
judge_documents (CourseCheck *self, const char *text, gsize length, char **observed)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) documents =
    base_yaml_parse_all (text, (gssize)length, self->file, BASE_YAML_NONE, &error);
  g_autoptr (GPtrArray) meant = NULL;

  if (documents == NULL) {
    *observed = g_strdup (error->message);
    return FALSE;
  }
  meant = g_ptr_array_new ();
  for (guint i = 0; i < documents->len; i++) {
    g_autoptr (GPtrArray) values =
      base_json_path_match (self->path, g_ptr_array_index (documents, i));

    if (values->len > 0)
      g_ptr_array_add (meant, g_ptr_array_index (documents, i));
  }
  return course_check_judge (self, meant->len > 0 ? meant : documents, observed);
}

/* As the course has it, without the limit that course_draft_new_regex() has put before it. */
static const char *
get_pattern (CourseCheck *self)
{
  const char *pattern = g_regex_get_pattern (self->regex);

  return g_str_has_prefix (pattern, "(*LIMIT_MATCH=") ? strchr (pattern, ')') + 1 : pattern;
}

/* (nullable) (transfer full): what @text has not that it should have */
static char *
dup_missing (CourseCheck *self, const char *text, gsize length)
{
  if (self->contains != NULL &&
      memmem (text, length, self->contains, strlen (self->contains)) == NULL)
    /* Translators: %s is a text that a file, or the output of a command, should have in it */
    return g_strdup_printf (_ ("there is no “%s” in it"), self->contains);
  if (self->lacks != NULL && memmem (text, length, self->lacks, strlen (self->lacks)) != NULL)
    /* Translators: %s is a text that the output of a command should not have in it */
    return g_strdup_printf (_ ("there is “%s” in it"), self->lacks);
  if (self->regex != NULL && self->path == NULL &&
      !g_regex_match_full (self->regex, text, (gssize)length, 0, 0, NULL, NULL))
    /* Translators: %s is a regular expression */
    return g_strdup_printf (_ ("nothing in it fits “%s”"), get_pattern (self));
  return NULL;
}

static gboolean
judge_present_file (CourseCheck *self, const char *text, gsize length, guint mode, char **observed)
{
  g_autofree char *valid = g_utf8_make_valid (text, (gssize)length);

  if (self->mode >= 0 && (guint)self->mode != mode) {
    g_autofree char *words = g_strdup_printf ("%04o", mode);
    g_autofree char *expected = g_strdup_printf ("%04o", (guint)self->mode);

    /* Translators: a file's mode, such as 0644, and the one that it should have */
    *observed = g_strdup_printf (_ ("its mode is %s instead of %s"), words, expected);
    return FALSE;
  }
  *observed = dup_missing (self, valid, strlen (valid));
  if (*observed != NULL)
    return FALSE;
  return self->path == NULL || judge_documents (self, valid, strlen (valid), observed);
}

/**
 * course_check_judge_file:
 * @self: a check of a file
 * @text: (nullable): what is in it, %NULL where there is no such file; of a folder ""
 * @length: of @text, in bytes
 * @mode: who may do what with it, as chmod(1) has it
 * @observed: (out) (transfer full) (nullable): what was seen instead, in a few words
 *
 * Judges a file at the place. With a path it is read as YAML, and those of its documents that have
 * something at the path are judged as objects would be.
 *
 * Returns: whether the check passes
 */
gboolean
course_check_judge_file (
  CourseCheck *self, const char *text, gsize length, guint mode, char **observed)
{
  gboolean wants_none;

  g_return_val_if_fail (COURSE_IS_CHECK (self), FALSE);
  g_return_val_if_fail (self->type == COURSE_CHECK_FILE, FALSE);

  *observed = NULL;
  wants_none = self->match == COURSE_MATCH_ABSENT && self->path == NULL;
  if (text != NULL && !wants_none)
    return judge_present_file (self, text, length, mode, observed);
  if ((text == NULL) == wants_none)
    return TRUE;
  /* Translators: %s is a file */
  *observed =
    g_strdup_printf (wants_none ? _ ("%s is still there") : _ ("there is no %s yet"), self->file);
  return FALSE;
}

/**
 * course_check_judge_output:
 * @self: a check of a command
 * @output: what it has printed, UTF-8
 * @exit_status: what it ended with; -1 where the shell does not say, and is believed
 * @observed: (out) (transfer full) (nullable): what was seen instead, in a few words
 *
 * Judges a command that was run in the terminal.
 *
 * Returns: whether the check passes
 */
gboolean
course_check_judge_output (CourseCheck *self, const char *output, int exit_status, char **observed)
{
  g_return_val_if_fail (COURSE_IS_CHECK (self), FALSE);
  g_return_val_if_fail (self->type == COURSE_CHECK_TERMINAL, FALSE);

  *observed = NULL;
  if (self->exit_status >= 0 && exit_status >= 0 && self->exit_status != exit_status)
    /* Translators: a command ended; %d is its exit status */
    *observed = g_strdup_printf (_ ("it ended with status %d"), exit_status);
  else
    *observed = dup_missing (self, output, strlen (output));
  return *observed == NULL;
}
