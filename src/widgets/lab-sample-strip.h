/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "mesh-history.h"

G_BEGIN_DECLS

/* The last answers of one asker, in lines like text: a star or a cross for each, a bar under what
 * was slow, a flag where new settings apply. The arrow keys and the pointer choose one. Property
 * "chosen": its index in the history, -1: none. */
#define LAB_TYPE_SAMPLE_STRIP (lab_sample_strip_get_type ())
G_DECLARE_FINAL_TYPE (LabSampleStrip, lab_sample_strip, LAB, SAMPLE_STRIP, GtkWidget)

GtkWidget *lab_sample_strip_new (void);
void lab_sample_strip_set_history (LabSampleStrip *self, MeshHistory *history);
int lab_sample_strip_get_chosen (LabSampleStrip *self);

G_END_DECLS
