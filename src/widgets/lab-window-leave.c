/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lab-window-private.h"

/* How a window leaves its place: a canary that is under way goes back to the weights that were
 * before, for nobody is going to watch it any longer. */

/* How long the cluster is waited for. */
#define CANARY_LIMIT_MS 5000

/* Where a window goes. */
struct _LabDestination {
  CourseCourse *course;
  JumpPlace *place;
  char *context_name; /* (nullable) */
  char *student;      /* (nullable) */
};

void
lab_destination_free (LabDestination *self)
{
  g_clear_object (&self->course);
  g_clear_object (&self->place);
  g_free (self->context_name);
  g_free (self->student);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LabDestination, lab_destination_free)

static void
leave (LabWindow *self)
{
  g_autoptr (LabDestination) to = g_steal_pointer (&self->destination);

  if (to == NULL)
    gtk_window_destroy (GTK_WINDOW (self));
  else
    lab_window_open (self, to->course, to->place, to->context_name, to->student);
}

static void
ended_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (LabWindow) self = user_data;

  session_canary_end_finish (SESSION_CANARY (source), result);
  self->is_leaving = FALSE;
  gtk_widget_set_sensitive (GTK_WIDGET (self), TRUE);
  leave (self);
}

/* Takes @destination. */
static gboolean
leave_later (LabWindow *self, LabDestination *destination)
{
  SessionCanary *canary =
    self->panel_stack != NULL ? lab_panel_stack_get_canary (self->panel_stack) : NULL;

  g_clear_pointer (&self->destination, lab_destination_free);
  if (!self->is_leaving && canary == NULL) {
    g_clear_pointer (&destination, lab_destination_free);
    return FALSE;
  }

  self->destination = destination;
  if (self->is_leaving)
    return TRUE;
  self->is_leaving = TRUE;
  gtk_widget_set_sensitive (GTK_WIDGET (self), FALSE);
  session_canary_end_async (canary, CANARY_LIMIT_MS, ended_cb, g_object_ref (self));
  return TRUE;
}

/* TRUE: it closes by itself, as soon as a canary is back where it was. */
gboolean
lab_window_close_later (LabWindow *self)
{
  return leave_later (self, NULL);
}

/* TRUE: it opens that by itself, as soon as a canary is back where it was. */
gboolean
lab_window_open_later (LabWindow *self,
                       CourseCourse *course,
                       JumpPlace *place,
                       const char *context_name,
                       const char *student)
{
  LabDestination *to = g_new0 (LabDestination, 1);

  to->course = g_object_ref (course);
  to->place = g_object_ref (place);
  to->context_name = g_strdup (context_name);
  to->student = g_strdup (student);

  return leave_later (self, to);
}
