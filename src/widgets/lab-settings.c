/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lab-settings.h"

#include "base-install.h"

/* Enough for every course a person opens in years; the oldest is asked about again. */
#define MAX_TRUSTED 100

struct _LabSettings {
  GObject parent_instance;

  GSettings *settings; /* (nullable): no schema is installed, or nothing is to be kept */

  /* Kept here where there is no schema. */
  double text_scale;
  gboolean traffic_code;
  GPtrArray *trusted; /* of char */
};

G_DEFINE_FINAL_TYPE (LabSettings, lab_settings, G_TYPE_OBJECT)

/* In a build tree the compiled schema lies beside the course, else among the system's. */
static GSettingsSchema *
lookup_schema (void)
{
  GSettingsSchemaSource *parent = g_settings_schema_source_get_default ();
  g_autoptr (GSettingsSchemaSource) source = NULL;
  g_autofree char *dir = NULL;

  if (base_install_is_build_tree ()) {
    dir = base_install_dup_data_dir ();
    source = g_settings_schema_source_new_from_directory (dir, parent, FALSE, NULL);
  }
  if (source != NULL)
    return g_settings_schema_source_lookup (source, APP_ID, TRUE);

  return parent != NULL ? g_settings_schema_source_lookup (parent, APP_ID, TRUE) : NULL;
}

static void
lab_settings_finalize (GObject *object)
{
  LabSettings *self = LAB_SETTINGS (object);

  g_clear_object (&self->settings);
  g_clear_pointer (&self->trusted, g_ptr_array_unref);

  G_OBJECT_CLASS (lab_settings_parent_class)->finalize (object);
}

static void
lab_settings_class_init (LabSettingsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = lab_settings_finalize;
}

static void
lab_settings_init (LabSettings *self)
{
  self->text_scale = 1.0;
  self->traffic_code = TRUE;
  self->trusted = g_ptr_array_new_with_free_func (g_free);
}

/**
 * lab_settings_new:
 *
 * Returns: (transfer full): the user's settings
 */
LabSettings *
lab_settings_new (void)
{
  LabSettings *self = lab_settings_new_unsaved ();
  g_autoptr (GSettingsSchema) schema = lookup_schema ();

  if (schema != NULL)
    self->settings = g_settings_new_full (schema, NULL, NULL);

  return self;
}

/**
 * lab_settings_new_unsaved:
 *
 * Returns: (transfer full): what a user begins with, and forgets at the end
 */
LabSettings *
lab_settings_new_unsaved (void)
{
  return g_object_new (LAB_TYPE_SETTINGS, NULL);
}

/**
 * lab_settings_get_text_scale:
 * @self: settings
 *
 * Returns: 1.0 for the desktop's own size
 */
double
lab_settings_get_text_scale (LabSettings *self)
{
  g_return_val_if_fail (LAB_IS_SETTINGS (self), 1.0);

  return self->settings != NULL ? g_settings_get_double (self->settings, "text-scale")
                                : self->text_scale;
}

/**
 * lab_settings_set_text_scale:
 * @self: settings
 * @scale: 0.5 to 3
 */
void
lab_settings_set_text_scale (LabSettings *self, double scale)
{
  g_return_if_fail (LAB_IS_SETTINGS (self));

  self->text_scale = scale;
  if (self->settings != NULL)
    g_settings_set_double (self->settings, "text-scale", scale);
}

/**
 * lab_settings_get_window_size:
 * @self: settings
 * @width: (out): in pixels
 * @height: (out): in pixels
 * @maximized: (out): whether the window fills the screen
 */
void
lab_settings_get_window_size (LabSettings *self, int *width, int *height, gboolean *maximized)
{
  g_return_if_fail (LAB_IS_SETTINGS (self));

  *width = self->settings != NULL ? g_settings_get_int (self->settings, "window-width") : 1280;
  *height = self->settings != NULL ? g_settings_get_int (self->settings, "window-height") : 800;
  *maximized =
    self->settings != NULL && g_settings_get_boolean (self->settings, "window-maximized");
}

/**
 * lab_settings_set_window_size:
 * @self: settings
 * @width: in pixels, when not maximized
 * @height: in pixels, when not maximized
 * @maximized: whether the window fills the screen
 */
void
lab_settings_set_window_size (LabSettings *self, int width, int height, gboolean maximized)
{
  g_return_if_fail (LAB_IS_SETTINGS (self));

  if (self->settings == NULL)
    return;

  g_settings_delay (self->settings);
  g_settings_set_int (self->settings, "window-width", width);
  g_settings_set_int (self->settings, "window-height", height);
  g_settings_set_boolean (self->settings, "window-maximized", maximized);
  g_settings_apply (self->settings);
}

static char *
dup_string (LabSettings *self, const char *key, const char *fallback)
{
  return self->settings != NULL ? g_settings_get_string (self->settings, key) : g_strdup (fallback);
}

static void
set_string (LabSettings *self, const char *key, const char *value)
{
  if (self->settings != NULL)
    g_settings_set_string (self->settings, key, value);
}

/**
 * lab_settings_dup_style:
 * @self: settings
 *
 * Returns: (transfer full): "system", "light" or "dark"
 */
char *
lab_settings_dup_style (LabSettings *self)
{
  g_return_val_if_fail (LAB_IS_SETTINGS (self), NULL);

  return dup_string (self, "style", "system");
}

/**
 * lab_settings_set_style:
 * @self: settings
 * @style: "system", "light" or "dark"
 */
void
lab_settings_set_style (LabSettings *self, const char *style)
{
  g_return_if_fail (LAB_IS_SETTINGS (self));
  g_return_if_fail (style != NULL);

  set_string (self, "style", style);
}

/**
 * lab_settings_dup_last_section:
 * @self: settings
 *
 * Returns: (transfer full): id of the section that was open last, empty where there is none
 */
char *
lab_settings_dup_last_section (LabSettings *self)
{
  g_return_val_if_fail (LAB_IS_SETTINGS (self), NULL);

  return dup_string (self, "last-section", "");
}

/**
 * lab_settings_set_last_section:
 * @self: settings
 * @id: of the section that is open
 */
void
lab_settings_set_last_section (LabSettings *self, const char *id)
{
  g_return_if_fail (LAB_IS_SETTINGS (self));
  g_return_if_fail (id != NULL);

  set_string (self, "last-section", id);
}

/**
 * lab_settings_get_jumpserver:
 * @self: settings
 * @address: (out) (transfer full): of the jumpserver used last, empty where there is none
 * @identity: (out) (transfer full): path of the key to it, empty where there is none
 */
void
lab_settings_get_jumpserver (LabSettings *self, char **address, char **identity)
{
  g_return_if_fail (LAB_IS_SETTINGS (self));

  *address = dup_string (self, "jumpserver", "");
  *identity = dup_string (self, "identity", "");
}

/**
 * lab_settings_set_jumpserver:
 * @self: settings
 * @address: of the jumpserver that is used
 * @identity: (nullable): path of the key to it
 */
void
lab_settings_set_jumpserver (LabSettings *self, const char *address, const char *identity)
{
  g_return_if_fail (LAB_IS_SETTINGS (self));
  g_return_if_fail (address != NULL);

  set_string (self, "jumpserver", address);
  set_string (self, "identity", identity != NULL ? identity : "");
}

/**
 * lab_settings_get_traffic_code:
 * @self: settings
 *
 * Returns: whether the traffic page shows a VirtualService's code, too
 */
gboolean
lab_settings_get_traffic_code (LabSettings *self)
{
  g_return_val_if_fail (LAB_IS_SETTINGS (self), TRUE);

  return self->settings != NULL ? g_settings_get_boolean (self->settings, "traffic-code")
                                : self->traffic_code;
}

/**
 * lab_settings_set_traffic_code:
 * @self: settings
 * @shown: whether the traffic page shows the code
 */
void
lab_settings_set_traffic_code (LabSettings *self, gboolean shown)
{
  g_return_if_fail (LAB_IS_SETTINGS (self));

  self->traffic_code = shown;
  if (self->settings != NULL)
    g_settings_set_boolean (self->settings, "traffic-code", shown);
}

/**
 * lab_settings_trusts_course:
 * @self: settings
 * @path: of a course
 *
 * Returns: whether the user has agreed that the course at @path types into the terminal
 */
gboolean
lab_settings_trusts_course (LabSettings *self, const char *path)
{
  g_auto (GStrv) stored = NULL;

  g_return_val_if_fail (LAB_IS_SETTINGS (self), FALSE);
  g_return_val_if_fail (path != NULL, FALSE);

  if (self->settings == NULL)
    return g_ptr_array_find_with_equal_func (self->trusted, path, g_str_equal, NULL);
  stored = g_settings_get_strv (self->settings, "trusted-courses");

  return g_strv_contains ((const char *const *)stored, path);
}

/**
 * lab_settings_trust_course:
 * @self: settings
 * @path: of a course that the user has agreed to
 */
void
lab_settings_trust_course (LabSettings *self, const char *path)
{
  g_auto (GStrv) stored = NULL;
  g_autoptr (GPtrArray) paths = NULL;

  g_return_if_fail (LAB_IS_SETTINGS (self));
  g_return_if_fail (path != NULL);

  if (lab_settings_trusts_course (self, path))
    return;
  if (self->settings == NULL) {
    g_ptr_array_add (self->trusted, g_strdup (path));
    return;
  }

  stored = g_settings_get_strv (self->settings, "trusted-courses");
  paths = g_ptr_array_new ();
  g_ptr_array_add (paths, (char *)path);
  for (gsize i = 0; stored[i] != NULL && i < MAX_TRUSTED - 1; i++)
    g_ptr_array_add (paths, stored[i]);
  g_ptr_array_add (paths, NULL);
  g_settings_set_strv (self->settings, "trusted-courses", (const char *const *)paths->pdata);
}
