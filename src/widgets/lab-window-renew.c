/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lab-window-private.h"

#include <glib/gi18n-lib.h>

#include "jump-practice-renewal.h"
#include "lab-question.h"

/* A practice cluster that begins anew, and the course with it. */

typedef struct {
  LabWindow *window;
  SessionLab *lab;
  GtkCheckButton *button; /* whether the course begins anew too */
  AdwToast *toast;        /* (nullable): that it is under way */
  gboolean is_course_too;
} Renewal;

static void
renewal_free (gpointer data)
{
  Renewal *renewal = data;

  g_clear_object (&renewal->window);
  g_clear_object (&renewal->lab);
  g_clear_object (&renewal->button);
  g_clear_object (&renewal->toast);
  g_free (renewal);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Renewal, renewal_free)

static Renewal *
renewal_new (LabWindow *self)
{
  Renewal *renewal = g_new0 (Renewal, 1);

  renewal->window = g_object_ref (self);
  renewal->lab = g_object_ref (self->lab);
  return renewal;
}

static void
show_first_section (LabWindow *self)
{
  g_autoptr (CourseSection) first =
    g_list_model_get_item (course_course_get_sections (self->course), 0);

  lab_window_show_section (self, first);
}

/* Nothing looks at the old cluster any more when its steps are forgotten: what is still on its way
 * from there ticks none. */
static void
begin_anew (Renewal *renewal, const char *note)
{
  LabWindow *self = renewal->window;
  gboolean is_here = self->lab == renewal->lab;

  session_lab_disconnect (renewal->lab);
  if (renewal->is_course_too) {
    course_progress_reset (session_lab_get_progress (renewal->lab), NULL, NULL);
    if (is_here)
      show_first_section (self);
  }
  if (!is_here)
    return;
  lab_connector_connect (self->connector);
  if (note != NULL)
    lab_question_tell (GTK_WINDOW (self), _ ("The practice cluster is a new one"), note);
  else
    lab_window_show_toast (self, _ ("The practice cluster is a new one."));
}

static void
renewed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Renewal) renewal = user_data;
  LabWindow *self = renewal->window;
  g_autofree char *note = NULL;
  g_autoptr (GError) error = NULL;

  self->is_renewing = FALSE;
  adw_toast_dismiss (renewal->toast);
  if (jump_practice_renew_finish (JUMP_PRACTICE (source), result, &note, &error))
    begin_anew (renewal, note);
  else if (self->lab != NULL)
    lab_question_tell (GTK_WINDOW (self), _ ("There is no new practice cluster"), error->message);
  if (self->lab != NULL)
    lab_window_update_actions (self);
}

static void
answered (gboolean yes, gpointer user_data)
{
  Renewal *asked = user_data;
  LabWindow *self = asked->window;
  Renewal *renewal = NULL;

  if (!yes || self->lab != asked->lab || self->is_renewing)
    return;
  renewal = renewal_new (self);
  renewal->is_course_too = gtk_check_button_get_active (asked->button);
  self->is_renewing = TRUE;
  lab_window_update_actions (self);
  renewal->toast = g_object_ref_sink (adw_toast_new (_ ("A new practice cluster is being made.")));
  adw_toast_set_timeout (renewal->toast, 0);
  adw_toast_overlay_add_toast (self->toast_overlay, g_object_ref (renewal->toast));
  jump_practice_renew_async (JUMP_PRACTICE (session_lab_get_place (self->lab)), NULL, renewed_cb,
                             renewal);
}

/* Whether the window is at a practice cluster that could begin anew now. */
gboolean
lab_window_can_renew (LabWindow *self)
{
  return self->lab != NULL && !self->is_exhibit && !self->is_renewing &&
         JUMP_IS_PRACTICE (session_lab_get_place (self->lab));
}

/* Asks whether the practice cluster is to begin anew. */
void
lab_window_renew (LabWindow *self)
{
  Renewal *renewal = NULL;

  if (!lab_window_can_renew (self))
    return;
  renewal = renewal_new (self);
  renewal->button = g_object_ref_sink (
    GTK_CHECK_BUTTON (gtk_check_button_new_with_mnemonic (_ ("Begin the c_ourse anew too"))));
  gtk_check_button_set_active (renewal->button, TRUE);
  gtk_widget_set_halign (GTK_WIDGET (renewal->button), GTK_ALIGN_CENTER);
  lab_question_ask_with (
    GTK_WINDOW (self), _ ("Make a new practice cluster?"),
    _ (
      "All that was made in this cluster is lost, and its file cluster.yaml is as it was at first. "
      "The other files in your home on the practice jumpserver stay, and so do snapshots."),
    GTK_WIDGET (renewal->button), _ ("_Make a new one"), ADW_RESPONSE_DESTRUCTIVE, answered,
    renewal, renewal_free);
}
