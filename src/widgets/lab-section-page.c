/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lab-section-page.h"

#include "lab-block-list.h"
#include "lab-clock.h"
#include "lab-section-items.h"
#include "lab-step-card.h"

/* Above a block that was searched for. */
#define MARGIN 18

struct _LabSectionPage {
  GtkWidget parent_instance;

  GtkScrolledWindow *scroller;
  LabBlockList *list;

  LabClock *clock;
  SessionLab *lab;        /* (nullable) */
  CourseSection *section; /* (nullable) */
  LabSectionItems *items; /* (nullable): none without a section */
};

G_DEFINE_FINAL_TYPE (LabSectionPage, lab_section_page, GTK_TYPE_WIDGET)

enum {
  RUN,
  EDIT,
  NEXT,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* (nullable): the row that holds the keyboard */
static LabBlockItem *
find_focused (LabSectionPage *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWidget *focus = root != NULL ? gtk_root_get_focus (root) : NULL;
  GtkWidget *block;

  if (focus == NULL || !gtk_widget_is_ancestor (focus, GTK_WIDGET (self->list)))
    return NULL;
  block = gtk_widget_get_ancestor (focus, LAB_TYPE_BLOCK);

  return block != NULL ? lab_block_get_item (LAB_BLOCK (block)) : NULL;
}

static void
run_cb (LabSectionPage *self, LabBlock *block)
{
  g_signal_emit (self, signals[RUN], 0, lab_block_get_item (block));
}

static void
edit_cb (LabSectionPage *self, LabBlock *block)
{
  g_signal_emit (self, signals[EDIT], 0, lab_block_get_item (block));
}

/* What is written in is to be seen, and has grown. */
static void
opened_cb (LabSectionPage *self, LabBlock *block)
{
  guint index;

  if (self->items != NULL &&
      lab_section_items_find (self->items, lab_block_get_item (block), &index))
    lab_block_list_bring_into_sight (self->list, index);
}

static void
next_cb (LabSectionPage *self)
{
  g_signal_emit (self, signals[NEXT], 0);
}

static void
made_cb (LabSectionPage *self, LabBlock *block)
{
  g_signal_connect_object (block, "run", G_CALLBACK (run_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (block, "edit", G_CALLBACK (edit_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (block, "opened", G_CALLBACK (opened_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (block, "next", G_CALLBACK (next_cb), self, G_CONNECT_SWAPPED);
}

/* Whether the reader is at the step that was current till now, and would like to see the next. */
static gboolean
sees_current (LabSectionPage *self)
{
  guint index;

  return lab_section_items_find_current (self->items, &index) &&
         lab_block_list_is_in_sight (self->list, index);
}

/* When all that changes now has been laid out. */
static void
bring_current_into_sight (LabSectionPage *self)
{
  guint index;

  if (self->items != NULL && lab_section_items_find_left (self->items, &index))
    lab_block_list_bring_into_sight (self->list, index);
}

static void
done_cb (LabSectionPage *self)
{
  gboolean follows = sees_current (self);

  lab_section_items_mark_current (self->items);
  if (follows)
    bring_current_into_sight (self);
}

/* Nobody is taken away from what they read. */
static void
fallen_cb (LabSectionPage *self)
{
  lab_section_items_mark_current (self->items);
}

static void
forget_items (LabSectionPage *self)
{
  lab_block_list_set_items (self->list, NULL, NULL);
  if (self->items != NULL)
    g_signal_handlers_disconnect_by_data (self->items, self);
  g_clear_object (&self->items);
}

/* Gives a step the keyboard and puts it at the top. */
static void
show_step (LabSectionPage *self, guint index)
{
  GtkWidget *block = GTK_WIDGET (lab_block_list_make (self->list, index));

  lab_step_card_focus_run (LAB_STEP_CARD (gtk_widget_get_first_child (block)));
  lab_block_list_show_at_top (self->list, index, 0);
}

static void
lab_section_page_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (lab_section_page_parent_class)->map (widget);
  lab_clock_set_running (LAB_SECTION_PAGE (widget)->clock, TRUE);
}

static void
lab_section_page_unmap (GtkWidget *widget)
{
  lab_clock_set_running (LAB_SECTION_PAGE (widget)->clock, FALSE);
  GTK_WIDGET_CLASS (lab_section_page_parent_class)->unmap (widget);
}

static void
lab_section_page_dispose (GObject *object)
{
  LabSectionPage *self = LAB_SECTION_PAGE (object);

  if (self->list != NULL)
    forget_items (self);
  gtk_widget_dispose_template (GTK_WIDGET (self), LAB_TYPE_SECTION_PAGE);
  g_clear_object (&self->section);
  g_clear_object (&self->lab);

  G_OBJECT_CLASS (lab_section_page_parent_class)->dispose (object);
}

static void
lab_section_page_finalize (GObject *object)
{
  LabSectionPage *self = LAB_SECTION_PAGE (object);

  g_clear_object (&self->clock);

  G_OBJECT_CLASS (lab_section_page_parent_class)->finalize (object);
}

static void
lab_section_page_class_init (LabSectionPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lab_section_page_dispose;
  G_OBJECT_CLASS (klass)->finalize = lab_section_page_finalize;
  widget_class->map = lab_section_page_map;
  widget_class->unmap = lab_section_page_unmap;

  signals[RUN] = g_signal_new ("run", LAB_TYPE_SECTION_PAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                               G_TYPE_NONE, 1, LAB_TYPE_BLOCK_ITEM);
  signals[EDIT] = g_signal_new ("edit", LAB_TYPE_SECTION_PAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                NULL, G_TYPE_NONE, 1, LAB_TYPE_BLOCK_ITEM);
  signals[NEXT] = g_signal_new ("next", LAB_TYPE_SECTION_PAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource (
    widget_class, "/io/github/konvoylab/KonvoyLab/lab-section-page.ui");
  gtk_widget_class_bind_template_child (widget_class, LabSectionPage, scroller);
  gtk_widget_class_bind_template_child (widget_class, LabSectionPage, list);
  gtk_widget_class_bind_template_callback (widget_class, made_cb);
}

static void
lab_section_page_init (LabSectionPage *self)
{
  g_type_ensure (LAB_TYPE_BLOCK_LIST);
  self->clock = lab_clock_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  lab_block_list_set_adjustment (self->list, gtk_scrolled_window_get_vadjustment (self->scroller));
}

/**
 * lab_section_page_set_section:
 * @self: a page
 * @lab: (nullable): whose steps are live
 * @section: (nullable): what to show
 * @has_next: whether to offer the way on at its end
 */
void
lab_section_page_set_section (LabSectionPage *self,
                              SessionLab *lab,
                              CourseSection *section,
                              gboolean has_next)
{
  g_return_if_fail (LAB_IS_SECTION_PAGE (self));
  g_return_if_fail (section == NULL || lab != NULL);

  forget_items (self);
  g_set_object (&self->lab, lab);
  g_set_object (&self->section, section);
  if (section == NULL)
    return;

  self->items = lab_section_items_new (lab, section, has_next);
  g_signal_connect_object (self->items, "done", G_CALLBACK (done_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->items, "fallen", G_CALLBACK (fallen_cb), self, G_CONNECT_SWAPPED);
  lab_block_list_set_items (self->list, lab_section_items_get_all (self->items), self->clock);
  /* who has begun goes on where it was left; who has not reads from the top */
  if (lab_section_items_has_done (self->items))
    bring_current_into_sight (self);
}

/**
 * lab_section_page_replace_section:
 * @self: a page with a section
 * @section: the same section, as its author has just saved it
 * @has_next: whether to offer the way on at its end
 *
 * Shows @section at the place where the reader is, who keeps the keyboard at the same step.
 */
void
lab_section_page_replace_section (LabSectionPage *self, CourseSection *section, gboolean has_next)
{
  g_autoptr (LabSectionItems) old = NULL;
  LabBlockItem *focused;
  guint top, index = 0;
  int offset;

  g_return_if_fail (LAB_IS_SECTION_PAGE (self));
  g_return_if_fail (self->section != NULL);
  g_return_if_fail (COURSE_IS_SECTION (section));

  old = g_object_ref (self->items);
  focused = find_focused (self);
  lab_section_items_find (old, focused, &index);
  top = lab_block_list_get_top (self->list, &offset);

  lab_section_page_set_section (self, self->lab, section, has_next);
  if (focused != NULL) {
    guint same = lab_section_items_find_same (self->items, focused, index);
    LabBlock *block = lab_block_list_make (self->list, same);

    gtk_widget_grab_focus (gtk_widget_get_first_child (GTK_WIDGET (block)));
  }
  lab_block_list_show_at_top (
    self->list, lab_section_items_find_same (self->items, lab_section_items_get (old, top), top),
    offset);
}

/**
 * lab_section_page_update_facts:
 * @self: a page
 *
 * To be called when more may be known of the cluster: shows the forms of the steps that fit it.
 */
void
lab_section_page_update_facts (LabSectionPage *self)
{
  g_return_if_fail (LAB_IS_SECTION_PAGE (self));

  if (self->items != NULL)
    lab_section_items_update_facts (self->items);
}

/**
 * lab_section_page_dup_left:
 * @self: a page
 *
 * Returns: (transfer full) (element-type LabBlockItem): the rows of the steps that are not done, or
 *   are no longer so and are to be run again
 */
GPtrArray *
lab_section_page_dup_left (LabSectionPage *self)
{
  g_return_val_if_fail (LAB_IS_SECTION_PAGE (self), NULL);

  return self->items != NULL ? lab_section_items_dup_left (self->items) : g_ptr_array_new ();
}

/**
 * lab_section_page_run_current:
 * @self: a page
 *
 * Asks for the step that has the keyboard to be run, else for the first that is not done, or is no
 * longer so and is to be run again.
 *
 * Returns: FALSE where there is none
 */
gboolean
lab_section_page_run_current (LabSectionPage *self)
{
  guint index;

  g_return_val_if_fail (LAB_IS_SECTION_PAGE (self), FALSE);

  if (self->items == NULL)
    return FALSE;
  if (!lab_section_items_find (self->items, find_focused (self), &index) ||
      !lab_section_items_is_runnable (self->items, index)) {
    /* what is run by a key is to be seen */
    bring_current_into_sight (self);
    if (!lab_section_items_find_left (self->items, &index))
      return FALSE;
  }
  g_signal_emit (self, signals[RUN], 0, lab_section_items_get (self->items, index));
  return TRUE;
}

/**
 * lab_section_page_show_block:
 * @self: a page with a section
 * @block: the index of one of its blocks; -1 for its beginning
 *
 * Puts a block at the top, marks it, and gives it the keyboard.
 */
void
lab_section_page_show_block (LabSectionPage *self, int block)
{
  /* the header comes first */
  guint index = (guint)(block + 1);
  GtkWidget *row;

  g_return_if_fail (LAB_IS_SECTION_PAGE (self));
  g_return_if_fail (self->items != NULL);
  g_return_if_fail (block >= -1 && index < lab_section_items_get_length (self->items));

  lab_section_items_mark_found (self->items, index);
  row = GTK_WIDGET (lab_block_list_make (self->list, index));
  if (!gtk_widget_grab_focus (gtk_widget_get_first_child (row)))
    gtk_widget_child_focus (row, GTK_DIR_TAB_FORWARD);
  /* with a little of what comes before */
  lab_block_list_show_at_top (self->list, index, -MARGIN);
}

/**
 * lab_section_page_show_step:
 * @self: a page with a section
 * @step: one of its steps
 *
 * Puts a step at the top, and marks it.
 */
void
lab_section_page_show_step (LabSectionPage *self, SessionStep *step)
{
  guint index;

  g_return_if_fail (LAB_IS_SECTION_PAGE (self));
  g_return_if_fail (self->items != NULL);
  g_return_if_fail (SESSION_IS_STEP (step));

  if (lab_section_items_find_step (self->items, step, &index))
    lab_section_page_show_block (self, (int)index - 1);
}

/**
 * lab_section_page_show_current:
 * @self: a page with a section
 *
 * Scrolls to the first step that is not done, and no further than is needed. While it is in sight
 * the page follows when it is done.
 */
void
lab_section_page_show_current (LabSectionPage *self)
{
  g_return_if_fail (LAB_IS_SECTION_PAGE (self));

  bring_current_into_sight (self);
}

/**
 * lab_section_page_get_settled:
 * @self: a page
 *
 * Returns: whether all is there that is to be seen now
 */
gboolean
lab_section_page_get_settled (LabSectionPage *self)
{
  g_return_val_if_fail (LAB_IS_SECTION_PAGE (self), FALSE);

  return lab_block_list_get_settled (self->list);
}

/**
 * lab_section_page_pause:
 * @self: a page
 *
 * Something else takes much of the next frame: no rows are made in it.
 */
void
lab_section_page_pause (LabSectionPage *self)
{
  g_return_if_fail (LAB_IS_SECTION_PAGE (self));

  lab_block_list_pause (self->list);
}

/* What the next step comes after, and the one before comes before. Who is in the terminal goes on
 * with the first step that is not done, or where all are with what is in sight. */
static gint64
find_start (LabSectionPage *self, int by)
{
  guint index;
  int offset;

  if (lab_section_items_find (self->items, find_focused (self), &index))
    return index;
  if (!lab_section_items_find_left (self->items, &index))
    index = lab_block_list_get_top (self->list, &offset);

  return by > 0 ? (gint64)index - 1 : (gint64)index;
}

/**
 * lab_section_page_move_step:
 * @self: a page
 * @by: 1 for the next step, -1 for the one before
 *
 * Moves the keyboard to another step and scrolls it into sight.
 */
void
lab_section_page_move_step (LabSectionPage *self, int by)
{
  g_return_if_fail (LAB_IS_SECTION_PAGE (self));
  g_return_if_fail (by == 1 || by == -1);

  if (self->items == NULL)
    return;
  for (gint64 i = find_start (self, by) + by;
       i >= 0 && i < lab_section_items_get_length (self->items); i += by) {
    if (lab_section_items_is_runnable (self->items, (guint)i)) {
      show_step (self, (guint)i);
      return;
    }
  }
}
