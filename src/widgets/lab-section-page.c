/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lab-section-page.h"

#include "lab-block-list.h"
#include "lab-clock.h"
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
  GPtrArray *items;       /* of LabBlockItem: all of them */
  char *known;            /* (nullable): what they know of the place, told from all else */
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

static gboolean
is_left (LabBlockItem *item)
{
  return is_runnable (item) && !session_step_get_done (lab_block_item_get_step (item));
}

/* The first step that is not done yet; %NULL where all are. */
static LabBlockItem *
find_current (LabSectionPage *self)
{
  for (guint i = 0; i < self->items->len; i++) {
    if (is_left (get_item (self, i)))
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
  for (guint i = 0; i < self->items->len; i++) {
    if (lab_block_item_get_current (get_item (self, i)))
      return lab_block_list_is_in_sight (self->list, i);
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
  g_signal_connect_object (block, "next", G_CALLBACK (next_cb), self, G_CONNECT_SWAPPED);
}

/* When all that changes now has been laid out. */
static void
bring_current_into_sight (LabSectionPage *self)
{
  LabBlockItem *current = find_current (self);
  guint index;

  if (current != NULL && g_ptr_array_find (self->items, current, &index))
    lab_block_list_bring_into_sight (self->list, index);
}

static void
done_cb (LabSectionPage *self)
{
  gboolean follows = sees_current (self);

  mark_current (self);
  if (follows)
    bring_current_into_sight (self);
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
  lab_block_list_set_items (self->list, NULL, NULL);
  for (guint i = 0; i < self->items->len; i++) {
    SessionStep *step = lab_block_item_get_step (get_item (self, i));

    if (step != NULL)
      g_signal_handlers_disconnect_by_func (step, done_cb, self);
  }
  g_clear_pointer (&self->known, g_free);
  /* the list may still hold the array that was */
  g_ptr_array_unref (self->items);
  self->items = g_ptr_array_new_with_free_func (g_object_unref);
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
  g_clear_pointer (&self->items, g_ptr_array_unref);
  g_free (self->known);

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
  self->items = g_ptr_array_new_with_free_func (g_object_unref);
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

  lab_block_list_set_items (self->list, self->items, self->clock);
  /* who has begun goes on where it was left; who has not reads from the top */
  if (has_done (self))
    bring_current_into_sight (self);
}

/* Whether the rows show the same thing, before and after the course was written anew. */
static gboolean
is_same (LabBlockItem *a, LabBlockItem *b)
{
  const CourseBlock *block_a = lab_block_item_get_block (a);
  const CourseBlock *block_b = lab_block_item_get_block (b);

  if (block_a == NULL || block_b == NULL)
    return lab_block_item_get_block_type (a) == lab_block_item_get_block_type (b);
  if (block_a->type != block_b->type)
    return FALSE;
  if (block_a->type == COURSE_BLOCK_STEP)
    return g_str_equal (course_step_get_id (block_a->step), course_step_get_id (block_b->step));

  return g_strcmp0 (block_a->text, block_b->text) == 0;
}

/* The row that is what @old was, nearest to where that stood; else the one that stands there. */
static guint
find_same (LabSectionPage *self, LabBlockItem *old, guint index)
{
  for (guint distance = 0; distance < MAX (self->items->len, index + 1); distance++) {
    if (index + distance < self->items->len && is_same (old, get_item (self, index + distance)))
      return index + distance;
    if (distance <= index && index - distance < self->items->len &&
        is_same (old, get_item (self, index - distance)))
      return index - distance;
  }

  return MIN (index, self->items->len - 1);
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
  g_autoptr (GPtrArray) old = NULL;
  LabBlockItem *focused;
  guint top, index = 0;
  int offset;

  g_return_if_fail (LAB_IS_SECTION_PAGE (self));
  g_return_if_fail (self->section != NULL);
  g_return_if_fail (COURSE_IS_SECTION (section));

  old = g_ptr_array_ref (self->items);
  focused = find_focused (self);
  if (focused != NULL)
    g_ptr_array_find (old, focused, &index);
  top = lab_block_list_get_top (self->list, &offset);

  lab_section_page_set_section (self, self->lab, section, has_next);
  if (focused != NULL) {
    LabBlock *block = lab_block_list_make (self->list, find_same (self, focused, index));

    gtk_widget_grab_focus (gtk_widget_get_first_child (GTK_WIDGET (block)));
  }
  lab_block_list_show_at_top (self->list, find_same (self, g_ptr_array_index (old, top), top),
                              offset);
}

static char *
dup_known (const CourseFacts *facts)
{
  const char *const all[] = { facts->kubernetes, facts->istio, facts->place,
                              facts->jumpserver, facts->user,  facts->student };
  g_autoptr (GString) known = g_string_new (NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (all); i++)
    g_string_append_printf (known, "%s\n", all[i] != NULL ? all[i] : "");
  for (gsize i = 0; facts->apis != NULL && facts->apis[i] != NULL; i++)
    g_string_append_printf (known, "%s\n", facts->apis[i]);
  for (gsize i = 0; facts->addresses != NULL && facts->addresses[i] != NULL; i++)
    g_string_append_printf (known, "%s\n", facts->addresses[i]);

  return g_string_free (g_steal_pointer (&known), FALSE);
}

/**
 * lab_section_page_update_facts:
 * @self: a page
 *
 * To be called when more may be known of the cluster: shows the forms of the steps that fit it.
 * What is known already costs nothing: thousands of steps would hold a frame up each time.
 */
void
lab_section_page_update_facts (LabSectionPage *self)
{
  CourseFacts facts = { 0 };
  g_autofree char *known = NULL;

  g_return_if_fail (LAB_IS_SECTION_PAGE (self));

  if (self->lab == NULL)
    return;

  session_lab_get_facts (self->lab, &facts);
  known = dup_known (&facts);
  if (g_strcmp0 (known, self->known) == 0)
    return;
  g_free (self->known);
  self->known = g_steal_pointer (&known);
  for (guint i = 0; i < self->items->len; i++)
    lab_block_item_set_facts (get_item (self, i), &facts);
}

/**
 * lab_section_page_dup_left:
 * @self: a page
 *
 * Returns: (transfer full) (element-type LabBlockItem): the rows of the steps that are not done
 */
GPtrArray *
lab_section_page_dup_left (LabSectionPage *self)
{
  GPtrArray *left = g_ptr_array_new_with_free_func (g_object_unref);

  g_return_val_if_fail (LAB_IS_SECTION_PAGE (self), left);

  for (guint i = 0; i < self->items->len; i++) {
    if (is_left (get_item (self, i)))
      g_ptr_array_add (left, g_object_ref (get_item (self, i)));
  }

  return left;
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
    bring_current_into_sight (self);
  }
  if (item != NULL)
    g_signal_emit (self, signals[RUN], 0, item);
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
  g_return_if_fail (block >= -1 && index < self->items->len);

  for (guint i = 0; i < self->items->len; i++)
    lab_block_item_set_found (get_item (self, i), i == index);
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
  g_return_if_fail (LAB_IS_SECTION_PAGE (self));
  g_return_if_fail (SESSION_IS_STEP (step));

  for (guint i = 0; i < self->items->len; i++) {
    if (lab_block_item_get_step (get_item (self, i)) == step)
      lab_section_page_show_block (self, (int)i - 1);
  }
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
