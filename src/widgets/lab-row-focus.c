/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lab-row-focus.h"

/**
 * lab_row_focus_move:
 * @window: where the focus is
 * @rows: (array length=n_rows): of one or more lists, from top to bottom
 * @step: 1 or -1
 *
 * In a list Tab leaves the list, as if there were one field in each; this goes to the next row that
 * is seen.
 *
 * Returns: whether the focus was in one of @rows and is in another now
 */
gboolean
lab_row_focus_move (GtkWindow *window, GtkWidget *const *rows, guint n_rows, int step)
{
  GtkWidget *focus = gtk_window_get_focus (window);
  int n = (int)n_rows;
  int i = 0;

  if (focus == NULL || gtk_widget_get_ancestor (focus, GTK_TYPE_POPOVER) != NULL)
    return FALSE;
  while (i < n && focus != rows[i] && !gtk_widget_is_ancestor (focus, rows[i]))
    i++;
  if (i == n)
    return FALSE;
  for (i += step; i >= 0 && i < n; i += step) {
    if (gtk_widget_get_visible (rows[i]))
      return gtk_widget_grab_focus (rows[i]);
  }
  return FALSE;
}
