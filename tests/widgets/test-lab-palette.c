/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "lab-palette.h"

static double
linear (float value)
{
  return value <= 0.04045f ? value / 12.92 : pow ((value + 0.055) / 1.055, 2.4);
}

/* https://www.w3.org/TR/WCAG21/#dfn-contrast-ratio */
static double
contrast (const GdkRGBA *a, const GdkRGBA *b)
{
  double first = 0.2126 * linear (a->red) + 0.7152 * linear (a->green) + 0.0722 * linear (a->blue);
  double second = 0.2126 * linear (b->red) + 0.7152 * linear (b->green) + 0.0722 * linear (b->blue);

  return (MAX (first, second) + 0.05) / (MIN (first, second) + 0.05);
}

static void
assert_legible (LabPaletteStyle style, double ratio)
{
  LabPalette palette;

  lab_palette_load (&palette, style);
  g_assert_cmpfloat (contrast (&palette.foreground, &palette.background), >=, 7);
  for (gsize i = 0; i < LAB_PALETTE_SIZE; i++) {
    g_test_message ("style %d, colour %zu: %.1f", style, i,
                    contrast (&palette.colors[i], &palette.background));
    g_assert_cmpfloat (contrast (&palette.colors[i], &palette.background), >=, ratio);
  }
}

static void
test_light (void)
{
  assert_legible (LAB_PALETTE_LIGHT, 4.5);
}

static void
test_dark (void)
{
  assert_legible (LAB_PALETTE_DARK, 4.5);
}

static void
test_present (void)
{
  assert_legible (LAB_PALETTE_PRESENT, 7);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/lab/palette/light", test_light);
  g_test_add_func ("/lab/palette/dark", test_dark);
  g_test_add_func ("/lab/palette/present", test_present);

  return g_test_run ();
}
