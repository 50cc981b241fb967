/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lab-block.h"
#include "lab-fixture.h"
#include "lab-section-header.h"
#include "lab-step-card.h"

static LabBlockItem *
new_item (LabFixture *fixture, LabBlockType type, const CourseBlock *block)
{
  CourseSection *section = lab_fixture_get_section (fixture, "first");
  SessionStep *step = NULL;

  if (block != NULL && block->type == COURSE_BLOCK_STEP)
    step = session_lab_get_step (fixture->lab, section, block->step);

  return lab_block_item_new (type, section, block, step);
}

/* Every kind of row. */
static void
test_new_destroy (void)
{
  LabFixture fixture = { 0 };
  g_autoptr (LabClock) clock = lab_clock_new ();
  GPtrArray *blocks;

  lab_fixture_set_up (&fixture);
  blocks = course_section_get_blocks (lab_fixture_get_section (&fixture, "first"));
  g_assert_cmpuint (blocks->len, >, 10);
  for (guint i = 0; i < blocks->len; i++) {
    g_autoptr (LabBlockItem) item =
      new_item (&fixture, LAB_BLOCK_CONTENT, g_ptr_array_index (blocks, i));
    LabBlock *block = g_object_ref_sink (LAB_BLOCK (lab_block_new (item, clock)));

    g_assert_true (lab_block_get_item (block) == item);
    g_assert_nonnull (gtk_widget_get_first_child (GTK_WIDGET (block)));
    g_assert_finalize_object (block);
  }
  lab_fixture_tear_down (&fixture);
}

/* Whatever is no step is copied by a click, too. */
static void
test_copy (void)
{
  LabFixture fixture = { 0 };
  g_autoptr (LabClock) clock = lab_clock_new ();
  g_autoptr (LabBlockItem) item = NULL;
  g_autoptr (GtkWidget) row = NULL;
  g_auto (GValue) copied = G_VALUE_INIT;
  const CourseBlock code = { .type = COURSE_BLOCK_CODE, .text = (char *)"kind: Pod\na: x\u200b" };
  GtkWidget *copy;

  lab_fixture_set_up (&fixture);
  item = new_item (&fixture, LAB_BLOCK_CONTENT, &code);
  row = g_object_ref_sink (lab_block_new (item, clock));
  g_assert_nonnull (lab_test_find (row, GTK_TYPE_LABEL, "kind: Pod\na: x⟨U+200B⟩"));
  copy = lab_test_find (row, GTK_TYPE_BUTTON, NULL);
  gtk_test_accessible_assert_property (copy, GTK_ACCESSIBLE_PROPERTY_LABEL,
                                       "Copy the text: kind: Pod");
  g_signal_emit_by_name (copy, "clicked");
  g_value_init (&copied, G_TYPE_STRING);
  g_assert_true (gdk_content_provider_get_value (
    gdk_clipboard_get_content (gtk_widget_get_clipboard (row)), &copied, NULL));
  g_assert_cmpstr (g_value_get_string (&copied), ==, "kind: Pod\na: x⟨U+200B⟩");
  lab_fixture_tear_down (&fixture);
}

/* A long text is shown as far as it is read, and copied whole. */
static void
test_long_code (void)
{
  LabFixture fixture = { 0 };
  g_autoptr (LabClock) clock = lab_clock_new ();
  g_autoptr (LabBlockItem) item = NULL;
  g_autoptr (GtkWidget) row = NULL;
  g_autoptr (GString) text = g_string_new (NULL);
  g_auto (GValue) copied = G_VALUE_INIT;
  CourseBlock code = { .type = COURSE_BLOCK_CODE };

  for (guint i = 0; i < 5000; i++)
    g_string_append_printf (text, "%s%07u", i > 0 ? "\n" : "", i);
  code.text = text->str;
  lab_fixture_set_up (&fixture);
  item = new_item (&fixture, LAB_BLOCK_CONTENT, &code);
  row = g_object_ref_sink (lab_block_new (item, clock));
  g_assert_nonnull (
    lab_test_find (row, GTK_TYPE_LABEL, "… and 4488 more lines, which Copy takes along"));
  g_signal_emit_by_name (lab_test_find (row, GTK_TYPE_BUTTON, NULL), "clicked");
  g_value_init (&copied, G_TYPE_STRING);
  g_assert_true (gdk_content_provider_get_value (
    gdk_clipboard_get_content (gtk_widget_get_clipboard (row)), &copied, NULL));
  g_assert_cmpstr (g_value_get_string (&copied), ==, text->str);
  g_clear_object (&row);
  g_clear_object (&item);

  /* one line alone */
  g_strdelimit (text->str, "\n", ' ');
  item = new_item (&fixture, LAB_BLOCK_CONTENT, &code);
  row = g_object_ref_sink (lab_block_new (item, clock));
  g_assert_nonnull (
    lab_test_find (row, GTK_TYPE_LABEL, "… and 1 more line, which Copy takes along"));
  lab_fixture_tear_down (&fixture);
}

static void
test_head_and_foot (void)
{
  LabFixture fixture = { 0 };
  g_autoptr (LabClock) clock = lab_clock_new ();
  g_autoptr (LabBlockItem) head = NULL;
  g_autoptr (LabBlockItem) foot = NULL;
  GtkWidget *head_block, *foot_block;

  lab_fixture_set_up (&fixture);
  head = new_item (&fixture, LAB_BLOCK_HEADER, NULL);
  foot = new_item (&fixture, LAB_BLOCK_FOOTER, NULL);
  head_block = g_object_ref_sink (lab_block_new (head, clock));
  foot_block = g_object_ref_sink (lab_block_new (foot, clock));
  g_assert_true (LAB_IS_SECTION_HEADER (gtk_widget_get_first_child (head_block)));
  g_assert_nonnull (lab_test_find (head_block, GTK_TYPE_LABEL, "See a thing"));
  g_assert_nonnull (lab_test_find (head_block, GTK_TYPE_LABEL, "10 minutes · 2 steps"));
  g_assert_true (GTK_IS_BUTTON (gtk_widget_get_first_child (foot_block)));
  g_assert_finalize_object (head_block);
  g_assert_finalize_object (foot_block);
  lab_fixture_tear_down (&fixture);
}

int
main (int argc, char **argv)
{
  if (!lab_test_init (&argc, &argv))
    return 0;
  g_test_add_func ("/lab/block/new-destroy", test_new_destroy);
  g_test_add_func ("/lab/block/copy", test_copy);
  g_test_add_func ("/lab/block/long-code", test_long_code);
  g_test_add_func ("/lab/block/head-and-foot", test_head_and_foot);

  return g_test_run ();
}
