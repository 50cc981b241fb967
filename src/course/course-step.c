/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "course-condition.h"
#include "course-lines.h"
#include "course-step-private.h"

G_DEFINE_FINAL_TYPE (CourseStep, course_step, G_TYPE_OBJECT)

static void
course_form_free (gpointer data)
{
  CourseForm *form = data;

  g_free (form->text);
  g_free (form->why);
  g_free (form->language);
  g_free (form->when);
  g_strfreev (form->required);
  g_free (form->output);
  g_free (form);
}

static void
course_input_free (gpointer data)
{
  CourseInput *input = data;

  g_free (input->text);
  g_free (input->after);
  g_free (input);
}

static void
course_edit_free (CourseEdit *edit)
{
  g_free (edit->file);
  g_free (edit->patch);
  g_free (edit->when);
  g_free (edit);
}

static void
course_step_finalize (GObject *object)
{
  CourseStep *self = COURSE_STEP (object);

  g_clear_pointer (&self->id, g_free);
  g_clear_pointer (&self->forms, g_ptr_array_unref);
  g_clear_pointer (&self->inputs, g_ptr_array_unref);
  g_clear_pointer (&self->edit, course_edit_free);
  g_clear_pointer (&self->checks, g_ptr_array_unref);

  G_OBJECT_CLASS (course_step_parent_class)->finalize (object);
}

static void
course_step_class_init (CourseStepClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = course_step_finalize;
}

static void
course_step_init (CourseStep *self)
{
  self->forms = g_ptr_array_new_with_free_func (course_form_free);
  self->inputs = g_ptr_array_new_with_free_func (course_input_free);
  self->checks = g_ptr_array_new_with_free_func (g_object_unref);
}

/**
 * course_step_new:
 * @id: its id, unique in the section
 * @line: line of its first fence
 * @runnable: whether it can be run
 *
 * Returns: (transfer full): a step without a form yet
 */
CourseStep *
course_step_new (const char *id, guint line, gboolean runnable)
{
  CourseStep *self = g_object_new (COURSE_TYPE_STEP, NULL);

  self->id = g_strdup (id);
  self->line = line;
  self->runnable = runnable;
  return self;
}

/**
 * course_step_add_form:
 * @self: a step
 * @text: what is typed, without a newline at its end
 * @language: of the fence
 * @when: (nullable): when it is the right form
 * @why: (nullable): why it is, in one line
 * @required: (nullable): what a place has to have for it
 *
 * Adds a way to do the step.
 */
void
course_step_add_form (CourseStep *self,
                      const char *text,
                      const char *language,
                      const char *when,
                      const char *why,
                      const char *const *required)
{
  CourseForm *form = g_new0 (CourseForm, 1);

  form->text = g_strdup (text);
  form->language = g_strdup (language);
  form->when = g_strdup (when);
  form->why = g_strdup (why);
  form->required = g_strdupv ((char **)required);
  g_ptr_array_add (self->forms, form);
}

/**
 * course_step_add_output:
 * @self: a step
 * @text: what to expect
 *
 * Gives @text to the forms that were added last and have no output yet.
 *
 * Returns: whether there is such a form
 */
gboolean
course_step_add_output (CourseStep *self, const char *text)
{
  guint i = self->forms->len;

  for (; i > 0; i--) {
    CourseForm *form = g_ptr_array_index (self->forms, i - 1);

    if (form->output != NULL)
      break;
    form->output = g_strdup (text);
  }
  return i < self->forms->len;
}

/**
 * course_step_add_inputs:
 * @self: a step
 * @text: lines
 * @after: (nullable): what the program prints before it takes the first of them
 *
 * Adds each line of @text. The first waits for @after, the others follow at once.
 */
void
course_step_add_inputs (CourseStep *self, const char *text, const char *after)
{
  g_auto (GStrv) lines = course_lines_split (text);

  for (guint i = 0; lines[i] != NULL; i++) {
    CourseInput *input = g_new0 (CourseInput, 1);

    input->text = g_strdup (lines[i]);
    input->after = i == 0 ? g_strdup (after) : NULL;
    g_ptr_array_add (self->inputs, input);
  }
}

/**
 * course_step_set_edit:
 * @self: a step
 * @file: the file, at the place
 * @patch: JSON or YAML
 * @when: (nullable): at which place it is made
 *
 * Says what the student changes in a file.
 */
void
course_step_set_edit (CourseStep *self, const char *file, const char *patch, const char *when)
{
  g_clear_pointer (&self->edit, course_edit_free);
  self->edit = g_new0 (CourseEdit, 1);
  self->edit->file = g_strdup (file);
  self->edit->patch = g_strdup (patch);
  self->edit->when = g_strdup (when);
}

/**
 * course_step_get_id:
 * @self: a step
 *
 * Returns: its id, unique in its section
 */
const char *
course_step_get_id (CourseStep *self)
{
  g_return_val_if_fail (COURSE_IS_STEP (self), NULL);
  return self->id;
}

/**
 * course_step_get_number:
 * @self: a step
 *
 * Returns: its number among the steps of its section that run, from 1; 0 for one that does not run
 */
guint
course_step_get_number (CourseStep *self)
{
  g_return_val_if_fail (COURSE_IS_STEP (self), 0);
  return self->number;
}

/**
 * course_step_get_runnable:
 * @self: a step
 *
 * Returns: whether it can be run; %FALSE for commands that are only shown
 */
gboolean
course_step_get_runnable (CourseStep *self)
{
  g_return_val_if_fail (COURSE_IS_STEP (self), FALSE);
  return self->runnable;
}

/**
 * course_step_get_line:
 * @self: a step
 *
 * Returns: the line of the course file where it begins
 */
guint
course_step_get_line (CourseStep *self)
{
  g_return_val_if_fail (COURSE_IS_STEP (self), 0);
  return self->line;
}

/**
 * course_step_get_forms:
 * @self: a step
 *
 * Returns: (transfer none) (element-type CourseForm): the ways to do it, at least one
 */
GPtrArray *
course_step_get_forms (CourseStep *self)
{
  g_return_val_if_fail (COURSE_IS_STEP (self), NULL);
  return self->forms;
}

/**
 * course_step_pick_form:
 * @self: a step
 * @facts: (nullable): what is known of the cluster and the place
 *
 * Picks the form whose condition holds; else, in the order written, one without a condition or
 * whose condition cannot be told yet; else the first.
 *
 * Returns: (transfer none): the form that fits
 */
const CourseForm *
course_step_pick_form (CourseStep *self, const CourseFacts *facts)
{
  const CourseForm *possible = NULL;

  g_return_val_if_fail (COURSE_IS_STEP (self), NULL);

  for (guint i = 0; i < self->forms->len; i++) {
    const CourseForm *form = g_ptr_array_index (self->forms, i);
    CourseConditionResult result = COURSE_CONDITION_UNKNOWN;

    if (form->when != NULL)
      result = course_condition_evaluate (form->when, facts);
    if (result == COURSE_CONDITION_TRUE)
      return form;
    if (result == COURSE_CONDITION_UNKNOWN && possible == NULL)
      possible = form;
  }
  return possible != NULL ? possible : g_ptr_array_index (self->forms, 0);
}

/**
 * course_form_dup_absent:
 * @form: a way to do a step
 * @absent: (nullable): what a place does not have
 *
 * Returns: (transfer full) (nullable): what of it @form requires, with commas between
 */
char *
course_form_dup_absent (const CourseForm *form, const char *const *absent)
{
  g_autoptr (GString) words = g_string_new (NULL);

  g_return_val_if_fail (form != NULL, NULL);

  for (guint i = 0; form->required != NULL && absent != NULL && form->required[i] != NULL; i++) {
    if (g_strv_contains (absent, form->required[i]))
      g_string_append_printf (words, "%s%s", words->len > 0 ? ", " : "", form->required[i]);
  }
  return words->len > 0 ? g_strdup (words->str) : NULL;
}

/**
 * course_step_get_inputs:
 * @self: a step
 *
 * Returns: (transfer none) (element-type CourseInput): the lines typed into the program that the
 *   step starts, in order
 */
GPtrArray *
course_step_get_inputs (CourseStep *self)
{
  g_return_val_if_fail (COURSE_IS_STEP (self), NULL);
  return self->inputs;
}

/**
 * course_step_get_edit:
 * @self: a step
 *
 * Returns: (transfer none) (nullable): what the student changes in a file
 */
const CourseEdit *
course_step_get_edit (CourseStep *self)
{
  g_return_val_if_fail (COURSE_IS_STEP (self), NULL);
  return self->edit;
}

/**
 * course_step_pick_edit:
 * @self: a step
 * @facts: (nullable): what is known of the place
 *
 * Returns: (transfer none) (nullable): what the student changes in a file there
 */
const CourseEdit *
course_step_pick_edit (CourseStep *self, const CourseFacts *facts)
{
  g_return_val_if_fail (COURSE_IS_STEP (self), NULL);
  if (self->edit == NULL || self->edit->when == NULL ||
      course_condition_evaluate (self->edit->when, facts) != COURSE_CONDITION_FALSE)
    return self->edit;
  return NULL;
}

/**
 * course_step_get_checks:
 * @self: a step
 *
 * Returns: (transfer none) (element-type CourseCheck): what proves the step
 */
GPtrArray *
course_step_get_checks (CourseStep *self)
{
  g_return_val_if_fail (COURSE_IS_STEP (self), NULL);
  return self->checks;
}

/**
 * course_step_list_checks:
 * @self: a step
 * @facts: (nullable): what is known of the place
 *
 * Returns: (transfer container) (element-type CourseCheck): what proves the step there
 */
GPtrArray *
course_step_list_checks (CourseStep *self, const CourseFacts *facts)
{
  GPtrArray *checks;

  g_return_val_if_fail (COURSE_IS_STEP (self), NULL);

  checks = g_ptr_array_new ();
  for (guint i = 0; i < self->checks->len; i++)
    if (course_check_is_needed (self->checks->pdata[i], facts))
      g_ptr_array_add (checks, self->checks->pdata[i]);
  return checks;
}
