/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lab-step-editor.h"

#include <glib/gi18n-lib.h>

#include "base-hidden.h"

struct _LabStepEditor {
  GtkWidget parent_instance;

  GtkTextView *view;

  LabBlockItem *item;
};

G_DEFINE_FINAL_TYPE (LabStepEditor, lab_step_editor, GTK_TYPE_WIDGET)

enum {
  CLOSE,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static char *
dup_text (LabStepEditor *self)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->view);
  GtkTextIter start, end;

  gtk_text_buffer_get_bounds (buffer, &start, &end);

  return gtk_text_buffer_get_text (buffer, &start, &end, TRUE);
}

static void
changed_cb (LabStepEditor *self)
{
  g_autofree char *text = dup_text (self);

  lab_block_item_set_edited (self->item, text);
}

/* The course's text was put back, or another form was chosen. */
static void
item_cb (LabStepEditor *self)
{
  const char *text = lab_block_item_get_text (self->item);
  g_autofree char *visible = base_hidden_dup_visible (text);
  g_autofree char *shown = dup_text (self);

  if (!g_str_equal (text, shown) && !g_str_equal (visible, shown))
    gtk_text_buffer_set_text (gtk_text_view_get_buffer (self->view), visible, -1);
}

static gboolean
escape_cb (GtkWidget *widget, GVariant *arguments, gpointer user_data)
{
  g_signal_emit (widget, signals[CLOSE], 0);

  return GDK_EVENT_STOP;
}

static gboolean
lab_step_editor_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (GTK_WIDGET (LAB_STEP_EDITOR (widget)->view));
}

static void
lab_step_editor_dispose (GObject *object)
{
  LabStepEditor *self = LAB_STEP_EDITOR (object);

  if (self->view != NULL)
    gtk_widget_unparent (GTK_WIDGET (self->view));
  self->view = NULL;
  g_clear_object (&self->item);

  G_OBJECT_CLASS (lab_step_editor_parent_class)->dispose (object);
}

static void
lab_step_editor_class_init (LabStepEditorClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lab_step_editor_dispose;
  widget_class->grab_focus = lab_step_editor_grab_focus;

  signals[CLOSE] = g_signal_new ("close", LAB_TYPE_STEP_EDITOR, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                 NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "stepeditor");
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Escape, 0, escape_cb, NULL);
}

static void
lab_step_editor_init (LabStepEditor *self)
{
  self->view = GTK_TEXT_VIEW (gtk_text_view_new ());
  gtk_text_view_set_monospace (self->view, TRUE);
  gtk_text_view_set_wrap_mode (self->view, GTK_WRAP_WORD_CHAR);
  gtk_text_view_set_left_margin (self->view, 6);
  gtk_text_view_set_right_margin (self->view, 6);
  gtk_text_view_set_top_margin (self->view, 6);
  gtk_text_view_set_bottom_margin (self->view, 6);
  /* Tab leads on, as everywhere on the page. */
  gtk_text_view_set_accepts_tab (self->view, FALSE);
  gtk_widget_set_parent (GTK_WIDGET (self->view), GTK_WIDGET (self));
}

/**
 * lab_step_editor_new:
 * @item: the row of a step, which is told of every change
 *
 * Returns: (transfer floating): an editor
 */
GtkWidget *
lab_step_editor_new (LabBlockItem *item)
{
  LabStepEditor *self;
  CourseStep *step;
  GtkTextBuffer *buffer;
  g_autofree char *name = NULL;
  g_autofree char *visible = NULL;

  g_return_val_if_fail (LAB_IS_BLOCK_ITEM (item), NULL);
  g_return_val_if_fail (lab_block_item_get_step (item) != NULL, NULL);

  self = g_object_new (LAB_TYPE_STEP_EDITOR, NULL);
  self->item = g_object_ref (item);
  step = session_step_get_step (lab_block_item_get_step (item));
  /* Translators: accessible name of the text in which a reader changes a step's command */
  name = g_strdup_printf (_ ("Text of step %u"), course_step_get_number (step));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->view), GTK_ACCESSIBLE_PROPERTY_LABEL, name,
                                  -1);

  buffer = gtk_text_view_get_buffer (self->view);
  /* what nobody would see can be taken out by its number; what was there first is no change that
   * could be undone */
  gtk_text_buffer_begin_irreversible_action (buffer);
  visible = base_hidden_dup_visible (lab_block_item_get_text (item));
  gtk_text_buffer_set_text (buffer, visible, -1);
  gtk_text_buffer_end_irreversible_action (buffer);
  g_signal_connect_object (buffer, "changed", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (item, "notify::edited", G_CALLBACK (item_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (item, "notify::form", G_CALLBACK (item_cb), self, G_CONNECT_SWAPPED);

  return GTK_WIDGET (self);
}
