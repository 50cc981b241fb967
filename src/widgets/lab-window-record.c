/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lab-window-private.h"

#include <glib/gi18n-lib.h>

#include "course-record.h"
#include "lab-question.h"
#include "lab-record-print.h"

/* What a student has done: to take away, or to begin again. */

/* Progress that waits for its student to agree that it goes. */
typedef struct {
  LabWindow *window;
  char *section; /* (nullable): its id; NULL: the whole course */
} ResetRequest;

static void
reset_request_free (gpointer data)
{
  ResetRequest *request = data;

  g_clear_object (&request->window);
  g_free (request->section);
  g_free (request);
}

static void
reset_answered (gboolean yes, gpointer user_data)
{
  ResetRequest *request = user_data;

  if (yes && request->window->lab != NULL)
    course_progress_reset (session_lab_get_progress (request->window->lab), request->section, NULL);
}

static void
ask_for_reset (LabWindow *self, const char *heading, const char *section)
{
  ResetRequest *request = g_new0 (ResetRequest, 1);

  request->window = g_object_ref (self);
  request->section = g_strdup (section);
  lab_question_ask (GTK_WINDOW (self), heading,
                    _ ("The record of what you have done here is deleted. Nothing changes in the "
                       "cluster. What is still there from before ticks no step again: run the "
                       "step once more, or undo by hand what it has made, and make it anew."),
                    _ ("_Forget"), ADW_RESPONSE_DESTRUCTIVE, reset_answered, request,
                    reset_request_free);
}

/**
 * lab_window_reset_section:
 * @self: a window
 *
 * Asks whether the steps of the open section are to be forgotten.
 */
void
lab_window_reset_section (LabWindow *self)
{
  g_autofree char *heading = NULL;

  if (self->lab == NULL || self->section == NULL)
    return;
  /* Translators: %s is the title of a section */
  heading =
    g_strdup_printf (_ ("Forget what is done of “%s”?"), course_section_get_title (self->section));
  ask_for_reset (self, heading, course_section_get_id (self->section));
}

/**
 * lab_window_reset_course:
 * @self: a window
 *
 * Asks whether all steps are to be forgotten.
 */
void
lab_window_reset_course (LabWindow *self)
{
  g_autofree char *heading = NULL;

  if (self->lab == NULL)
    return;
  /* Translators: %s is the title of a course */
  heading = g_strdup_printf (_ ("Forget all that is done of “%s”?"),
                             course_course_get_title (self->course));
  ask_for_reset (self, heading, NULL);
}

/* As what the name of the file says. */
static gboolean
write_record (LabWindow *self, const char *path, GError **error)
{
  CourseFacts facts = { NULL };
  g_autofree char *place = NULL;
  g_autofree char *text = NULL;
  CourseRecordSpec spec;

  g_object_get (session_lab_get_place (self->lab), "title", &place, NULL);
  session_lab_get_facts (self->lab, &facts);
  spec = (CourseRecordSpec){ .course = self->course,
                             .progress = session_lab_get_progress (self->lab),
                             .facts = &facts,
                             .place = place,
                             .student = self->student,
                             .fallen = session_lab_get_fallen (self->lab) };
  if (g_str_has_suffix (path, ".pdf"))
    return lab_record_print_save_pdf (&spec, path, error);
  if (g_str_has_suffix (path, ".json"))
    text = course_record_dup_json (&spec);
  else
    text = course_record_dup_html (&spec);

  return g_file_set_contents_full (path, text, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0600, error);
}

static void
save (LabWindow *self, const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *name = g_path_get_basename (path);

  if (write_record (self, path, &error)) {
    /* Translators: %s is the name of a file */
    g_autofree char *message = g_strdup_printf (_ ("The record is saved in “%s”."), name);

    lab_window_show_toast (self, message);
  } else {
    /* Translators: %s is the reason in the system's words */
    g_autofree char *message =
      g_strdup_printf (_ ("%s. Choose another folder, and save it again."), error->message);

    lab_question_tell (GTK_WINDOW (self), _ ("The record cannot be saved"), message);
  }
}

static void
save_response_cb (LabWindow *self, int response)
{
  g_autoptr (GtkFileChooserNative) chooser = g_steal_pointer (&self->chooser);
  g_autoptr (GFile) file = NULL;
  g_autofree char *path = NULL;

  if (response != GTK_RESPONSE_ACCEPT || self->lab == NULL)
    return;

  file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (chooser));
  path = file != NULL ? g_file_get_path (file) : NULL;
  if (path != NULL)
    save (self, path);
}

static void
add_filter (GtkFileChooser *chooser, const char *name, const char *pattern)
{
  g_autoptr (GtkFileFilter) filter = gtk_file_filter_new ();

  gtk_file_filter_set_name (filter, name);
  gtk_file_filter_add_pattern (filter, pattern);
  gtk_file_chooser_add_filter (chooser, filter);
}

/**
 * lab_window_save_record:
 * @self: a window
 *
 * Asks where the student's record is to go: a web page, under a name that ends in .pdf a page to
 * print, under one that ends in .json the same for programs.
 */
void
lab_window_save_record (LabWindow *self)
{
  g_autofree char *name = NULL;

  if (self->lab == NULL || self->chooser != NULL)
    return;

  self->chooser = gtk_file_chooser_native_new (_ ("Save the record"), GTK_WINDOW (self),
                                               GTK_FILE_CHOOSER_ACTION_SAVE, _ ("_Save"), NULL);
  name = g_strconcat (course_course_get_id (self->course), ".html", NULL);
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (self->chooser), name);
  add_filter (GTK_FILE_CHOOSER (self->chooser), _ ("Web page"), "*.html");
  add_filter (GTK_FILE_CHOOSER (self->chooser), _ ("Document (PDF)"), "*.pdf");
  add_filter (GTK_FILE_CHOOSER (self->chooser), _ ("Data (JSON)"), "*.json");
  g_signal_connect_object (self->chooser, "response", G_CALLBACK (save_response_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}
