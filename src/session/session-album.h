/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "session-camera.h"
#include "session-screen.h"

G_BEGIN_DECLS

/* A folder of pictures of the steps that failed: of the window where there is a camera for it,
 * SECTION.STEP.png, else drawn, SECTION.STEP.svg. */
#define SESSION_TYPE_ALBUM (session_album_get_type ())
G_DECLARE_FINAL_TYPE (SessionAlbum, session_album, SESSION, ALBUM, GObject)

SessionAlbum *session_album_new (const char *folder, SessionCamera *camera);
char *session_album_draw (SessionAlbum *self,
                          SessionStep *step,
                          const char *reason,
                          SessionScreen *screen);
void session_album_take_async (SessionAlbum *self,
                               SessionStep *step,
                               const char *reason,
                               SessionScreen *screen,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data);
char *session_album_take_finish (SessionAlbum *self, GAsyncResult *result);

G_END_DECLS
