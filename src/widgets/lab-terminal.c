/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lab-terminal.h"

#include <adwaita.h>
#include <glib/gi18n-lib.h>

#include "lab-palette.h"
#include "lab-paste.h"
#include "lab-screen-mask.h"
#include "lab-terminal-menu.h"

#define SCROLLBACK_LINES 10000

/* Bytes that may be fed between two frames; more would make the terminal lag behind the program
 * that prints them, and Ctrl+C with it. */
#define BYTES_A_FRAME (256 * 1024)

struct _LabTerminal {
  VteTerminal parent_instance;

  SessionPty *pty; /* (nullable) */
  GSignalGroup *pty_signals;
  LabScreenMask *mask; /* (nullable): while presenting */
  gsize fed;           /* bytes since the last frame */
  guint tick;          /* 0: none */
  gboolean paused;
  gboolean settled; /* what it was given to show is on its screen */
  GtkWidget *menu;
};

G_DEFINE_FINAL_TYPE (LabTerminal, lab_terminal, VTE_TYPE_TERMINAL)

enum {
  TYPED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
set_paused (LabTerminal *self, gboolean paused)
{
  if (self->paused == paused)
    return;

  self->paused = paused;
  if (self->pty != NULL)
    session_pty_set_paused (self->pty, paused);
}

static gboolean
tick_cb (GtkWidget *widget, GdkFrameClock *frame_clock, gpointer user_data)
{
  LabTerminal *self = LAB_TERMINAL (widget);

  self->tick = 0;
  self->fed = 0;
  set_paused (self, FALSE);

  return G_SOURCE_REMOVE;
}

static void
feed (LabTerminal *self, GBytes *bytes)
{
  gsize size;
  const char *data = g_bytes_get_data (bytes, &size);

  vte_terminal_feed (VTE_TERMINAL (self), data, (gssize)size);
  self->fed += size;
  if (self->tick == 0 && gtk_widget_get_mapped (GTK_WIDGET (self)))
    self->tick = gtk_widget_add_tick_callback (GTK_WIDGET (self), tick_cb, NULL, NULL);
  if (self->fed > BYTES_A_FRAME && self->tick != 0)
    set_paused (self, TRUE);
}

static void
output_cb (LabTerminal *self, GBytes *bytes)
{
  if (self->mask != NULL)
    lab_screen_mask_push (self->mask, bytes);
  else
    feed (self, bytes);
}

/* What a terminal says by itself: where its cursor is, what it is, its focus, its mouse, colours
 * (https://invisible-island.net/xterm/ctlseqs/ctlseqs.html). All else is somebody's keys. */
static gboolean
is_report (const char *text, guint size)
{
  if (size < 2 || text[0] != '\033')
    return FALSE;
  if (text[1] == 'P' || text[1] == ']')
    return size > 2;
  if (text[1] != '[' || size < 3)
    return FALSE;
  return (size > 3 && text[2] == 'M') || strchr ("RcnxtyIOMm", text[size - 1]) != NULL;
}

static void
commit_cb (VteTerminal *terminal, const char *text, guint size, gpointer user_data)
{
  LabTerminal *self = LAB_TERMINAL (terminal);

  if (self->pty != NULL && session_pty_get_alive (self->pty))
    session_pty_write (self->pty, text, size);
  if (!is_report (text, size))
    g_signal_emit (self, signals[TYPED], 0);
}

static void
update_colors (LabTerminal *self)
{
  gboolean dark = adw_style_manager_get_dark (adw_style_manager_get_default ());
  LabPalette palette;

  lab_palette_load (&palette, dark                 ? LAB_PALETTE_DARK
                              : self->mask != NULL ? LAB_PALETTE_PRESENT
                                                   : LAB_PALETTE_LIGHT);
  vte_terminal_set_colors (VTE_TERMINAL (self), &palette.foreground, &palette.background,
                           palette.colors, LAB_PALETTE_SIZE);
}

/* All text is made larger or smaller by its resolution; VTE measures its font anew only when the
 * font changes. */
static void
resolution_cb (LabTerminal *self)
{
  g_autoptr (PangoFontDescription) other = pango_font_description_from_string ("Monospace 1");

  vte_terminal_set_font (VTE_TERMINAL (self), other);
  vte_terminal_set_font (VTE_TERMINAL (self), NULL);
}

static void
copy_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  vte_terminal_copy_clipboard_format (VTE_TERMINAL (widget), VTE_FORMAT_TEXT);
}

static void
paste_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  lab_paste_from_clipboard (VTE_TERMINAL (widget), gtk_widget_get_clipboard (widget));
}

static void
select_all_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  vte_terminal_select_all (VTE_TERMINAL (widget));
}

static void
selection_changed_cb (VteTerminal *terminal, gpointer user_data)
{
  gtk_widget_action_set_enabled (GTK_WIDGET (terminal), "terminal.copy",
                                 vte_terminal_get_has_selection (terminal));
}

static void
contents_changed_cb (VteTerminal *terminal, gpointer user_data)
{
  LAB_TERMINAL (terminal)->settled = TRUE;
}

static void
lab_terminal_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  LabTerminal *self = LAB_TERMINAL (widget);
  long columns, rows;

  GTK_WIDGET_CLASS (lab_terminal_parent_class)->size_allocate (widget, width, height, baseline);

  gtk_popover_present (GTK_POPOVER (self->menu));
  columns = vte_terminal_get_column_count (VTE_TERMINAL (self));
  rows = vte_terminal_get_row_count (VTE_TERMINAL (self));
  if (self->pty != NULL && columns > 0 && rows > 0)
    session_pty_set_size (self->pty, (guint)columns, (guint)rows);
}

static void
lab_terminal_unmap (GtkWidget *widget)
{
  LabTerminal *self = LAB_TERMINAL (widget);

  if (self->tick != 0)
    gtk_widget_remove_tick_callback (widget, self->tick);
  self->tick = 0;
  self->fed = 0;
  set_paused (self, FALSE);

  GTK_WIDGET_CLASS (lab_terminal_parent_class)->unmap (widget);
}

static void
lab_terminal_dispose (GObject *object)
{
  LabTerminal *self = LAB_TERMINAL (object);

  g_clear_pointer (&self->menu, gtk_widget_unparent);
  g_clear_object (&self->pty_signals);
  g_clear_object (&self->pty);
  g_clear_object (&self->mask);

  G_OBJECT_CLASS (lab_terminal_parent_class)->dispose (object);
}

static void
install_actions (GtkWidgetClass *widget_class)
{
  const GdkModifierType modifiers = GDK_CONTROL_MASK | GDK_SHIFT_MASK;

  gtk_widget_class_install_action (widget_class, "terminal.copy", NULL, copy_action);
  gtk_widget_class_install_action (widget_class, "terminal.paste", NULL, paste_action);
  gtk_widget_class_install_action (widget_class, "terminal.select-all", NULL, select_all_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_c, modifiers, "terminal.copy", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_v, modifiers, "terminal.paste", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_a, modifiers, "terminal.select-all",
                                       NULL);
}

static void
lab_terminal_class_init (LabTerminalClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lab_terminal_dispose;
  widget_class->size_allocate = lab_terminal_size_allocate;
  widget_class->unmap = lab_terminal_unmap;

  signals[TYPED] = g_signal_new ("typed", LAB_TYPE_TERMINAL, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                 G_TYPE_NONE, 0);

  install_actions (widget_class);
}

static void
lab_terminal_init (LabTerminal *self)
{
  VteTerminal *terminal = VTE_TERMINAL (self);

  self->pty_signals = g_signal_group_new (SESSION_TYPE_PTY);
  g_signal_group_connect_swapped (self->pty_signals, "output", G_CALLBACK (output_cb), self);

  vte_terminal_set_scrollback_lines (terminal, SCROLLBACK_LINES);
  vte_terminal_set_scroll_on_keystroke (terminal, TRUE);
  vte_terminal_set_scroll_on_output (terminal, FALSE);
  vte_terminal_set_audible_bell (terminal, FALSE);
  vte_terminal_set_mouse_autohide (terminal, TRUE);
  vte_terminal_set_allow_hyperlink (terminal, FALSE);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "terminal.copy", FALSE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Terminal"), -1);

  g_signal_connect_object (self, "commit", G_CALLBACK (commit_cb), self, 0);
  g_signal_connect_object (self, "contents-changed", G_CALLBACK (contents_changed_cb), self, 0);
  g_signal_connect_object (self, "selection-changed", G_CALLBACK (selection_changed_cb), self, 0);
  g_signal_connect_object (adw_style_manager_get_default (), "notify::dark",
                           G_CALLBACK (update_colors), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (gtk_widget_get_settings (GTK_WIDGET (self)), "notify::gtk-xft-dpi",
                           G_CALLBACK (resolution_cb), self, G_CONNECT_SWAPPED);
  self->settled = TRUE;
  self->menu = lab_terminal_menu_attach (terminal);
  update_colors (self);
}

/**
 * lab_terminal_new:
 *
 * Returns: (transfer floating): a terminal with nobody behind it
 */
GtkWidget *
lab_terminal_new (void)
{
  return g_object_new (LAB_TYPE_TERMINAL, NULL);
}

/**
 * lab_terminal_set_pty:
 * @self: a terminal
 * @pty: (nullable): whose output to show, on a cleared screen
 */
void
lab_terminal_set_pty (LabTerminal *self, SessionPty *pty)
{
  g_return_if_fail (LAB_IS_TERMINAL (self));
  g_return_if_fail (pty == NULL || SESSION_IS_PTY (pty));

  if (self->pty == pty)
    return;

  set_paused (self, FALSE);
  g_set_object (&self->pty, pty);
  g_signal_group_set_target (self->pty_signals, pty);
  if (pty != NULL)
    vte_terminal_reset (VTE_TERMINAL (self), TRUE, TRUE);
}

/**
 * lab_terminal_show:
 * @self: a terminal with nobody behind it
 * @screen: what another one shows, with escape sequences
 */
void
lab_terminal_show (LabTerminal *self, const char *screen)
{
  g_return_if_fail (LAB_IS_TERMINAL (self));
  g_return_if_fail (self->pty == NULL);
  g_return_if_fail (screen != NULL);

  if (*screen == '\0')
    return;

  self->settled = FALSE;
  vte_terminal_feed (VTE_TERMINAL (self), screen, -1);
}

/**
 * lab_terminal_get_settled:
 * @self: a terminal
 *
 * Returns: whether what lab_terminal_show() was given is on its screen
 */
gboolean
lab_terminal_get_settled (LabTerminal *self)
{
  g_return_val_if_fail (LAB_IS_TERMINAL (self), FALSE);

  return self->settled;
}

/**
 * lab_terminal_set_presenting:
 * @self: a terminal
 * @presenting: whether others look on: colours for a projector, credentials masked
 */
void
lab_terminal_set_presenting (LabTerminal *self, gboolean presenting)
{
  g_return_if_fail (LAB_IS_TERMINAL (self));

  if (presenting == (self->mask != NULL))
    return;

  if (presenting) {
    self->mask = lab_screen_mask_new ();
    g_signal_connect_object (self->mask, "output", G_CALLBACK (feed), self, G_CONNECT_SWAPPED);
  } else {
    lab_screen_mask_flush (self->mask);
    g_clear_object (&self->mask);
  }
  update_colors (self);
}

/**
 * lab_terminal_get_presenting:
 * @self: a terminal
 *
 * Returns: whether credentials are masked
 */
gboolean
lab_terminal_get_presenting (LabTerminal *self)
{
  g_return_val_if_fail (LAB_IS_TERMINAL (self), FALSE);

  return self->mask != NULL;
}
