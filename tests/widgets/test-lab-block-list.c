/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lab-block-list.h"
#include "lab-fixture.h"
#include "lab-step-card.h"

#define N_LONG 3000

static void
paragraph_free (gpointer data)
{
  CourseBlock *block = data;

  g_free (block->text);
  g_free (block->markup);
  g_free (block);
}

/* A list in a scrolled window, of paragraphs that are shorter or longer. */
typedef struct {
  GPtrArray *paragraphs; /* of CourseBlock */
  GPtrArray *items;
  LabClock *clock;
  LabBlockList *list;
  GtkAdjustment *adjustment;
  GtkWindow *window;
  guint index; /* to wait for */
} Page;

static void
page_set_up (Page *self, LabFixture *fixture, guint n_rows)
{
  CourseSection *section = lab_fixture_get_section (fixture, "first");
  GtkWidget *scroller = gtk_scrolled_window_new ();

  self->paragraphs = g_ptr_array_new_with_free_func (paragraph_free);
  self->items = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < n_rows; i++) {
    CourseBlock *block = g_new0 (CourseBlock, 1);

    block->type = COURSE_BLOCK_PARAGRAPH;
    block->text = g_strdup (i % 3 == 0 ? "short" : "long\nand longer\nand longest");
    block->markup = g_strdup (block->text);
    g_ptr_array_add (self->paragraphs, block);
    g_ptr_array_add (self->items, lab_block_item_new (LAB_BLOCK_CONTENT, section, block, NULL));
  }
  self->clock = lab_clock_new ();
  self->list = g_object_new (LAB_TYPE_BLOCK_LIST, NULL);
  self->adjustment = gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (scroller));
  lab_block_list_set_adjustment (self->list, self->adjustment);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), GTK_WIDGET (self->list));
  lab_block_list_set_items (self->list, self->items, self->clock);
  self->window = lab_test_show (scroller);
}

static void
page_tear_down (Page *self)
{
  gtk_window_destroy (self->window);
  g_clear_object (&self->clock);
  g_clear_pointer (&self->items, g_ptr_array_unref);
  g_clear_pointer (&self->paragraphs, g_ptr_array_unref);
}

static gboolean
all_are_made (gpointer data)
{
  const Page *page = data;

  return lab_block_list_count_made (page->list) == page->items->len;
}

/* What is on the screen is there, and so is the row that was asked for. */
static gboolean
is_at_index (gpointer data)
{
  const Page *page = data;
  int offset;

  return lab_block_list_get_top (page->list, &offset) == page->index && offset == 0;
}

static gboolean
few_are_made (gpointer data)
{
  const Page *page = data;

  return lab_block_list_count_made (page->list) < 200;
}

static void
test_new_destroy (void)
{
  LabBlockList *list = g_object_ref_sink (g_object_new (LAB_TYPE_BLOCK_LIST, NULL));

  g_assert_finalize_object (list);
}

/* All of a page of the usual length is there soon, for the keyboard and for screen readers. */
static void
test_ordinary (void)
{
  LabFixture fixture = { 0 };
  Page page = { 0 };

  lab_fixture_set_up (&fixture);
  page_set_up (&page, &fixture, 60);
  test_wait_until (all_are_made, &page, 20, "all rows");
  g_assert_true (lab_block_list_is_in_sight (page.list, 0));
  g_assert_false (lab_block_list_is_in_sight (page.list, 59));
  page_tear_down (&page);
  lab_fixture_tear_down (&fixture);
}

/* (nullable): the row after @row as the keyboard goes, which knows nothing of groups, nor of groups
 * of groups; the first after %NULL */
static GtkWidget *
get_next (const Page *page, GtkWidget *row)
{
  GtkWidget *list = GTK_WIDGET (page->list);
  GtkWidget *at = row != NULL ? row : list;

  do {
    GtkWidget *next = LAB_IS_BLOCK (at) ? NULL : gtk_widget_get_first_child (at);

    while (next == NULL && at != list) {
      next = gtk_widget_get_next_sibling (at);
      if (next == NULL)
        at = gtk_widget_get_parent (at);
    }
    at = next;
  } while (at != NULL && !LAB_IS_BLOCK (at));

  return at;
}

static guint
count_children (const Page *page)
{
  guint n = 0;

  for (GtkWidget *row = get_next (page, NULL); row != NULL; row = get_next (page, row))
    n++;

  return n;
}

/* And each of them is on the page. */
static gboolean
has_only_new (gpointer data)
{
  const Page *page = data;

  for (GtkWidget *row = get_next (page, NULL); row != NULL; row = get_next (page, row)) {
    if (!gtk_widget_get_mapped (row))
      return FALSE;
  }

  return all_are_made (data) && count_children (page) == page->items->len;
}

static gboolean
has_none (gpointer data)
{
  const Page *page = data;

  return gtk_widget_get_first_child (GTK_WIDGET (page->list)) == NULL;
}

/* The rows of another page come at once into sight, and before those that are taken down. */
static void
test_replaced (void)
{
  LabFixture fixture = { 0 };
  Page page = { 0 };
  GtkWidget *first;

  lab_fixture_set_up (&fixture);
  page_set_up (&page, &fixture, 60);
  test_wait_until (all_are_made, &page, 20, "all rows");
  gtk_adjustment_set_value (page.adjustment, 200);

  g_ptr_array_remove_range (page.items, 0, 20);
  lab_block_list_set_items (page.list, page.items, page.clock);
  first = get_next (&page, NULL);
  g_assert_true (lab_block_get_item (LAB_BLOCK (first)) == g_ptr_array_index (page.items, 0));
  g_assert_cmpfloat (gtk_adjustment_get_value (page.adjustment), ==, 0);
  test_wait_until (has_only_new, &page, 20, "all rows of the other page, and no others");

  lab_block_list_set_items (page.list, NULL, NULL);
  test_wait_until (has_none, &page, 20, "the rows to be gone");
  page_tear_down (&page);
  lab_fixture_tear_down (&fixture);
}

/* A row in the middle of a long page is reached without all those before it, stays where it is
 * while those above it are made, and what is far from it goes again. */
static void
test_long (void)
{
  LabFixture fixture = { 0 };
  Page page = { .index = N_LONG / 2 };
  GtkWidget *previous = NULL;

  lab_fixture_set_up (&fixture);
  page_set_up (&page, &fixture, N_LONG);
  lab_block_list_show_at_top (page.list, page.index, 0);
  test_wait_until (is_at_index, &page, 20, "the row to be at the top");
  gtk_adjustment_set_value (page.adjustment, gtk_adjustment_get_value (page.adjustment) + 1);
  gtk_adjustment_set_value (page.adjustment, gtk_adjustment_get_value (page.adjustment) - 1);
  test_wait_until (few_are_made, &page, 20, "few rows to be left");
  test_wait_until (is_at_index, &page, 20, "the row to have stayed at the top");
  g_assert_cmpuint (lab_block_list_count_made (page.list), >, 5);

  /* the keyboard goes through them from the first to the last */
  for (GtkWidget *child = get_next (&page, NULL); child != NULL; child = get_next (&page, child)) {
    guint at, before;

    g_assert_true (g_ptr_array_find (page.items, lab_block_get_item (LAB_BLOCK (child)), &at));
    if (previous != NULL) {
      g_ptr_array_find (page.items, lab_block_get_item (LAB_BLOCK (previous)), &before);
      g_assert_cmpuint (at, >, before);
    }
    previous = child;
  }
  page_tear_down (&page);
  lab_fixture_tear_down (&fixture);
}

static gboolean
is_settled (gpointer data)
{
  return lab_block_list_get_settled (((const Page *)data)->list);
}

static gboolean
has_filled_sight (gpointer data)
{
  const Page *page = data;
  int offset;
  guint top = lab_block_list_get_top (page->list, &offset);

  for (guint i = top; i < page->items->len && lab_block_list_is_in_sight (page->list, i); i++) {
    gboolean is_there = FALSE;

    for (GtkWidget *row = get_next (page, NULL); row != NULL && !is_there;
         row = get_next (page, row))
      is_there = gtk_widget_get_mapped (row) &&
                 lab_block_get_item (LAB_BLOCK (row)) == g_ptr_array_index (page->items, i);
    if (!is_there)
      return FALSE;
  }

  return top > 0;
}

/* Who drags a long page through its whole length leaves no rows behind. */
static void
test_dragged (void)
{
  LabFixture fixture = { 0 };
  Page page = { 0 };
  double upper;

  lab_fixture_set_up (&fixture);
  page_set_up (&page, &fixture, N_LONG);
  upper = gtk_adjustment_get_upper (page.adjustment);
  for (guint i = 1; i <= 20; i++) {
    gtk_adjustment_set_value (page.adjustment, upper * i / 25);
    test_wait_until (has_filled_sight, &page, 20, "what is in sight");
  }
  test_wait_until (few_are_made, &page, 20, "few rows to be left");
  page_tear_down (&page);
  lab_fixture_tear_down (&fixture);
}

/* The last row is reached though those before it are not as high as was thought. */
static void
test_last (void)
{
  LabFixture fixture = { 0 };
  Page page = { 0 };

  lab_fixture_set_up (&fixture);
  page_set_up (&page, &fixture, N_LONG);
  lab_block_list_show_at_top (page.list, N_LONG - 1, 0);
  test_wait_until (is_settled, &page, 20, "the rows there");
  g_assert_true (lab_block_list_is_in_sight (page.list, N_LONG - 1));
  page_tear_down (&page);
  lab_fixture_tear_down (&fixture);
}

int
main (int argc, char **argv)
{
  if (!lab_test_init (&argc, &argv))
    return 0;
  g_test_add_func ("/lab/block-list/new-destroy", test_new_destroy);
  g_test_add_func ("/lab/block-list/ordinary", test_ordinary);
  g_test_add_func ("/lab/block-list/replaced", test_replaced);
  g_test_add_func ("/lab/block-list/long", test_long);
  g_test_add_func ("/lab/block-list/dragged", test_dragged);
  g_test_add_func ("/lab/block-list/last", test_last);

  return g_test_run ();
}
