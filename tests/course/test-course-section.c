/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "course-fixture.h"

static const CourseBlock *
get_block (CourseCourse *course, guint position)
{
  GPtrArray *blocks = course_section_get_blocks (course_fixture_get_section (course, 0));

  g_assert_cmpuint (position, <, blocks->len);
  return g_ptr_array_index (blocks, position);
}

static guint
count_blocks (CourseCourse *course)
{
  return course_section_get_blocks (course_fixture_get_section (course, 0))->len;
}

static void
assert_block (CourseCourse *course, guint position, CourseBlockType type, const char *markup)
{
  const CourseBlock *block = get_block (course, position);

  g_assert_cmpint (block->type, ==, type);
  g_assert_cmpstr (block->markup, ==, markup);
}

static void
test_text (CourseFixture *self, gconstpointer data)
{
  g_autoptr (CourseCourse) course = course_fixture_load_text (
    self, COURSE_FIXTURE_SECTION ("## *Head* & tail\n\n"
                                  "Plain, *soft*, **loud** and `code <b>`,\non two lines  \n"
                                  "and a third.\n\n> Quoted\n\n---\n\n    indented\n"));

  assert_block (course, 0, COURSE_BLOCK_HEADING, "<i>Head</i> &amp; tail");
  g_assert_cmpuint (get_block (course, 0)->level, ==, 2);
  g_assert_cmpstr (get_block (course, 0)->text, ==, "Head & tail");
  assert_block (course, 1, COURSE_BLOCK_PARAGRAPH,
                "Plain, <i>soft</i>, <b>loud</b> and <tt>code &lt;b&gt;</tt>, on two lines\n"
                "and a third.");
  assert_block (course, 2, COURSE_BLOCK_QUOTE, "Quoted");
  assert_block (course, 3, COURSE_BLOCK_RULE, NULL);
  assert_block (course, 4, COURSE_BLOCK_CODE, NULL);
  g_assert_cmpstr (get_block (course, 4)->text, ==, "indented");
  g_assert_cmpuint (count_blocks (course), ==, 5);
}

static void
test_lists (CourseFixture *self, gconstpointer data)
{
  g_autoptr (CourseCourse) course = course_fixture_load_text (
    self, COURSE_FIXTURE_SECTION ("- one\n- two\n\n  more of two\n  1. inner\n  2. last\n\n"
                                  "text\n\n7. seven\n8. eight\n"));
  static const struct {
    guint level;
    const char *marker;
    const char *markup;
  } expected[] = {
    { 1, "•", "one" },   { 1, "•", "two" },   { 1, "", "more of two" }, { 2, "1.", "inner" },
    { 2, "2.", "last" }, { 0, NULL, "text" }, { 1, "7.", "seven" },     { 1, "8.", "eight" },
  };

  g_assert_cmpuint (count_blocks (course), ==, G_N_ELEMENTS (expected));
  for (guint i = 0; i < G_N_ELEMENTS (expected); i++) {
    const CourseBlock *block = get_block (course, i);

    g_assert_cmpuint (block->level, ==, expected[i].level);
    g_assert_cmpstr (block->marker, ==, expected[i].marker);
    g_assert_cmpstr (block->markup, ==, expected[i].markup);
  }
}

static void
test_table (CourseFixture *self, gconstpointer data)
{
  g_autoptr (CourseCourse) course = course_fixture_load_text (
    self, COURSE_FIXTURE_SECTION ("| A | *B* |\n| :-- | --: |\n| `x` | y \\| z |\n| < |\n\n"
                                  "a | b without a line under it\n"));

  assert_block (course, 0, COURSE_BLOCK_TABLE_ROW, "A\t<i>B</i>");
  g_assert_cmpuint (get_block (course, 0)->level, ==, 1);
  assert_block (course, 1, COURSE_BLOCK_TABLE_ROW, "<tt>x</tt>\ty | z");
  g_assert_cmpuint (get_block (course, 1)->level, ==, 0);
  assert_block (course, 2, COURSE_BLOCK_TABLE_ROW, "&lt;");
  assert_block (course, 3, COURSE_BLOCK_PARAGRAPH, "a | b without a line under it");
}

static void
test_links (CourseFixture *self, gconstpointer data)
{
  g_autoptr (CourseCourse) course = course_fixture_load_text (
    self, COURSE_FIXTURE_SECTION ("[web](https://example.org/?a=1&b=%22)\n\n"
                                  "[script](javascript:alert(1))\n\n[file](file:///etc/passwd)\n\n"
                                  "[data](data:text/html,x)\n\n[here](#one)\n\n[there](#two)\n\n"
                                  "[page](<http://a b>)\n\n<https://example.org>\n"));

  assert_block (course, 0, COURSE_BLOCK_PARAGRAPH,
                "<a href=\"https://example.org/?a=1&amp;b=%22\">web</a>");
  assert_block (course, 1, COURSE_BLOCK_PARAGRAPH, "script");
  assert_block (course, 2, COURSE_BLOCK_PARAGRAPH, "file");
  assert_block (course, 3, COURSE_BLOCK_PARAGRAPH, "data");
  assert_block (course, 4, COURSE_BLOCK_PARAGRAPH, "<a href=\"#one\">here</a>");
  assert_block (course, 5, COURSE_BLOCK_PARAGRAPH, "there");
  assert_block (course, 6, COURSE_BLOCK_PARAGRAPH, "page");
  assert_block (course, 7, COURSE_BLOCK_PARAGRAPH,
                "<a href=\"https://example.org\">https://example.org</a>");
  course_fixture_assert_message (course, COURSE_FIXTURE_FIRST_LINE + 2, "javascript:");
  course_fixture_assert_message (course, COURSE_FIXTURE_FIRST_LINE + 10, "the id “two”");
}

static void
test_html (CourseFixture *self, gconstpointer data)
{
  g_autoptr (CourseCourse) course = course_fixture_load_text (
    self, COURSE_FIXTURE_SECTION ("It says <pending>, <script>alert(1)</script> & more<br>here"
                                  "<!-- not this -->.\n\n<div onclick=\"x\">\n<b>block</b>\n"
                                  "</div>\n\n<!-- a comment -->\n\n&lt;b&gt; \x01 *a<b\n"));

  assert_block (course, 0, COURSE_BLOCK_PARAGRAPH,
                "It says &lt;pending&gt;, &lt;script&gt;alert(1)&lt;/script&gt; &amp; more\n"
                "here.");
  assert_block (course, 1, COURSE_BLOCK_PARAGRAPH, "&lt;b&gt; ? *a&lt;b");
  course_fixture_assert_message (course, COURSE_FIXTURE_FIRST_LINE + 2, "HTML is not shown");
  g_assert_cmpuint (course_course_get_messages (course)->len, ==, 1);
}

static void
test_images (CourseFixture *self, gconstpointer data)
{
  g_autofree char *picture = course_fixture_write (self, "inside.png", "picture");
  g_autofree char *drawing =
    course_fixture_write (self, "drawing.svg", "<svg width='20' height='10'/>");
  g_autoptr (CourseCourse) course = course_fixture_load_text (
    self, COURSE_FIXTURE_SECTION ("![In *here*](inside.png)\n\nText ![two](./inside.png) on\n\n"
                                  "![out](../../../../../../etc/passwd)\n\n![abs](/etc/passwd)\n\n"
                                  "![web &](https://example.org/a.png)\n\n"
                                  "A ![lost one](lost.png) too\n\n![](drawing.svg)\n"));

  g_assert_cmpint (get_block (course, 0)->type, ==, COURSE_BLOCK_IMAGE);
  g_assert_cmpstr (get_block (course, 0)->text, ==, "In here");
  g_assert_true (g_path_is_absolute (get_block (course, 0)->path));
  g_assert_true (g_str_has_suffix (get_block (course, 0)->path, "/inside.png"));
  assert_block (course, 1, COURSE_BLOCK_PARAGRAPH, "Text two on");
  g_assert_nonnull (get_block (course, 2)->path);
  assert_block (course, 3, COURSE_BLOCK_PARAGRAPH, "<i>out</i>");
  assert_block (course, 4, COURSE_BLOCK_PARAGRAPH, "<i>abs</i>");
  assert_block (course, 5, COURSE_BLOCK_PARAGRAPH, "<i>web &amp;</i>");
  assert_block (course, 6, COURSE_BLOCK_PARAGRAPH, "A lost one too");
  g_assert_cmpuint (get_block (course, 0)->width, ==, 0);
  g_assert_cmpuint (get_block (course, 7)->width, ==, 20);
  g_assert_cmpuint (get_block (course, 7)->height, ==, 10);
  g_assert_cmpuint (count_blocks (course), ==, 8);
  course_fixture_assert_message (course, COURSE_FIXTURE_FIRST_LINE + 4, "etc/passwd");
}

static void
check_element (GMarkupParseContext *context,
               const char *name,
               const char **keys,
               const char **values,
               gpointer data,
               GError **error)
{
  static const char *const known[] = { "markup", "i", "b", "tt", "a", NULL };

  g_assert_true (g_strv_contains (known, name));
}

static void
assert_well_formed (const CourseBlock *block)
{
  GMarkupParser parser = { .start_element = check_element };
  g_autofree char *whole = g_strdup_printf ("<markup>%s</markup>", block->markup);
  g_autoptr (GMarkupParseContext) context = g_markup_parse_context_new (&parser, 0, NULL, NULL);
  g_autoptr (GError) error = NULL;

  g_markup_parse_context_parse (context, whole, -1, &error);
  g_assert_no_error (error);
  g_assert_true (g_markup_parse_context_end_parse (context, &error));
  g_assert_true (g_utf8_validate (block->text, -1, NULL));
}

/* Whatever stands in a paragraph, a label can parse what comes of it. */
static void
test_markup_is_well_formed (CourseFixture *self, gconstpointer data)
{
  static const char *const texts[] = {
    "***a** b*",
    "*a **b `c* d` e** f*",
    "[a *b](https://x.org) c*",
    "[![alt <b>](x.png)](https://x.org/\"<>)",
    "![a [b](https://x.org) *c*](x.png) </a>",
    "*a _b *c _d *e _f *g _h *i _j *k _l k_ j* i_ h* g_ f* e_ d* c_ b* a_ z*",
    "&#0; &#x1F; &copy; &unknown; \\<b\\> <a href='x'>",
    "<b><i></b></i> <tt",
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_autofree char *text = g_strconcat (COURSE_FIXTURE_SECTION ("## H\n\n"), texts[i], "\n", NULL);
    g_autoptr (CourseCourse) course = course_fixture_load_text (self, text);

    g_assert_cmpuint (count_blocks (course), >=, 2);
    for (guint j = 0; j < count_blocks (course); j++)
      assert_well_formed (get_block (course, j));
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  COURSE_FIXTURE_TEST ("/course/section/text", test_text);
  COURSE_FIXTURE_TEST ("/course/section/lists", test_lists);
  COURSE_FIXTURE_TEST ("/course/section/table", test_table);
  COURSE_FIXTURE_TEST ("/course/section/links", test_links);
  COURSE_FIXTURE_TEST ("/course/section/html", test_html);
  COURSE_FIXTURE_TEST ("/course/section/images", test_images);
  COURSE_FIXTURE_TEST ("/course/section/markup-is-well-formed", test_markup_is_well_formed);

  return g_test_run ();
}
