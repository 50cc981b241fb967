/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "lab-display.h"

G_BEGIN_DECLS

/* A window's main menu, and the dialogs that it leads to. */

/* (nullable) */
static inline GtkWidget *
lab_menu_find_button (GtkWidget *widget)
{
  GtkWidget *button = NULL;

  if (GTK_IS_MENU_BUTTON (widget) && gtk_menu_button_get_primary (GTK_MENU_BUTTON (widget)))
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && button == NULL;
       child = gtk_widget_get_next_sibling (child))
    button = lab_menu_find_button (child);

  return button;
}

static inline GtkWidget *
lab_menu_find_item (gpointer data)
{
  GtkWidget *menu = lab_test_find (lab_menu_find_button (data), GTK_TYPE_POPOVER_MENU, NULL);
  const char *text = g_object_get_data (data, "item");
  GtkWidget *label = menu != NULL ? lab_test_find (menu, GTK_TYPE_LABEL, text) : NULL;

  return label != NULL ? gtk_widget_get_ancestor (label, g_type_from_name ("GtkModelButton"))
                       : NULL;
}

static inline gboolean
lab_menu_is_item_drawn (gpointer data)
{
  GtkWidget *item = lab_menu_find_item (data);

  return item != NULL && lab_test_is_drawn (item);
}

/* Opens the menu, then the submenu, and clicks an item. */
static inline void
lab_menu_click (GtkWidget *window, const char *submenu, const char *item)
{
  const char *const texts[] = { submenu, item };
  GtkWidget *button = lab_menu_find_button (window);

  g_assert_nonnull (button);
  gtk_menu_button_popup (GTK_MENU_BUTTON (button));
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++) {
    if (texts[i] == NULL)
      continue;
    g_object_set_data (G_OBJECT (window), "item", (gpointer)texts[i]);
    test_wait_until (lab_menu_is_item_drawn, window, 20, texts[i]);
    g_signal_emit_by_name (lab_menu_find_item (window), "clicked");
  }
}

/* (nullable): the dialog of @type that is on the screen */
static inline GtkWidget *
lab_menu_find_dialog (GType type)
{
  GListModel *windows = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (windows); i++) {
    g_autoptr (GtkWidget) window = g_list_model_get_item (windows, i);

    if (g_type_is_a (G_OBJECT_TYPE (window), type) && lab_test_is_drawn (window))
      return window;
  }

  return NULL;
}

static inline gboolean
lab_menu_has_dialog (gpointer type)
{
  return lab_menu_find_dialog (GPOINTER_TO_SIZE (type)) != NULL;
}

static inline gboolean
lab_menu_has_no_dialog (gpointer type)
{
  return !lab_menu_has_dialog (type);
}

/* Where a file chooser is to be. */
typedef struct {
  GtkFileChooser *chooser;
  GFile *folder;
} LabMenuFolder;

static inline gboolean
lab_menu_is_in_folder (gpointer data)
{
  LabMenuFolder *self = data;
  g_autoptr (GFile) folder = gtk_file_chooser_get_current_folder (self->chooser);

  return folder != NULL && g_file_equal (folder, self->folder);
}

/* Waits for the file chooser, and saves in it under @name in @path. */
static inline void
lab_menu_save_as (const char *path, const char *name)
{
  const gpointer type = GSIZE_TO_POINTER (GTK_TYPE_FILE_CHOOSER_DIALOG);
  g_autoptr (GFile) folder = g_file_new_for_path (path);
  LabMenuFolder where = { .folder = folder };
  GtkWidget *dialog;

  test_wait_until (lab_menu_has_dialog, type, 20, "the file chooser");
  dialog = lab_menu_find_dialog (GTK_TYPE_FILE_CHOOSER_DIALOG);
  where.chooser = GTK_FILE_CHOOSER (dialog);
  gtk_file_chooser_set_current_folder (where.chooser, folder, NULL);
  test_wait_until (lab_menu_is_in_folder, &where, 20, "the folder");
  gtk_file_chooser_set_current_name (where.chooser, name);
  gtk_dialog_response (GTK_DIALOG (dialog), GTK_RESPONSE_ACCEPT);
  test_wait_until (lab_menu_has_no_dialog, type, 20, "the file chooser to close");
}

static inline gboolean
lab_menu_has_toast (gpointer data)
{
  return lab_test_find (data, GTK_TYPE_LABEL, g_object_get_data (data, "toast")) != NULL;
}

static inline void
lab_menu_wait_for_toast (GtkWidget *window, const char *text)
{
  g_object_set_data (G_OBJECT (window), "toast", (gpointer)text);
  test_wait_until (lab_menu_has_toast, window, 20, text);
}

/* Waits for the message, and closes it. */
static inline void
lab_menu_wait_for_message (const char *heading, const char *part)
{
  const gpointer type = GSIZE_TO_POINTER (ADW_TYPE_MESSAGE_DIALOG);
  AdwMessageDialog *dialog;

  test_wait_until (lab_menu_has_dialog, type, 20, "the message");
  dialog = ADW_MESSAGE_DIALOG (lab_menu_find_dialog (ADW_TYPE_MESSAGE_DIALOG));
  g_assert_cmpstr (adw_message_dialog_get_heading (dialog), ==, heading);
  g_assert_nonnull (strstr (adw_message_dialog_get_body (dialog), part));
  gtk_window_close (GTK_WINDOW (dialog));
  test_wait_until (lab_menu_has_no_dialog, type, 20, "the message to close");
}

G_END_DECLS
