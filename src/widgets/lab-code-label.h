/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* A label lays all of its lines out at once, and its time grows faster than they do: of what is not
 * run, no more is shown at once. */
#define LAB_CODE_LABEL_BYTES (4 * 1024)

/* Code to read: monospace, selectable, coloured for the present style. */
#define LAB_TYPE_CODE_LABEL (lab_code_label_get_type ())
G_DECLARE_FINAL_TYPE (LabCodeLabel, lab_code_label, LAB, CODE_LABEL, GtkWidget)

GtkWidget *lab_code_label_new (void);
void lab_code_label_set_wrap (LabCodeLabel *self, gboolean wrap);
void lab_code_label_set_code (LabCodeLabel *self, const char *code, const char *language);

G_END_DECLS
