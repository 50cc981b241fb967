/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lab-section-page.h"

#include "lab-block.h"
#include "lab-clock.h"

/* Rows that the first frame may need; the others follow when it has been drawn. */
#define FIRST_ROWS 8

/* Rows made at a time after it, so that no frame waits for long. */
#define CHUNK_ROWS 10
#define FILL_INTERVAL_MS 20

/* All rows of an ordinary section are there soon. Of a very long one only those down to a few pages
 * below the viewport are. */
#define SOON_ROWS 200
#define PAGES_BELOW 3

struct _LabSectionPage {
  GtkWidget parent_instance;

  GtkScrolledWindow *scroller;
  GtkBox *box;

  LabClock *clock;
  SessionLab *lab;        /* (nullable) */
  CourseSection *section; /* (nullable) */
  GPtrArray *items;       /* of LabBlockItem: all of them */
  GPtrArray *blocks;      /* of LabBlock, owned by the box: those that are made */
  guint fill_source;
  guint scroll_source;
  gboolean scroll_pending; /* the current step is to be brought into sight */
};

G_DEFINE_FINAL_TYPE (LabSectionPage, lab_section_page, GTK_TYPE_WIDGET)

enum {
  RUN,
  EDIT,
  NEXT,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static LabBlockItem *
get_item (LabSectionPage *self, guint i)
{
  return g_ptr_array_index (self->items, i);
}

static gboolean
is_runnable (LabBlockItem *item)
{
  SessionStep *step = lab_block_item_get_step (item);

  return step != NULL && course_step_get_runnable (session_step_get_step (step));
}

/* The first step that is not done yet; %NULL where all are. */
static LabBlockItem *
find_current (LabSectionPage *self)
{
  for (guint i = 0; i < self->items->len; i++) {
    if (is_runnable (get_item (self, i)) &&
        !session_step_get_done (lab_block_item_get_step (get_item (self, i))))
      return get_item (self, i);
  }

  return NULL;
}

static gboolean
has_done (LabSectionPage *self)
{
  for (guint i = 0; i < self->items->len; i++) {
    if (is_runnable (get_item (self, i)) &&
        session_step_get_done (lab_block_item_get_step (get_item (self, i))))
      return TRUE;
  }

  return FALSE;
}

/* Whether the reader is at the step that was current till now, and would like to see the next. */
static gboolean
sees_current (LabSectionPage *self)
{
  GtkAdjustment *adjustment = gtk_scrolled_window_get_vadjustment (self->scroller);
  double top = gtk_adjustment_get_value (adjustment);
  double bottom = top + gtk_adjustment_get_page_size (adjustment);

  for (guint i = 0; i < self->blocks->len; i++) {
    GtkWidget *block = g_ptr_array_index (self->blocks, i);
    graphene_rect_t bounds;

    if (lab_block_item_get_current (get_item (self, i)) &&
        gtk_widget_compute_bounds (block, GTK_WIDGET (self->box), &bounds))
      return bounds.origin.y < bottom && bounds.origin.y + bounds.size.height > top;
  }

  return FALSE;
}

static void
mark_current (LabSectionPage *self)
{
  LabBlockItem *current = find_current (self);

  for (guint i = 0; i < self->items->len; i++)
    lab_block_item_set_current (get_item (self, i), get_item (self, i) == current);
}

/* The row that holds the keyboard. */
static LabBlockItem *
find_focused (LabSectionPage *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWidget *focus = root != NULL ? gtk_root_get_focus (root) : NULL;
  GtkWidget *block;

  if (focus == NULL || !gtk_widget_is_ancestor (focus, GTK_WIDGET (self->box)))
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

static void
next_cb (LabSectionPage *self)
{
  g_signal_emit (self, signals[NEXT], 0);
}

static void fill (LabSectionPage *self, guint until);

/* The step as a whole where there is room for it, else its beginning. */
static void
bring_into_sight (LabSectionPage *self, guint index)
{
  GtkAdjustment *adjustment = gtk_scrolled_window_get_vadjustment (self->scroller);
  double top = gtk_adjustment_get_value (adjustment);
  double page = gtk_adjustment_get_page_size (adjustment);
  graphene_rect_t bounds;

  if (!gtk_widget_compute_bounds (g_ptr_array_index (self->blocks, index), GTK_WIDGET (self->box),
                                  &bounds))
    return;
  if (bounds.origin.y < top || bounds.size.height > page)
    gtk_adjustment_set_value (adjustment, bounds.origin.y);
  else if (bounds.origin.y + bounds.size.height > top + page)
    gtk_adjustment_set_value (adjustment, bounds.origin.y + bounds.size.height - page);
}

static gboolean
scroll_cb (gpointer user_data)
{
  LabSectionPage *self = LAB_SECTION_PAGE (user_data);
  LabBlockItem *current = find_current (self);
  guint index;

  self->scroll_source = 0;
  if (current == NULL || !g_ptr_array_find (self->items, current, &index)) {
    self->scroll_pending = FALSE;
  } else if (index < self->blocks->len) {
    self->scroll_pending = FALSE;
    bring_into_sight (self, index);
  } else {
    /* rows have no place before they are laid out */
    fill (self, index + 1);
    self->scroll_source = g_idle_add_full (G_PRIORITY_LOW, scroll_cb, self, NULL);
  }

  return G_SOURCE_REMOVE;
}

/* When all that changes now has been laid out. */
static void
scroll_later (LabSectionPage *self)
{
  if (self->scroll_pending && self->scroll_source == 0 && gtk_widget_get_mapped (GTK_WIDGET (self)))
    self->scroll_source = g_idle_add_full (G_PRIORITY_LOW, scroll_cb, self, NULL);
}

static void
done_cb (LabSectionPage *self)
{
  if (sees_current (self))
    self->scroll_pending = TRUE;
  mark_current (self);
  scroll_later (self);
}

static void
fill (LabSectionPage *self, guint until)
{
  for (guint i = self->blocks->len; i < MIN (until, self->items->len); i++) {
    GtkWidget *block = lab_block_new (get_item (self, i), self->clock);

    g_signal_connect_object (block, "run", G_CALLBACK (run_cb), self, G_CONNECT_SWAPPED);
    g_signal_connect_object (block, "edit", G_CALLBACK (edit_cb), self, G_CONNECT_SWAPPED);
    g_signal_connect_object (block, "next", G_CALLBACK (next_cb), self, G_CONNECT_SWAPPED);
    gtk_box_append (self->box, block);
    g_ptr_array_add (self->blocks, block);
  }
}

static gboolean
needs_more (LabSectionPage *self)
{
  GtkAdjustment *adjustment = gtk_scrolled_window_get_vadjustment (self->scroller);
  double page = gtk_adjustment_get_page_size (adjustment);
  double below = gtk_adjustment_get_upper (adjustment) - gtk_adjustment_get_value (adjustment);

  if (self->blocks->len >= self->items->len)
    return FALSE;

  return self->blocks->len < SOON_ROWS || below < (PAGES_BELOW + 1) * page;
}

static gboolean
fill_cb (gpointer user_data)
{
  LabSectionPage *self = LAB_SECTION_PAGE (user_data);

  if (needs_more (self)) {
    fill (self, self->blocks->len + CHUNK_ROWS);
    return G_SOURCE_CONTINUE;
  }
  self->fill_source = 0;

  return G_SOURCE_REMOVE;
}

static void
fill_later (LabSectionPage *self)
{
  if (self->fill_source == 0 && gtk_widget_get_mapped (GTK_WIDGET (self)) && needs_more (self))
    self->fill_source = g_timeout_add_full (G_PRIORITY_LOW, FILL_INTERVAL_MS, fill_cb, self, NULL);
}

static void
add_item (LabSectionPage *self, LabBlockType type, const CourseBlock *block)
{
  SessionStep *step = NULL;

  if (block != NULL && block->type == COURSE_BLOCK_STEP) {
    step = session_lab_get_step (self->lab, self->section, block->step);
    g_signal_connect_object (step, "notify::done", G_CALLBACK (done_cb), self, G_CONNECT_SWAPPED);
  }
  g_ptr_array_add (self->items, lab_block_item_new (type, self->section, block, step));
}

static void
forget_items (LabSectionPage *self)
{
  g_clear_handle_id (&self->fill_source, g_source_remove);
  g_clear_handle_id (&self->scroll_source, g_source_remove);
  for (guint i = 0; i < self->items->len; i++) {
    SessionStep *step = lab_block_item_get_step (get_item (self, i));

    if (step != NULL)
      g_signal_handlers_disconnect_by_func (step, done_cb, self);
  }
  for (guint i = 0; i < self->blocks->len; i++)
    gtk_box_remove (self->box, g_ptr_array_index (self->blocks, i));
  g_ptr_array_set_size (self->blocks, 0);
  g_ptr_array_set_size (self->items, 0);
}

/* Gives a step the keyboard and puts it at the top. */
static void
show_step (LabSectionPage *self, guint index)
{
  GtkAdjustment *adjustment = gtk_scrolled_window_get_vadjustment (self->scroller);
  graphene_rect_t bounds;
  GtkWidget *block;

  fill (self, index + 1);
  block = g_ptr_array_index (self->blocks, index);
  gtk_widget_grab_focus (gtk_widget_get_first_child (block));
  if (gtk_widget_compute_bounds (block, GTK_WIDGET (self->box), &bounds))
    gtk_adjustment_set_value (adjustment, bounds.origin.y);
}

static void
lab_section_page_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (lab_section_page_parent_class)->map (widget);
  lab_clock_set_running (LAB_SECTION_PAGE (widget)->clock, TRUE);
  fill_later (LAB_SECTION_PAGE (widget));
  scroll_later (LAB_SECTION_PAGE (widget));
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
  g_clear_pointer (&self->blocks, g_ptr_array_unref);
  g_clear_pointer (&self->items, g_ptr_array_unref);

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
  gtk_widget_class_bind_template_child (widget_class, LabSectionPage, box);
  gtk_widget_class_bind_template_callback (widget_class, fill_later);
}

static void
lab_section_page_init (LabSectionPage *self)
{
  self->clock = lab_clock_new ();
  self->items = g_ptr_array_new_with_free_func (g_object_unref);
  self->blocks = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
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
  GPtrArray *blocks;

  g_return_if_fail (LAB_IS_SECTION_PAGE (self));
  g_return_if_fail (section == NULL || lab != NULL);

  forget_items (self);
  g_set_object (&self->lab, lab);
  g_set_object (&self->section, section);
  if (section == NULL)
    return;

  add_item (self, LAB_BLOCK_HEADER, NULL);
  blocks = course_section_get_blocks (section);
  for (guint i = 0; i < blocks->len; i++)
    add_item (self, LAB_BLOCK_CONTENT, g_ptr_array_index (blocks, i));
  if (has_next)
    add_item (self, LAB_BLOCK_FOOTER, NULL);
  lab_section_page_update_facts (self);
  mark_current (self);

  fill (self, FIRST_ROWS);
  fill_later (self);
  gtk_adjustment_set_value (gtk_scrolled_window_get_vadjustment (self->scroller), 0);
  /* who has begun goes on where it was left; who has not reads from the top */
  self->scroll_pending = has_done (self);
  scroll_later (self);
}

/**
 * lab_section_page_update_facts:
 * @self: a page
 *
 * To be called when more is known of the cluster: shows the forms of the steps that fit it.
 */
void
lab_section_page_update_facts (LabSectionPage *self)
{
  CourseFacts facts = { 0 };

  g_return_if_fail (LAB_IS_SECTION_PAGE (self));

  if (self->lab == NULL)
    return;

  session_lab_get_facts (self->lab, &facts);
  for (guint i = 0; i < self->items->len; i++)
    lab_block_item_set_facts (get_item (self, i), &facts);
}

/**
 * lab_section_page_run_current:
 * @self: a page
 *
 * Asks for the step that has the keyboard to be run, else for the first that is not done.
 */
void
lab_section_page_run_current (LabSectionPage *self)
{
  LabBlockItem *item;

  g_return_if_fail (LAB_IS_SECTION_PAGE (self));

  item = find_focused (self);
  if (item == NULL || !is_runnable (item)) {
    /* what is run by a key is to be seen */
    item = find_current (self);
    self->scroll_pending = item != NULL;
    scroll_later (self);
  }
  if (item != NULL)
    g_signal_emit (self, signals[RUN], 0, item);
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
  LabBlockItem *focused;
  guint from = 0;

  g_return_if_fail (LAB_IS_SECTION_PAGE (self));
  g_return_if_fail (by == 1 || by == -1);

  focused = find_focused (self);
  if (focused != NULL)
    g_ptr_array_find (self->items, focused, &from);

  for (gint64 i = (gint64)from + by; i >= 0 && i < self->items->len; i += by) {
    if (is_runnable (get_item (self, (guint)i))) {
      show_step (self, (guint)i);
      return;
    }
  }
}
