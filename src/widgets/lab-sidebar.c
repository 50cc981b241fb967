/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lab-sidebar.h"

#include <glib/gi18n-lib.h>

#include "lab-section-title.h"
#include "lab-sidebar-row.h"

struct _LabSidebar {
  AdwBin parent_instance;

  GtkListBox *list;
  GtkProgressBar *progress_bar;
  GtkLabel *progress_label;

  CourseCourse *course; /* (nullable) */
  GSignalGroup *lab_signals;
  GSignalGroup *progress_signals;
  gboolean selecting;  /* the program selects, not the user */
  gboolean numbered;   /* sections have room for numbers before their titles */
  guint update_source; /* 0: the progress that is shown is that of now */
};

G_DEFINE_FINAL_TYPE (LabSidebar, lab_sidebar, ADW_TYPE_BIN)

enum {
  SECTION_CHOSEN,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static char *
dup_summary (guint done, guint total, guint fallen)
{
  if (fallen > 0)
    /* Translators: steps done of all steps of the course, and those of the done ones that something
     * has undone since */
    return g_strdup_printf (ngettext ("%u of %u steps done, %u is no longer so",
                                      "%u of %u steps done, %u are no longer so", fallen),
                            done, total, fallen);
  /* Translators: steps done of all steps of the course */
  return g_strdup_printf (_ ("%u of %u steps done"), done, total);
}

static void
update_progress (LabSidebar *self)
{
  g_autoptr (SessionLab) lab = g_signal_group_dup_target (self->lab_signals);
  g_autofree char *text = NULL;
  guint total = 0, done = 0, fallen = 0;

  if (lab == NULL)
    return;

  for (GtkWidget *row = gtk_widget_get_first_child (GTK_WIDGET (self->list)); row != NULL;
       row = gtk_widget_get_next_sibling (row)) {
    CourseSection *section;
    guint section_done, section_fallen;

    if (!LAB_IS_SIDEBAR_ROW (row))
      continue;
    section = lab_sidebar_row_get_section (LAB_SIDEBAR_ROW (row));
    section_done = course_progress_count_done (session_lab_get_progress (lab), section);
    section_fallen = session_lab_count_fallen (lab, section);
    lab_sidebar_row_set_done (LAB_SIDEBAR_ROW (row), section_done, section_fallen);
    total += course_section_get_steps (section)->len;
    done += section_done;
    fallen += section_fallen;
  }

  text = dup_summary (done, total, fallen);
  gtk_label_set_label (self->progress_label, text);
  gtk_progress_bar_set_fraction (self->progress_bar, total > 0 ? (double)done / total : 0);
}

static gboolean
update_progress_cb (gpointer data)
{
  LabSidebar *self = LAB_SIDEBAR (data);

  self->update_source = 0;
  update_progress (self);

  return G_SOURCE_REMOVE;
}

/* Where a cluster is made anew thousands may fall, one after the other: they are counted once. */
static void
fallen_cb (LabSidebar *self)
{
  if (self->update_source == 0)
    self->update_source = g_idle_add_full (G_PRIORITY_HIGH_IDLE, update_progress_cb, self, NULL);
}

static void
row_selected_cb (LabSidebar *self, GtkListBoxRow *row)
{
  if (row != NULL && !self->selecting)
    g_signal_emit (self, signals[SECTION_CHOSEN], 0,
                   lab_sidebar_row_get_section (LAB_SIDEBAR_ROW (row)));
}

static gboolean
is_numbered (const char *title)
{
  g_autofree char *number = NULL;

  lab_section_title_split (title, &number);
  return *number != '\0';
}

/* Whether any of the sections, or of the groups that they are in, has a number before its title. */
static gboolean
has_numbers (GListModel *sections)
{
  for (guint i = 0; i < g_list_model_get_n_items (sections); i++) {
    g_autoptr (CourseSection) section = g_list_model_get_item (sections, i);
    const char *group = course_section_get_group (section);

    if (is_numbered (course_section_get_title (section)) || (group != NULL && is_numbered (group)))
      return TRUE;
  }

  return FALSE;
}

static GtkWidget *
new_group_header (const char *group, gboolean numbered)
{
  g_autofree char *number = NULL;
  const char *title = lab_section_title_split (group, &number);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *number_label = gtk_label_new (number);
  GtkWidget *title_label = gtk_label_new (title);

  gtk_widget_set_visible (number_label, numbered);
  gtk_label_set_width_chars (GTK_LABEL (number_label), 2);
  gtk_label_set_xalign (GTK_LABEL (number_label), 1);
  gtk_widget_set_valign (number_label, GTK_ALIGN_BASELINE);
  gtk_widget_add_css_class (number_label, "numeric");
  gtk_label_set_xalign (GTK_LABEL (title_label), 0);
  gtk_widget_set_valign (title_label, GTK_ALIGN_BASELINE);
  gtk_label_set_wrap (GTK_LABEL (title_label), TRUE);
  gtk_box_append (GTK_BOX (box), number_label);
  gtk_box_append (GTK_BOX (box), title_label);
  gtk_widget_add_css_class (box, "sidebar-group");

  return box;
}

static void
header_cb (GtkListBoxRow *row, GtkListBoxRow *before, gpointer user_data)
{
  LabSidebar *self = LAB_SIDEBAR (user_data);
  const char *group =
    course_section_get_group (lab_sidebar_row_get_section (LAB_SIDEBAR_ROW (row)));
  const char *previous = NULL;

  if (before != NULL)
    previous = course_section_get_group (lab_sidebar_row_get_section (LAB_SIDEBAR_ROW (before)));
  if (group == NULL || g_strcmp0 (group, previous) == 0) {
    gtk_list_box_row_set_header (row, NULL);
    return;
  }

  gtk_list_box_row_set_header (row, new_group_header (group, self->numbered));
}

/* In a list Tab goes from row to row, which would open one section after the other on the way past;
 * and the row that is selected would be chosen once more on the way in. */
static gboolean
lab_sidebar_focus (GtkWidget *widget, GtkDirectionType direction)
{
  LabSidebar *self = LAB_SIDEBAR (widget);
  gboolean tab = direction == GTK_DIR_TAB_FORWARD || direction == GTK_DIR_TAB_BACKWARD;
  GtkRoot *root = gtk_widget_get_root (widget);
  GtkWidget *focus = root != NULL ? gtk_root_get_focus (root) : NULL;
  gboolean moved;

  if (tab && focus != NULL && gtk_widget_is_ancestor (focus, widget))
    return FALSE;

  self->selecting = tab;
  moved = GTK_WIDGET_CLASS (lab_sidebar_parent_class)->focus (widget, direction);
  self->selecting = FALSE;

  return moved;
}

static void
lab_sidebar_dispose (GObject *object)
{
  LabSidebar *self = LAB_SIDEBAR (object);

  self->selecting = TRUE;
  g_clear_handle_id (&self->update_source, g_source_remove);
  g_clear_object (&self->lab_signals);
  g_clear_object (&self->progress_signals);
  gtk_widget_dispose_template (GTK_WIDGET (self), LAB_TYPE_SIDEBAR);
  g_clear_object (&self->course);

  G_OBJECT_CLASS (lab_sidebar_parent_class)->dispose (object);
}

static void
lab_sidebar_class_init (LabSidebarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lab_sidebar_dispose;
  widget_class->focus = lab_sidebar_focus;

  signals[SECTION_CHOSEN] = g_signal_new ("section-chosen", LAB_TYPE_SIDEBAR, G_SIGNAL_RUN_LAST, 0,
                                          NULL, NULL, NULL, G_TYPE_NONE, 1, COURSE_TYPE_SECTION);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/konvoylab/KonvoyLab/lab-sidebar.ui");
  gtk_widget_class_bind_template_child (widget_class, LabSidebar, list);
  gtk_widget_class_bind_template_child (widget_class, LabSidebar, progress_bar);
  gtk_widget_class_bind_template_child (widget_class, LabSidebar, progress_label);
  gtk_widget_class_bind_template_callback (widget_class, row_selected_cb);
}

static void
lab_sidebar_init (LabSidebar *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_list_box_set_header_func (self->list, header_cb, self, NULL);

  self->lab_signals = g_signal_group_new (SESSION_TYPE_LAB);
  g_signal_group_connect_swapped (self->lab_signals, "fallen-changed", G_CALLBACK (fallen_cb),
                                  self);
  self->progress_signals = g_signal_group_new (COURSE_TYPE_PROGRESS);
  g_signal_group_connect_swapped (self->progress_signals, "changed", G_CALLBACK (update_progress),
                                  self);
}

/**
 * lab_sidebar_set_lab:
 * @self: a sidebar
 * @lab: whose course to list, with what is done of it; not kept alive. To be set anew when its
 *   course is another.
 */
void
lab_sidebar_set_lab (LabSidebar *self, SessionLab *lab)
{
  GListModel *sections;

  g_return_if_fail (LAB_IS_SIDEBAR (self));
  g_return_if_fail (SESSION_IS_LAB (lab));

  g_signal_group_set_target (self->lab_signals, lab);
  g_signal_group_set_target (self->progress_signals, session_lab_get_progress (lab));
  if (g_set_object (&self->course, session_lab_get_course (lab))) {
    GtkListBoxRow *row;

    self->selecting = TRUE;
    while ((row = gtk_list_box_get_row_at_index (self->list, 0)) != NULL)
      gtk_list_box_remove (self->list, GTK_WIDGET (row));
    self->selecting = FALSE;

    sections = course_course_get_sections (self->course);
    self->numbered = has_numbers (sections);
    for (guint i = 0; i < g_list_model_get_n_items (sections); i++) {
      g_autoptr (CourseSection) section = g_list_model_get_item (sections, i);

      gtk_list_box_append (self->list, lab_sidebar_row_new (section, self->numbered));
    }
  }
  update_progress (self);
}

/**
 * lab_sidebar_select:
 * @self: a sidebar
 * @section: the section that is open now
 */
void
lab_sidebar_select (LabSidebar *self, CourseSection *section)
{
  GtkListBoxRow *row;

  g_return_if_fail (LAB_IS_SIDEBAR (self));

  self->selecting = TRUE;
  for (int i = 0; (row = gtk_list_box_get_row_at_index (self->list, i)) != NULL; i++) {
    if (lab_sidebar_row_get_section (LAB_SIDEBAR_ROW (row)) == section)
      gtk_list_box_select_row (self->list, row);
  }
  self->selecting = FALSE;
}
