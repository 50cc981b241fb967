/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lab-window.h"

#include <glib/gi18n-lib.h>

#include "lab-window-private.h"

/* Of the window's height above the terminal, and of its width before the panels. */
#define TOP_SHARE 0.66
#define PAGE_SHARE 0.63

G_DEFINE_FINAL_TYPE (LabWindow, lab_window, ADW_TYPE_APPLICATION_WINDOW)

enum {
  PROP_0,
  PROP_PLACE_KIND,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static guint
get_section_index (LabWindow *self)
{
  GListModel *sections = course_course_get_sections (self->course);

  for (guint i = 0; i < g_list_model_get_n_items (sections); i++) {
    g_autoptr (CourseSection) section = g_list_model_get_item (sections, i);

    if (section == self->section)
      return i;
  }

  return 0;
}

static guint
get_n_sections (LabWindow *self)
{
  return g_list_model_get_n_items (course_course_get_sections (self->course));
}

/* Where the student left off: the section that was open last, else the first that is not done. */
static CourseSection *
find_present_section (LabWindow *self)
{
  g_autofree char *last = lab_settings_dup_last_section (self->settings);
  CourseSection *last_section = course_course_find_section (self->course, last);
  GListModel *sections = course_course_get_sections (self->course);
  CourseProgress *progress = session_lab_get_progress (self->lab);
  g_autoptr (CourseSection) first = g_list_model_get_item (sections, 0);

  if (last_section != NULL)
    return g_object_ref (last_section);

  for (guint i = 0; i < g_list_model_get_n_items (sections); i++) {
    g_autoptr (CourseSection) section = g_list_model_get_item (sections, i);

    if (course_progress_count_done (progress, section) < course_section_get_steps (section)->len)
      return g_steal_pointer (&section);
  }

  return g_steal_pointer (&first);
}

static void
show_title (LabWindow *self, CourseSection *section)
{
  const char *name = course_section_get_title (section);
  const char *course = course_course_get_title (self->course);
  /* the first page of a lab often has the title of the whole */
  gboolean same = g_str_equal (name, course);
  g_autofree char *title = NULL;

  adw_window_title_set_title (self->title, name);
  adw_window_title_set_subtitle (self->title, same ? NULL : course);
  /* Translators: window title: a section and its course */
  title = same ? g_strdup (name) : g_strdup_printf (_ ("%s – %s"), name, course);
  gtk_window_set_title (GTK_WINDOW (self), title);
  lab_sidebar_select (self->sidebar, section);
}

static gboolean
has_next (LabWindow *self)
{
  return get_section_index (self) + 1 < get_n_sections (self);
}

void
lab_window_show_section (LabWindow *self, CourseSection *section)
{
  g_set_object (&self->section, section);
  show_title (self, section);
  lab_window_end_search (self);
  lab_section_page_set_section (self->section_page, self->lab, section, has_next (self));
  if (self->finished) {
    lab_settings_set_last_section (self->settings, course_section_get_id (section));
    session_lab_set_open_section (self->lab, section);
    lab_terminal_pane_set_section (self->terminal_pane, section);
    lab_panel_stack_show_panel (self->panel_stack, course_section_get_panel (section));
  }
  lab_window_update_needs_notice (self);
  lab_window_update_actions (self);
}

/* The open section as its author has just saved it: the reader stays where they are. */
void
lab_window_replace_section (LabWindow *self, CourseSection *section)
{
  g_set_object (&self->section, section);
  show_title (self, section);
  lab_section_page_replace_section (self->section_page, section, has_next (self));
  lab_window_update_needs_notice (self);
  lab_window_update_actions (self);
  if (self->finished)
    session_lab_set_open_section (self->lab, section);
}

void
lab_window_move_section (LabWindow *self, int by)
{
  GListModel *sections = course_course_get_sections (self->course);
  gint64 index = (gint64)get_section_index (self) + by;
  g_autoptr (CourseSection) section = NULL;

  if (index < 0 || index >= get_n_sections (self))
    return;

  section = g_list_model_get_item (sections, (guint)index);
  lab_window_show_section (self, section);
}

static void
run_cb (LabWindow *self, LabBlockItem *item)
{
  lab_window_run_step (self, item, LAB_RUN_COMMAND);
}

static void
edit_cb (LabWindow *self, LabBlockItem *item)
{
  lab_window_run_step (self, item, LAB_RUN_EDIT);
}

static void
next_cb (LabWindow *self)
{
  lab_window_move_section (self, 1);
}

static void
section_chosen_cb (LabWindow *self, CourseSection *section)
{
  lab_window_show_section (self, section);
  if (adw_flap_get_folded (self->flap))
    adw_flap_set_reveal_flap (self->flap, FALSE);
}

static void
lab_changed_cb (LabWindow *self)
{
  lab_section_page_update_facts (self->section_page);
  lab_window_update_actions (self);
}

static GtkWidget *
create_menu (GtkMenuButton *button, LabWindow *self)
{
  return lab_window_build_menu (self);
}

static void
create_menu_cb (GtkMenuButton *button, gpointer user_data)
{
  if (gtk_menu_button_get_popover (button) == NULL)
    gtk_menu_button_set_popover (button, create_menu (button, LAB_WINDOW (user_data)));
}

/* From now on the parts stay where they are, and where the user moves them, whatever is in them. */
static void
pin_parts (LabWindow *self)
{
  self->pinned = TRUE;
  gtk_paned_set_position (self->rows,
                          (int)(gtk_widget_get_height (GTK_WIDGET (self->rows)) * TOP_SHARE));
  gtk_paned_set_position (self->columns,
                          (int)(gtk_widget_get_width (GTK_WIDGET (self->columns)) * PAGE_SHARE));
}

static void
lab_window_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (lab_window_parent_class)->map (widget);
  lab_window_finish_later (LAB_WINDOW (widget));
}

static void
lab_window_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  LabWindow *self = LAB_WINDOW (widget);

  GTK_WIDGET_CLASS (lab_window_parent_class)->size_allocate (widget, width, height, baseline);
  if (self->pinned)
    return;
  /* the shares are of what the parts have together; this frame is to show them as they stay */
  pin_parts (self);
  GTK_WIDGET_CLASS (lab_window_parent_class)->size_allocate (widget, width, height, baseline);
}

static gboolean
lab_window_close_request (GtkWindow *window)
{
  LabWindow *self = LAB_WINDOW (window);
  int width, height;

  lab_window_save_progress (self);
  gtk_window_get_default_size (window, &width, &height);
  if (self->settings != NULL && !self->presenting)
    lab_settings_set_window_size (self->settings, width, height, gtk_window_is_maximized (window));

  return lab_window_close_later (self) ||
         GTK_WINDOW_CLASS (lab_window_parent_class)->close_request (window);
}

static void
lab_window_get_property (GObject *object, guint property_id, GValue *value, GParamSpec *pspec)
{
  switch (property_id) {
    case PROP_PLACE_KIND:
      g_value_set_string (value, lab_window_get_place_kind (LAB_WINDOW (object)));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
  }
}

static void
lab_window_set_property (GObject *object, guint property_id, const GValue *value, GParamSpec *pspec)
{
  switch (property_id) {
    case PROP_PLACE_KIND:
      lab_window_set_place_kind (LAB_WINDOW (object), g_value_get_string (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
  }
}

static void
lab_window_dispose (GObject *object)
{
  LabWindow *self = LAB_WINDOW (object);

  if (self->terminal_pane != NULL)
    lab_terminal_pane_set_lab (self->terminal_pane, NULL);
  if (self->panel_stack != NULL)
    lab_panel_stack_set_lab (self->panel_stack, NULL);
  if (self->lab != NULL && !self->is_exhibit)
    session_lab_disconnect (self->lab);
  self->terminal_pane = NULL;
  self->panel_stack = NULL;
  self->search_page = NULL;
  /* an attempt or a question under way holds it longer than the window and the banners live */
  if (self->connector != NULL)
    g_object_run_dispose (G_OBJECT (self->connector));
  g_clear_object (&self->connector);
  g_clear_object (&self->lab_signals);
  g_clear_object (&self->progress_signals);
  g_clear_object (&self->chooser);
  g_clear_object (&self->watch);
  gtk_widget_dispose_template (GTK_WIDGET (self), LAB_TYPE_WINDOW);
  g_clear_object (&self->section);
  g_clear_pointer (&self->dismissed, g_hash_table_unref);
  g_clear_object (&self->lab);
  g_clear_object (&self->course);
  g_clear_object (&self->settings);
  g_clear_object (&self->text_scale);
  g_clear_pointer (&self->student, g_free);
  g_clear_pointer (&self->screen, g_free);
  g_clear_pointer (&self->destination, lab_destination_free);

  G_OBJECT_CLASS (lab_window_parent_class)->dispose (object);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/konvoylab/KonvoyLab/lab-window.ui");
  gtk_widget_class_bind_template_child (widget_class, LabWindow, title);
  gtk_widget_class_bind_template_child (widget_class, LabWindow, place_button);
  gtk_widget_class_bind_template_child (widget_class, LabWindow, menu_button);
  gtk_widget_class_bind_template_child (widget_class, LabWindow, panels_button);
  gtk_widget_class_bind_template_child (widget_class, LabWindow, offline_banner);
  gtk_widget_class_bind_template_child (widget_class, LabWindow, notice_banner);
  gtk_widget_class_bind_template_child (widget_class, LabWindow, insecure_banner);
  gtk_widget_class_bind_template_child (widget_class, LabWindow, needs_banner);
  gtk_widget_class_bind_template_child (widget_class, LabWindow, progress_banner);
  gtk_widget_class_bind_template_child (widget_class, LabWindow, course_banner);
  gtk_widget_class_bind_template_child (widget_class, LabWindow, toast_overlay);
  gtk_widget_class_bind_template_child (widget_class, LabWindow, flap);
  gtk_widget_class_bind_template_child (widget_class, LabWindow, sidebar);
  gtk_widget_class_bind_template_child (widget_class, LabWindow, rows);
  gtk_widget_class_bind_template_child (widget_class, LabWindow, columns);
  gtk_widget_class_bind_template_child (widget_class, LabWindow, terminal_bin);
  gtk_widget_class_bind_template_child (widget_class, LabWindow, panels_bin);
  gtk_widget_class_bind_template_child (widget_class, LabWindow, page_stack);
  gtk_widget_class_bind_template_child (widget_class, LabWindow, section_page);
  gtk_widget_class_bind_template_callback (widget_class, lab_window_save_progress);
  gtk_widget_class_bind_template_callback (widget_class, lab_window_dismiss_needs_notice);
  gtk_widget_class_bind_template_callback (widget_class, lab_window_show_needed_section);
  gtk_widget_class_bind_template_callback (widget_class, run_cb);
  gtk_widget_class_bind_template_callback (widget_class, edit_cb);
  gtk_widget_class_bind_template_callback (widget_class, next_cb);
  gtk_widget_class_bind_template_callback (widget_class, section_chosen_cb);
}

static void
lab_window_class_init (LabWindowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = lab_window_get_property;
  object_class->set_property = lab_window_set_property;
  object_class->dispose = lab_window_dispose;
  widget_class->map = lab_window_map;
  widget_class->size_allocate = lab_window_size_allocate;
  GTK_WINDOW_CLASS (klass)->close_request = lab_window_close_request;

  properties[PROP_PLACE_KIND] =
    g_param_spec_string ("place-kind", NULL, NULL, NULL,
                         G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  bind_template (widget_class);
  lab_window_install_actions (widget_class);
}

static void
lab_window_init (LabWindow *self)
{
  g_type_ensure (LAB_TYPE_BANNER);
  g_type_ensure (LAB_TYPE_PLACE_BUTTON);
  g_type_ensure (LAB_TYPE_SECTION_PAGE);
  g_type_ensure (LAB_TYPE_SIDEBAR);
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_menu_button_set_create_popup_func (self->menu_button, create_menu_cb, self, NULL);

  lab_window_accept_drops (self);

  self->connector = lab_connector_new (GTK_WINDOW (self), self->offline_banner, self->notice_banner,
                                       self->insecure_banner);
  self->progress_signals = g_signal_group_new (COURSE_TYPE_PROGRESS);
  g_signal_group_connect_swapped (self->progress_signals, "notify::error",
                                  G_CALLBACK (lab_window_update_progress_notice), self);
  g_signal_group_connect_swapped (self->progress_signals, "changed",
                                  G_CALLBACK (lab_window_update_needs_notice), self);
  self->lab_signals = g_signal_group_new (SESSION_TYPE_LAB);
  g_signal_group_connect_swapped (self->lab_signals, "notify::state", G_CALLBACK (lab_changed_cb),
                                  self);
  g_signal_group_connect_swapped (self->lab_signals, "notify::server-version",
                                  G_CALLBACK (lab_changed_cb), self);
  g_signal_group_connect_swapped (self->lab_signals, "notify::istio-version",
                                  G_CALLBACK (lab_changed_cb), self);
  g_signal_group_connect_swapped (self->lab_signals, "notify::apis", G_CALLBACK (lab_changed_cb),
                                  self);
  g_signal_group_connect_swapped (self->lab_signals, "notify::addresses",
                                  G_CALLBACK (lab_changed_cb), self);
}

/**
 * lab_window_new:
 * @application: (nullable): the program
 * @settings: what it remembers
 * @text_scale: the size of its text
 *
 * Returns: (transfer floating): a window with no course yet
 */
GtkWidget *
lab_window_new (GtkApplication *application, LabSettings *settings, LabTextScale *text_scale)
{
  LabWindow *self;
  int width, height;
  gboolean maximized;

  g_return_val_if_fail (LAB_IS_SETTINGS (settings), NULL);
  g_return_val_if_fail (LAB_IS_TEXT_SCALE (text_scale), NULL);

  self = g_object_new (LAB_TYPE_WINDOW, "application", application, NULL);
  self->settings = g_object_ref (settings);
  self->text_scale = g_object_ref (text_scale);
  lab_settings_get_window_size (settings, &width, &height, &maximized);
  gtk_window_set_default_size (GTK_WINDOW (self), width, height);
  if (maximized)
    gtk_window_maximize (GTK_WINDOW (self));

  return GTK_WIDGET (self);
}

/**
 * lab_window_set_presenting:
 * @self: a window
 * @presenting: whether others look on: credentials are masked
 */
void
lab_window_set_presenting (LabWindow *self, gboolean presenting)
{
  g_return_if_fail (LAB_IS_WINDOW (self));

  self->presenting = presenting;
  if (self->terminal_pane != NULL)
    lab_terminal_pane_set_presenting (self->terminal_pane, presenting);
}

/* Shows whose work it is from now on; no section yet. */
void
lab_window_take_lab (LabWindow *self, SessionLab *lab)
{
  CourseCourse *course = session_lab_get_course (lab);
  CourseProgress *progress = session_lab_get_progress (lab);

  g_set_object (&self->lab, lab);
  g_set_object (&self->course, course);
  if (self->search_page != NULL)
    lab_search_page_set_course (self->search_page, course);
  g_signal_group_set_target (self->lab_signals, lab);
  lab_connector_set_lab (self->connector, lab);
  lab_place_button_set_lab (self->place_button, lab);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PLACE_KIND]);
  g_signal_group_set_target (self->progress_signals, progress);
  lab_window_update_progress_notice (self);
  lab_sidebar_set_lab (self->sidebar, lab);
}

/**
 * lab_window_open:
 * @self: a window
 * @course: what to work through
 * @place: where to
 * @context_name: (nullable): of the place's kubeconfig
 * @student: (nullable): whose progress it is, where several share a place
 *
 * Opens the section where the student left off. Connects once the window has been drawn. A canary
 * that is under way at the place that is left goes back first.
 */
void
lab_window_open (LabWindow *self,
                 CourseCourse *course,
                 JumpPlace *place,
                 const char *context_name,
                 const char *student)
{
  g_autofree char *path = NULL;
  g_autoptr (CourseProgress) progress = NULL;
  g_autoptr (SessionLab) lab = NULL;
  g_autoptr (CourseSection) section = NULL;

  g_return_if_fail (LAB_IS_WINDOW (self));
  g_return_if_fail (COURSE_IS_COURSE (course));
  g_return_if_fail (JUMP_IS_PLACE (place));

  if (lab_window_open_later (self, course, place, context_name, student))
    return;

  path = course_progress_dup_default_path (course_course_get_id (course), jump_place_get_id (place),
                                           student);
  progress = course_progress_new (path);
  if (self->lab != NULL) {
    lab_window_save_progress (self);
    session_lab_disconnect (self->lab);
  }
  lab = session_lab_new (course, place, progress, context_name);
  session_lab_set_student (lab, student);
  if (student != self->student) {
    g_free (self->student);
    self->student = g_strdup (student);
  }

  lab_window_take_lab (self, lab);
  lab_banner_hide (self->course_banner);
  lab_window_watch_course (self);
  lab_window_tell_course_errors (self);
  section = find_present_section (self);
  if (self->finished) {
    lab_terminal_pane_set_lab (self->terminal_pane, self->lab);
    lab_panel_stack_set_lab (self->panel_stack, self->lab);
  }
  lab_window_show_section (self, section);
  if (self->finished)
    lab_connector_connect (self->connector);
}

/**
 * lab_window_open_section:
 * @self: a window with a course
 * @id: of a section
 *
 * Returns: whether the course has it
 */
gboolean
lab_window_open_section (LabWindow *self, const char *id)
{
  CourseSection *section;

  g_return_val_if_fail (LAB_IS_WINDOW (self), FALSE);
  g_return_val_if_fail (id != NULL, FALSE);

  section = self->course != NULL ? course_course_find_section (self->course, id) : NULL;
  if (section == NULL)
    return FALSE;

  lab_window_show_section (self, section);

  return TRUE;
}

/**
 * lab_window_show_toast:
 * @self: a window
 * @text: plain text
 */
void
lab_window_show_toast (LabWindow *self, const char *text)
{
  g_autofree char *markup = NULL;

  g_return_if_fail (LAB_IS_WINDOW (self));
  g_return_if_fail (text != NULL);

  markup = g_markup_escape_text (text, -1);
  adw_toast_overlay_add_toast (self->toast_overlay, adw_toast_new (markup));
}
