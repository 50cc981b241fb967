/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "test-wait.h"

G_BEGIN_DECLS

/* libadwaita 1.7 measures the heading of its own AdwMessageDialog for less than it needs, whatever
 * is in it, and GTK 4.18 complains of that: not ours to mend. The message names the label. */
static inline gboolean
lab_test_is_of_dialog (const char *message)
{
  static const char begin[] = "Trying to measure GtkLabel ";
  gpointer label;

  if (!g_str_has_prefix (message, begin))
    return FALSE;
  label = GSIZE_TO_POINTER (g_ascii_strtoull (message + strlen (begin), NULL, 16));

  return gtk_widget_get_ancestor (label, ADW_TYPE_MESSAGE_DIALOG) != NULL;
}

static inline GLogWriterOutput
lab_test_write_log (GLogLevelFlags level, const GLogField *fields, gsize n_fields, gpointer data)
{
  for (gsize i = 0; i < n_fields; i++) {
    if (g_str_equal (fields[i].key, "MESSAGE") && lab_test_is_of_dialog (fields[i].value))
      return G_LOG_WRITER_HANDLED;
  }

  return g_log_writer_default (level, fields, n_fields, data);
}

/* Starts GTK where there is a display; where there is none, the whole program is skipped. */
static inline gboolean
lab_test_init (int *argc, char ***argv)
{
  g_test_init (argc, argv, NULL);
  if (!gtk_init_check ()) {
    g_print ("1..0 # SKIP no display\n");
    return FALSE;
  }
  adw_init ();
  g_log_set_writer_func (lab_test_write_log, NULL, NULL);

  return TRUE;
}

static inline gboolean
lab_test_is_drawn (gpointer data)
{
  return gtk_widget_get_mapped (data) && gtk_widget_get_width (data) > 0;
}

/* Shows @widget in a window of its own. */
static inline GtkWindow *
lab_test_show (GtkWidget *widget)
{
  GtkWindow *window = GTK_WINDOW (gtk_window_new ());

  gtk_window_set_default_size (window, 600, 500);
  gtk_window_set_child (window, widget);
  gtk_window_present (window);
  test_wait_until (lab_test_is_drawn, widget, 20, "the window to be drawn");

  return window;
}

/* The first descendant of @widget of @type whose text is @text (any, where %NULL). */
static inline GtkWidget *
lab_test_find (GtkWidget *widget, GType type, const char *text)
{
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child)) {
    GtkWidget *found;

    if (g_type_is_a (G_OBJECT_TYPE (child), type)) {
      g_autofree char *label = NULL;

      if (text != NULL)
        g_object_get (child, "label", &label, NULL);
      if (g_strcmp0 (label, text) == 0)
        return child;
    }
    found = lab_test_find (child, type, text);
    if (found != NULL)
      return found;
  }

  return NULL;
}

G_END_DECLS
