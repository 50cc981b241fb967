/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Masks what looks like a credential in a terminal's output, for a screen that others see. Signal
 * "output" (GBytes): what may be shown. */
#define LAB_TYPE_SCREEN_MASK (lab_screen_mask_get_type ())
G_DECLARE_FINAL_TYPE (LabScreenMask, lab_screen_mask, LAB, SCREEN_MASK, GObject)

LabScreenMask *lab_screen_mask_new (void);
void lab_screen_mask_push (LabScreenMask *self, GBytes *bytes);
void lab_screen_mask_flush (LabScreenMask *self);

G_END_DECLS
