/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lab-fixture.h"
#include "lab-search-page.h"
#include "lab-search-row.h"

/* What was chosen last. */
typedef struct {
  CourseSection *section; /* (nullable) */
  int block;
  guint closed;
} Chosen;

static void
chosen_cb (LabSearchPage *page, CourseSection *section, int block, Chosen *chosen)
{
  g_set_object (&chosen->section, section);
  chosen->block = block;
}

static void
closed_cb (LabSearchPage *page, Chosen *chosen)
{
  chosen->closed++;
}

static GtkWidget *
find_row (LabSearchPage *page, guint index)
{
  GtkListBox *list = GTK_LIST_BOX (lab_test_find (GTK_WIDGET (page), GTK_TYPE_LIST_BOX, NULL));

  return GTK_WIDGET (gtk_list_box_get_row_at_index (list, (int)index));
}

static void
search (LabSearchPage *page, const char *words)
{
  GtkWidget *entry = lab_test_find (GTK_WIDGET (page), GTK_TYPE_SEARCH_ENTRY, NULL);

  gtk_editable_set_text (GTK_EDITABLE (entry), words);
  g_signal_emit_by_name (entry, "search-changed");
}

static void
test_new_destroy (void)
{
  LabSearchPage *page = g_object_ref_sink (g_object_new (LAB_TYPE_SEARCH_PAGE, NULL));

  search (page, "x");
  g_assert_null (find_row (page, 0));
  g_assert_finalize_object (page);
}

static void
test_search (void)
{
  LabFixture fixture = { 0 };
  LabSearchPage *page = g_object_ref_sink (g_object_new (LAB_TYPE_SEARCH_PAGE, NULL));
  GtkWidget *entry = lab_test_find (GTK_WIDGET (page), GTK_TYPE_SEARCH_ENTRY, NULL);
  Chosen chosen = { 0 };

  lab_fixture_set_up (&fixture);
  g_signal_connect (page, "chosen", G_CALLBACK (chosen_cb), &chosen);
  g_signal_connect (page, "closed", G_CALLBACK (closed_cb), &chosen);
  lab_search_page_set_course (page, fixture.course);

  search (page, "ECHO");
  g_assert_nonnull (
    lab_test_find (GTK_WIDGET (page), GTK_TYPE_LABEL, "4 places have these words:"));
  /* by section, under its title */
  g_assert_nonnull (lab_test_find (GTK_WIDGET (page), GTK_TYPE_LABEL, "Second"));
  g_assert_nonnull (find_row (page, 3));
  g_assert_null (find_row (page, 4));
  gtk_test_accessible_assert_property (find_row (page, 0), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                       "Command: echo one");

  g_signal_emit_by_name (entry, "activate");
  g_assert_cmpstr (course_section_get_id (chosen.section), ==, "first");
  g_assert_cmpint (chosen.block, >, 5);

  /* the arrows move the mark, which Enter takes */
  for (guint i = 0; i < 3; i++)
    g_signal_emit_by_name (entry, "next-match");
  g_signal_emit_by_name (entry, "activate");
  g_assert_cmpstr (course_section_get_id (chosen.section), ==, "second");
  g_assert_cmpint (chosen.block, ==, 0);

  /* a title is the section's beginning */
  search (page, "second");
  g_signal_emit_by_name (entry, "activate");
  g_assert_cmpint (chosen.block, ==, -1);

  search (page, "nowhere");
  g_assert_nonnull (
    lab_test_find (GTK_WIDGET (page), GTK_TYPE_LABEL, "Nothing in this course has these words."));
  g_assert_null (find_row (page, 0));
  g_signal_emit_by_name (entry, "stop-search");
  g_assert_cmpuint (chosen.closed, ==, 1);

  g_clear_object (&chosen.section);
  g_assert_finalize_object (page);
  lab_fixture_tear_down (&fixture);
}

int
main (int argc, char **argv)
{
  if (!lab_test_init (&argc, &argv))
    return 0;
  g_test_add_func ("/lab/search-page/new-destroy", test_new_destroy);
  g_test_add_func ("/lab/search-page/search", test_search);

  return g_test_run ();
}
