/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lab-search-row.h"

#include <glib/gi18n-lib.h>

#include "base-hidden.h"

struct _LabSearchRow {
  GtkListBoxRow parent_instance;

  CourseSection *section;
  int block; /* -1: the section's beginning */
};

G_DEFINE_FINAL_TYPE (LabSearchRow, lab_search_row, GTK_TYPE_LIST_BOX_ROW)

static void
lab_search_row_dispose (GObject *object)
{
  g_clear_object (&LAB_SEARCH_ROW (object)->section);

  G_OBJECT_CLASS (lab_search_row_parent_class)->dispose (object);
}

static void
lab_search_row_class_init (LabSearchRowClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = lab_search_row_dispose;
}

static void
lab_search_row_init (LabSearchRow *self)
{
}

static const char *
get_kind_name (CourseHitKind kind)
{
  switch (kind) {
    case COURSE_HIT_TITLE:
      return _ ("Title");
    case COURSE_HIT_COMMAND:
      return _ ("Command");
    case COURSE_HIT_OUTPUT:
      return _ ("Output");
    case COURSE_HIT_CHECK:
      return _ ("Check");
    case COURSE_HIT_PROSE:
    default:
      return _ ("Text");
  }
}

static GtkWidget *
new_text (const CourseHit *hit)
{
  GtkWidget *label = gtk_label_new (NULL);
  const char *font =
    hit->kind == COURSE_HIT_COMMAND || hit->kind == COURSE_HIT_OUTPUT ? "monospace" : NULL;
  g_autofree char *before = base_hidden_dup_visible (hit->before);
  g_autofree char *match = base_hidden_dup_visible (hit->match);
  g_autofree char *after = base_hidden_dup_visible (hit->after);
  g_autofree char *markup = g_markup_printf_escaped ("%s<b><u>%s</u></b>%s", before, match, after);

  gtk_label_set_markup (GTK_LABEL (label), markup);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_widget_set_hexpand (label, TRUE);
  if (font != NULL)
    gtk_widget_add_css_class (label, font);

  return label;
}

/**
 * lab_search_row_new:
 * @hit: what was found
 *
 * Returns: (transfer floating): a row
 */
GtkWidget *
lab_search_row_new (const CourseHit *hit)
{
  LabSearchRow *self = g_object_new (LAB_TYPE_SEARCH_ROW, NULL);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *kind = gtk_label_new (get_kind_name (hit->kind));
  g_autofree char *name =
    g_strdup_printf ("%s: %s%s%s", get_kind_name (hit->kind), hit->before, hit->match, hit->after);

  self->section = g_object_ref (hit->section);
  self->block = hit->kind == COURSE_HIT_TITLE ? -1 : (int)hit->block;
  gtk_widget_add_css_class (kind, "dim-label");
  gtk_widget_add_css_class (kind, "caption");
  gtk_widget_set_valign (kind, GTK_ALIGN_START);
  gtk_box_append (GTK_BOX (box), new_text (hit));
  gtk_box_append (GTK_BOX (box), kind);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (self), box);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);

  return GTK_WIDGET (self);
}

/**
 * lab_search_row_get_section:
 * @self: a row
 *
 * Returns: (transfer none): where the words stand
 */
CourseSection *
lab_search_row_get_section (LabSearchRow *self)
{
  g_return_val_if_fail (LAB_IS_SEARCH_ROW (self), NULL);

  return self->section;
}

/**
 * lab_search_row_get_block:
 * @self: a row
 *
 * Returns: the index of the section's block with the words; -1 for the section's beginning
 */
int
lab_search_row_get_block (LabSearchRow *self)
{
  g_return_val_if_fail (LAB_IS_SEARCH_ROW (self), -1);

  return self->block;
}
