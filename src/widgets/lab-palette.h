/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gdk/gdk.h>

G_BEGIN_DECLS

#define LAB_PALETTE_SIZE 16

typedef enum {
  LAB_PALETTE_LIGHT,
  LAB_PALETTE_DARK,
  LAB_PALETTE_PRESENT, /* light, for a projector */
} LabPaletteStyle;

typedef struct {
  GdkRGBA foreground;
  GdkRGBA background;
  GdkRGBA colors[LAB_PALETTE_SIZE];
} LabPalette;

void lab_palette_load (LabPalette *self, LabPaletteStyle style);

G_END_DECLS
