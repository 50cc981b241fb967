/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Code to read: monospace, selectable, coloured for the present style. */
#define LAB_TYPE_CODE_LABEL (lab_code_label_get_type ())
G_DECLARE_FINAL_TYPE (LabCodeLabel, lab_code_label, LAB, CODE_LABEL, GtkWidget)

GtkWidget *lab_code_label_new (void);
void lab_code_label_set_wrap (LabCodeLabel *self, gboolean wrap);
void lab_code_label_set_code (LabCodeLabel *self, const char *code, const char *language);
const char *lab_code_label_get_shown (LabCodeLabel *self);

G_END_DECLS
