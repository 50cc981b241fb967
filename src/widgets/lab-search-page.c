/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lab-search-page.h"

#include <glib/gi18n-lib.h>

#include "course-index.h"
#include "lab-search-row.h"

/* More nobody reads; they are made at once. */
#define MAX_HITS 100

struct _LabSearchPage {
  GtkWidget parent_instance;

  GtkWidget *child;
  GtkSearchEntry *entry;
  GtkLabel *count_label;
  GtkListBox *list;

  CourseCourse *course; /* (nullable) */
  CourseIndex *index;   /* (nullable): made when it is first needed */
};

G_DEFINE_FINAL_TYPE (LabSearchPage, lab_search_page, GTK_TYPE_WIDGET)

enum {
  CHOSEN,
  CLOSED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
clear_rows (LabSearchPage *self)
{
  GtkListBoxRow *row;

  while ((row = gtk_list_box_get_row_at_index (self->list, 0)) != NULL)
    gtk_list_box_remove (self->list, GTK_WIDGET (row));
}

static void
show_count (LabSearchPage *self, const char *words, guint count)
{
  g_autofree char *text = NULL;

  if (*words == '\0')
    text = g_strdup (_ ("Finds titles, text, commands and outputs of all sections."));
  else if (count == 0)
    text = g_strdup (_ ("Nothing in this course has these words."));
  else if (count == MAX_HITS)
    text = g_strdup_printf (_ ("The first %u places that have these words:"), count);
  else
    text = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u place has these words:",
                                         "%u places have these words:", count),
                            count);
  gtk_label_set_label (self->count_label, text);
}

static void
search_changed_cb (LabSearchPage *self)
{
  const char *words = gtk_editable_get_text (GTK_EDITABLE (self->entry));
  g_autoptr (GPtrArray) hits = NULL;

  clear_rows (self);
  if (self->course == NULL)
    return;

  if (self->index == NULL)
    self->index = course_index_new (self->course);
  hits = course_index_find (self->index, words, MAX_HITS);
  for (guint i = 0; i < hits->len; i++)
    gtk_list_box_append (self->list, lab_search_row_new (g_ptr_array_index (hits, i)));
  gtk_list_box_select_row (self->list, gtk_list_box_get_row_at_index (self->list, 0));
  show_count (self, words, hits->len);
}

static void
row_activated_cb (LabSearchPage *self, LabSearchRow *row)
{
  g_signal_emit (self, signals[CHOSEN], 0, lab_search_row_get_section (row),
                 lab_search_row_get_block (row));
}

/* Enter takes the place that is marked in the list. */
static void
activate_cb (LabSearchPage *self)
{
  GtkListBoxRow *row = gtk_list_box_get_selected_row (self->list);

  if (row != NULL)
    row_activated_cb (self, LAB_SEARCH_ROW (row));
}

static void
stop_search_cb (LabSearchPage *self)
{
  g_signal_emit (self, signals[CLOSED], 0);
}

static void
move (LabSearchPage *self, int by)
{
  GtkListBoxRow *row = gtk_list_box_get_selected_row (self->list);
  GtkListBoxRow *next = gtk_list_box_get_row_at_index (
    self->list, row != NULL ? gtk_list_box_row_get_index (row) + by : 0);

  if (next == NULL)
    return;
  gtk_list_box_select_row (self->list, next);
  gtk_widget_grab_focus (GTK_WIDGET (next));
}

/* The arrows go from the field to the places. */
static void
next_match_cb (LabSearchPage *self)
{
  move (self, 1);
}

static void
previous_match_cb (LabSearchPage *self)
{
  move (self, -1);
}

static gboolean
key_pressed_cb (LabSearchPage *self, guint key)
{
  GtkListBoxRow *row = gtk_list_box_get_selected_row (self->list);

  if (key != GDK_KEY_Down && key != GDK_KEY_KP_Down)
    return GDK_EVENT_PROPAGATE;
  if (row != NULL)
    gtk_widget_grab_focus (GTK_WIDGET (row));

  return GDK_EVENT_STOP;
}

static void
header_cb (GtkListBoxRow *row, GtkListBoxRow *before, gpointer user_data)
{
  CourseSection *section = lab_search_row_get_section (LAB_SEARCH_ROW (row));
  GtkWidget *label;

  if (before != NULL && lab_search_row_get_section (LAB_SEARCH_ROW (before)) == section) {
    gtk_list_box_row_set_header (row, NULL);
    return;
  }
  label = gtk_label_new (course_section_get_title (section));
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_widget_add_css_class (label, "heading");
  gtk_widget_add_css_class (label, "search-section");
  gtk_list_box_row_set_header (row, label);
}

static void
lab_search_page_dispose (GObject *object)
{
  LabSearchPage *self = LAB_SEARCH_PAGE (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), LAB_TYPE_SEARCH_PAGE);
  g_clear_object (&self->index);
  g_clear_object (&self->course);

  G_OBJECT_CLASS (lab_search_page_parent_class)->dispose (object);
}

static void
lab_search_page_class_init (LabSearchPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lab_search_page_dispose;

  signals[CHOSEN] = g_signal_new ("chosen", LAB_TYPE_SEARCH_PAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                  NULL, G_TYPE_NONE, 2, COURSE_TYPE_SECTION, G_TYPE_INT);
  signals[CLOSED] = g_signal_new ("closed", LAB_TYPE_SEARCH_PAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                  NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/konvoylab/KonvoyLab/lab-search-page.ui");
  gtk_widget_class_bind_template_child (widget_class, LabSearchPage, child);
  gtk_widget_class_bind_template_child (widget_class, LabSearchPage, entry);
  gtk_widget_class_bind_template_child (widget_class, LabSearchPage, count_label);
  gtk_widget_class_bind_template_child (widget_class, LabSearchPage, list);
  gtk_widget_class_bind_template_callback (widget_class, search_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, activate_cb);
  gtk_widget_class_bind_template_callback (widget_class, stop_search_cb);
  gtk_widget_class_bind_template_callback (widget_class, next_match_cb);
  gtk_widget_class_bind_template_callback (widget_class, previous_match_cb);
  gtk_widget_class_bind_template_callback (widget_class, key_pressed_cb);
  gtk_widget_class_bind_template_callback (widget_class, row_activated_cb);
}

static void
lab_search_page_init (LabSearchPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_list_box_set_header_func (self->list, header_cb, NULL, NULL);
}

/**
 * lab_search_page_set_course:
 * @self: a page
 * @course: (nullable): what to search
 */
void
lab_search_page_set_course (LabSearchPage *self, CourseCourse *course)
{
  g_return_if_fail (LAB_IS_SEARCH_PAGE (self));

  if (!g_set_object (&self->course, course))
    return;
  g_clear_object (&self->index);
  search_changed_cb (self);
}

/**
 * lab_search_page_begin:
 * @self: a page
 *
 * Gives the field the keyboard; what was looked for last is there, to be typed over.
 */
void
lab_search_page_begin (LabSearchPage *self)
{
  g_return_if_fail (LAB_IS_SEARCH_PAGE (self));

  gtk_widget_grab_focus (GTK_WIDGET (self->entry));
  gtk_editable_select_region (GTK_EDITABLE (self->entry), 0, -1);
}
