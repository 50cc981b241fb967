/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lab-check-row.h"
#include "lab-fixture.h"
#include "lab-step-card.h"

static const CourseBlock *
find_block (LabFixture *fixture, const char *id)
{
  GPtrArray *blocks = course_section_get_blocks (lab_fixture_get_section (fixture, "first"));

  for (guint i = 0; i < blocks->len; i++) {
    const CourseBlock *block = g_ptr_array_index (blocks, i);

    if (block->type == COURSE_BLOCK_STEP &&
        (id == NULL ? !course_step_get_runnable (block->step)
                    : g_strcmp0 (course_step_get_id (block->step), id) == 0))
      return block;
  }
  g_assert_not_reached ();
}

static LabBlockItem *
new_item (LabFixture *fixture, const char *id)
{
  CourseSection *section = lab_fixture_get_section (fixture, "first");
  const CourseBlock *block = find_block (fixture, id);

  return lab_block_item_new (LAB_BLOCK_CONTENT, section, block,
                             session_lab_get_step (fixture->lab, section, block->step));
}

static void
count_cb (LabStepCard *card, guint *n)
{
  (*n)++;
}

static void
test_new_destroy (void)
{
  LabFixture fixture = { 0 };
  g_autoptr (LabClock) clock = lab_clock_new ();
  g_autoptr (LabBlockItem) item = NULL;
  LabStepCard *card;

  lab_fixture_set_up (&fixture);
  item = new_item (&fixture, "one");
  card = g_object_ref_sink (LAB_STEP_CARD (lab_step_card_new (item, clock)));
  g_assert_finalize_object (card);
  lab_fixture_tear_down (&fixture);
}

static void
test_parts (void)
{
  LabFixture fixture = { 0 };
  g_autoptr (LabClock) clock = lab_clock_new ();
  g_autoptr (LabBlockItem) item = NULL;
  g_autoptr (GtkWidget) card = NULL;
  GtkWidget *run;
  guint n = 0;

  lab_fixture_set_up (&fixture);
  item = new_item (&fixture, "one");
  card = g_object_ref_sink (lab_step_card_new (item, clock));
  g_assert_nonnull (lab_test_find (card, GTK_TYPE_LABEL, "Step 1"));
  g_assert_nonnull (lab_test_find (card, GTK_TYPE_LABEL, "echo one"));
  g_assert_nonnull (lab_test_find (card, GTK_TYPE_EXPANDER, "Expected output"));
  g_assert_nonnull (lab_test_find (card, LAB_TYPE_CHECK_ROW, NULL));
  g_assert_nonnull (lab_test_find (card, GTK_TYPE_LABEL, "There is a service"));
  g_assert_nonnull (lab_test_find (card, GTK_TYPE_LABEL, "Not checked yet"));

  g_signal_connect (card, "run", G_CALLBACK (count_cb), &n);
  run = gtk_widget_get_ancestor (lab_test_find (card, GTK_TYPE_LABEL, "Run"), GTK_TYPE_BUTTON);
  gtk_test_accessible_assert_property (run, GTK_ACCESSIBLE_PROPERTY_LABEL, "Run step 1");
  g_signal_emit_by_name (run, "clicked");
  g_assert_cmpuint (n, ==, 1);
  g_clear_object (&card);
  lab_fixture_tear_down (&fixture);
}

static void
test_forms (void)
{
  LabFixture fixture = { 0 };
  g_autoptr (LabClock) clock = lab_clock_new ();
  g_autoptr (LabBlockItem) item = NULL;
  g_autoptr (GtkWidget) card = NULL;
  const CourseFacts old = { .kubernetes = "v1.15.2" };
  const CourseFacts new = { .kubernetes = "v1.30.0" };
  GtkWidget *forms;

  lab_fixture_set_up (&fixture);
  item = new_item (&fixture, "two");
  lab_block_item_set_facts (item, &new);
  card = g_object_ref_sink (lab_step_card_new (item, clock));
  g_assert_nonnull (lab_test_find (card, GTK_TYPE_LABEL, "echo new"));
  lab_block_item_set_facts (item, &old);
  g_assert_nonnull (lab_test_find (card, GTK_TYPE_LABEL, "echo old"));

  /* what the reader picks stays, whatever is learned of the cluster later */
  forms = lab_test_find (card, GTK_TYPE_DROP_DOWN, NULL);
  gtk_drop_down_set_selected (GTK_DROP_DOWN (forms), 1);
  g_assert_cmpstr (lab_block_item_get_form (item)->text, ==, "echo new");
  lab_block_item_set_facts (item, &old);
  g_assert_cmpstr (lab_block_item_get_form (item)->text, ==, "echo new");
  g_clear_object (&card);
  lab_fixture_tear_down (&fixture);
}

static void
test_example (void)
{
  LabFixture fixture = { 0 };
  g_autoptr (LabClock) clock = lab_clock_new ();
  g_autoptr (LabBlockItem) item = NULL;
  g_autoptr (GtkWidget) card = NULL;
  GtkWidget *run;

  lab_fixture_set_up (&fixture);
  item = new_item (&fixture, NULL);
  card = g_object_ref_sink (lab_step_card_new (item, clock));
  run = gtk_widget_get_ancestor (lab_test_find (card, GTK_TYPE_LABEL, "Run"), GTK_TYPE_BUTTON);
  g_assert_false (gtk_widget_get_visible (run));
  g_clear_object (&card);
  lab_fixture_tear_down (&fixture);
}

int
main (int argc, char **argv)
{
  if (!lab_test_init (&argc, &argv))
    return 0;
  g_test_add_func ("/lab/step-card/new-destroy", test_new_destroy);
  g_test_add_func ("/lab/step-card/parts", test_parts);
  g_test_add_func ("/lab/step-card/forms", test_forms);
  g_test_add_func ("/lab/step-card/example", test_example);

  return g_test_run ();
}
