/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lab-camera.h"

#include <adwaita.h>

#include "lab-settings.h"
#include "lab-text-scale.h"
#include "lab-window-exhibit.h"

#define RESOURCES "/io/github/konvoylab/KonvoyLab/"

/* Room for lines of a terminal, and yet within the screen that most have. */
#define WIDTH 1600
#define HEIGHT 1000

/* Frames that are alike are enough that nothing more is on its way to the screen. A screen that is
 * locked shows none. */
#define SETTLED_FRAMES 3
#define TIMEOUT_MS 20000

struct _LabCamera {
  GObject parent_instance;

  SessionLab *lab;
  gboolean was_opened;      /* the display, or it was tried */
  GdkDisplay *display;      /* (nullable): none, not yet, or it draws nothing; owned by GTK */
  LabTextScale *text_scale; /* (nullable) */
};

static void lab_camera_init_interface (SessionCameraInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (LabCamera,
                               lab_camera,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (SESSION_TYPE_CAMERA,
                                                      lab_camera_init_interface))

/* One picture that is being taken. */
typedef struct {
  LabWindow *window;
  char *path;
  guint tick;
  guint n_settled;
  guint timeout;
} Shot;

static void
shot_free (gpointer data)
{
  Shot *self = data;

  g_clear_handle_id (&self->timeout, g_source_remove);
  if (self->tick != 0)
    gtk_widget_remove_tick_callback (GTK_WIDGET (self->window), self->tick);
  gtk_window_destroy (GTK_WINDOW (self->window));
  g_clear_object (&self->window);
  g_free (self->path);
  g_free (self);
}

/* What the application does in the window of a student. */
static void
add_looks (GdkDisplay *display)
{
  g_autoptr (GtkCssProvider) provider = gtk_css_provider_new ();

  gtk_css_provider_load_from_resource (provider, RESOURCES "style.css");
  gtk_style_context_add_provider_for_display (display, GTK_STYLE_PROVIDER (provider),
                                              GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
  gtk_icon_theme_add_resource_path (gtk_icon_theme_get_for_display (display), RESOURCES "icons");
}

/* Nothing moves in a picture, and all of them look alike. */
static void
open_display (LabCamera *self)
{
  if (self->was_opened)
    return;
  self->was_opened = TRUE;
  if (!gtk_init_check ())
    return;
  adw_init ();
  self->display = gdk_display_get_default ();
  add_looks (self->display);
  self->text_scale = lab_text_scale_new (self->display);
  g_object_set (gtk_settings_get_for_display (self->display), "gtk-enable-animations", FALSE, NULL);
  adw_style_manager_set_color_scheme (adw_style_manager_get_for_display (self->display),
                                      ADW_COLOR_SCHEME_FORCE_LIGHT);
}

/* By the processor, whatever draws the screen: pictures are alike everywhere, and in memory. */
static GdkTexture *
render (GtkWidget *window, GskRenderNode *node, int width, int height)
{
  g_autoptr (GskRenderer) renderer = gsk_cairo_renderer_new ();
  GdkTexture *texture;

  if (!gsk_renderer_realize (renderer, gtk_native_get_surface (GTK_NATIVE (window)), NULL))
    return NULL;
  texture = gsk_renderer_render_texture (renderer, node,
                                         &GRAPHENE_RECT_INIT (0, 0, (float)width, (float)height));
  gsk_renderer_unrealize (renderer);

  return texture;
}

/* (transfer full) (nullable): as it was last drawn; NULL: not yet */
static GdkTexture *
create_texture (GtkWidget *window)
{
  g_autoptr (GdkPaintable) paintable = gtk_widget_paintable_new (window);
  int width = gtk_widget_get_width (window);
  int height = gtk_widget_get_height (window);
  GtkSnapshot *snapshot = gtk_snapshot_new ();
  GskRenderNode *node;
  GdkTexture *texture;

  gdk_paintable_snapshot (paintable, GDK_SNAPSHOT (snapshot), width, height);
  node = gtk_snapshot_free_to_node (snapshot);
  if (node == NULL)
    return NULL;
  texture = render (window, node, width, height);
  gsk_render_node_unref (node);

  return texture;
}

/* Once all is there, and has been drawn. */
static gboolean
tick_cb (GtkWidget *window, GdkFrameClock *frame_clock, gpointer user_data)
{
  GTask *task = user_data;
  Shot *shot = g_task_get_task_data (task);
  g_autoptr (GdkTexture) texture = NULL;

  shot->n_settled = lab_window_get_settled (shot->window) ? shot->n_settled + 1 : 0;
  if (shot->n_settled > SETTLED_FRAMES)
    texture = create_texture (window);
  if (texture == NULL)
    return G_SOURCE_CONTINUE;

  shot->tick = 0;
  g_clear_handle_id (&shot->timeout, g_source_remove);
  if (gdk_texture_save_to_png (texture, shot->path))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_FAILED, "%s cannot be written",
                             shot->path);

  return G_SOURCE_REMOVE;
}

static gboolean
timeout_cb (gpointer user_data)
{
  GTask *task = user_data;
  Shot *shot = g_task_get_task_data (task);
  guint tick = shot->tick;

  shot->timeout = 0;
  shot->tick = 0;
  /* nor will the next be: nobody is to wait for each */
  LAB_CAMERA (g_task_get_source_object (task))->display = NULL;
  g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "The window is not drawn");
  gtk_widget_remove_tick_callback (GTK_WIDGET (shot->window), tick);

  return G_SOURCE_REMOVE;
}

/* Nobody is to use the window: it has no frame to move it by, and lets all clicks through. */
static LabWindow *
create_window (LabCamera *self)
{
  g_autoptr (LabSettings) settings = lab_settings_new_unsaved ();
  GtkWidget *window = lab_window_new (NULL, settings, self->text_scale);

  gtk_window_set_default_size (GTK_WINDOW (window), WIDTH, HEIGHT);
  gtk_window_set_decorated (GTK_WINDOW (window), FALSE);
  gtk_widget_set_can_target (window, FALSE);
  lab_window_set_presenting (LAB_WINDOW (window), TRUE);

  return LAB_WINDOW (window);
}

static void
lab_camera_take_async (SessionCamera *camera,
                       SessionStep *step,
                       const char *reason,
                       const char *screen,
                       const char *path,
                       GCancellable *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer user_data)
{
  LabCamera *self = LAB_CAMERA (camera);
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  Shot *shot;

  g_task_set_source_tag (task, lab_camera_take_async);
  open_display (self);
  if (self->display == NULL) {
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, "There is no display");
    return;
  }

  shot = g_new0 (Shot, 1);
  shot->window = g_object_ref (create_window (self));
  shot->path = g_strdup (path);
  g_task_set_task_data (task, shot, shot_free);
  lab_window_exhibit (shot->window, self->lab, step, reason, screen);
  shot->tick = gtk_widget_add_tick_callback (GTK_WIDGET (shot->window), tick_cb,
                                             g_object_ref (task), g_object_unref);
  shot->timeout = g_timeout_add_full (G_PRIORITY_DEFAULT, TIMEOUT_MS, timeout_cb,
                                      g_object_ref (task), g_object_unref);
  gtk_widget_set_visible (GTK_WIDGET (shot->window), TRUE);
}

static gboolean
lab_camera_take_finish (SessionCamera *camera, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, camera), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
lab_camera_init_interface (SessionCameraInterface *iface)
{
  iface->take_async = lab_camera_take_async;
  iface->take_finish = lab_camera_take_finish;
}

static void
lab_camera_dispose (GObject *object)
{
  LabCamera *self = LAB_CAMERA (object);

  g_clear_object (&self->text_scale);
  g_clear_object (&self->lab);

  G_OBJECT_CLASS (lab_camera_parent_class)->dispose (object);
}

static void
lab_camera_class_init (LabCameraClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = lab_camera_dispose;
}

static void
lab_camera_init (LabCamera *self)
{
}

/**
 * lab_camera_new:
 * @lab: whose steps are shown; the camera leaves it as it is
 *
 * Returns: (transfer full): a camera; no display is needed before it is used
 */
LabCamera *
lab_camera_new (SessionLab *lab)
{
  LabCamera *self;

  g_return_val_if_fail (SESSION_IS_LAB (lab), NULL);

  self = g_object_new (LAB_TYPE_CAMERA, NULL);
  self->lab = g_object_ref (lab);

  return self;
}
