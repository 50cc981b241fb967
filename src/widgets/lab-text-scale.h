/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define LAB_TEXT_SCALE_MIN 0.5
#define LAB_TEXT_SCALE_MAX 3.0

/* The size of all text on a display, terminal and symbols included. Property "scale" (1.0: the
 * desktop's own). */
#define LAB_TYPE_TEXT_SCALE (lab_text_scale_get_type ())
G_DECLARE_FINAL_TYPE (LabTextScale, lab_text_scale, LAB, TEXT_SCALE, GObject)

LabTextScale *lab_text_scale_new (GdkDisplay *display);
double lab_text_scale_get_scale (LabTextScale *self);
void lab_text_scale_set_scale (LabTextScale *self, double scale);
void lab_text_scale_step (LabTextScale *self, int by);

G_END_DECLS
