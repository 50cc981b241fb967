/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lab-star.h"

#include <math.h>

#define POINTS 5
/* Of a regular star, as on flags. */
#define INNER 0.42

static const GdkRGBA fallback_red = { 0.75f, 0.1f, 0.15f, 1.f };

/**
 * lab_star_of_answer:
 *
 * Returns: how @answer is drawn
 */
LabStar
lab_star_of_answer (const MeshAnswer *answer)
{
  if (mesh_answer_is_error (answer))
    return LAB_STAR_ERROR;
  switch (answer->stars) {
    case MESH_STARS_NONE:
      return LAB_STAR_NONE;
    case MESH_STARS_BLACK:
      return LAB_STAR_BLACK;
    case MESH_STARS_RED:
      return LAB_STAR_RED;
    case MESH_STARS_UNKNOWN:
    default:
      return LAB_STAR_UNKNOWN;
  }
}

/**
 * lab_star_of_version:
 * @version: of Bookinfo's reviews
 *
 * Returns: how its answers are drawn
 */
LabStar
lab_star_of_version (const char *version)
{
  if (g_str_equal (version, "v1"))
    return LAB_STAR_NONE;
  if (g_str_equal (version, "v2"))
    return LAB_STAR_BLACK;
  return g_str_equal (version, "v3") ? LAB_STAR_RED : LAB_STAR_UNKNOWN;
}

/**
 * lab_star_load_colors:
 * @widget: on whose background it will be seen
 * @colors: (out caller-allocates)
 *
 * Those of the theme as it is: light, dark or with high contrast.
 */
void
lab_star_load_colors (GtkWidget *widget, LabStarColors *colors)
{
  GtkStyleContext *context = gtk_widget_get_style_context (widget);

  gtk_style_context_get_color (context, &colors->foreground);
  if (!gtk_style_context_lookup_color (context, "error_color", &colors->red))
    colors->red = fallback_red;
}

static void
trace_star (cairo_t *cr, double radius)
{
  for (guint i = 0; i < 2 * POINTS; i++) {
    double angle = i * G_PI / POINTS - G_PI_2;
    double distance = i % 2 == 0 ? radius : radius * INNER;

    cairo_line_to (cr, distance * cos (angle), distance * sin (angle));
  }
  cairo_close_path (cr);
}

static void
draw_cross (cairo_t *cr, double radius)
{
  cairo_move_to (cr, -radius, -radius);
  cairo_line_to (cr, radius, radius);
  cairo_move_to (cr, radius, -radius);
  cairo_line_to (cr, -radius, radius);
  cairo_stroke (cr);
}

/* In a square from -1 to 1. */
static void
draw (cairo_t *cr, LabStar star, const LabStarColors *colors)
{
  cairo_set_line_width (cr, 0.14);
  cairo_set_line_join (cr, CAIRO_LINE_JOIN_ROUND);
  cairo_set_line_cap (cr, CAIRO_LINE_CAP_ROUND);
  gdk_cairo_set_source_rgba (cr, &colors->foreground);
  switch (star) {
    case LAB_STAR_NONE:
      trace_star (cr, 0.86);
      cairo_stroke (cr);
      break;
    case LAB_STAR_BLACK:
      trace_star (cr, 0.98);
      cairo_fill (cr);
      break;
    case LAB_STAR_RED:
      gdk_cairo_set_source_rgba (cr, &colors->red);
      cairo_set_fill_rule (cr, CAIRO_FILL_RULE_EVEN_ODD);
      cairo_arc (cr, 0, 0, 0.94, 0, 2 * G_PI);
      cairo_new_sub_path (cr);
      trace_star (cr, 0.8);
      cairo_fill (cr);
      break;
    case LAB_STAR_ERROR:
      gdk_cairo_set_source_rgba (cr, &colors->red);
      cairo_set_line_width (cr, 0.34);
      draw_cross (cr, 0.6);
      break;
    case LAB_STAR_UNKNOWN:
    case LAB_N_STARS:
    default:
      cairo_arc (cr, 0, 0, 0.4, 0, 2 * G_PI);
      cairo_stroke (cr);
      break;
  }
}

/**
 * lab_star_new_texture:
 * @size: pixels of the display, each way
 *
 * Returns: (transfer full): drawn once, so that a frame only copies it
 */
GdkTexture *
lab_star_new_texture (LabStar star, const LabStarColors *colors, int size)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, size, size);
  cairo_t *cr = cairo_create (surface);
  int stride = cairo_image_surface_get_stride (surface);
  g_autoptr (GBytes) bytes = NULL;

  cairo_translate (cr, size / 2.0, size / 2.0);
  cairo_scale (cr, size / 2.0, size / 2.0);
  draw (cr, star, colors);
  cairo_destroy (cr);
  cairo_surface_flush (surface);
  bytes = g_bytes_new (cairo_image_surface_get_data (surface), (gsize)stride * (gsize)size);
  cairo_surface_destroy (surface);
  return gdk_memory_texture_new (size, size, GDK_MEMORY_DEFAULT, bytes, (gsize)stride);
}
