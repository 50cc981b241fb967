/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "test-wait.h"

G_BEGIN_DECLS

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
