/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lab-section-header.h"

#include <glib/gi18n-lib.h>

/* Letters of the narrowest line of an objective. */
#define NARROWEST 8

struct _LabSectionHeader {
  GtkWidget parent_instance;

  GtkLabel *title_label;
  GtkBox *facts_box;
  GtkLabel *minutes_label;
  GtkButton *run_button;
  GtkBox *objectives_box;
};

G_DEFINE_FINAL_TYPE (LabSectionHeader, lab_section_header, GTK_TYPE_WIDGET)

static void
add_objective (LabSectionHeader *self, const char *text)
{
  /* a box would look for the width of its text by trying many */
  GtkWidget *row = gtk_grid_new ();
  GtkWidget *bullet = gtk_label_new ("•");
  GtkWidget *label = gtk_label_new (text);

  gtk_widget_set_valign (bullet, GTK_ALIGN_START);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  /* without it, each letter is laid out on a line of its own to find the narrowest label */
  gtk_label_set_width_chars (GTK_LABEL (label), NARROWEST);
  gtk_widget_set_hexpand (label, TRUE);
  gtk_grid_set_column_spacing (GTK_GRID (row), 9);
  gtk_grid_attach (GTK_GRID (row), bullet, 0, 0, 1, 1);
  gtk_grid_attach (GTK_GRID (row), label, 1, 0, 1, 1);
  gtk_box_append (self->objectives_box, row);
}

static void
show_section (LabSectionHeader *self, CourseSection *section)
{
  const char *const *objectives = course_section_get_objectives (section);
  guint minutes = course_section_get_minutes (section);
  guint steps = course_section_get_steps (section)->len;
  g_autoptr (GString) facts = g_string_new (NULL);

  gtk_label_set_label (self->title_label, course_section_get_title (section));
  if (minutes > 0)
    /* Translators: how long a section takes */
    g_string_append_printf (facts, ngettext ("%u minute", "%u minutes", minutes), minutes);
  if (minutes > 0 && steps > 0)
    g_string_append (facts, " · ");
  if (steps > 0)
    g_string_append_printf (facts, ngettext ("%u step", "%u steps", steps), steps);
  gtk_label_set_label (self->minutes_label, facts->str);
  gtk_widget_set_visible (GTK_WIDGET (self->run_button), steps > 0);

  for (gsize i = 0; objectives != NULL && objectives[i] != NULL; i++)
    add_objective (self, objectives[i]);
  gtk_widget_set_visible (GTK_WIDGET (self->objectives_box),
                          objectives != NULL && objectives[0] != NULL);
}

static void
lab_section_header_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), LAB_TYPE_SECTION_HEADER);

  G_OBJECT_CLASS (lab_section_header_parent_class)->dispose (object);
}

static void
lab_section_header_class_init (LabSectionHeaderClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lab_section_header_dispose;

  gtk_widget_class_set_template_from_resource (
    widget_class, "/io/github/konvoylab/KonvoyLab/lab-section-header.ui");
  gtk_widget_class_bind_template_child (widget_class, LabSectionHeader, title_label);
  gtk_widget_class_bind_template_child (widget_class, LabSectionHeader, facts_box);
  gtk_widget_class_bind_template_child (widget_class, LabSectionHeader, minutes_label);
  gtk_widget_class_bind_template_child (widget_class, LabSectionHeader, run_button);
  gtk_widget_class_bind_template_child (widget_class, LabSectionHeader, objectives_box);
}

static void
lab_section_header_init (LabSectionHeader *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * lab_section_header_new:
 * @section: what it is the head of
 *
 * Returns: (transfer floating): a header
 */
GtkWidget *
lab_section_header_new (CourseSection *section)
{
  LabSectionHeader *self;

  g_return_val_if_fail (COURSE_IS_SECTION (section), NULL);

  self = g_object_new (LAB_TYPE_SECTION_HEADER, NULL);
  show_section (self, section);

  return GTK_WIDGET (self);
}
