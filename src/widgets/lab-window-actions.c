/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lab-window-private.h"

#include <glib/gi18n-lib.h>

#include "lab-zoom-row.h"

static void
toast_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  lab_window_show_toast (LAB_WINDOW (widget), g_variant_get_string (parameter, NULL));
}

static void
open_section_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  if (!lab_window_open_section (LAB_WINDOW (widget), g_variant_get_string (parameter, NULL)))
    lab_window_show_toast (LAB_WINDOW (widget), _ ("This course has no such section."));
}

static void
next_section_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  lab_window_move_section (LAB_WINDOW (widget), 1);
}

static void
previous_section_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  lab_window_move_section (LAB_WINDOW (widget), -1);
}

static void
run_step_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  lab_window_run_current (LAB_WINDOW (widget));
}

static void
run_section_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  lab_window_run_left (LAB_WINDOW (widget));
}

static void
next_step_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  lab_section_page_move_step (LAB_WINDOW (widget)->section_page, 1);
}

static void
previous_step_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  lab_section_page_move_step (LAB_WINDOW (widget)->section_page, -1);
}

static void
focus_part (LabWindow *self, GtkWidget *part)
{
  if (part == GTK_WIDGET (self->terminal_pane))
    gtk_widget_grab_focus (part);
  else
    gtk_widget_child_focus (part, GTK_DIR_TAB_FORWARD);
}

/* From part to part of the window: sections, text, terminal, panels. */
static void
cycle_focus_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  LabWindow *self = LAB_WINDOW (widget);
  GtkWidget *parts[] = { GTK_WIDGET (self->sidebar), GTK_WIDGET (self->section_page),
                         GTK_WIDGET (self->terminal_pane), GTK_WIDGET (self->panel_stack) };
  const int n = G_N_ELEMENTS (parts);
  int by = g_variant_get_int32 (parameter);
  GtkWidget *focus = gtk_root_get_focus (GTK_ROOT (self));
  int at = by > 0 ? -1 : n;

  for (int i = 0; i < n; i++) {
    if (focus != NULL && parts[i] != NULL && gtk_widget_is_ancestor (focus, parts[i]))
      at = i;
  }
  for (int tried = 0; tried < n; tried++) {
    at = (at + by + n) % n;
    if (parts[at] != NULL && gtk_widget_get_mapped (parts[at])) {
      focus_part (self, parts[at]);
      return;
    }
  }
}

static void
focus_terminal_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  LabWindow *self = LAB_WINDOW (widget);

  if (self->terminal_pane != NULL)
    gtk_widget_grab_focus (GTK_WIDGET (self->terminal_pane));
}

static void
search_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  lab_window_search (LAB_WINDOW (widget));
}

static void
filter_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  LabWindow *self = LAB_WINDOW (widget);

  if (self->panel_stack == NULL)
    return;
  gtk_toggle_button_set_active (self->panels_button, TRUE);
  lab_panel_stack_focus_filter (self->panel_stack);
}

static void
panel_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  LabWindow *self = LAB_WINDOW (widget);

  if (self->panel_stack == NULL)
    return;
  gtk_toggle_button_set_active (self->panels_button, TRUE);
  lab_panel_stack_show_panel (self->panel_stack, g_variant_get_string (parameter, NULL));
}

static void
reconnect_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  LabWindow *self = LAB_WINDOW (widget);

  if (self->lab != NULL)
    lab_connector_connect (self->connector);
}

static void
open_course_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  lab_window_choose_course (LAB_WINDOW (widget), g_variant_get_boolean (parameter));
}

static void
open_roster_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  lab_window_choose_roster (LAB_WINDOW (widget));
}

/* A URL and, where it is not its host, the address that serves it: see lab_window_open_page(). */
static void
open_page_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  const char *url, *via;

  g_variant_get (parameter, "(&sm&s)", &url, &via);
  lab_window_open_page (LAB_WINDOW (widget), url, via);
}

static void
copy_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget),
                          g_variant_get_string (parameter, NULL));
}

static void
show_course_errors_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  lab_window_show_course_errors (LAB_WINDOW (widget));
}

/* Their parameter: whether the whole course is meant, not only the open section. */
static void
print_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  lab_window_print (LAB_WINDOW (widget), g_variant_get_boolean (parameter));
}

static void
save_pdf_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  lab_window_save_pdf (LAB_WINDOW (widget), g_variant_get_boolean (parameter));
}

static void
save_record_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  lab_window_save_record (LAB_WINDOW (widget));
}

static void
reset_section_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  lab_window_reset_section (LAB_WINDOW (widget));
}

static void
reset_course_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  lab_window_reset_course (LAB_WINDOW (widget));
}

static void
renew_practice_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  lab_window_renew (LAB_WINDOW (widget));
}

static void
toggle_sidebar_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  AdwFlap *flap = LAB_WINDOW (widget)->flap;

  adw_flap_set_reveal_flap (flap, !adw_flap_get_reveal_flap (flap));
}

static void
toggle_panels_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  GtkToggleButton *button = LAB_WINDOW (widget)->panels_button;

  gtk_toggle_button_set_active (button, !gtk_toggle_button_get_active (button));
}

/* Escape brings the reader back to the text, from anywhere but the terminal, whose key it is. */
static void
escape_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  lab_window_end_search (LAB_WINDOW (widget));
  gtk_widget_child_focus (GTK_WIDGET (LAB_WINDOW (widget)->section_page), GTK_DIR_TAB_FORWARD);
}

void
lab_window_install_actions (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "win.toast", "s", toast_action);
  gtk_widget_class_install_action (widget_class, "win.open-section", "s", open_section_action);
  gtk_widget_class_install_action (widget_class, "win.next-section", NULL, next_section_action);
  gtk_widget_class_install_action (widget_class, "win.previous-section", NULL,
                                   previous_section_action);
  gtk_widget_class_install_action (widget_class, "win.run-step", NULL, run_step_action);
  gtk_widget_class_install_action (widget_class, "win.run-section", NULL, run_section_action);
  gtk_widget_class_install_action (widget_class, "win.next-step", NULL, next_step_action);
  gtk_widget_class_install_action (widget_class, "win.previous-step", NULL, previous_step_action);
  gtk_widget_class_install_action (widget_class, "win.cycle-focus", "i", cycle_focus_action);
  gtk_widget_class_install_action (widget_class, "win.focus-terminal", NULL, focus_terminal_action);
  gtk_widget_class_install_action (widget_class, "win.search", NULL, search_action);
  gtk_widget_class_install_action (widget_class, "win.filter", NULL, filter_action);
  gtk_widget_class_install_action (widget_class, "win.panel", "s", panel_action);
  gtk_widget_class_install_property_action (widget_class, "win.place", "place-kind");
  gtk_widget_class_install_action (widget_class, "win.reconnect", NULL, reconnect_action);
  gtk_widget_class_install_action (widget_class, "win.open-course", "b", open_course_action);
  gtk_widget_class_install_action (widget_class, "win.open-roster", NULL, open_roster_action);
  gtk_widget_class_install_action (widget_class, "win.show-course-errors", NULL,
                                   show_course_errors_action);
  gtk_widget_class_install_action (widget_class, "win.print", "b", print_action);
  gtk_widget_class_install_action (widget_class, "win.save-pdf", "b", save_pdf_action);
  gtk_widget_class_install_action (widget_class, "win.save-record", NULL, save_record_action);
  gtk_widget_class_install_action (widget_class, "win.reset-section", NULL, reset_section_action);
  gtk_widget_class_install_action (widget_class, "win.reset-course", NULL, reset_course_action);
  gtk_widget_class_install_action (widget_class, "win.renew-practice", NULL, renew_practice_action);
  gtk_widget_class_install_action (widget_class, "win.open-page", "(sms)", open_page_action);
  gtk_widget_class_install_action (widget_class, "win.copy", "s", copy_action);
  gtk_widget_class_install_action (widget_class, "win.toggle-sidebar", NULL, toggle_sidebar_action);
  gtk_widget_class_install_action (widget_class, "win.toggle-panels", NULL, toggle_panels_action);
  gtk_widget_class_install_action (widget_class, "win.escape", NULL, escape_action);
  /* no accelerators: in the terminal these keys are its programs' */
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_f, GDK_CONTROL_MASK, "win.search",
                                       NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_p, GDK_CONTROL_MASK, "win.print", "b",
                                       FALSE);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "win.escape", NULL);
}

void
lab_window_update_actions (LabWindow *self)
{
  gboolean offline = self->lab != NULL && session_lab_get_state (self->lab) == SESSION_LAB_OFFLINE;

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.reconnect", offline);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.renew-practice",
                                 lab_window_can_renew (self));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.show-course-errors",
                                 self->course != NULL &&
                                   course_course_get_messages (self->course)->len > 0);
}

/* Made when it is first opened. */
GtkWidget *
lab_window_build_menu (LabWindow *self)
{
  g_autoptr (GtkBuilder) builder =
    gtk_builder_new_from_resource ("/io/github/konvoylab/KonvoyLab/lab-window-menu.ui");
  GtkWidget *popover =
    gtk_popover_menu_new_from_model (G_MENU_MODEL (gtk_builder_get_object (builder, "menu")));

  gtk_popover_menu_add_child (GTK_POPOVER_MENU (popover), lab_zoom_row_new (self->text_scale),
                              "zoom");

  return popover;
}
