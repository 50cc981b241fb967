/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lab-palette.h"

/* The terminal's colours, near Adwaita's. On a light background the usual bright ones cannot be
 * read, so that each of these has at least 4.5:1 against its background, and 7:1 for projectors;
 * the first ("black") of the dark and the "white" ones of the light style are mostly backgrounds,
 * yet text too. */

static const struct {
  const char *foreground;
  const char *background;
  const char *colors[LAB_PALETTE_SIZE];
} palettes[] = {
  [LAB_PALETTE_LIGHT] = {
    "#1e1e1e", "#ffffff",
    { "#241f31", "#a51d2d", "#17692f", "#7a5200", "#1a5fb4", "#813d9c", "#0f6674", "#6a696e",
      "#5e5c64", "#c01c28", "#1f7a3a", "#8a5d00", "#1c66c8", "#9141ac", "#137384", "#3d3846" },
  },
  [LAB_PALETTE_DARK] = {
    "#ffffff", "#1e1e1e",
    { "#908e96", "#ff7b84", "#57e389", "#f5c211", "#78aeed", "#dc8add", "#33c7de", "#c0bfbc",
      "#a3a1a9", "#ff938c", "#8ff0a4", "#f8e45c", "#99c1f1", "#e3a6f0", "#93ddec", "#f6f5f4" },
  },
  [LAB_PALETTE_PRESENT] = {
    "#000000", "#ffffff",
    { "#000000", "#8f1520", "#0b5a2b", "#5f4200", "#114a93", "#6a2a80", "#0a525e", "#4f4e53",
      "#3d3846", "#951821", "#0c5e2d", "#644500", "#124f9c", "#712e88", "#0b5663", "#241f31" },
  },
};

/**
 * lab_palette_load:
 * @self: (out caller-allocates): where the colours go
 * @style: which ones
 */
void
lab_palette_load (LabPalette *self, LabPaletteStyle style)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (style < G_N_ELEMENTS (palettes));

  gdk_rgba_parse (&self->foreground, palettes[style].foreground);
  gdk_rgba_parse (&self->background, palettes[style].background);
  for (gsize i = 0; i < LAB_PALETTE_SIZE; i++)
    gdk_rgba_parse (&self->colors[i], palettes[style].colors[i]);
}
