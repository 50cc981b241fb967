/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gstdio.h>

#include "lab-fixture.h"
#include "lab-image.h"

static int
measure (GtkWidget *image, GtkOrientation orientation, int for_size)
{
  int natural;

  gtk_widget_measure (image, orientation, for_size, NULL, &natural, NULL, NULL);

  return natural;
}

/* A picture of 200 by 100. */
static GtkWidget *
new_image (void)
{
  g_autoptr (GdkPixbuf) pixbuf = gdk_pixbuf_new (GDK_COLORSPACE_RGB, FALSE, 8, 200, 100);
  g_autoptr (GError) error = NULL;
  g_autofree char *path = NULL;
  int fd = g_file_open_tmp ("konvoy-image-XXXXXX.png", &path, &error);
  GtkWidget *image;

  g_assert_no_error (error);
  g_close (fd, NULL);
  gdk_pixbuf_fill (pixbuf, 0x808080ff);
  gdk_pixbuf_save (pixbuf, path, "png", &error, NULL);
  g_assert_no_error (error);
  image = g_object_ref_sink (lab_image_new (path, "A grey field"));
  g_unlink (path);

  return image;
}

static void
test_keeps_its_shape (void)
{
  GtkWidget *image = new_image ();

  g_assert_cmpint (measure (image, GTK_ORIENTATION_HORIZONTAL, -1), ==, 200);
  g_assert_cmpint (measure (image, GTK_ORIENTATION_VERTICAL, -1), ==, 100);
  g_assert_cmpint (measure (image, GTK_ORIENTATION_VERTICAL, 100), ==, 50);
  g_assert_cmpint (measure (image, GTK_ORIENTATION_VERTICAL, 800), ==, 100);
  g_assert_finalize_object (image);
}

static void
test_no_picture (void)
{
  GtkWidget *image = g_object_ref_sink (lab_image_new ("/dev/null", NULL));

  g_assert_cmpint (measure (image, GTK_ORIENTATION_HORIZONTAL, -1), ==, 0);
  g_assert_cmpint (measure (image, GTK_ORIENTATION_VERTICAL, 100), ==, 0);
  g_assert_finalize_object (image);
}

int
main (int argc, char *argv[])
{
  if (!lab_test_init (&argc, &argv))
    return 0;
  g_test_add_func ("/lab/image/keeps-its-shape", test_keeps_its_shape);
  g_test_add_func ("/lab/image/no-picture", test_no_picture);

  return g_test_run ();
}
