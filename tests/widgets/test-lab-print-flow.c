/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lab-print-flow.h"

#include <string.h>

#define WIDTH 300
#define HEIGHT 400

static const LabPrintStyle text_style = { .size = 10, .before = 5 };
static const LabPrintStyle heading_style = { .size = 14, .before = 5, .bold = TRUE, .keep = TRUE };
static const LabPrintStyle code_style = { .size = 9, .monospace = TRUE, .framed = TRUE };

static LabPrintFlow *
new_flow (const char *footer)
{
  PangoContext *context = pango_font_map_create_context (pango_cairo_font_map_get_default ());
  LabPrintFlow *flow;

  pango_cairo_context_set_resolution (context, 72);
  flow = lab_print_flow_new (context, WIDTH, HEIGHT, footer);
  g_clear_object (&context);

  return flow;
}

/* Where there is something on a page. */
typedef struct {
  int top; /* HEIGHT + 1: nowhere */
  int bottom;
  gboolean outside; /* of the page's edges */
} Ink;

/* The page in the middle of a larger, white picture. */
static Ink
find_ink (LabPrintFlow *flow, guint page)
{
  const int margin = 20;
  cairo_surface_t *surface =
    cairo_image_surface_create (CAIRO_FORMAT_RGB24, WIDTH + 2 * margin, HEIGHT + 2 * margin);
  cairo_t *cairo = cairo_create (surface);
  Ink ink = { .top = HEIGHT + 1, .bottom = -1 };

  cairo_set_source_rgb (cairo, 1, 1, 1);
  cairo_paint (cairo);
  cairo_translate (cairo, margin, margin);
  lab_print_flow_draw_page (flow, cairo, page);
  cairo_surface_flush (surface);
  for (int y = 0; y < HEIGHT + 2 * margin; y++) {
    const guint32 *row = (const guint32 *)(gpointer)(cairo_image_surface_get_data (surface) +
                                                     y * cairo_image_surface_get_stride (surface));

    for (int x = 0; x < WIDTH + 2 * margin; x++) {
      if ((row[x] & 0xffffff) == 0xffffff)
        continue;
      ink.top = MIN (ink.top, y - margin);
      ink.bottom = MAX (ink.bottom, y - margin);
      if (x < margin - 1 || x > margin + WIDTH || y < margin - 1 || y > margin + HEIGHT)
        ink.outside = TRUE;
    }
  }
  cairo_destroy (cairo);
  cairo_surface_destroy (surface);

  return ink;
}

static void
test_empty (void)
{
  g_autoptr (LabPrintFlow) flow = new_flow (NULL);

  lab_print_flow_begin_page (flow);
  g_assert_cmpuint (lab_print_flow_get_n_pages (flow), ==, 1);
  g_assert_cmpint (find_ink (flow, 0).bottom, ==, -1);
}

/* A text goes on between two lines, and nothing leaves a page. */
static void
test_long_text (void)
{
  g_autoptr (LabPrintFlow) flow = new_flow ("A footer that is much too long for half a page");
  GString *code = g_string_new (NULL);

  for (guint i = 0; i < 100; i++)
    g_string_append_printf (code, "kubectl get pods --namespace number-%u --output wide\n", i);
  lab_print_flow_add_text (flow, code->str, NULL, &code_style);
  g_assert_cmpuint (lab_print_flow_get_n_pages (flow), >, 2);
  for (guint i = 0; i < lab_print_flow_get_n_pages (flow); i++) {
    Ink ink = find_ink (flow, i);

    g_assert_cmpint (ink.top, <, 20);
    g_assert_cmpint (ink.bottom, >, HEIGHT - 20);
    g_assert_false (ink.outside);
  }
  g_string_free (code, TRUE);
}

/* The room that a page leaves for a heading does not do without what follows. */
static void
test_heading (void)
{
  g_autoptr (LabPrintFlow) flow = new_flow (NULL);

  while (find_ink (flow, 0).bottom < HEIGHT - 50)
    lab_print_flow_add_markup (flow, "1.", "a <b>line</b>", &text_style);
  g_assert_cmpuint (lab_print_flow_get_n_pages (flow), ==, 1);
  lab_print_flow_add_text (flow, "Heading", NULL, &heading_style);
  g_assert_cmpuint (lab_print_flow_get_n_pages (flow), ==, 2);
  g_assert_cmpint (find_ink (flow, 1).top, <, 20);
}

/* One that is larger than a page is made smaller; one that does not fit any more begins a page. */
static void
test_picture (void)
{
  g_autoptr (LabPrintFlow) flow = new_flow (NULL);
  g_autoptr (GdkPixbuf) picture = gdk_pixbuf_new (GDK_COLORSPACE_RGB, FALSE, 8, 100, 400);
  Ink ink;

  gdk_pixbuf_fill (picture, 0x000000ff);
  lab_print_flow_add_markup (flow, NULL, "a line", &text_style);
  lab_print_flow_add_picture (flow, picture, 1000);
  g_assert_cmpuint (lab_print_flow_get_n_pages (flow), ==, 2);
  ink = find_ink (flow, 1);
  g_assert_false (ink.outside);
  g_assert_cmpint (ink.top, ==, 0);
  g_assert_cmpint (ink.bottom, >=, HEIGHT - 2);
}

static void
test_row (void)
{
  static const char *const cells[] = { "one", "<b>two</b> is a longer text of a cell", "three",
                                       NULL };
  static const char *const none[] = { NULL };
  g_autoptr (LabPrintFlow) flow = new_flow (NULL);

  lab_print_flow_add_row (flow, none, &text_style);
  g_assert_cmpint (find_ink (flow, 0).bottom, ==, -1);
  for (guint i = 0; i < 40; i++)
    lab_print_flow_add_row (flow, cells, &text_style);
  lab_print_flow_add_rule (flow);
  g_assert_cmpuint (lab_print_flow_get_n_pages (flow), >, 1);
  for (guint i = 0; i < lab_print_flow_get_n_pages (flow); i++)
    g_assert_false (find_ink (flow, i).outside);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/lab/print-flow/empty", test_empty);
  g_test_add_func ("/lab/print-flow/long-text", test_long_text);
  g_test_add_func ("/lab/print-flow/heading", test_heading);
  g_test_add_func ("/lab/print-flow/picture", test_picture);
  g_test_add_func ("/lab/print-flow/row", test_row);

  return g_test_run ();
}
