/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lab-terminal-menu.h"

#include <glib/gi18n-lib.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "lab-paste.h"

/* A web address up to what cannot be in one, without the full stop or bracket after it. */
#define LINK "https?://[[:alnum:]._~:/?#@!$&*+,;=%\\[\\]-]*[[:alnum:]_~/=&%-]"

/* (transfer full) (nullable) */
static char *
dup_link_at (VteTerminal *terminal, double x, double y)
{
  return vte_terminal_check_match_at (terminal, x, y, NULL);
}

static void
open_link (VteTerminal *terminal, const char *link)
{
  gtk_widget_activate_action (GTK_WIDGET (terminal), "win.open-page", "(sms)", link, NULL);
}

static void
primary_pressed_cb (GtkGestureClick *gesture, int n_press, double x, double y, gpointer user_data)
{
  VteTerminal *terminal = VTE_TERMINAL (user_data);
  GdkModifierType state =
    gtk_event_controller_get_current_event_state (GTK_EVENT_CONTROLLER (gesture));
  g_autofree char *link = (state & GDK_CONTROL_MASK) != 0 ? dup_link_at (terminal, x, y) : NULL;

  if (link == NULL)
    return;

  gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
  open_link (terminal, link);
}

/* Instead of VTE's own pasting, which asks nobody. */
static void
middle_pressed_cb (GtkGestureClick *gesture, int n_press, double x, double y, gpointer user_data)
{
  VteTerminal *terminal = VTE_TERMINAL (user_data);

  gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
  lab_paste_from_clipboard (terminal, gtk_widget_get_primary_clipboard (GTK_WIDGET (terminal)));
}

static GMenuModel *
new_model (const char *link)
{
  GMenu *menu = g_menu_new ();

  if (link != NULL) {
    g_autoptr (GMenu) section = g_menu_new ();
    g_autoptr (GMenuItem) open = g_menu_item_new (_ ("_Open link"), NULL);
    g_autoptr (GMenuItem) copy = g_menu_item_new (_ ("Copy _link"), NULL);

    g_menu_item_set_action_and_target (open, "win.open-page", "(sms)", link, NULL);
    g_menu_item_set_action_and_target (copy, "win.copy", "s", link);
    g_menu_append_item (section, open);
    g_menu_append_item (section, copy);
    g_menu_append_section (menu, NULL, G_MENU_MODEL (section));
  }
  g_menu_append (menu, _ ("_Copy"), "terminal.copy");
  g_menu_append (menu, _ ("_Paste"), "terminal.paste");
  g_menu_append (menu, _ ("Select _all"), "terminal.select-all");

  return G_MENU_MODEL (menu);
}

static void
show_menu (GtkPopover *popover, VteTerminal *terminal, double x, double y)
{
  g_autofree char *link = dup_link_at (terminal, x, y);
  g_autoptr (GMenuModel) model = new_model (link);

  gtk_popover_menu_set_menu_model (GTK_POPOVER_MENU (popover), model);
  gtk_popover_set_pointing_to (popover, &(GdkRectangle){ (int)x, (int)y, 1, 1 });
  gtk_popover_popup (popover);
}

static void
secondary_pressed_cb (GtkGestureClick *gesture, int n_press, double x, double y, gpointer user_data)
{
  GtkWidget *terminal = gtk_event_controller_get_widget (GTK_EVENT_CONTROLLER (gesture));

  gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
  show_menu (GTK_POPOVER (user_data), VTE_TERMINAL (terminal), x, y);
}

static gboolean
key_cb (GtkWidget *terminal, GVariant *arguments, gpointer user_data)
{
  show_menu (GTK_POPOVER (user_data), VTE_TERMINAL (terminal),
             gtk_widget_get_width (terminal) / 2.0, gtk_widget_get_height (terminal) / 2.0);

  return TRUE;
}

static void
add_gesture (VteTerminal *terminal, guint button, GCallback pressed, gpointer user_data)
{
  GtkGesture *gesture = gtk_gesture_click_new ();

  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (gesture), button);
  gtk_event_controller_set_propagation_phase (GTK_EVENT_CONTROLLER (gesture), GTK_PHASE_CAPTURE);
  g_signal_connect_object (gesture, "pressed", pressed, user_data, 0);
  gtk_widget_add_controller (GTK_WIDGET (terminal), GTK_EVENT_CONTROLLER (gesture));
}

static void
add_link_pattern (VteTerminal *terminal)
{
  g_autoptr (GError) error = NULL;
  VteRegex *regex =
    vte_regex_new_for_match (LINK, -1, PCRE2_UTF | PCRE2_NO_UTF_CHECK | PCRE2_MULTILINE, &error);
  int tag;

  g_assert_no_error (error);
  tag = vte_terminal_match_add_regex (terminal, regex, 0);
  vte_terminal_match_set_cursor_name (terminal, tag, "pointer");
  vte_regex_unref (regex);
}

/**
 * lab_terminal_menu_attach:
 * @terminal: with the actions "terminal.copy", "terminal.paste" and "terminal.select-all"
 *
 * Gives it a menu, makes web addresses in it links for Ctrl and a click, and lets its middle button
 * ask before it pastes.
 *
 * Returns: (transfer none): the menu, a popover to be presented where @terminal is allocated its
 *   size, and unparented when it is disposed of
 */
GtkWidget *
lab_terminal_menu_attach (VteTerminal *terminal)
{
  GtkWidget *popover;
  GtkEventController *keys;
  GtkShortcutTrigger *trigger;

  g_return_val_if_fail (VTE_IS_TERMINAL (terminal), NULL);

  add_link_pattern (terminal);
  popover = gtk_popover_menu_new_from_model (NULL);
  gtk_popover_set_has_arrow (GTK_POPOVER (popover), FALSE);
  gtk_widget_set_halign (popover, GTK_ALIGN_START);
  gtk_widget_set_parent (popover, GTK_WIDGET (terminal));

  add_gesture (terminal, GDK_BUTTON_PRIMARY, G_CALLBACK (primary_pressed_cb), terminal);
  add_gesture (terminal, GDK_BUTTON_MIDDLE, G_CALLBACK (middle_pressed_cb), terminal);
  add_gesture (terminal, GDK_BUTTON_SECONDARY, G_CALLBACK (secondary_pressed_cb), popover);

  keys = gtk_shortcut_controller_new ();
  trigger = gtk_alternative_trigger_new (gtk_keyval_trigger_new (GDK_KEY_Menu, 0),
                                         gtk_keyval_trigger_new (GDK_KEY_F10, GDK_SHIFT_MASK));
  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  gtk_shortcut_controller_add_shortcut (
    GTK_SHORTCUT_CONTROLLER (keys),
    gtk_shortcut_new (trigger, gtk_callback_action_new (key_cb, popover, NULL)));
  gtk_widget_add_controller (GTK_WIDGET (terminal), keys);

  return popover;
}
