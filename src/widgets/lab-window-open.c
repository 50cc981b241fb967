/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lab-window-private.h"

#include <glib/gi18n-lib.h>

#include "jump-local.h"
#include "jump-practice.h"
#include "lab-jumpserver-dialog.h"
#include "lab-question.h"
#include "lab-roster-dialog.h"

/* Other places and other courses for a window: what its menus lead to. */

#define PLACE_PRACTICE "practice"
#define PLACE_JUMPSERVER "jumpserver"
#define PLACE_COMPUTER "computer"

static void
move_to (LabWindow *self, JumpPlace *place, const char *student)
{
  if (self->course != NULL)
    lab_window_open (self, self->course, place, NULL, student);
}

static void
jumpserver_chosen_cb (LabWindow *self, JumpPlace *place, LabJumpserverDialog *dialog)
{
  lab_settings_set_jumpserver (self->settings, lab_jumpserver_dialog_get_address (dialog),
                               lab_jumpserver_dialog_get_identity (dialog));
  move_to (self, place, NULL);
}

static void
ask_for_jumpserver (LabWindow *self)
{
  g_autofree char *address = NULL;
  g_autofree char *identity = NULL;
  GtkWidget *dialog;

  lab_settings_get_jumpserver (self->settings, &address, &identity);
  dialog = lab_jumpserver_dialog_new (GTK_WINDOW (self), address, identity);
  g_signal_connect_object (dialog, "chosen", G_CALLBACK (jumpserver_chosen_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

/* What the menu marks: where the student works. */
const char *
lab_window_get_place_kind (LabWindow *self)
{
  const char *id;

  if (self->lab == NULL)
    return "";

  id = jump_place_get_id (session_lab_get_place (self->lab));
  if (g_str_has_prefix (id, "ssh:"))
    return PLACE_JUMPSERVER;

  return g_str_equal (id, "local") ? PLACE_COMPUTER : PLACE_PRACTICE;
}

void
lab_window_set_place_kind (LabWindow *self, const char *kind)
{
  g_autoptr (JumpPlace) place = NULL;

  if (g_strcmp0 (kind, PLACE_JUMPSERVER) == 0) {
    ask_for_jumpserver (self);
    return;
  }
  if (g_strcmp0 (kind, lab_window_get_place_kind (self)) == 0)
    return;

  place = g_strcmp0 (kind, PLACE_COMPUTER) == 0 ? jump_local_new (NULL) : jump_practice_new (NULL);
  move_to (self, place, NULL);
}

static void
student_chosen_cb (LabWindow *self, const char *name, LabRosterDialog *dialog)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JumpPlace) place =
    jump_roster_create_place (lab_roster_dialog_get_roster (dialog), name, &error);

  if (place != NULL)
    move_to (self, place, name);
  else
    lab_window_show_toast (self, error->message);
}

static void
open_roster (LabWindow *self, const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JumpRoster) roster = jump_roster_load (path, &error);
  GtkWidget *dialog;

  if (roster == NULL) {
    lab_question_tell (GTK_WINDOW (self), _ ("The sheet cannot be opened"), error->message);
    return;
  }

  dialog = lab_roster_dialog_new (GTK_WINDOW (self), roster);
  g_signal_connect_object (dialog, "chosen", G_CALLBACK (student_chosen_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
open_course (LabWindow *self, const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CourseCourse) course = course_course_load (path, &error);
  g_autoptr (JumpPlace) place = NULL;

  if (course == NULL) {
    lab_question_tell (GTK_WINDOW (self), _ ("The course cannot be opened"), error->message);
    return;
  }

  place =
    self->lab != NULL ? g_object_ref (session_lab_get_place (self->lab)) : jump_practice_new (NULL);
  lab_window_open (self, course, place, NULL, self->student);
}

static gboolean
drop_cb (LabWindow *self, const GValue *value)
{
  GSList *files = g_value_get_boxed (value);
  g_autofree char *path = files != NULL ? g_file_get_path (files->data) : NULL;

  if (path == NULL)
    return FALSE;

  open_course (self, path);
  return TRUE;
}

/**
 * lab_window_accept_drops:
 * @self: a window
 *
 * Opens a course that is dropped on the window, a folder or a file.
 */
void
lab_window_accept_drops (LabWindow *self)
{
  GtkDropTarget *target = gtk_drop_target_new (GDK_TYPE_FILE_LIST, GDK_ACTION_COPY);

  g_signal_connect_object (target, "drop", G_CALLBACK (drop_cb), self, G_CONNECT_SWAPPED);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (target));
}

static void
response_cb (LabWindow *self, int response)
{
  g_autoptr (GtkFileChooserNative) chooser = g_steal_pointer (&self->chooser);
  g_autoptr (GFile) file = NULL;
  g_autofree char *path = NULL;

  if (response != GTK_RESPONSE_ACCEPT)
    return;

  file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (chooser));
  path = g_file_get_path (file);
  if (path != NULL)
    self->open_chosen (self, path);
}

static void
choose (LabWindow *self,
        const char *title,
        GtkFileChooserAction action,
        void (*open) (LabWindow *, const char *))
{
  if (self->chooser != NULL)
    return;

  self->chooser = gtk_file_chooser_native_new (title, GTK_WINDOW (self), action, _ ("_Open"), NULL);
  self->open_chosen = open;
  g_signal_connect_object (self->chooser, "response", G_CALLBACK (response_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

void
lab_window_choose_course (LabWindow *self, gboolean folder)
{
  if (folder)
    choose (self, _ ("Open a course folder"), GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER, open_course);
  else
    choose (self, _ ("Open a course file"), GTK_FILE_CHOOSER_ACTION_OPEN, open_course);
}

void
lab_window_choose_roster (LabWindow *self)
{
  choose (self, _ ("Open the class's sheet"), GTK_FILE_CHOOSER_ACTION_OPEN, open_roster);
}
