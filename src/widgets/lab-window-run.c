/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lab-window-private.h"

#include <glib/gi18n-lib.h>

#include "base-install.h"
#include "lab-question.h"
#include "session-fall.h"

/* A step that waits for its user to trust the course. */
typedef struct {
  LabWindow *window;
  LabBlockItem *item;
  LabRunType type;
} RunRequest;

static void
run_request_free (gpointer data)
{
  RunRequest *request = data;

  g_clear_object (&request->window);
  g_clear_object (&request->item);
  g_free (request);
}

/* Whether a course's commands may be typed without asking: it came with the program, or its user
 * has agreed before. */
static gboolean
is_trusted (LabWindow *self)
{
  const char *path = course_course_get_path (self->course);
  g_autofree char *data_dir = base_install_dup_data_dir ();
  g_autofree char *own = g_build_filename (data_dir, "course", NULL);
  g_autoptr (GFile) own_file = g_file_new_for_path (own);
  g_autoptr (GFile) file = g_file_new_for_path (path);

  return g_file_equal (file, own_file) || lab_settings_trusts_course (self->settings, path);
}

static void
edit_done_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (LabWindow) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  if (session_step_edit_finish (SESSION_STEP (source), result, &error))
    /* Translators: %s is a file's path */
    text =
      g_strdup_printf (_ ("%s is changed."), session_step_get_edit (SESSION_STEP (source))->file);
  else
    text = g_strdup (error->message);
  lab_window_show_toast (self, text);
}

static void
run (LabWindow *self, LabBlockItem *item, LabRunType type)
{
  g_autoptr (GPtrArray) left = NULL;

  switch (type) {
    case LAB_RUN_COMMAND:
      lab_terminal_pane_run (self->terminal_pane, item);
      break;
    case LAB_RUN_EDIT:
      session_step_edit_async (lab_block_item_get_step (item), NULL, edit_done_cb,
                               g_object_ref (self));
      break;
    case LAB_RUN_LEFT:
    default:
      left = lab_section_page_dup_left (self->section_page);
      if (left->len == 0)
        break;
      lab_section_page_show_current (self->section_page);
      lab_terminal_pane_run_all (self->terminal_pane, left);
      break;
  }
}

static void
trust_answered (gboolean yes, gpointer user_data)
{
  RunRequest *request = user_data;
  LabWindow *self = request->window;

  if (!yes || self->course == NULL || !self->finished)
    return;

  lab_settings_trust_course (self->settings, course_course_get_path (self->course));
  run (self, request->item, request->type);
}

static void
ask_for_trust (LabWindow *self, LabBlockItem *item, LabRunType type)
{
  RunRequest *request = g_new0 (RunRequest, 1);
  g_autofree char *body = NULL;

  request->window = g_object_ref (self);
  request->item = g_object_ref (item);
  request->type = type;
  /* Translators: %s is a folder or file */
  body = g_strdup_printf (_ ("This course did not come with Konvoy Lab. It is in\n\n%s\n\nIts "
                             "steps are typed into your terminal as if you had typed them. Read a "
                             "step before you run it."),
                          course_course_get_path (self->course));
  lab_question_ask (GTK_WINDOW (self), _ ("Run the commands of this course?"), body, _ ("_Run"),
                    ADW_RESPONSE_SUGGESTED, trust_answered, request, run_request_free);
}

/* Does what the step asks for, once its user has agreed to a course that came from elsewhere. */
void
lab_window_run_step (LabWindow *self, LabBlockItem *item, LabRunType type)
{
  if (!self->finished)
    return;

  if (is_trusted (self))
    run (self, item, type);
  else
    ask_for_trust (self, item, type);
}

/* What is no longer so here is what a step of another section has made; or all is well. */
static void
tell_none_left (LabWindow *self)
{
  g_autoptr (GPtrArray) menders = session_fall_list_menders (self->lab, self->section);
  SessionStep *mender = menders->len > 0 ? g_ptr_array_index (menders, 0) : NULL;
  g_autofree char *text = NULL;

  if (mender == NULL || session_lab_count_fallen (self->lab, self->section) == 0)
    text = g_strdup (_ ("All steps of this section are done."));
  else
    text = g_strdup_printf (
      /* Translators: the number of a step, which has made what is gone or was changed; then the
       * title of its section */
      _ ("Run step %u of “%s” again: what it has made is no longer so."),
      course_step_get_number (session_step_get_step (mender)),
      course_section_get_title (session_step_get_section (mender)));
  lab_window_show_toast (self, text);
}

/**
 * lab_window_run_current:
 * @self: a window
 *
 * Runs the step that has the keyboard, else the next one that is left.
 */
void
lab_window_run_current (LabWindow *self)
{
  if (self->lab != NULL && self->section != NULL &&
      !lab_section_page_run_current (self->section_page))
    tell_none_left (self);
}

/**
 * lab_window_run_left:
 * @self: a window
 *
 * Runs the steps of the open section that are not done or no longer so, one after the other; stops
 * that where it is under way.
 */
void
lab_window_run_left (LabWindow *self)
{
  g_autoptr (GPtrArray) left = NULL;

  if (!self->finished)
    return;

  left = lab_section_page_dup_left (self->section_page);
  if (lab_terminal_pane_get_playing (self->terminal_pane))
    lab_terminal_pane_stop (self->terminal_pane, LAB_SERIES_STOPPED);
  else if (left->len == 0)
    tell_none_left (self);
  else
    lab_window_run_step (self, g_ptr_array_index (left, 0), LAB_RUN_LEFT);
}
