/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lab-sidebar-row.h"

#include <glib/gi18n-lib.h>

#include "lab-section-title.h"

struct _LabSidebarRow {
  GtkListBoxRow parent_instance;

  GtkLabel *number_label;
  GtkLabel *title_label;
  GtkLabel *progress_label;
  GtkImage *done_icon;
  GtkImage *fallen_icon;

  CourseSection *section;
};

G_DEFINE_FINAL_TYPE (LabSidebarRow, lab_sidebar_row, GTK_TYPE_LIST_BOX_ROW)

static void
lab_sidebar_row_dispose (GObject *object)
{
  LabSidebarRow *self = LAB_SIDEBAR_ROW (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), LAB_TYPE_SIDEBAR_ROW);
  g_clear_object (&self->section);

  G_OBJECT_CLASS (lab_sidebar_row_parent_class)->dispose (object);
}

static void
lab_sidebar_row_class_init (LabSidebarRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lab_sidebar_row_dispose;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/konvoylab/KonvoyLab/lab-sidebar-row.ui");
  gtk_widget_class_bind_template_child (widget_class, LabSidebarRow, number_label);
  gtk_widget_class_bind_template_child (widget_class, LabSidebarRow, title_label);
  gtk_widget_class_bind_template_child (widget_class, LabSidebarRow, progress_label);
  gtk_widget_class_bind_template_child (widget_class, LabSidebarRow, done_icon);
  gtk_widget_class_bind_template_child (widget_class, LabSidebarRow, fallen_icon);
}

static void
lab_sidebar_row_init (LabSidebarRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * lab_sidebar_row_new:
 * @section: what it leads to
 * @numbered: whether there is room for a number before its title, as sections of the course have
 * one
 *
 * Returns: (transfer floating): a row
 */
GtkWidget *
lab_sidebar_row_new (CourseSection *section, gboolean numbered)
{
  LabSidebarRow *self;
  g_autofree char *number = NULL;
  const char *title;

  g_return_val_if_fail (COURSE_IS_SECTION (section), NULL);

  self = g_object_new (LAB_TYPE_SIDEBAR_ROW, NULL);
  self->section = g_object_ref (section);
  title = lab_section_title_split (course_section_get_title (section), &number);
  gtk_label_set_label (self->number_label, number);
  gtk_widget_set_visible (GTK_WIDGET (self->number_label), numbered);
  gtk_label_set_label (self->title_label, title);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self), course_section_get_title (section));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  course_section_get_title (section), -1);
  lab_sidebar_row_set_done (self, 0, 0);

  return GTK_WIDGET (self);
}

/**
 * lab_sidebar_row_get_section:
 * @self: a row
 *
 * Returns: (transfer none): what it leads to
 */
CourseSection *
lab_sidebar_row_get_section (LabSidebarRow *self)
{
  g_return_val_if_fail (LAB_IS_SIDEBAR_ROW (self), NULL);

  return self->section;
}

static void
show_fallen (LabSidebarRow *self, const char *sentence)
{
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->fallen_icon), sentence);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->fallen_icon), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  sentence, -1);
}

/* The row's name is its title alone; how far it is comes after that. */
static void
describe (LabSidebarRow *self, guint done, guint total, const char *fallen)
{
  g_autofree char *progress = g_strdup_printf (_ ("%u of %u steps done"), done, total);
  g_autofree char *text =
    fallen != NULL ? g_strdup_printf ("%s, %s", progress, fallen) : g_strdup (progress);

  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text,
                                  -1);
}

/**
 * lab_sidebar_row_set_done:
 * @self: a row
 * @done: how many of the section's steps are done
 * @fallen: how many of these are no longer so, as far as that is seen
 */
void
lab_sidebar_row_set_done (LabSidebarRow *self, guint done, guint fallen)
{
  g_autofree char *text = NULL;
  g_autofree char *sentence = NULL;
  gboolean whole;
  guint total;

  g_return_if_fail (LAB_IS_SIDEBAR_ROW (self));

  total = course_section_get_steps (self->section)->len;
  whole = total > 0 && done >= total && fallen == 0;
  /* Translators: steps done of all steps of a section, as short as can be */
  text = g_strdup_printf (_ ("%u/%u"), done, total);
  gtk_label_set_label (self->progress_label, text);
  if (fallen > 0) {
    /* Translators: steps of a section that are done, but something has undone them since */
    sentence = g_strdup_printf (
      ngettext ("%u step is no longer so", "%u steps are no longer so", fallen), fallen);
    show_fallen (self, sentence);
  }
  gtk_widget_set_visible (GTK_WIDGET (self->fallen_icon), fallen > 0);
  /* one of the two, or none where there is nothing to do: that a section is done must not take room
   * from its title */
  gtk_widget_set_visible (GTK_WIDGET (self->progress_label), total > 0 && !whole);
  gtk_widget_set_visible (GTK_WIDGET (self->done_icon), whole);
  if (total > 0)
    describe (self, done, total, sentence);
}
