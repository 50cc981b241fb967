/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "session-step.h"

G_BEGIN_DECLS

/* Makes pictures of what a student would have on the screen. A rehearsal has no window: whoever can
 * make one hands it a camera. */
#define SESSION_TYPE_CAMERA (session_camera_get_type ())
G_DECLARE_INTERFACE (SessionCamera, session_camera, SESSION, CAMERA, GObject)

struct _SessionCameraInterface {
  GTypeInterface parent_interface;

  void (*take_async) (SessionCamera *self,
                      SessionStep *step,
                      const char *reason,
                      const char *screen,
                      const char *path,
                      GCancellable *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer user_data);
  gboolean (*take_finish) (SessionCamera *self, GAsyncResult *result, GError **error);
};

void session_camera_take_async (SessionCamera *self,
                                SessionStep *step,
                                const char *reason,
                                const char *screen,
                                const char *path,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data);
gboolean session_camera_take_finish (SessionCamera *self, GAsyncResult *result, GError **error);

G_END_DECLS
