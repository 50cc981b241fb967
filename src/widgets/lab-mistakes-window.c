/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lab-mistakes-window.h"

#include <glib/gi18n-lib.h>

#include "lab-button-names.h"

/* Of each kind; who has more mends these first. */
#define MAX_SHOWN 100

/* Letters of the narrowest line of a sentence. */
#define NARROWEST 16

struct _LabMistakesWindow {
  AdwWindow parent_instance;

  AdwWindowTitle *title;
  GtkButton *copy_button;
  AdwPreferencesPage *page;

  CourseCourse *course;
};

G_DEFINE_FINAL_TYPE (LabMistakesWindow, lab_mistakes_window, ADW_TYPE_WINDOW)

static GtkWidget *
new_label (const char *text)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_selectable (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_width_chars (GTK_LABEL (label), NARROWEST);

  return label;
}

static GtkWidget *
new_row (LabMistakesWindow *self, const CourseMessage *message)
{
  /* Translators: a file of a course, and a line in it */
  g_autofree char *place = g_strdup_printf (
    _ ("%s, line %u"), course_course_get_relative (self->course, message->file), message->line);
  g_autofree char *name = g_strdup_printf ("%s: %s", place, message->text);
  GtkWidget *row = adw_preferences_row_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3);
  GtkWidget *caption = new_label (place);

  gtk_widget_add_css_class (caption, "dim-label");
  gtk_widget_add_css_class (caption, "caption");
  gtk_widget_add_css_class (box, "mistake");
  gtk_box_append (GTK_BOX (box), new_label (message->text));
  gtk_box_append (GTK_BOX (box), caption);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), FALSE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);

  return row;
}

/* A kind of message, where there is any. */
static void
add_group (LabMistakesWindow *self, gboolean errors, const char *title)
{
  GPtrArray *messages = course_course_get_messages (self->course);
  g_autoptr (GtkWidget) group = g_object_ref_sink (adw_preferences_group_new ());
  guint shown = 0;

  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (group), title);
  for (guint i = 0; i < messages->len && shown < MAX_SHOWN; i++) {
    const CourseMessage *message = g_ptr_array_index (messages, i);

    if (message->is_error != errors)
      continue;
    adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), new_row (self, message));
    shown++;
  }
  if (shown > 0)
    adw_preferences_page_add (self->page, ADW_PREFERENCES_GROUP (group));
}

static void
add_advice (LabMistakesWindow *self)
{
  g_autofree char *quoted = g_shell_quote (course_course_get_path (self->course));
  /* Translators: %s is a file or folder */
  g_autofree char *text =
    g_strdup_printf (_ ("The same, and all of it, is printed by: konvoy-lab --lint %s"), quoted);
  GtkWidget *group = adw_preferences_group_new ();
  GtkWidget *label = new_label (text);

  gtk_widget_add_css_class (label, "dim-label");
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), label);
  adw_preferences_page_add (self->page, ADW_PREFERENCES_GROUP (group));
}

/* A line for each, as the linter prints them. */
static void
copy_cb (LabMistakesWindow *self)
{
  GPtrArray *messages = course_course_get_messages (self->course);
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < messages->len; i++) {
    const CourseMessage *message = g_ptr_array_index (messages, i);

    g_string_append_printf (text, "%s:%u: %s\n", message->file, message->line, message->text);
  }
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), text->str);
}

static void
lab_mistakes_window_dispose (GObject *object)
{
  LabMistakesWindow *self = LAB_MISTAKES_WINDOW (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), LAB_TYPE_MISTAKES_WINDOW);
  g_clear_object (&self->course);

  G_OBJECT_CLASS (lab_mistakes_window_parent_class)->dispose (object);
}

static void
lab_mistakes_window_class_init (LabMistakesWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lab_mistakes_window_dispose;

  gtk_widget_class_set_template_from_resource (
    widget_class, "/io/github/konvoylab/KonvoyLab/lab-mistakes-window.ui");
  gtk_widget_class_bind_template_child (widget_class, LabMistakesWindow, title);
  gtk_widget_class_bind_template_child (widget_class, LabMistakesWindow, copy_button);
  gtk_widget_class_bind_template_child (widget_class, LabMistakesWindow, page);
  gtk_widget_class_bind_template_callback (widget_class, copy_cb);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
lab_mistakes_window_init (LabMistakesWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  lab_button_names_mend (GTK_WIDGET (self));
}

/**
 * lab_mistakes_window_new:
 * @parent: the window it belongs to
 * @course: a course with something to say of
 *
 * Returns: (transfer floating): a window that is not shown yet
 */
GtkWidget *
lab_mistakes_window_new (GtkWindow *parent, CourseCourse *course)
{
  LabMistakesWindow *self;

  g_return_val_if_fail (GTK_IS_WINDOW (parent), NULL);
  g_return_val_if_fail (COURSE_IS_COURSE (course), NULL);

  self = g_object_new (LAB_TYPE_MISTAKES_WINDOW, "transient-for", parent, "application",
                       gtk_window_get_application (parent), NULL);
  self->course = g_object_ref (course);
  adw_window_title_set_subtitle (self->title, course_course_get_title (course));
  add_group (self, TRUE, _ ("Does not work as written"));
  add_group (self, FALSE, _ ("Works, though perhaps not as meant"));
  add_advice (self);
  gtk_window_set_focus (GTK_WINDOW (self), GTK_WIDGET (self->copy_button));

  return GTK_WIDGET (self);
}
