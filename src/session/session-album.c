/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "session-album.h"

#include "base-redactor.h"
#include "session-picture.h"
#include "session-screen-copy.h"

struct _SessionAlbum {
  GObject parent_instance;

  char *folder;          /* made with the first picture */
  SessionCamera *camera; /* (nullable) */
};

G_DEFINE_FINAL_TYPE (SessionAlbum, session_album, G_TYPE_OBJECT)

/* A picture that is being taken, and what is to be had where that fails. */
typedef struct {
  char *png;
  char *svg;
  char *drawing; /* of the screen as it was */
} Shot;

static void
shot_free (gpointer data)
{
  Shot *self = data;

  g_free (self->png);
  g_free (self->svg);
  g_free (self->drawing);
  g_free (self);
}

static char *
dup_path (SessionAlbum *self, SessionStep *step, const char *type)
{
  g_autofree char *name =
    g_strdup_printf ("%s.%s.%s", course_section_get_id (session_step_get_section (step)),
                     course_step_get_id (session_step_get_step (step)), type);

  return g_build_filename (self->folder, g_strdelimit (name, "/", '_'), NULL);
}

/* That a picture cannot be written is no failure of the course's. */
static gboolean
write_drawing (SessionAlbum *self, const char *path, const char *drawing)
{
  g_autoptr (GError) error = NULL;

  g_mkdir_with_parents (self->folder, 0777);
  if (g_file_set_contents (path, drawing, -1, &error))
    return TRUE;
  g_debug ("%s", error->message);
  return FALSE;
}

static void
taken_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Shot *shot = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;

  if (session_camera_take_finish (SESSION_CAMERA (source), result, &error)) {
    g_task_return_pointer (task, g_steal_pointer (&shot->png), g_free);
    return;
  }
  g_debug ("%s", error->message);
  if (write_drawing (g_task_get_source_object (task), shot->svg, shot->drawing))
    g_task_return_pointer (task, g_steal_pointer (&shot->svg), g_free);
  else
    g_task_return_pointer (task, NULL, NULL);
}

static void
session_album_dispose (GObject *object)
{
  g_clear_object (&SESSION_ALBUM (object)->camera);
  G_OBJECT_CLASS (session_album_parent_class)->dispose (object);
}

static void
session_album_finalize (GObject *object)
{
  g_free (SESSION_ALBUM (object)->folder);
  G_OBJECT_CLASS (session_album_parent_class)->finalize (object);
}

static void
session_album_class_init (SessionAlbumClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = session_album_dispose;
  G_OBJECT_CLASS (klass)->finalize = session_album_finalize;
}

static void
session_album_init (SessionAlbum *self)
{
}

/**
 * session_album_new:
 * @folder: made where it is not there
 * @camera: (nullable): what takes pictures of the window
 */
SessionAlbum *
session_album_new (const char *folder, SessionCamera *camera)
{
  SessionAlbum *self = NULL;

  g_return_val_if_fail (folder != NULL, NULL);
  g_return_val_if_fail (camera == NULL || SESSION_IS_CAMERA (camera), NULL);

  self = g_object_new (SESSION_TYPE_ALBUM, NULL);
  self->folder = g_strdup (folder);
  g_set_object (&self->camera, camera);
  return self;
}

/**
 * session_album_draw:
 * @reason: why @step failed
 * @screen: (nullable): its terminal's
 *
 * Adds a drawing, which needs no camera.
 *
 * Returns: (nullable) (transfer full): its path; NULL where it cannot be written
 */
char *
session_album_draw (SessionAlbum *self,
                    SessionStep *step,
                    const char *reason,
                    SessionScreen *screen)
{
  g_autofree char *path = NULL;
  g_autofree char *drawing = NULL;

  g_return_val_if_fail (SESSION_IS_ALBUM (self), NULL);

  path = dup_path (self, step, "svg");
  drawing = session_picture_dup_svg (step, reason, screen);
  return write_drawing (self, path, drawing) ? g_steal_pointer (&path) : NULL;
}

/**
 * session_album_take_async:
 * @reason: why @step failed
 * @screen: (nullable): its terminal's
 *
 * Adds a picture of the window, or else a drawing of how it is now.
 */
void
session_album_take_async (SessionAlbum *self,
                          SessionStep *step,
                          const char *reason,
                          SessionScreen *screen,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  g_autoptr (BaseRedactor) redactor = base_redactor_new ();
  g_autofree char *clean = NULL;
  g_autofree char *copy = NULL;
  Shot *shot = NULL;

  g_return_if_fail (SESSION_IS_ALBUM (self));

  task = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (task, session_album_take_async);
  if (self->camera == NULL) {
    g_task_return_pointer (task, session_album_draw (self, step, reason, screen), g_free);
    return;
  }
  shot = g_new0 (Shot, 1);
  shot->png = dup_path (self, step, "png");
  shot->svg = dup_path (self, step, "svg");
  shot->drawing = session_picture_dup_svg (step, reason, screen);
  g_task_set_task_data (task, shot, shot_free);
  clean = base_redactor_redact (redactor, reason);
  copy = screen != NULL ? session_screen_dup_copy (screen) : NULL;
  g_mkdir_with_parents (self->folder, 0777);
  session_camera_take_async (self->camera, step, clean, copy, shot->png, cancellable, taken_cb,
                             g_steal_pointer (&task));
}

/**
 * session_album_take_finish:
 *
 * Returns: (nullable) (transfer full): the picture's path; NULL where it cannot be written
 */
char *
session_album_take_finish (SessionAlbum *self, GAsyncResult *result)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), NULL);
}
