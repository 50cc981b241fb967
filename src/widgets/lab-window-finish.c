/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lab-window-private.h"

/* What the first frame does not need: the terminal, the panels, and the connection. Each comes in a
 * frame of its own, since what is new has to be styled, laid out and drawn there, too. */

static void
add_terminal (LabWindow *self)
{
  self->terminal_pane = LAB_TERMINAL_PANE (lab_terminal_pane_new ());
  lab_terminal_pane_set_presenting (self->terminal_pane, self->presenting);
  adw_bin_set_child (self->terminal_bin, GTK_WIDGET (self->terminal_pane));
}

static void
busy_cb (LabWindow *self)
{
  lab_section_page_pause (self->section_page);
}

static void
add_panels (LabWindow *self)
{
  self->panel_stack = LAB_PANEL_STACK (lab_panel_stack_new ());
  lab_panel_stack_set_settings (self->panel_stack, self->settings);
  g_signal_connect_object (self->panel_stack, "busy", G_CALLBACK (busy_cb), self,
                           G_CONNECT_SWAPPED);
  adw_bin_set_child (self->panels_bin, GTK_WIDGET (self->panel_stack));
}

/* From now on, who opens another course or section shows it in all parts. */
static void
show_lab (LabWindow *self)
{
  self->finished = TRUE;
  if (self->lab == NULL)
    return;

  if (!self->is_exhibit)
    lab_terminal_pane_set_lab (self->terminal_pane, self->lab);
  else if (self->screen != NULL)
    lab_terminal_pane_show (self->terminal_pane, self->screen);
  lab_panel_stack_set_lab (self->panel_stack, self->lab);
  lab_panel_stack_show_panel (self->panel_stack, "services");
  if (self->section != NULL) {
    session_lab_set_open_section (self->lab, self->section);
    lab_terminal_pane_set_section (self->terminal_pane, self->section);
    lab_panel_stack_show_panel (self->panel_stack, course_section_get_panel (self->section));
  }
}

static void
connect_lab (LabWindow *self)
{
  if (self->lab != NULL && !self->is_exhibit)
    lab_connector_connect (self->connector);
}

static void (*const parts[]) (LabWindow *) = { add_terminal, add_panels, show_lab, connect_lab };

static gboolean
tick_cb (GtkWidget *widget, GdkFrameClock *frame_clock, gpointer user_data)
{
  LabWindow *self = LAB_WINDOW (widget);

  parts[self->next_part++](self);
  if (self->next_part < G_N_ELEMENTS (parts))
    return G_SOURCE_CONTINUE;
  self->finish_tick = 0;

  return G_SOURCE_REMOVE;
}

static void
after_paint_cb (GdkFrameClock *frame_clock, gpointer user_data)
{
  LabWindow *self = LAB_WINDOW (user_data);

  g_signal_handlers_disconnect_by_func (frame_clock, after_paint_cb, self);
  if (self->next_part < G_N_ELEMENTS (parts) && self->finish_tick == 0)
    self->finish_tick = gtk_widget_add_tick_callback (GTK_WIDGET (self), tick_cb, NULL, NULL);
}

/* To be called when the window is mapped: adds what is missing, once it has been drawn. */
void
lab_window_finish_later (LabWindow *self)
{
  if (self->next_part < G_N_ELEMENTS (parts))
    g_signal_connect_object (gtk_widget_get_frame_clock (GTK_WIDGET (self)), "after-paint",
                             G_CALLBACK (after_paint_cb), self, 0);
}
