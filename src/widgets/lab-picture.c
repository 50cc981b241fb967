/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lab-picture.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#define CHUNK (64 * 1024)

/* A picture of the whole screen has 8 million pixels. What is kept of one is no more than a page
 * has room for: there may be hundreds. */
#define MAX_BYTES (8 * 1024 * 1024)
#define MAX_SIDE 16384
#define MAX_PIXELS (16.0 * 1024 * 1024)
#define KEPT_PIXELS (2.0 * 1024 * 1024)

typedef struct {
  double scale; /* of what can be drawn at any size */
  LabPictureSize size;
  gboolean too_large;
} Decoding;

static gboolean
is_scalable (GdkPixbufLoader *loader)
{
  GdkPixbufFormat *format = gdk_pixbuf_loader_get_format (loader);

  return format != NULL && gdk_pixbuf_format_is_scalable (format);
}

static void
size_prepared_cb (GdkPixbufLoader *loader, int width, int height, gpointer user_data)
{
  Decoding *decoding = user_data;
  gboolean scalable = is_scalable (loader);
  double scale = scalable ? decoding->scale : 1;
  double pixels = (double)width * height;

  decoding->size = (LabPictureSize){ width, height };
  if (width < 1 || height < 1 || width > MAX_SIDE || height > MAX_SIDE || pixels > MAX_PIXELS) {
    decoding->too_large = TRUE;
    /* none of the loaders of pixels goes on with nothing; that of drawings takes it for its own */
    gdk_pixbuf_loader_set_size (loader, scalable, scalable);
    return;
  }
  if (pixels * scale * scale > KEPT_PIXELS)
    scale = sqrt (KEPT_PIXELS / pixels);
  if (scale != 1)
    gdk_pixbuf_loader_set_size (loader, MAX ((int)(width * scale), 1),
                                MAX ((int)(height * scale), 1));
}

static gboolean
feed (GdkPixbufLoader *loader, const char *path, GCancellable *cancellable, GError **error)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GFileInputStream) stream = NULL;
  gsize total = 0;

  /* opening a pipe would wait for its writer */
  if (g_file_query_file_type (file, G_FILE_QUERY_INFO_NONE, cancellable) != G_FILE_TYPE_REGULAR) {
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_REGULAR_FILE, _ ("It is not a file"));
    return FALSE;
  }
  stream = g_file_read (file, cancellable, error);
  while (stream != NULL) {
    g_autoptr (GBytes) bytes =
      g_input_stream_read_bytes (G_INPUT_STREAM (stream), CHUNK, cancellable, error);

    if (bytes == NULL)
      return FALSE;
    if (g_bytes_get_size (bytes) == 0)
      return TRUE;
    total += g_bytes_get_size (bytes);
    if (total > MAX_BYTES) {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_MESSAGE_TOO_LARGE, _ ("It is too large"));
      return FALSE;
    }
    if (!gdk_pixbuf_loader_write_bytes (loader, bytes, error))
      return FALSE;
  }
  return FALSE;
}

/**
 * lab_picture_decode:
 * @path: a file
 * @scale: pixels that a drawing is to have for each that it asks for
 * @size: (out): what it asks for
 * @cancellable: (nullable): gives up between two pieces of the file
 * @error: return location for an error of #GIOErrorEnum or #GdkPixbufError
 *
 * Draws the picture in the thread that calls. Nothing that the file refers to is read.
 *
 * Returns: (transfer full) (nullable): it, with fewer pixels where it has many
 */
GdkPixbuf *
lab_picture_decode (
  const char *path, double scale, LabPictureSize *size, GCancellable *cancellable, GError **error)
{
  g_autoptr (GdkPixbufLoader) loader = gdk_pixbuf_loader_new ();
  Decoding decoding = { .scale = scale };
  GdkPixbuf *pixbuf = NULL;
  gboolean fed;

  g_return_val_if_fail (path != NULL, NULL);
  g_return_val_if_fail (size != NULL, NULL);

  g_signal_connect (loader, "size-prepared", G_CALLBACK (size_prepared_cb), &decoding);
  fed = feed (loader, path, cancellable, error);
  /* has to be closed in any case; the first error is the cause */
  if (!gdk_pixbuf_loader_close (loader, fed ? error : NULL) || !fed)
    return NULL;
  pixbuf = gdk_pixbuf_loader_get_pixbuf (loader);
  if (pixbuf == NULL || decoding.too_large) {
    g_set_error_literal (error, GDK_PIXBUF_ERROR, GDK_PIXBUF_ERROR_CORRUPT_IMAGE,
                         decoding.too_large ? _ ("It is too large") : _ ("It is empty"));
    return NULL;
  }
  *size = decoding.size;

  return g_object_ref (pixbuf);
}

typedef struct {
  char *path;
  int scale;
  LabPictureSize size;
} Load;

static void
load_free (gpointer data)
{
  Load *load = data;

  g_free (load->path);
  g_free (load);
}

static cairo_surface_t *
new_surface (GdkPixbuf *pixbuf)
{
  cairo_surface_t *surface = cairo_image_surface_create (
    CAIRO_FORMAT_ARGB32, gdk_pixbuf_get_width (pixbuf), gdk_pixbuf_get_height (pixbuf));
  cairo_t *cairo = cairo_create (surface);

  gdk_cairo_set_source_pixbuf (cairo, pixbuf, 0, 0);
  cairo_paint (cairo);
  cairo_destroy (cairo);

  return surface;
}

static void
load_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Load *load = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GdkPixbuf) pixbuf =
    lab_picture_decode (load->path, load->scale, &load->size, cancellable, &error);

  if (pixbuf != NULL)
    g_task_return_pointer (task, new_surface (pixbuf), (GDestroyNotify)cairo_surface_destroy);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

/**
 * lab_picture_load_async:
 * @path: a file
 * @scale: pixels of the screen for each of the page
 * @cancellable: (nullable): for when nobody wants to see it any more
 *
 * Draws the picture in another thread.
 */
void
lab_picture_load_async (const char *path,
                        int scale,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Load *load = g_new0 (Load, 1);

  load->path = g_strdup (path);
  load->scale = scale;
  g_task_set_source_tag (task, lab_picture_load_async);
  g_task_set_task_data (task, load, load_free);
  /* after whatever else is done in threads, and not before the next frame */
  g_task_set_priority (task, G_PRIORITY_DEFAULT_IDLE);
  g_task_set_return_on_cancel (task, FALSE);
  g_task_run_in_thread (task, load_in_thread);
}

/**
 * lab_picture_load_finish:
 * @result: a result
 * @size: (out): how large it asks to be
 * @error: return location for an error
 *
 * Returns: (transfer full) (nullable): the picture, an image
 */
cairo_surface_t *
lab_picture_load_finish (GAsyncResult *result, LabPictureSize *size, GError **error)
{
  const Load *load;

  g_return_val_if_fail (G_IS_TASK (result), NULL);
  g_return_val_if_fail (size != NULL, NULL);

  load = g_task_get_task_data (G_TASK (result));
  *size = load->size;

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * lab_picture_fit:
 * @surface: an image
 * @width: pixels of the screen
 * @height: pixels of the screen
 *
 * Returns: (transfer full): the picture at that size
 */
cairo_surface_t *
lab_picture_fit (cairo_surface_t *surface, int width, int height)
{
  cairo_surface_t *fitted;
  cairo_t *cairo;

  g_return_val_if_fail (surface != NULL, NULL);
  g_return_val_if_fail (width > 0 && height > 0, NULL);

  fitted = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, width, height);
  cairo = cairo_create (fitted);
  cairo_scale (cairo, (double)width / cairo_image_surface_get_width (surface),
               (double)height / cairo_image_surface_get_height (surface));
  cairo_set_source_surface (cairo, surface, 0, 0);
  cairo_paint (cairo);
  cairo_destroy (cairo);

  return fitted;
}
