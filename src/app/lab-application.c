/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lab-application.h"

#include <glib/gi18n-lib.h>
#include <stdlib.h>

#include "base-install.h"
#include "lab-options.h"
#include "lab-settings.h"
#include "lab-text-scale.h"
#include "lab-window.h"

#define PRESENT_SCALE 1.5

struct _LabApplication {
  AdwApplication parent_instance;

  LabSettings *settings;
  LabTextScale *text_scale;
  gboolean presenting; /* its text size is not remembered */
};

G_DEFINE_FINAL_TYPE (LabApplication, lab_application, ADW_TYPE_APPLICATION)

static void
text_larger_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  lab_text_scale_step (LAB_APPLICATION (user_data)->text_scale, 1);
}

static void
text_smaller_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  lab_text_scale_step (LAB_APPLICATION (user_data)->text_scale, -1);
}

static void
text_reset_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  lab_text_scale_set_scale (LAB_APPLICATION (user_data)->text_scale, 1.0);
}

/* In a build tree the program's icon is beside the course, where no icon theme looks. */
static void
show_own_icons (void)
{
  g_autofree char *data_dir = base_install_dup_data_dir ();
  g_autofree char *icons = g_build_filename (data_dir, "icons", NULL);

  if (base_install_is_build_tree ())
    gtk_icon_theme_add_search_path (gtk_icon_theme_get_for_display (gdk_display_get_default ()),
                                    icons);
}

static void
about_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  GtkApplication *self = GTK_APPLICATION (user_data);

  show_own_icons ();
  adw_show_about_window (
    gtk_application_get_active_window (self), "application-name", _ ("Konvoy Lab"),
    "application-icon", APP_ID, "version", PACKAGE_VERSION, "developer-name",
    _ ("The Konvoy Lab developers"), "comments",
    _ ("Learn Kubernetes and Istio: the course, the terminal and the cluster in one "
       "window."),
    "license-type", GTK_LICENSE_GPL_3_0, NULL);
}

static gpointer
ref_window (gconstpointer window, gpointer user_data)
{
  return g_object_ref ((gpointer)window);
}

/* A dialog may be freed after its window, which it must not know any more by then. */
static void
quit_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  GList *windows =
    g_list_copy_deep (gtk_application_get_windows (GTK_APPLICATION (user_data)), ref_window, NULL);

  for (GList *l = windows; l != NULL; l = l->next)
    gtk_window_set_transient_for (l->data, NULL);
  for (GList *l = windows; l != NULL; l = l->next)
    gtk_window_close (l->data);
  g_list_free_full (windows, g_object_unref);
}

static const struct {
  const char *name;
  AdwColorScheme scheme;
} styles[] = {
  { "system", ADW_COLOR_SCHEME_DEFAULT },
  { "light", ADW_COLOR_SCHEME_FORCE_LIGHT },
  { "dark", ADW_COLOR_SCHEME_FORCE_DARK },
};

static void
apply_style (LabApplication *self, const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (styles); i++) {
    if (g_str_equal (styles[i].name, name))
      adw_style_manager_set_color_scheme (
        adw_application_get_style_manager (ADW_APPLICATION (self)), styles[i].scheme);
  }
}

static void
change_style_cb (GSimpleAction *action, GVariant *value, gpointer user_data)
{
  LabApplication *self = LAB_APPLICATION (user_data);
  const char *name = g_variant_get_string (value, NULL);

  g_simple_action_set_state (action, value);
  apply_style (self, name);
  lab_settings_set_style (self->settings, name);
}

/* The style that was chosen last, changed in the menu. */
static void
add_style_action (LabApplication *self)
{
  g_autofree char *name = lab_settings_dup_style (self->settings);
  g_autoptr (GSimpleAction) action =
    g_simple_action_new_stateful ("style", G_VARIANT_TYPE_STRING, g_variant_new_string (name));

  g_signal_connect_object (action, "change-state", G_CALLBACK (change_style_cb), self, 0);
  g_action_map_add_action (G_ACTION_MAP (self), G_ACTION (action));
  apply_style (self, name);
}

static const GActionEntry actions[] = {
  { .name = "text-larger", .activate = text_larger_cb },
  { .name = "text-smaller", .activate = text_smaller_cb },
  { .name = "text-reset", .activate = text_reset_cb },
  { .name = "about", .activate = about_cb },
  { .name = "quit", .activate = quit_cb },
};

static const struct {
  const char *action;
  const char *keys[4];
} accelerators[] = {
  { "app.text-larger", { "<Control>plus", "<Control>equal", "<Control>KP_Add", NULL } },
  { "app.text-smaller", { "<Control>minus", "<Control>KP_Subtract", NULL } },
  { "app.text-reset", { "<Control>0", "<Control>KP_0", NULL } },
  { "app.quit", { "<Control>q", NULL } },
  { "win.show-help-overlay", { "<Control>question", "F1", NULL } },
  { "win.run-step", { "<Control>Return", "<Control>KP_Enter", NULL } },
  { "win.run-section", { "<Control><Shift>Return", "<Control><Shift>KP_Enter", NULL } },
  { "win.next-step", { "<Alt>Page_Down", NULL } },
  { "win.previous-step", { "<Alt>Page_Up", NULL } },
  { "win.next-section", { "<Alt>Down", "<Control>Page_Down", NULL } },
  { "win.previous-section", { "<Alt>Up", "<Control>Page_Up", NULL } },
  { "win.cycle-focus(1)", { "F6", NULL } },
  { "win.cycle-focus(-1)", { "<Shift>F6", NULL } },
  { "win.focus-terminal", { "<Control>t", NULL } },
  { "win.search", { "<Control><Shift>s", NULL } },
  { "win.filter", { "<Control><Shift>f", NULL } },
  { "win.toggle-sidebar", { "F9", NULL } },
  { "win.toggle-panels", { "<Shift>F9", NULL } },
};

static void
scale_cb (LabApplication *self)
{
  if (!self->presenting)
    lab_settings_set_text_scale (self->settings, lab_text_scale_get_scale (self->text_scale));
}

static void
start_presenting (LabApplication *self)
{
  GAction *style = g_action_map_lookup_action (G_ACTION_MAP (self), "style");

  self->presenting = TRUE;
  g_simple_action_set_enabled (G_SIMPLE_ACTION (style), FALSE);
  lab_text_scale_set_scale (self->text_scale, PRESENT_SCALE);
  adw_style_manager_set_color_scheme (adw_application_get_style_manager (ADW_APPLICATION (self)),
                                      ADW_COLOR_SCHEME_FORCE_LIGHT);
  for (GList *l = gtk_application_get_windows (GTK_APPLICATION (self)); l != NULL; l = l->next) {
    if (LAB_IS_WINDOW (l->data))
      lab_window_set_presenting (l->data, TRUE);
  }
}

/* (nullable): the window of a course that was used last; dialogs are windows too */
static GtkWindow *
find_window (LabApplication *self)
{
  for (GList *l = gtk_application_get_windows (GTK_APPLICATION (self)); l != NULL; l = l->next) {
    if (LAB_IS_WINDOW (l->data))
      return l->data;
  }

  return NULL;
}

/* A window for what the options name; the present one where they name nothing else. */
static gboolean
open_window (LabApplication *self, const LabOptions *options, GError **error)
{
  GtkWindow *window = find_window (self);
  g_autoptr (CourseCourse) course = NULL;
  g_autoptr (JumpPlace) place = NULL;

  if (window == NULL || lab_options_names_place (options)) {
    course = lab_options_load_course (options, error);
    if (course == NULL)
      return FALSE;
    place = lab_options_create_place (options, error);
    if (place == NULL)
      return FALSE;

    window = GTK_WINDOW (lab_window_new (GTK_APPLICATION (self), self->settings, self->text_scale));
    lab_window_set_presenting (LAB_WINDOW (window), self->presenting);
    lab_window_open (LAB_WINDOW (window), course, place, options->context, options->student);
  }

  if (options->section != NULL &&
      !lab_window_open_section (LAB_WINDOW (window), options->section)) {
    /* Translators: %s is the id of a section */
    g_autofree char *text =
      g_strdup_printf (_ ("This course has no section “%s”."), options->section);

    lab_window_show_toast (LAB_WINDOW (window), text);
  }
  gtk_window_present (window);

  return TRUE;
}

static int
lab_application_command_line (GApplication *application, GApplicationCommandLine *command_line)
{
  LabApplication *self = LAB_APPLICATION (application);
  g_auto (GStrv) arguments = g_application_command_line_get_arguments (command_line, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (LabOptions) options =
    lab_options_parse (arguments, g_application_command_line_get_cwd (command_line), &error);

  if (options != NULL && options->present)
    start_presenting (self);
  if (options == NULL || !open_window (self, options, &error)) {
    g_application_command_line_printerr (command_line, "%s\n", error->message);
    return EXIT_FAILURE;
  }

  return EXIT_SUCCESS;
}

static void
lab_application_startup (GApplication *application)
{
  LabApplication *self = LAB_APPLICATION (application);

  G_APPLICATION_CLASS (lab_application_parent_class)->startup (application);

  self->settings = lab_settings_new ();
  self->text_scale = lab_text_scale_new (gdk_display_get_default ());
  lab_text_scale_set_scale (self->text_scale, lab_settings_get_text_scale (self->settings));
  g_signal_connect_object (self->text_scale, "notify::scale", G_CALLBACK (scale_cb), self,
                           G_CONNECT_SWAPPED);
  /* Moving on by key must not select a whole paragraph. */
  g_object_set (gtk_settings_get_default (), "gtk-label-select-on-focus", FALSE, NULL);

  add_style_action (self);
  g_action_map_add_action_entries (G_ACTION_MAP (self), actions, G_N_ELEMENTS (actions), self);
  for (gsize i = 0; i < G_N_ELEMENTS (accelerators); i++)
    gtk_application_set_accels_for_action (GTK_APPLICATION (self), accelerators[i].action,
                                           (const char **)accelerators[i].keys);
}

static void
lab_application_dispose (GObject *object)
{
  LabApplication *self = LAB_APPLICATION (object);

  g_clear_object (&self->text_scale);
  g_clear_object (&self->settings);

  G_OBJECT_CLASS (lab_application_parent_class)->dispose (object);
}

static void
lab_application_class_init (LabApplicationClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = lab_application_dispose;
  G_APPLICATION_CLASS (klass)->startup = lab_application_startup;
  G_APPLICATION_CLASS (klass)->command_line = lab_application_command_line;
}

static void
lab_application_init (LabApplication *self)
{
}

/**
 * lab_application_new:
 *
 * Returns: (transfer full): the program
 */
LabApplication *
lab_application_new (void)
{
  return g_object_new (LAB_TYPE_APPLICATION, "application-id", APP_ID, "flags",
                       G_APPLICATION_HANDLES_COMMAND_LINE, "resource-base-path",
                       "/io/github/konvoylab/KonvoyLab", NULL);
}
