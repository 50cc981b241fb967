/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lab-window-private.h"

/* The search of the whole course, in the place of the section's text. */

static void
chosen_cb (LabWindow *self, CourseSection *section, int block)
{
  if (section != self->section)
    lab_window_show_section (self, section);
  lab_window_end_search (self);
  lab_section_page_show_block (self->section_page, block);
}

static void
closed_cb (LabWindow *self)
{
  lab_window_end_search (self);
  gtk_widget_child_focus (GTK_WIDGET (self->section_page), GTK_DIR_TAB_FORWARD);
}

void
lab_window_search (LabWindow *self)
{
  if (self->course == NULL)
    return;

  if (self->search_page == NULL) {
    self->search_page = g_object_new (LAB_TYPE_SEARCH_PAGE, NULL);
    lab_search_page_set_course (self->search_page, self->course);
    g_signal_connect_object (self->search_page, "chosen", G_CALLBACK (chosen_cb), self,
                             G_CONNECT_SWAPPED);
    g_signal_connect_object (self->search_page, "closed", G_CALLBACK (closed_cb), self,
                             G_CONNECT_SWAPPED);
    gtk_stack_add_child (self->page_stack, GTK_WIDGET (self->search_page));
  }
  gtk_stack_set_visible_child (self->page_stack, GTK_WIDGET (self->search_page));
  lab_search_page_begin (self->search_page);
}

void
lab_window_end_search (LabWindow *self)
{
  gtk_stack_set_visible_child (self->page_stack, GTK_WIDGET (self->section_page));
}
