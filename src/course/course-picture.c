/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "course-picture.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Where a picture says how large it is. That of a JPEG file with a long preview is not found. */
#define HEADER_BYTES (16 * 1024)

/* Nothing larger is meant to be read beside a text. */
#define LONGEST_SIDE 16384

typedef struct {
  gboolean found;
  double width;  /* 0: not said in pixels */
  double height; /* 0: not said in pixels */
} Svg;

static guint
get_big_endian (const guint8 *data, guint n)
{
  guint value = 0;

  for (guint i = 0; i < n; i++)
    value = value << 8 | data[i];
  return value;
}

/* https://www.w3.org/TR/png/, 11.2.1: IHDR comes first. */
static void
parse_png (const guint8 *data, gsize length, guint *width, guint *height)
{
  static const guint8 signature[] = { 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n' };

  if (length < 24 || memcmp (data, signature, sizeof signature) != 0 ||
      memcmp (data + 12, "IHDR", 4) != 0)
    return;
  *width = get_big_endian (data + 16, 4);
  *height = get_big_endian (data + 20, 4);
}

/* https://www.w3.org/Graphics/GIF/spec-gif89a.txt, 18: the logical screen. */
static void
parse_gif (const guint8 *data, gsize length, guint *width, guint *height)
{
  if (length < 10 || (memcmp (data, "GIF87a", 6) != 0 && memcmp (data, "GIF89a", 6) != 0))
    return;
  *width = data[6] | (guint)data[7] << 8;
  *height = data[8] | (guint)data[9] << 8;
}

/* One of the markers that begin a frame: SOF0 to SOF15, without DHT, JPG and DAC. */
static gboolean
begins_frame (guint8 marker)
{
  return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
}

/* https://www.w3.org/Graphics/JPEG/itu-t81.pdf, B.2.2: the header of the first frame. */
static void
parse_jpeg (const guint8 *data, gsize length, guint *width, guint *height)
{
  gsize at = 2;

  if (length < 4 || data[0] != 0xff || data[1] != 0xd8)
    return;
  while (at + 9 <= length && data[at] == 0xff) {
    if (begins_frame (data[at + 1])) {
      *height = get_big_endian (data + at + 5, 2);
      *width = get_big_endian (data + at + 7, 2);
      return;
    }
    at += 2 + get_big_endian (data + at + 2, 2);
  }
}

/* Pixels, or 0 for any other unit. */
static double
parse_length (const char *text)
{
  char *end;
  double value = g_ascii_strtod (text, &end);

  return value > 0 && (*end == '\0' || g_str_equal (end, "px")) ? value : 0;
}

static void
parse_view_box (const char *text, Svg *svg)
{
  double numbers[4];
  const char *p = text;

  for (gsize i = 0; i < G_N_ELEMENTS (numbers); i++) {
    char *end;

    p += strspn (p, " ,\t\r\n");
    numbers[i] = g_ascii_strtod (p, &end);
    if (end == p)
      return;
    p = end;
  }
  svg->width = numbers[2];
  svg->height = numbers[3];
}

static void
start_element_cb (GMarkupParseContext *context,
                  const char *name,
                  const char **keys,
                  const char **values,
                  gpointer data,
                  GError **error)
{
  Svg *svg = data;
  const char *width = NULL, *height = NULL, *view_box = NULL;

  if (svg->found)
    return;
  svg->found = TRUE;
  if (!g_str_equal (name, "svg") && !g_str_has_suffix (name, ":svg"))
    return;
  for (gsize i = 0; keys[i] != NULL; i++) {
    if (g_str_equal (keys[i], "width"))
      width = values[i];
    else if (g_str_equal (keys[i], "height"))
      height = values[i];
    else if (g_str_equal (keys[i], "viewBox"))
      view_box = values[i];
  }
  if (width != NULL && height != NULL) {
    svg->width = parse_length (width);
    svg->height = parse_length (height);
  } else if (width == NULL && height == NULL && view_box != NULL) {
    parse_view_box (view_box, svg);
  }
}

/* https://www.w3.org/TR/SVG2/coords.html#SizingSVGInCSS: of its root. */
static void
parse_svg (const guint8 *data, gsize length, guint *width, guint *height)
{
  static const GMarkupParser parser = { .start_element = start_element_cb };
  Svg svg = { FALSE, 0, 0 };
  g_autoptr (GMarkupParseContext) context = g_markup_parse_context_new (&parser, 0, &svg, NULL);

  /* what follows the root may be cut off, or wrong */
  g_markup_parse_context_parse (context, (const char *)data, (gssize)length, NULL);
  if (svg.width >= 1 && svg.height >= 1 && svg.width <= LONGEST_SIDE &&
      svg.height <= LONGEST_SIDE) {
    *width = (guint)(svg.width + 0.5);
    *height = (guint)(svg.height + 0.5);
  }
}

/* Of a regular file: a pipe or a device would hold everything up. Returns how much that is. */
static gsize
read_header (const char *path, guint8 *header)
{
  struct stat info;
  gsize length = 0;
  gssize n = 0;
  int fd = open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

  if (fd < 0)
    return 0;
  if (fstat (fd, &info) == 0 && S_ISREG (info.st_mode)) {
    do {
      n = read (fd, header + length, HEADER_BYTES - length);
      if (n > 0)
        length += (gsize)n;
    } while ((n > 0 && length < HEADER_BYTES) || (n < 0 && errno == EINTR));
  }
  close (fd);
  return length;
}

/**
 * course_picture_read_size:
 * @path: a file: SVG, PNG, JPEG or GIF
 * @width: (out): pixels
 * @height: (out): pixels
 *
 * What the picture says of itself in its first bytes, so that there is room for it before it is
 * drawn. It may turn out to be no picture at all.
 *
 * Returns: whether that is known
 */
gboolean
course_picture_read_size (const char *path, guint *width, guint *height)
{
  g_autofree guint8 *header = g_malloc (HEADER_BYTES);
  gsize length;

  g_return_val_if_fail (path != NULL, FALSE);
  g_return_val_if_fail (width != NULL && height != NULL, FALSE);

  *width = 0;
  *height = 0;
  length = read_header (path, header);
  parse_png (header, length, width, height);
  parse_gif (header, length, width, height);
  parse_jpeg (header, length, width, height);
  if (length > 0 && (header[0] == '<' || g_ascii_isspace (header[0]) || header[0] == 0xef))
    parse_svg (header, length, width, height);
  if (*width > 0 && *height > 0 && *width <= LONGEST_SIDE && *height <= LONGEST_SIDE)
    return TRUE;
  *width = 0;
  *height = 0;
  return FALSE;
}
