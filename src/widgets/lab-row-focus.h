/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

gboolean lab_row_focus_move (GtkWindow *window, GtkWidget *const *rows, guint n_rows, int step);

G_END_DECLS
