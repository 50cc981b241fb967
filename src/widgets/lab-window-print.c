/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lab-window-private.h"

#include <glib/gi18n-lib.h>

#include "lab-print-job.h"
#include "lab-question.h"

/* The course on paper, or in a PDF file. */

/* Where a job goes once its file has been chosen. */
typedef struct {
  LabWindow *window;
  LabPrintJob *job;
} SaveRequest;

static void
save_request_free (gpointer data, GClosure *closure)
{
  SaveRequest *request = data;

  g_clear_object (&request->job);
  g_free (request);
}

/* (transfer full) (nullable) */
static LabPrintJob *
create_job (LabWindow *self, gboolean whole)
{
  CourseFacts facts = { 0 };

  if (self->lab == NULL || self->section == NULL)
    return NULL;

  session_lab_get_facts (self->lab, &facts);

  return lab_print_job_new (self->course, whole ? NULL : self->section, &facts);
}

static void
failed_cb (LabWindow *self, const char *reason)
{
  lab_question_tell (GTK_WINDOW (self), _ ("The course cannot be printed"), reason);
}

void
lab_window_print (LabWindow *self, gboolean whole)
{
  g_autoptr (LabPrintJob) job = create_job (self, whole);

  if (job == NULL)
    return;

  g_signal_connect_object (job, "failed", G_CALLBACK (failed_cb), self, G_CONNECT_SWAPPED);
  lab_print_job_print (job, GTK_WINDOW (self));
}

static void
save (LabWindow *self, LabPrintJob *job, const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *name = g_path_get_basename (path);
  g_autofree char *message = NULL;

  if (lab_print_job_save_pdf (job, path, &error)) {
    /* Translators: %s is the name of a file */
    message = g_strdup_printf (_ ("Saved as “%s”."), name);
    lab_window_show_toast (self, message);
    return;
  }
  /* Translators: %s is the reason in the system's words */
  message = g_strdup_printf (_ ("%s. Choose another folder, and save it again."), error->message);
  lab_question_tell (GTK_WINDOW (self), _ ("The file cannot be saved"), message);
}

static void
response_cb (GtkNativeDialog *dialog, int response, gpointer user_data)
{
  SaveRequest *request = user_data;
  LabWindow *self = request->window;
  g_autoptr (GtkFileChooserNative) chooser = g_steal_pointer (&self->chooser);
  g_autoptr (GFile) file = NULL;
  g_autofree char *path = NULL;

  if (response != GTK_RESPONSE_ACCEPT)
    return;

  file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));
  path = file != NULL ? g_file_get_path (file) : NULL;
  if (path != NULL)
    save (self, request->job, path);
}

void
lab_window_save_pdf (LabWindow *self, gboolean whole)
{
  g_autoptr (LabPrintJob) job = create_job (self, whole);
  g_autofree char *name = NULL;
  SaveRequest *request;

  if (job == NULL || self->chooser != NULL)
    return;

  self->chooser = gtk_file_chooser_native_new (_ ("Save as PDF"), GTK_WINDOW (self),
                                               GTK_FILE_CHOOSER_ACTION_SAVE, _ ("_Save"), NULL);
  name = g_strconcat (whole ? course_course_get_id (self->course)
                            : course_section_get_id (self->section),
                      ".pdf", NULL);
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (self->chooser), name);
  request = g_new0 (SaveRequest, 1);
  request->window = self;
  request->job = g_steal_pointer (&job);
  /* the chooser is the window's, and goes with it */
  g_signal_connect_data (self->chooser, "response", G_CALLBACK (response_cb), request,
                         save_request_free, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}
