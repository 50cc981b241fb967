/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lab-form-chooser.h"

#include <glib/gi18n-lib.h>

#include "lab-form-text.h"

static void
selected_cb (GtkDropDown *chooser, GParamSpec *pspec, LabBlockItem *item)
{
  guint selected = gtk_drop_down_get_selected (chooser);

  if (selected != GTK_INVALID_LIST_POSITION && selected != lab_block_item_get_form_index (item))
    lab_block_item_set_form_index (item, selected);
}

static void
form_cb (LabBlockItem *item, GParamSpec *pspec, GtkDropDown *chooser)
{
  gtk_drop_down_set_selected (chooser, lab_block_item_get_form_index (item));
}

static void
setup_cb (GtkSignalListItemFactory *factory, GtkListItem *item)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_lines (GTK_LABEL (label), 2);
  gtk_list_item_set_child (item, label);
}

static void
bind_cb (GtkSignalListItemFactory *factory, GtkListItem *item)
{
  gtk_label_set_label (GTK_LABEL (gtk_list_item_get_child (item)),
                       gtk_string_object_get_string (gtk_list_item_get_item (item)));
}

/* In large letters or a narrow window the button has less room than its text, which goes on in a
 * second line then; the list that it opens has enough. */
static void
let_shrink (GtkDropDown *chooser)
{
  g_autoptr (GtkListItemFactory) whole = g_object_ref (gtk_drop_down_get_factory (chooser));
  g_autoptr (GtkListItemFactory) narrow = gtk_signal_list_item_factory_new ();

  g_signal_connect (narrow, "setup", G_CALLBACK (setup_cb), NULL);
  g_signal_connect (narrow, "bind", G_CALLBACK (bind_cb), NULL);
  gtk_drop_down_set_list_factory (chooser, whole);
  gtk_drop_down_set_factory (chooser, narrow);
}

/**
 * lab_form_chooser_new:
 * @item: the row of a step of several forms
 *
 * Returns: (transfer floating): a menu of them, which follows @item and which @item follows
 */
GtkWidget *
lab_form_chooser_new (LabBlockItem *item)
{
  CourseStep *step = lab_block_item_get_block (item)->step;
  GPtrArray *forms = course_step_get_forms (step);
  g_autoptr (GtkStringList) titles = gtk_string_list_new (NULL);
  g_autofree char *name = course_step_get_runnable (step)
                            /* Translators: accessible name of the menu of a step's forms */
                            ? g_strdup_printf (_ ("Form of step %u"), course_step_get_number (step))
                            : g_strdup (_ ("Form of the example"));
  GtkWidget *chooser;

  for (guint i = 0; i < forms->len; i++)
    gtk_string_list_take (titles, lab_form_dup_title (forms, i));

  chooser = gtk_drop_down_new (G_LIST_MODEL (g_steal_pointer (&titles)), NULL);
  let_shrink (GTK_DROP_DOWN (chooser));
  gtk_widget_add_css_class (chooser, "flat");
  gtk_accessible_update_property (GTK_ACCESSIBLE (chooser), GTK_ACCESSIBLE_PROPERTY_LABEL, name,
                                  -1);
  gtk_drop_down_set_selected (GTK_DROP_DOWN (chooser), lab_block_item_get_form_index (item));
  g_signal_connect_object (chooser, "notify::selected", G_CALLBACK (selected_cb), item, 0);
  g_signal_connect_object (item, "notify::form", G_CALLBACK (form_cb), chooser, 0);

  return chooser;
}
