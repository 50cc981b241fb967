/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gstdio.h>
#include <sys/stat.h>

#include "course-picture.h"

static void
assert_size (const char *data, gsize length, guint width, guint height)
{
  g_autofree char *path = NULL;
  g_autoptr (GError) error = NULL;
  int fd = g_file_open_tmp ("konvoy-picture-XXXXXX", &path, &error);
  guint found_width, found_height;
  gboolean found;

  g_assert_no_error (error);
  g_close (fd, NULL);
  g_file_set_contents (path, data, (gssize)length, &error);
  g_assert_no_error (error);
  found = course_picture_read_size (path, &found_width, &found_height);
  g_unlink (path);
  g_assert_cmpuint (found_width, ==, width);
  g_assert_cmpuint (found_height, ==, height);
  g_assert_cmpint (found, ==, width > 0);
}

#define ASSERT_SIZE(data, width, height) assert_size (data, sizeof (data) - 1, width, height)

static void
test_pixels (void)
{
  static const char png[] = "\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x02\xa8\0\0\x01\x40\x08";
  static const char gif[] = "GIF89a\x20\x01\x10\0\xf7";
  static const char jpeg[] = "\xff\xd8\xff\xe0\0\x04"
                             "AB\xff\xc4\0\x05"
                             "XYZ\xff\xc2\0\x11\x08\x01\x40\x02\xa8\x03";

  ASSERT_SIZE (png, 680, 320);
  ASSERT_SIZE (gif, 288, 16);
  ASSERT_SIZE (jpeg, 680, 320);
  /* cut off anywhere */
  for (gsize i = 0; i < 24; i++)
    assert_size (png, i, 0, 0);
  for (gsize i = 0; i < 10; i++)
    assert_size (gif, i, 0, 0);
  for (gsize i = 0; i < sizeof jpeg - 2; i++)
    assert_size (jpeg, i, 0, 0);
  /* larger than anything that is meant to be seen, and nothing */
  ASSERT_SIZE ("\x89PNG\r\n\x1a\n\0\0\0\rIHDR\x7f\xff\xff\xff\x7f\xff\xff\xff\x08", 0, 0);
  ASSERT_SIZE ("\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\0\0\0\0\1\x08", 0, 0);
  /* segments without a length go on for ever */
  ASSERT_SIZE ("\xff\xd8\xff\xe0\0\0\xff\xe0\0\0\xff\xe0\0\0\xff\xe0\0\0", 0, 0);
}

static void
test_svg (void)
{
  ASSERT_SIZE ("<svg width='680' height='320px'><g/></svg>", 680, 320);
  ASSERT_SIZE ("<?xml version=\"1.0\"?>\n<!-- <svg width='1' height='1'> -->\n"
               "<!DOCTYPE svg>\n<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox='0 0 640.4 300'>"
               "<svg width='5' height='5'/>",
               640, 300);
  ASSERT_SIZE ("\n<svg:svg width='10' height='20'>", 10, 20);
  ASSERT_SIZE ("<svg width='100%' height='100%' viewBox='0 0 4 4'/>", 0, 0);
  ASSERT_SIZE ("<svg width='5cm' height='4cm'/>", 0, 0);
  ASSERT_SIZE ("<svg width='10'/>", 0, 0);
  ASSERT_SIZE ("<svg viewBox='0 0 4'/>", 0, 0);
  ASSERT_SIZE ("<svg width='1e300' height='1e300'/>", 0, 0);
  ASSERT_SIZE ("<svg width='nan' height='inf'/>", 0, 0);
  ASSERT_SIZE ("<svg width='-4' height='10'/>", 0, 0);
  ASSERT_SIZE ("<svg width='&bomb;' height='10'/>", 0, 0);
  ASSERT_SIZE ("<html><svg width='10' height='10'/></html>", 0, 0);
  ASSERT_SIZE ("<svg", 0, 0);
  ASSERT_SIZE ("text", 0, 0);
  ASSERT_SIZE ("", 0, 0);
}

/* Nothing waits for what never comes. */
static void
test_no_file (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *folder = g_dir_make_tmp ("konvoy-picture-XXXXXX", &error);
  g_autofree char *pipe = g_build_filename (folder, "pipe.png", NULL);
  guint width, height;

  g_assert_no_error (error);
  g_assert_false (course_picture_read_size (pipe, &width, &height));
  g_assert_cmpint (mkfifo (pipe, 0600), ==, 0);
  g_assert_false (course_picture_read_size (pipe, &width, &height));
  g_assert_false (course_picture_read_size ("/dev/zero", &width, &height));
  g_assert_false (course_picture_read_size (folder, &width, &height));
  g_unlink (pipe);
  g_rmdir (folder);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/course/picture/pixels", test_pixels);
  g_test_add_func ("/course/picture/svg", test_svg);
  g_test_add_func ("/course/picture/no-file", test_no_file);

  return g_test_run ();
}
