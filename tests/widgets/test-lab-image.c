/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gstdio.h>
#include <sys/stat.h>

#include "lab-display.h"
#include "lab-image.h"
#include "lab-picture.h"

static int
measure (GtkWidget *image, GtkOrientation orientation, int for_size)
{
  int natural;

  gtk_widget_measure (image, orientation, for_size, NULL, &natural, NULL, NULL);

  return natural;
}

static char *
write_file (const char *text, gsize length)
{
  g_autofree char *path = NULL;
  g_autoptr (GError) error = NULL;
  int fd = g_file_open_tmp ("konvoy-image-XXXXXX", &path, &error);

  g_assert_no_error (error);
  g_close (fd, NULL);
  g_file_set_contents (path, text, (gssize)length, &error);
  g_assert_no_error (error);

  return g_steal_pointer (&path);
}

/* A picture of @width by @height. */
static char *
write_png (int width, int height)
{
  g_autoptr (GdkPixbuf) pixbuf = gdk_pixbuf_new (GDK_COLORSPACE_RGB, FALSE, 8, width, height);
  g_autoptr (GError) error = NULL;
  g_autofree char *data = NULL;
  gsize length;

  gdk_pixbuf_fill (pixbuf, 0x808080ff);
  gdk_pixbuf_save_to_buffer (pixbuf, &data, &length, "png", &error, NULL);
  g_assert_no_error (error);

  return write_file (data, length);
}

static gboolean
is_loaded (gpointer image)
{
  return !lab_image_get_loading (image);
}

/* Takes @path. */
static GtkWidget *
load (char *path, const char *description, LabPictureSize size)
{
  GtkWidget *image = g_object_ref_sink (lab_image_new (path, description, size));

  test_wait_until (is_loaded, image, 20, "the picture");
  g_unlink (path);
  g_free (path);

  return image;
}

static void
assert_shape (GtkWidget *image, int width, int height)
{
  g_assert_cmpint (measure (image, GTK_ORIENTATION_HORIZONTAL, -1), ==, width);
  g_assert_cmpint (measure (image, GTK_ORIENTATION_VERTICAL, -1), ==, height);
  g_assert_cmpint (measure (image, GTK_ORIENTATION_VERTICAL, width / 2), ==, height / 2);
  g_assert_cmpint (measure (image, GTK_ORIENTATION_VERTICAL, width * 4), ==, height);
}

static void
test_keeps_its_shape (void)
{
  GtkWidget *image = load (write_png (200, 100), "A grey field", (LabPictureSize){ 0 });

  assert_shape (image, 200, 100);
  gtk_test_accessible_assert_role (image, GTK_ACCESSIBLE_ROLE_IMG);
  gtk_test_accessible_assert_property (image, GTK_ACCESSIBLE_PROPERTY_LABEL, "A grey field");
  g_assert_null (lab_test_find (image, GTK_TYPE_LABEL, NULL));
  g_assert_finalize_object (image);
}

/* There is room for it before it is there, and what its file says is not the last word. */
static void
test_room (void)
{
  g_autofree char *path = write_png (200, 100);
  GtkWidget *image =
    g_object_ref_sink (lab_image_new (path, "A grey field", (LabPictureSize){ 400, 200 }));

  g_assert_true (lab_image_get_loading (LAB_IMAGE (image)));
  gtk_test_accessible_assert_state (image, GTK_ACCESSIBLE_STATE_BUSY, TRUE);
  assert_shape (image, 400, 200);
  test_wait_until (is_loaded, image, 20, "the picture");
  assert_shape (image, 200, 100);
  g_unlink (path);
  g_assert_finalize_object (image);
}

/* One that has gone by the time it is drawn is not missed. */
static void
test_gone (void)
{
  g_autofree char *path = write_png (200, 100);
  GtkWidget *image = g_object_ref_sink (lab_image_new (path, "", (LabPictureSize){ 0 }));

  g_assert_finalize_object (image);
  image = load (g_steal_pointer (&path), "", (LabPictureSize){ 0 });
  assert_shape (image, 200, 100);
  g_assert_finalize_object (image);
}

static void
test_drawing (void)
{
  static const char svg[] = "<svg xmlns='http://www.w3.org/2000/svg' width='60' height='40'>"
                            "<rect width='60' height='40' fill='#123456'/></svg>";
  g_autofree char *path = write_file (svg, sizeof svg - 1);
  g_autoptr (GError) error = NULL;
  g_autoptr (GdkPixbuf) pixbuf = NULL;
  LabPictureSize size;
  GtkWidget *image;

  pixbuf = lab_picture_decode (path, 3, &size, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (gdk_pixbuf_get_width (pixbuf), ==, 180);
  g_assert_cmpint (size.width, ==, 60);
  g_assert_cmpint (size.height, ==, 40);
  image = load (g_steal_pointer (&path), "A field", (LabPictureSize){ 60, 40 });
  assert_shape (image, 60, 40);
  g_assert_finalize_object (image);
}

/* Its description is there instead, in the room that was kept. */
static void
assert_missing (char *path)
{
  GtkWidget *image = load (path, "What there is to see", (LabPictureSize){ 400, 200 });
  GtkWidget *label = lab_test_find (image, GTK_TYPE_LABEL, "What there is to see");

  g_assert_nonnull (label);
  g_assert_cmpint (measure (image, GTK_ORIENTATION_VERTICAL, 400), ==, 200);
  g_assert_finalize_object (image);
}

static void
test_broken (void)
{
  static const char cut[] = "<svg xmlns='http://www.w3.org/2000/svg' width='60' height='40'><g>";
  GtkWidget *image = load (write_file ("", 0), NULL, (LabPictureSize){ 0 });

  g_assert_nonnull (lab_test_find (image, GTK_TYPE_LABEL, "This picture cannot be shown"));
  g_assert_cmpint (measure (image, GTK_ORIENTATION_VERTICAL, 400), >, 0);
  g_assert_finalize_object (image);
  assert_missing (write_file ("no picture", 10));
  assert_missing (write_file ("\x89PNG\r\n\x1a\nand no more", 20));
  assert_missing (write_file (cut, sizeof cut - 1));
  assert_missing (g_strdup ("/nonexistent/picture.png"));
}

/* Neither memory nor time without end, and nothing that a picture refers to. */
static void
test_hostile (void)
{
  static const char large[] = "<svg xmlns='http://www.w3.org/2000/svg' width='1e5' height='1e5'/>";
  static const char bomb[] =
    "<!DOCTYPE svg [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;'>"
    "<!ENTITY c '&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;'><!ENTITY d '&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;'>"
    "<!ENTITY e '&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;'><!ENTITY f '&e;&e;&e;&e;&e;&e;&e;&e;&e;&e;'>"
    "<!ENTITY g '&f;&f;&f;&f;&f;&f;&f;&f;&f;&f;'><!ENTITY h '&g;&g;&g;&g;&g;&g;&g;&g;&g;&g;'>]>"
    "<svg xmlns='http://www.w3.org/2000/svg' width='10' height='10'><text>&h;</text></svg>";
  /* of 16384 by 16384, with the checks that libpng makes */
  static const char wide[] =
    "\211\120\116\107\015\012\032\012\000\000\000\015\111\110\104\122\000\000\100\000"
    "\000\000\100\000\010\002\000\000\000\046\252\207\323\000\000\000\013\111\104\101"
    "\124\170\234\143\140\100\005\000\000\020\000\001\071\275\217\145";
  g_autofree char *long_file = g_strnfill (8 * 1024 * 1024 + 1, ' ');
  g_autoptr (GError) error = NULL;
  g_autofree char *folder = g_dir_make_tmp ("konvoy-image-XXXXXX", &error);
  g_autofree char *pipe = g_build_filename (folder, "pipe", NULL);

  g_assert_no_error (error);
  assert_missing (write_file (large, sizeof large - 1));
  assert_missing (write_file (bomb, sizeof bomb - 1));
  assert_missing (write_file (wide, sizeof wide - 1));
  memcpy (long_file, large, 10);
  assert_missing (write_file (long_file, 8 * 1024 * 1024 + 1));
  g_assert_cmpint (mkfifo (pipe, 0600), ==, 0);
  assert_missing (g_strdup (pipe));
  g_rmdir (folder);
}

/* Of many pixels no more are kept than a page has room for. */
static void
test_many_pixels (void)
{
  g_autofree char *path = write_png (4000, 2000);
  g_autoptr (GError) error = NULL;
  LabPictureSize size;
  g_autoptr (GdkPixbuf) pixbuf = lab_picture_decode (path, 1, &size, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpint (size.width, ==, 4000);
  g_assert_cmpint (gdk_pixbuf_get_width (pixbuf) * gdk_pixbuf_get_height (pixbuf), <=,
                   2 * 1024 * 1024);
  g_assert_cmpint (gdk_pixbuf_get_width (pixbuf), >, 2000);
  g_unlink (path);
}

static guint32
get_pixel (cairo_surface_t *surface, int x, int y)
{
  const unsigned char *data = cairo_image_surface_get_data (surface);
  guint32 pixel;

  memcpy (&pixel, data + y * cairo_image_surface_get_stride (surface) + x * 4, sizeof pixel);

  return pixel;
}

/* It is scaled once, and not in each frame. */
static void
test_fit (void)
{
  cairo_surface_t *picture = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, 40, 20);
  cairo_t *cairo = cairo_create (picture);
  cairo_surface_t *fitted;

  cairo_set_source_rgb (cairo, 1, 0, 0);
  cairo_rectangle (cairo, 0, 0, 20, 20);
  cairo_fill (cairo);
  cairo_destroy (cairo);
  fitted = lab_picture_fit (picture, 20, 10);
  cairo_surface_flush (fitted);

  g_assert_cmpint (cairo_image_surface_get_width (fitted), ==, 20);
  g_assert_cmpint (cairo_image_surface_get_height (fitted), ==, 10);
  g_assert_cmphex (get_pixel (fitted, 5, 5), ==, 0xffff0000);
  g_assert_cmphex (get_pixel (fitted, 15, 5), ==, 0);
  cairo_surface_destroy (fitted);
  cairo_surface_destroy (picture);
}

int
main (int argc, char *argv[])
{
  if (!lab_test_init (&argc, &argv))
    return 0;
  g_test_add_func ("/lab/image/keeps-its-shape", test_keeps_its_shape);
  g_test_add_func ("/lab/image/room", test_room);
  g_test_add_func ("/lab/image/gone", test_gone);
  g_test_add_func ("/lab/image/drawing", test_drawing);
  g_test_add_func ("/lab/image/broken", test_broken);
  g_test_add_func ("/lab/image/hostile", test_hostile);
  g_test_add_func ("/lab/image/many-pixels", test_many_pixels);
  g_test_add_func ("/lab/image/fit", test_fit);

  return g_test_run ();
}
