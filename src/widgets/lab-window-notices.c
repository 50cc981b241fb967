/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lab-window-private.h"

#include <glib/gi18n-lib.h>

#include "lab-mistakes-window.h"

/* What the window has to say of its course and its progress. */

static const char *
get_save_reason (const GError *error)
{
  if (g_error_matches (error, G_FILE_ERROR, G_FILE_ERROR_NOSPC))
    return _ ("the disk is full");
  if (g_error_matches (error, G_FILE_ERROR, G_FILE_ERROR_ACCES) ||
      g_error_matches (error, G_FILE_ERROR, G_FILE_ERROR_PERM) ||
      g_error_matches (error, G_FILE_ERROR, G_FILE_ERROR_ROFS))
    return _ ("its folder cannot be written to");

  return error->message;
}

/* What was done stays in memory, and is saved with the next step, on demand, or at the end. */
void
lab_window_update_progress_notice (LabWindow *self)
{
  const GError *error = course_progress_get_error (session_lab_get_progress (self->lab));
  g_autofree char *text = NULL;

  if (error == NULL) {
    lab_banner_hide (self->progress_banner);
    return;
  }

  /* Translators: %s is a reason, such as "the disk is full" */
  text = g_strdup_printf (_ ("Your progress cannot be saved: %s. Keep this window open until you "
                             "have mended that."),
                          get_save_reason (error));
  lab_banner_show (self->progress_banner, text, _ ("_Try again"));
}

/* (nullable): of what @section builds on the first that is not done. */
static CourseSection *
find_missing (LabWindow *self, CourseSection *section, GHashTable *seen)
{
  CourseProgress *progress = session_lab_get_progress (self->lab);
  const char *const *needs = course_section_get_needs (section);

  for (guint i = 0; needs != NULL && needs[i] != NULL; i++) {
    CourseSection *needed = course_course_find_section (self->course, needs[i]);
    CourseSection *before;

    if (needed == NULL || !g_hash_table_add (seen, needed))
      continue;
    before = find_missing (self, needed, seen);
    if (before != NULL)
      return before;
    if (course_progress_count_done (progress, needed) < course_section_get_steps (needed)->len)
      return needed;
  }

  return NULL;
}

static CourseSection *
find_needed (LabWindow *self)
{
  g_autoptr (GHashTable) seen = NULL;

  if (self->lab == NULL || self->section == NULL)
    return NULL;
  /* Some of its steps may be done without what it builds on, even by themselves. */
  if (course_progress_count_done (session_lab_get_progress (self->lab), self->section) ==
      course_section_get_steps (self->section)->len)
    return NULL;
  seen = g_hash_table_new (NULL, NULL);
  g_hash_table_add (seen, self->section);

  return find_missing (self, self->section, seen);
}

/* A section that builds on another one says so, where that is not done. */
void
lab_window_update_needs_notice (LabWindow *self)
{
  CourseSection *needed = find_needed (self);
  g_autofree char *text = NULL;

  if (needed == NULL ||
      (self->dismissed != NULL &&
       g_hash_table_contains (self->dismissed, course_section_get_id (self->section)))) {
    lab_banner_hide (self->needs_banner);
    return;
  }

  /* Translators: %s is the title of a section */
  text = g_strdup_printf (_ ("This section builds on “%s”, which is not done yet."),
                          course_section_get_title (needed));
  lab_banner_show (self->needs_banner, text, _ ("_Go there"));
}

/* Its reader knows, for as long as the window is open. */
void
lab_window_dismiss_needs_notice (LabWindow *self)
{
  if (self->dismissed == NULL)
    self->dismissed = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  if (self->section != NULL)
    g_hash_table_add (self->dismissed, g_strdup (course_section_get_id (self->section)));
}

void
lab_window_show_needed_section (LabWindow *self)
{
  CourseSection *needed = find_needed (self);

  if (needed != NULL)
    lab_window_show_section (self, needed);
}

void
lab_window_save_progress (LabWindow *self)
{
  if (self->lab != NULL)
    course_progress_save (session_lab_get_progress (self->lab));
}

static guint
count_errors (GPtrArray *messages)
{
  guint count = 0;

  for (guint i = 0; i < messages->len; i++)
    count += ((const CourseMessage *)g_ptr_array_index (messages, i))->is_error;

  return count;
}

/* What the course's reader could make nothing of is not on the page: its author must hear of it. */
void
lab_window_tell_course_errors (LabWindow *self)
{
  guint count = count_errors (course_course_get_messages (self->course));
  g_autofree char *text = NULL;
  AdwToast *toast;

  if (count == 0)
    return;

  text = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "This course has %u mistake",
                                       "This course has %u mistakes", count),
                          count);
  toast = adw_toast_new (text);
  adw_toast_set_button_label (toast, _ ("Show"));
  adw_toast_set_action_name (toast, "win.show-course-errors");
  adw_toast_set_timeout (toast, 10);
  adw_toast_overlay_add_toast (self->toast_overlay, toast);
}

void
lab_window_show_course_errors (LabWindow *self)
{
  if (self->course != NULL)
    gtk_window_present (GTK_WINDOW (lab_mistakes_window_new (GTK_WINDOW (self), self->course)));
}
