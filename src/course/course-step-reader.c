/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "course-check-parser.h"
#include "course-condition.h"
#include "course-fence.h"
#include "course-lines.h"
#include "course-patch.h"
#include "course-section-private.h"
#include "course-slug.h"
#include "course-step-private.h"
#include "course-step-reader.h"
#include "course-typed.h"

#define MAX_ID_LETTERS 40
#define MAX_FORMS 16
#define MAX_INPUTS 100

/* A step without an id gets one from its first line, which changes less than its place does. */
static char *
dup_id (CourseStepReader *self, const CourseFence *fence, const char *code, guint line)
{
  g_autofree char *first = NULL;
  g_autofree char *slug = NULL;

  if (fence->id != NULL) {
    if (g_hash_table_contains (self->ids, fence->id))
      course_report_error (self->report, line, _ ("Another step of this section has the id “%s”"),
                           fence->id);
    return course_slug_unique (fence->id, self->ids);
  }
  if (self->importer == NULL && !fence->norun)
    course_report_warning (self->report, line,
                           _ ("A step should have an id, so that progress outlives a change"));
  first = g_strndup (code, strcspn (code, "\n"));
  slug = course_slug_new (first);
  if (g_utf8_strlen (slug, -1) > MAX_ID_LETTERS)
    *g_utf8_offset_to_pointer (slug, MAX_ID_LETTERS) = '\0';
  return course_slug_unique (slug, self->ids);
}

/* Forms of a step share its id and follow each other; only one of them may go without a
 * condition. */
static gboolean
is_form_of_last (CourseStepReader *self, const CourseFence *fence)
{
  if (self->last == NULL || fence->id == NULL || strcmp (self->last->id, fence->id) != 0)
    return FALSE;
  if (self->last->forms->len >= MAX_FORMS || self->last->runnable == fence->norun)
    return FALSE;
  if (fence->when != NULL)
    return TRUE;
  for (guint i = 0; i < self->last->forms->len; i++) {
    const CourseForm *form = g_ptr_array_index (self->last->forms, i);

    if (form->when == NULL)
      return FALSE;
  }
  return TRUE;
}

static void
set_output (CourseStepReader *self, const char *text, guint line)
{
  if (self->last == NULL)
    course_report_error (self->report, line, _ ("There is no step before this output"));
  else if (!course_step_add_output (self->last, text))
    course_report_warning (self->report, line, _ ("The step before has its output already"));
}

static void
add_step (CourseStepReader *self, const CourseFence *fence, const char *code, guint line)
{
  g_autofree char *id = NULL;

  if (code[strspn (code, " \t\n")] == '\0') {
    course_report_error (self->report, line, _ ("This fence is empty"));
    return;
  }
  course_typed_check (code, line + 1, self->report);
  if (self->importer == NULL && g_str_has_prefix (code, "$ "))
    course_report_warning (self->report, line + 1,
                           _ ("This step is typed as it stands, with the prompt before it"));
  if (!is_form_of_last (self, fence)) {
    g_autoptr (CourseStep) step = NULL;

    id = dup_id (self, fence, code, line);
    step = course_step_new (id, line, !fence->norun);
    course_section_add_step (self->section, step);
    g_set_object (&self->last, step);
  }
  course_step_add_form (self->last, code, fence->language, fence->when, fence->why,
                        (const char *const *)fence->required);
}

static void
add_code (CourseStepReader *self, const char *language, const char *code)
{
  CourseBlock *block = course_section_add_block (self->section, COURSE_BLOCK_CODE);

  block->text = g_strdup (code);
  block->language = g_strdup (language);
}

static void
add_checks (CourseStepReader *self, const char *yaml, guint line)
{
  g_autoptr (GPtrArray) checks = NULL;

  if (self->last == NULL || !self->last->runnable) {
    course_report_error (self->report, line, _ ("There is no step that runs before this check"));
    return;
  }
  checks = course_check_parse_list (yaml, line + 1, self->within, self->report);
  for (guint i = 0; i < checks->len; i++)
    g_ptr_array_add (self->last->checks, g_object_ref (g_ptr_array_index (checks, i)));
}

static void
add_inputs (CourseStepReader *self, const char *text, const char *after, guint line)
{
  course_typed_check (text, line + 1, self->report);
  if (self->last == NULL || !self->last->runnable)
    course_report_error (self->report, line, _ ("There is no step that runs before this input"));
  else if (self->last->inputs->len >= MAX_INPUTS)
    course_report_error (self->report, line, _ ("A step has %d lines of input at most"),
                         MAX_INPUTS);
  else
    course_step_add_inputs (self->last, text, after);
}

static void
set_edit (CourseStepReader *self, const CourseFence *fence, const char *patch, guint line)
{
  course_typed_check (patch, line + 1, self->report);
  course_patch_check (patch, line + 1, self->report);
  if (self->last == NULL || !self->last->runnable)
    course_report_error (self->report, line, _ ("There is no step that runs before this edit"));
  else if (fence->file == NULL)
    course_report_error (self->report, line, _ ("An edit needs the file it changes: {file=PATH}"));
  else if (fence->when != NULL && !course_condition_is_of_place (fence->when))
    course_report_error (self->report, line, _ ("The “when” of an edit speaks of the place only"));
  else
    course_step_set_edit (self->last, fence->file, patch, fence->when);
}

/* Whether @is_one holds for every line of @code with something in it. */
static gboolean
all_lines_are (CourseImporter *importer,
               const char *code,
               gboolean (*is_one) (CourseImporter *importer, const char *line))
{
  g_auto (GStrv) lines = course_lines_split (code);
  guint found = 0;

  for (guint i = 0; lines[i] != NULL; i++) {
    if (lines[i][strspn (lines[i], " \t")] == '\0')
      continue;
    if (!is_one (importer, lines[i]))
      return FALSE;
    found++;
  }
  return found > 0;
}

/* Commands of a fence that does not say what it holds. */
static gboolean
holds_commands (CourseImporter *importer, const char *code)
{
  return all_lines_are (importer, code, course_importer_is_command) ||
         course_importer_is_session (importer, code);
}

static gboolean
begins_with_command (CourseImporter *importer, const char *code)
{
  const char *start = code + strspn (code, " \t\n");
  g_autofree char *line = g_strndup (start, strcspn (start, "\n"));

  return course_importer_is_command (importer, line) || course_importer_is_session (importer, code);
}

static void
add_split_step (CourseStepReader *self, const CourseFence *fence, const char *code, guint line)
{
  g_autofree char *output = NULL;
  g_autofree char *commands = course_importer_split (self->importer, code, &output);

  add_step (self, fence, commands, line);
  if (output == NULL)
    return;
  if (!course_importer_is_session (self->importer, code))
    course_report_warning (self->report, line, _ ("Commands and their output share a fence"));
  if (commands[0] != '\0')
    set_output (self, output, line);
}

/* "The output should be similar to:" stood between the step and its output. The output has moved
 * into the step, so that the sentence would announce nothing. */
static void
drop_announcement (CourseStepReader *self)
{
  GPtrArray *blocks = self->section->blocks;
  const CourseBlock *last = blocks->len > 0 ? g_ptr_array_index (blocks, blocks->len - 1) : NULL;

  if (last != NULL && last->type == COURSE_BLOCK_PARAGRAPH && g_str_has_suffix (last->text, ":"))
    g_ptr_array_set_size (blocks, blocks->len - 1);
}

/* A way to somewhere else, or into an editor: for the reader to do, and not to be run by the way.
 */
static void
add_example (CourseStepReader *self, const CourseFence *fence, const char *code, guint line)
{
  CourseFence example = *fence;

  example.norun = TRUE;
  add_step (self, &example, code, line);
}

/* A lab that was not written for this program: what a fence is has to be told from its content. */
static void
import_fence (CourseStepReader *self,
              const CourseFence *fence,
              const char *code,
              guint line,
              gboolean announced)
{
  gboolean is_bare = fence->language[0] == '\0';

  if (announced && self->last != NULL && (is_bare || fence->kind == COURSE_FENCE_SHELL) &&
      !begins_with_command (self->importer, code)) {
    drop_announcement (self);
    set_output (self, code, line);
  } else if (fence->kind == COURSE_FENCE_SHELL ||
             (is_bare && holds_commands (self->importer, code))) {
    add_split_step (self, fence, code, line);
  } else if (is_bare && all_lines_are (self->importer, code, course_importer_is_dialogue)) {
    add_example (self, fence, code, line);
  } else if (is_bare && course_importer_is_prose (self->importer, code)) {
    CourseBlock *block = course_section_add_block (self->section, COURSE_BLOCK_QUOTE);

    course_report_warning (self->report, line, _ ("This fence holds sentences, not code"));
    block->level = 1;
    block->text = g_strdup (code);
    block->markup = g_markup_escape_text (code, -1);
  } else {
    add_code (self, fence->language, code);
  }
}

static void
read_fence (CourseStepReader *self, const CourseFence *fence, const char *code, guint line)
{
  switch (fence->kind) {
    case COURSE_FENCE_SHELL:
      add_step (self, fence, code, line);
      break;
    case COURSE_FENCE_OUTPUT:
      set_output (self, code, line);
      break;
    case COURSE_FENCE_CHECK:
      add_checks (self, code, line);
      break;
    case COURSE_FENCE_INPUT:
      add_inputs (self, code, fence->after, line);
      break;
    case COURSE_FENCE_EDIT:
      set_edit (self, fence, code, line);
      break;
    case COURSE_FENCE_CODE:
    default:
      add_code (self, fence->language, code);
      break;
  }
}

/**
 * course_step_reader_begin:
 * @self: a reader
 * @section: (transfer none): the section that the next fences are in; outlives its use here
 *
 * Begins a section. What follows in it belongs to no step of the section before.
 */
void
course_step_reader_begin (CourseStepReader *self, CourseSection *section)
{
  course_step_reader_clear (self);
  self->section = section;
  self->ids = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

/* What is only shown may have been meant to do something. In a course of ours that is a mistake, as
 * the check is lost by it; others have their own words for their fences. */
static void
check_language (CourseStepReader *self, const CourseFence *fence, guint line)
{
  const char *meant = course_fence_find_meant (fence);

  if (meant != NULL && self->importer == NULL)
    course_report_error (self->report, line, _ ("A fence of “%s” is only shown; “%s” may be meant"),
                         fence->language, meant);
  else if (meant != NULL)
    course_report_warning (self->report, line,
                           _ ("A fence of “%s” is only shown; “%s” may be meant"), fence->language,
                           meant);
  else if (fence->stray != NULL && self->importer == NULL && fence->language[0] == '\0')
    course_report_error (self->report, line,
                         _ ("A fence without a language knows no “%s”; the language stands before "
                            "the braces"),
                         fence->stray);
  else if (fence->stray != NULL && self->importer == NULL)
    course_report_error (self->report, line, _ ("A fence of “%s” knows no “%s”"), fence->language,
                         fence->stray);
}

/**
 * course_step_reader_take:
 * @self: a reader
 * @info: what stands behind the marks that open the fence
 * @code: what stands in the fence, with a newline at its end
 * @line: line of the file where the fence opens
 * @announced: whether the paragraph before it says that output follows
 *
 * Takes the next fence of the section.
 */
void
course_step_reader_take (
  CourseStepReader *self, const char *info, const char *code, guint line, gboolean announced)
{
  g_autoptr (CourseFence) fence = course_fence_new (info, self->report, line);
  gsize length = strlen (code);
  g_autofree char *text =
    g_strndup (code, length > 0 && code[length - 1] == '\n' ? length - 1 : length);
  gboolean is_ours =
    fence->id != NULL || fence->when != NULL || fence->required != NULL || fence->norun;

  g_return_if_fail (self->section != NULL);

  check_language (self, fence, line);
  if (self->importer != NULL && !is_ours &&
      (fence->kind == COURSE_FENCE_SHELL || fence->kind == COURSE_FENCE_CODE))
    import_fence (self, fence, text, line, announced);
  else
    read_fence (self, fence, text, line);
}

/**
 * course_step_reader_clear:
 * @self: a reader
 *
 * Lets go of the section.
 */
void
course_step_reader_clear (CourseStepReader *self)
{
  self->section = NULL;
  g_clear_object (&self->last);
  g_clear_pointer (&self->ids, g_hash_table_unref);
}
