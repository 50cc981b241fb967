/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lab-block.h"
#include "lab-fixture.h"
#include "lab-section-page.h"
#include "lab-step-card.h"

typedef struct {
  LabBlockItem *run; /* (nullable): what was asked for last */
  guint next;
} Asked;

static void
run_cb (LabSectionPage *page, LabBlockItem *item, Asked *asked)
{
  g_set_object (&asked->run, item);
}

static void
next_cb (LabSectionPage *page, Asked *asked)
{
  asked->next++;
}

static gboolean
has_footer (gpointer page)
{
  return lab_test_find (page, GTK_TYPE_BUTTON, "Next section") != NULL;
}

static void
test_new_destroy (void)
{
  LabSectionPage *page = g_object_ref_sink (g_object_new (LAB_TYPE_SECTION_PAGE, NULL));

  g_assert_finalize_object (page);
}

static void
test_show (void)
{
  LabFixture fixture = { 0 };
  LabSectionPage *page = g_object_new (LAB_TYPE_SECTION_PAGE, NULL);
  GtkWindow *window;
  Asked asked = { 0 };

  lab_fixture_set_up (&fixture);
  g_signal_connect (page, "run", G_CALLBACK (run_cb), &asked);
  g_signal_connect (page, "next", G_CALLBACK (next_cb), &asked);
  lab_section_page_set_section (page, fixture.lab, lab_fixture_get_section (&fixture, "first"),
                                TRUE);
  window = lab_test_show (GTK_WIDGET (page));
  test_wait_until (has_footer, page, 20, "the rest of the rows");
  g_assert_nonnull (lab_test_find (GTK_WIDGET (page), GTK_TYPE_LABEL, "1 First"));
  g_assert_nonnull (lab_test_find (GTK_WIDGET (page), LAB_TYPE_STEP_CARD, NULL));

  g_assert_true (lab_section_page_run_current (page));
  g_assert_nonnull (asked.run);
  g_assert_cmpstr (lab_block_item_get_form (asked.run)->text, ==, "echo one");
  g_assert_true (lab_block_item_get_current (asked.run));
  lab_section_page_move_step (page, 1);
  g_signal_emit_by_name (lab_test_find (GTK_WIDGET (page), GTK_TYPE_BUTTON, "Next section"),
                         "clicked");
  g_assert_cmpuint (asked.next, ==, 1);

  g_clear_object (&asked.run);
  gtk_window_destroy (window);
  lab_fixture_tear_down (&fixture);
}

static gboolean
count_frame_cb (GtkWidget *page, GdkFrameClock *clock, gpointer frames)
{
  (*(guint *)frames)++;

  return G_SOURCE_CONTINUE;
}

static gboolean
has_four (gpointer frames)
{
  return *(guint *)frames >= 4;
}

/* A text that is edited asks for its size again while it is given one: all is drawn nevertheless,
 * and GTK has nothing to warn of. */
static void
test_edit (void)
{
  LabFixture fixture = { 0 };
  LabSectionPage *page = g_object_new (LAB_TYPE_SECTION_PAGE, NULL);
  guint frames = 0;
  GtkWindow *window;
  GtkWidget *edit;

  lab_fixture_set_up (&fixture);
  lab_section_page_set_section (page, fixture.lab, lab_fixture_get_section (&fixture, "first"),
                                TRUE);
  window = lab_test_show (GTK_WIDGET (page));
  test_wait_until (has_footer, page, 20, "the rest of the rows");
  edit = lab_test_find (GTK_WIDGET (page), GTK_TYPE_TOGGLE_BUTTON, NULL);
  g_assert_nonnull (edit);
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (edit), TRUE);
  gtk_widget_add_tick_callback (GTK_WIDGET (page), count_frame_cb, &frames, NULL);
  test_wait_until (has_four, &frames, 20, "frames with the text in them");
  g_assert_true (gtk_widget_is_focus (lab_test_find (GTK_WIDGET (page), GTK_TYPE_TEXT_VIEW, NULL)));

  gtk_window_destroy (window);
  lab_fixture_tear_down (&fixture);
}

/* What is done before is skipped. */
static void
test_current (void)
{
  LabFixture fixture = { 0 };
  g_autoptr (LabSectionPage) page = g_object_ref_sink (g_object_new (LAB_TYPE_SECTION_PAGE, NULL));
  Asked asked = { 0 };

  lab_fixture_set_up (&fixture);
  course_progress_mark_done (fixture.progress, "first", "one", 1);
  g_signal_connect (page, "run", G_CALLBACK (run_cb), &asked);
  lab_section_page_set_section (page, fixture.lab, lab_fixture_get_section (&fixture, "first"),
                                FALSE);
  g_assert_true (lab_section_page_run_current (page));
  g_assert_cmpuint (
    course_step_get_number (session_step_get_step (lab_block_item_get_step (asked.run))), ==, 2);
  g_clear_object (&asked.run);
  course_progress_mark_done (fixture.progress, "first", "two", 2);
  g_assert_false (lab_section_page_run_current (page));
  g_assert_null (asked.run);
  lab_section_page_set_section (page, NULL, NULL, FALSE);
  lab_fixture_tear_down (&fixture);
}

static const char *
get_focused_step (LabSectionPage *page)
{
  GtkWidget *focus = gtk_root_get_focus (gtk_widget_get_root (GTK_WIDGET (page)));
  GtkWidget *block = focus != NULL ? gtk_widget_get_ancestor (focus, LAB_TYPE_BLOCK) : NULL;
  LabBlockItem *item = block != NULL ? lab_block_get_item (LAB_BLOCK (block)) : NULL;
  SessionStep *step = item != NULL ? lab_block_item_get_step (item) : NULL;

  return step != NULL ? course_step_get_id (session_step_get_step (step)) : NULL;
}

/* Who is in the terminal, where each Run leads, goes on from there with what is not done. */
static void
test_move (void)
{
  LabFixture fixture = { 0 };
  LabSectionPage *page = g_object_new (LAB_TYPE_SECTION_PAGE, NULL);
  GtkWindow *window;

  lab_fixture_set_up (&fixture);
  course_progress_mark_done (fixture.progress, "first", "one", 1);
  lab_section_page_set_section (page, fixture.lab, lab_fixture_get_section (&fixture, "first"),
                                TRUE);
  window = lab_test_show (GTK_WIDGET (page));
  test_wait_until (has_footer, page, 20, "the rest of the rows");
  gtk_window_set_focus (window, NULL);

  lab_section_page_move_step (page, 1);
  g_assert_cmpstr (get_focused_step (page), ==, "two");
  lab_section_page_move_step (page, -1);
  g_assert_cmpstr (get_focused_step (page), ==, "one");
  lab_section_page_move_step (page, 1);
  g_assert_cmpstr (get_focused_step (page), ==, "two");
  lab_section_page_move_step (page, 1);
  g_assert_cmpstr (get_focused_step (page), ==, "two");

  gtk_window_set_focus (window, NULL);
  lab_section_page_move_step (page, -1);
  g_assert_cmpstr (get_focused_step (page), ==, "one");

  gtk_window_destroy (window);
  lab_fixture_tear_down (&fixture);
}

int
main (int argc, char **argv)
{
  if (!lab_test_init (&argc, &argv))
    return 0;
  g_test_add_func ("/lab/section-page/new-destroy", test_new_destroy);
  g_test_add_func ("/lab/section-page/show", test_show);
  g_test_add_func ("/lab/section-page/current", test_current);
  g_test_add_func ("/lab/section-page/move", test_move);
  g_test_add_func ("/lab/section-page/edit", test_edit);

  return g_test_run ();
}
