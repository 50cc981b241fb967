/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lab-step-details.h"

#include <glib/gi18n-lib.h>

#include "lab-code-label.h"
#include "lab-form-text.h"
#include "lab-side-scroller.h"

/* Letters of the narrowest line of a note. */
#define NARROWEST 8

/* Data of an expander: the label in it. */
#define OUTPUT "lab-output"

static void
set_name (GtkWidget *widget, const char *name)
{
  gtk_accessible_update_property (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

/**
 * lab_step_details_new_note:
 * @text: plain text
 *
 * Returns: (transfer floating): it, as an aside
 */
GtkWidget *
lab_step_details_new_note (const char *text)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_widget_add_css_class (label, "dim-label");

  return label;
}

/**
 * lab_step_details_new_edited:
 * @number: of the step
 * @put_back: (out) (transfer none): the button that puts the course's text back
 *
 * Returns: (transfer floating): says that the reader has changed the step's text
 */
GtkWidget *
lab_step_details_new_edited (guint number, GtkWidget **put_back)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *note = lab_step_details_new_note (_ ("Edited: this is what Run types."));
  GtkWidget *button = gtk_button_new_with_label (_ ("Put the course's back"));
  /* Translators: accessible name of the button that puts the course's text of a step back */
  g_autofree char *name = g_strdup_printf (_ ("Put back the text of step %u"), number);

  gtk_label_set_width_chars (GTK_LABEL (note), NARROWEST);
  gtk_widget_set_hexpand (note, TRUE);
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  set_name (button, name);
  gtk_widget_add_css_class (box, "step-details");
  gtk_box_append (GTK_BOX (box), note);
  gtk_box_append (GTK_BOX (box), button);
  *put_back = button;

  return box;
}

/* What changes in a file, and a button that makes the change. */
static GtkWidget *
add_edit (GtkBox *box, const CourseEdit *edit, guint number)
{
  /* Translators: a step changes a file; %s is its path */
  g_autofree char *text = g_strdup_printf (_ ("Changes in %s:"), edit->file);
  /* Translators: accessible name of the button that changes a file as a step wants it */
  g_autofree char *name = g_strdup_printf (_ ("Make the change of step %u"), number);
  GtkWidget *head = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *note = lab_step_details_new_note (text);
  /* without a mnemonic: each step would have the same, and GTK 4.8 reads its label after the name
   */
  GtkWidget *button = gtk_button_new_with_label (_ ("Make the change"));
  GtkWidget *patch = lab_code_label_new ();

  lab_code_label_set_code (LAB_CODE_LABEL (patch), edit->patch, "yaml");
  gtk_widget_set_hexpand (note, TRUE);
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  gtk_box_append (GTK_BOX (head), note);
  gtk_box_append (GTK_BOX (head), button);
  gtk_box_append (box, head);
  gtk_box_append (box, patch);

  return button;
}

static gboolean
has_output (CourseStep *step)
{
  GPtrArray *forms = course_step_get_forms (step);

  for (guint i = 0; i < forms->len; i++) {
    if (((const CourseForm *)g_ptr_array_index (forms, i))->output != NULL)
      return TRUE;
  }

  return FALSE;
}

/* What is expected of the form that is shown. */
static void
form_cb (LabBlockItem *item, GParamSpec *pspec, GtkExpander *expander)
{
  const char *output = lab_block_item_get_form (item)->output;
  LabCodeLabel *code = g_object_get_data (G_OBJECT (expander), OUTPUT);

  gtk_widget_set_visible (GTK_WIDGET (expander), output != NULL);
  if (code != NULL)
    lab_code_label_set_code (code, output != NULL ? output : "", NULL);
}

static char *
dup_output_name (CourseStep *step)
{
  if (!course_step_get_runnable (step))
    return g_strdup (_ ("Expected output of the example"));

  /* Translators: accessible name of what a step is expected to print */
  return g_strdup_printf (_ ("Expected output of step %u"), course_step_get_number (step));
}

/* Tables are read by their columns: what is too long for the page is scrolled to, not wrapped. Made
 * when somebody looks, for each step has one. */
static void
expanded_cb (GtkExpander *expander, GParamSpec *pspec, LabBlockItem *item)
{
  g_autofree char *name = NULL;
  GtkWidget *scroller, *code;

  if (gtk_expander_get_child (expander) != NULL || !gtk_expander_get_expanded (expander))
    return;

  code = lab_code_label_new ();
  lab_code_label_set_wrap (LAB_CODE_LABEL (code), FALSE);
  gtk_widget_add_css_class (code, "output");
  scroller = lab_side_scroller_new (code);
  name = dup_output_name (lab_block_item_get_block (item)->step);
  set_name (scroller, name);
  g_object_set_data (G_OBJECT (expander), OUTPUT, code);
  gtk_expander_set_child (expander, scroller);
  /* GTK before 4.10 offers the keyboard to the child also while it is in no window */
  g_object_bind_property (expander, "expanded", scroller, "visible", G_BINDING_SYNC_CREATE);
  form_cb (item, NULL, expander);
}

static GtkWidget *
new_output (LabBlockItem *item)
{
  GtkWidget *expander = gtk_expander_new (_ ("Expected output"));
  g_autofree char *name = dup_output_name (lab_block_item_get_block (item)->step);

  set_name (expander, name);
  g_signal_connect_object (expander, "notify::expanded", G_CALLBACK (expanded_cb), item, 0);
  g_signal_connect_object (item, "notify::form", G_CALLBACK (form_cb), expander, 0);
  form_cb (item, NULL, GTK_EXPANDER (expander));

  return expander;
}

/**
 * lab_step_details_new:
 * @item: the row of a step
 * @edit: (out) (nullable) (transfer none): the button that makes the step's change of a file, where
 *   it has one
 *
 * Returns: (transfer floating) (nullable): what is typed into the program that the step starts,
 * what it changes, and what is to come of it
 */
GtkWidget *
lab_step_details_new (LabBlockItem *item, GtkWidget **edit)
{
  CourseStep *step = lab_block_item_get_block (item)->step;
  const CourseEdit *change = session_step_get_edit (lab_block_item_get_step (item));
  GPtrArray *inputs = course_step_get_inputs (step);
  guint n_inputs = inputs != NULL ? inputs->len : 0;
  gboolean with_output = has_output (step);
  GtkWidget *box;

  *edit = NULL;
  if (n_inputs == 0 && change == NULL && !with_output)
    return NULL;
  box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  gtk_widget_add_css_class (box, "step-details");
  for (guint i = 0; i < n_inputs; i++) {
    g_autofree char *text = lab_input_dup_text (g_ptr_array_index (inputs, i));

    gtk_box_append (GTK_BOX (box), lab_step_details_new_note (text));
  }
  if (change != NULL)
    *edit = add_edit (GTK_BOX (box), change, course_step_get_number (step));
  if (with_output)
    gtk_box_append (GTK_BOX (box), new_output (item));

  return box;
}
