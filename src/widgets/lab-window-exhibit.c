/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lab-window-exhibit.h"

#include <glib/gi18n-lib.h>

#include "lab-window-private.h"

/**
 * lab_window_exhibit:
 * @self: a new window
 * @lab: of somebody else, such as a rehearsal
 * @step: the one to show
 * @reason: why it failed; free of secrets
 * @screen: (nullable): what its terminal shows, with escape sequences; free of secrets
 *
 * Shows how a student would have @step before them who worked with @lab. The window does nothing
 * with it: it neither connects nor leaves the place, and opens no terminal there.
 */
void
lab_window_exhibit (
  LabWindow *self, SessionLab *lab, SessionStep *step, const char *reason, const char *screen)
{
  g_autofree char *text = NULL;

  g_return_if_fail (LAB_IS_WINDOW (self));
  g_return_if_fail (self->lab == NULL);
  g_return_if_fail (SESSION_IS_LAB (lab));
  g_return_if_fail (SESSION_IS_STEP (step));
  g_return_if_fail (reason != NULL);

  self->is_exhibit = TRUE;
  self->screen = g_strdup (screen);
  lab_window_take_lab (self, lab);
  lab_window_show_section (self, session_step_get_section (step));
  lab_section_page_show_step (self->section_page, step);
  /* Translators: a step failed while the course was rehearsed; %s is the reason, in English */
  text = g_strdup_printf (_ ("Step %u failed in the rehearsal: %s"),
                          course_step_get_number (session_step_get_step (step)), reason);
  lab_banner_show (self->course_banner, text, NULL);
}

/**
 * lab_window_get_settled:
 * @self: a window that is on the screen
 *
 * Returns: whether all is there that is to be seen now; it may have yet to be drawn
 */
gboolean
lab_window_get_settled (LabWindow *self)
{
  g_return_val_if_fail (LAB_IS_WINDOW (self), FALSE);

  return self->finished && lab_section_page_get_settled (self->section_page) &&
         lab_terminal_pane_get_settled (self->terminal_pane) &&
         lab_panel_stack_get_settled (self->panel_stack);
}
