/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "session-camera.h"

G_DEFINE_INTERFACE (SessionCamera, session_camera, G_TYPE_OBJECT)

static void
session_camera_default_init (SessionCameraInterface *iface)
{
}

/**
 * session_camera_take_async:
 * @self: a camera
 * @step: what the picture is of, in its section
 * @reason: why it failed; free of secrets
 * @screen: (nullable): what its terminal shows, as session_screen_dup_copy() gives it
 * @path: the PNG file to write
 *
 * Fails with %G_IO_ERROR_NOT_SUPPORTED where there is nothing to take pictures with.
 */
void
session_camera_take_async (SessionCamera *self,
                           SessionStep *step,
                           const char *reason,
                           const char *screen,
                           const char *path,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  g_return_if_fail (SESSION_IS_CAMERA (self));
  g_return_if_fail (SESSION_IS_STEP (step));
  g_return_if_fail (reason != NULL);
  g_return_if_fail (path != NULL);

  SESSION_CAMERA_GET_IFACE (self)->take_async (self, step, reason, screen, path, cancellable,
                                               callback, user_data);
}

/**
 * session_camera_take_finish:
 *
 * Returns: whether the file is there
 */
gboolean
session_camera_take_finish (SessionCamera *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (SESSION_IS_CAMERA (self), FALSE);

  return SESSION_CAMERA_GET_IFACE (self)->take_finish (self, result, error);
}
