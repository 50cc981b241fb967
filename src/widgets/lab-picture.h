/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gdk/gdk.h>

G_BEGIN_DECLS

/* Pictures of a course, which nobody vouches for. */

/* How large a picture asks to be, in pixels of the page. */
typedef struct {
  int width;
  int height;
} LabPictureSize;

GdkPixbuf *lab_picture_decode (
  const char *path, double scale, LabPictureSize *size, GCancellable *cancellable, GError **error);
void lab_picture_load_async (const char *path,
                             int scale,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data);
cairo_surface_t *
lab_picture_load_finish (GAsyncResult *result, LabPictureSize *size, GError **error);
cairo_surface_t *lab_picture_fit (cairo_surface_t *surface, int width, int height);

G_END_DECLS
