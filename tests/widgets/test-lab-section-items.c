/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lab-cluster.h"
#include "lab-section-items.h"
#include "test-wait.h"

typedef struct {
  LabFixture lab;
  LabSectionItems *items; /* of the first section, with the way on */
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  lab_fixture_set_up (&self->lab);
  self->items =
    lab_section_items_new (self->lab.lab, lab_fixture_get_section (&self->lab, "first"), TRUE);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  g_assert_finalize_object (self->items);
  lab_fixture_tear_down (&self->lab);
}

static void
assert_step (Fixture *self, guint index, const char *id)
{
  LabBlockItem *item = lab_section_items_get (self->items, index);

  g_assert_true (lab_block_item_get_step (item) == lab_fixture_get_step (&self->lab, "first", id));
}

static void
test_rows (Fixture *self, gconstpointer data)
{
  guint n = lab_section_items_get_length (self->items);
  guint n_runnable = 0;

  g_assert_cmpuint (lab_section_items_get_all (self->items)->len, ==, n);
  g_assert_cmpint (lab_block_item_get_block_type (lab_section_items_get (self->items, 0)), ==,
                   LAB_BLOCK_HEADER);
  g_assert_cmpint (lab_block_item_get_block_type (lab_section_items_get (self->items, n - 1)), ==,
                   LAB_BLOCK_FOOTER);
  for (guint i = 0; i < n; i++)
    n_runnable += lab_section_items_is_runnable (self->items, i);
  /* the third is only to be read */
  g_assert_cmpuint (n_runnable, ==, 2);
}

static void
done_cb (LabSectionItems *items, guint *n)
{
  lab_section_items_mark_current (items);
  (*n)++;
}

/* The mark is at the first step that is not done, until none is left. */
static void
test_current (Fixture *self, gconstpointer data)
{
  guint index = 0, n = 0;

  g_signal_connect (self->items, "done", G_CALLBACK (done_cb), &n);
  g_assert_false (lab_section_items_has_done (self->items));
  g_assert_true (lab_section_items_find_current (self->items, &index));
  assert_step (self, index, "one");

  course_progress_mark_done (self->lab.progress, "first", "one", 1);
  g_assert_cmpuint (n, ==, 1);
  g_assert_true (lab_section_items_has_done (self->items));
  g_assert_true (lab_section_items_find_current (self->items, &index));
  assert_step (self, index, "two");

  course_progress_mark_done (self->lab.progress, "first", "two", 2);
  g_assert_cmpuint (n, ==, 2);
  g_assert_false (lab_section_items_find_left (self->items, &index));
  g_assert_false (lab_section_items_find_current (self->items, &index));
  assert_step (self, index, "two");
}

static void
test_left (Fixture *self, gconstpointer data)
{
  g_autoptr (GPtrArray) all = lab_section_items_dup_left (self->items);
  g_autoptr (GPtrArray) rest = NULL;

  g_assert_cmpuint (all->len, ==, 2);
  course_progress_mark_done (self->lab.progress, "first", "one", 1);
  rest = lab_section_items_dup_left (self->items);
  g_assert_cmpuint (rest->len, ==, 1);
  g_assert_true (g_ptr_array_index (rest, 0) == g_ptr_array_index (all, 1));
}

static gboolean
has_fallen (gpointer step)
{
  return session_step_get_n_fallen (step) > 0;
}

static gboolean
has_not_fallen (gpointer step)
{
  return session_step_get_n_fallen (step) == 0;
}

static void
fallen_cb (LabSectionItems *items, guint *n)
{
  (*n)++;
}

static gboolean
is_told (gpointer n)
{
  return *(guint *)n > 0;
}

/* What is no longer so is left to be done again. */
static void
test_fallen (Fixture *self, gconstpointer data)
{
  g_autoptr (FakeApiServer) server = fake_api_server_new ();
  SessionStep *one = lab_fixture_get_step (&self->lab, "first", "one");
  g_autoptr (GPtrArray) left = NULL;
  guint index = 0, n = 0;

  fake_api_server_put_new (server, "services", "default", "redis");
  lab_cluster_connect (&self->lab, server);
  course_progress_mark_done (self->lab.progress, "first", "one", 1);
  course_progress_mark_done (self->lab.progress, "first", "two", 2);
  g_signal_connect (self->items, "fallen", G_CALLBACK (fallen_cb), &n);
  session_lab_set_open_section (self->lab.lab, lab_fixture_get_section (&self->lab, "first"));
  g_assert_false (lab_section_items_find_left (self->items, &index));

  fake_api_server_remove (server, "services", "default", "redis");
  test_wait_until (has_fallen, one, 20, "the service to be missed");
  test_wait_until (is_told, &n, 20, "that to be told");
  g_assert_true (lab_section_items_find_left (self->items, &index));
  assert_step (self, index, "one");
  left = lab_section_items_dup_left (self->items);
  g_assert_cmpuint (left->len, ==, 1);
  lab_section_items_mark_current (self->items);
  g_assert_true (lab_section_items_find_current (self->items, &index));

  fake_api_server_put_new (server, "services", "default", "redis");
  test_wait_until (has_not_fallen, one, 20, "the service to be back");
  g_assert_false (lab_section_items_find_left (self->items, &index));
  session_lab_set_open_section (self->lab.lab, NULL);
}

/* A row is found again in a section that was written anew, wherever it went; one that is gone
 * leaves its place. */
static void
test_same (Fixture *self, gconstpointer data)
{
  g_autoptr (LabSectionItems) second =
    lab_section_items_new (self->lab.lab, lab_fixture_get_section (&self->lab, "second"), FALSE);
  SessionStep *two = lab_fixture_get_step (&self->lab, "first", "two");
  guint n = lab_section_items_get_length (self->items);
  guint n_second = lab_section_items_get_length (second);
  LabBlockItem *row;
  guint index = 0;

  g_assert_true (lab_section_items_find_step (self->items, two, &index));
  row = lab_section_items_get (self->items, index);
  g_assert_cmpuint (lab_section_items_find_same (self->items, row, index), ==, index);
  g_assert_cmpuint (lab_section_items_find_same (self->items, row, 0), ==, index);
  g_assert_cmpuint (lab_section_items_find_same (self->items, row, n - 1), ==, index);
  g_assert_cmpuint (lab_section_items_find_same (self->items, row, 1000), ==, index);

  g_assert_false (lab_section_items_find (second, row, &index));
  g_assert_false (lab_section_items_find (second, NULL, &index));
  g_assert_false (lab_section_items_find_step (second, two, &index));
  g_assert_cmpuint (lab_section_items_find_same (second, row, 1), ==, 1);
  g_assert_cmpuint (lab_section_items_find_same (second, row, 1000), ==, n_second - 1);
}

static void
test_found (Fixture *self, gconstpointer data)
{
  lab_section_items_mark_found (self->items, 1);
  lab_section_items_mark_found (self->items, 2);
  g_assert_false (lab_block_item_get_found (lab_section_items_get (self->items, 1)));
  g_assert_true (lab_block_item_get_found (lab_section_items_get (self->items, 2)));
}

#define ADD(name, function)                                                                        \
  g_test_add ("/lab/section-items/" name, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("rows", test_rows);
  ADD ("current", test_current);
  ADD ("left", test_left);
  ADD ("fallen", test_fallen);
  ADD ("same", test_same);
  ADD ("found", test_found);

  return g_test_run ();
}
