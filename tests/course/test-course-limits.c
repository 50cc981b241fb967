/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "course-fixture.h"

/* Generous, since this also runs under sanitizers and on busy machines: without limits most of
 * these take minutes, or all memory. */
#define MAX_SECONDS 20

#define KIB 1024

static char *
repeat (const char *head, const char *piece, gsize bytes, const char *tail)
{
  GString *text = g_string_new (head);

  while (text->len < bytes)
    g_string_append (text, piece);
  g_string_append (text, tail);
  return g_string_free (text, FALSE);
}

/* Opens @text as a course, or not at all, but soon. */
static void
assert_survives (CourseFixture *self, const char *name, const char *text, gsize length)
{
  g_autofree char *path = g_build_filename (self->folder, "lab.md", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (CourseCourse) course = NULL;
  gint64 start = g_get_monotonic_time ();

  g_assert_true (g_file_set_contents (path, text, length, NULL));
  course = course_course_load (path, &error);
  g_test_message ("%s: %.3f s, %s", name, (g_get_monotonic_time () - start) / 1e6,
                  course != NULL ? "opened" : error->message);
  g_assert_cmpint (g_get_monotonic_time () - start, <, MAX_SECONDS * G_USEC_PER_SEC);
  if (course == NULL)
    g_assert_true (g_utf8_validate (error->message, -1, NULL));
  else
    g_assert_no_error (error);
}

static void
test_repeated (CourseFixture *self, gconstpointer data)
{
  static const char *const pieces[] = {
    "*a ",      "*a **b ",   "*_",       "_",     "[",     "[a](",   "![",    "![a",
    "`",        "<",         "<!--",     "<?",    "<!A ",  "<a:",    "&",     "\\",
    "![a](b)",  "<![CDATA[", "a**b c*",  "> a\n", "- ",    "- a\n",  "a\n",   "1. ",
    "## h\n",   "a\n===\n",  "|a|b|\n",  "\t",    "```\n", "~~~a\n", "---\n", "```bash\nls\n\n",
    "[a](#x) ", "<b>",       "\xc3\xa9",
  };

  for (guint i = 0; i < G_N_ELEMENTS (pieces); i++) {
    g_autofree char *text = repeat ("# T\n\n", pieces[i], 300 * KIB, "\n");

    assert_survives (self, pieces[i], text, strlen (text));
  }
}

/* A manual of 2 MB opens, whole; more than that does not. */
static void
test_large (CourseFixture *self, gconstpointer data)
{
  g_autofree char *text = repeat ("# T\n\n## S\n\n", "Some words of a sentence.\n\n",
                                  2 * KIB * KIB - 100, "```bash\nlast\n```\n");
  g_autofree char *path = course_fixture_write (self, "large.md", text);
  g_autofree char *longer = g_strconcat (text, text, NULL);
  g_autofree char *longer_path = course_fixture_write (self, "longer.md", longer);
  g_autoptr (GError) error = NULL;
  g_autoptr (CourseCourse) course = course_course_load (path, &error);
  g_autoptr (CourseCourse) refused = NULL;
  GPtrArray *blocks;

  g_assert_no_error (error);
  blocks = course_section_get_blocks (course_fixture_get_section (course, 0));
  g_assert_cmpuint (blocks->len, >, 70000);
  g_assert_cmpuint (course_section_get_steps (course_fixture_get_section (course, 0))->len, ==, 1);
  refused = course_course_load (longer_path, &error);
  g_assert_null (refused);
  g_assert_error (error, COURSE_ERROR, COURSE_ERROR_TOO_LARGE);
}

static void
test_many_fences (CourseFixture *self, gconstpointer data)
{
  GString *builder = g_string_new ("# T\n\n## S\n\n");
  g_autofree char *text = NULL;
  g_autofree char *path = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (CourseCourse) course = NULL;
  GPtrArray *steps;

  for (guint i = 0; i < 10000; i++)
    g_string_append_printf (builder, "```bash\nls %u\n```\n\n", i);
  text = g_string_free (builder, FALSE);
  path = course_fixture_write (self, "fences.md", text);
  course = course_course_load (path, &error);
  g_assert_no_error (error);
  steps = course_section_get_steps (course_fixture_get_section (course, 0));
  g_assert_cmpuint (steps->len, ==, 10000);
  g_assert_cmpstr (course_step_pick_form (g_ptr_array_index (steps, 9999), NULL)->text, ==,
                   "ls 9999");
}

static void
assert_too_large (CourseFixture *self, const char *text, const char *part)
{
  g_autofree char *path = course_fixture_write (self, "large.md", text);
  g_autoptr (GError) error = NULL;

  g_assert_null (course_course_load (path, &error));
  g_assert_error (error, COURSE_ERROR, COURSE_ERROR_TOO_LARGE);
  g_test_message ("%s", error->message);
  g_assert_nonnull (strstr (error->message, part));
}

/* What neither the parser nor a page could stop within is refused by its line and by what it has
 * too much of. What looks like a fence, and is none for the parser, hides nothing from that. */
static void
test_without_end (CourseFixture *self, gconstpointer data)
{
  static const char *const heads[] = {
    "<!--\n```\n-->\n", "- a\n  ```\nb\n", "> ```\nb\n", "    ```\n", "a\n``` b`\n", " ```\n ```\n",
  };
  g_autofree char *paragraph = repeat ("# T\n\nls\n\n", "word ", 100 * KIB, "\n");
  g_autofree char *marks = repeat ("# T\n\nls\n\n", "*a\n", 50 * KIB, "\n");

  assert_too_large (self, paragraph, "begins on line 5 is longer than 64 KiB");
  assert_too_large (self, marks, "begins on line 5 has more than 4000 marks of emphasis");
  for (guint i = 0; i < G_N_ELEMENTS (heads); i++) {
    g_autofree char *long_ = repeat (heads[i], "word\n", 100 * KIB, "\n");
    g_autofree char *marked = repeat (heads[i], "*a\n", 50 * KIB, "\n");

    assert_too_large (self, long_, "longer than 64 KiB");
    assert_too_large (self, marked, "4000 marks");
  }
}

/* A fence too long to be shown leaves the rest as it is, whatever stands in it. */
static void
test_long_fence (CourseFixture *self, gconstpointer data)
{
  static const char *const pieces[] = { "ls\n\n", "echo *_[a](b) é\n" };

  for (guint i = 0; i < G_N_ELEMENTS (pieces); i++) {
    g_autofree char *text =
      repeat ("# T\n\n```bash\n", pieces[i], 2 * KIB * KIB - 100, "```\n```bash\nlast\n```\n");
    g_autofree char *path = course_fixture_write (self, "fence.md", text);
    g_autoptr (GError) error = NULL;
    g_autoptr (CourseCourse) course = course_course_load (path, &error);
    CourseSection *section;
    const CourseBlock *block;

    g_assert_no_error (error);
    course_fixture_assert_message (course, 3, "longer than 64 KiB: its beginning is shown");
    section = course_fixture_get_section (course, 0);
    g_assert_cmpuint (course_section_get_steps (section)->len, ==, 1);
    block = g_ptr_array_index (course_section_get_blocks (section), 0);
    g_assert_cmpint (block->type, ==, COURSE_BLOCK_CODE);
    g_assert_cmpuint (strlen (block->text), <=, 64 * KIB + 10);
    g_assert_true (g_str_has_suffix (block->text, "\n…"));
  }
}

/* Fences one after the other, with no empty line anywhere. */
static void
test_adjacent_fences (CourseFixture *self, gconstpointer data)
{
  g_autofree char *text = repeat ("# T\n", "```bash\nls *_*\n```\n", 200 * KIB, "");
  g_autofree char *path = course_fixture_write (self, "fences.md", text);
  g_autoptr (GError) error = NULL;
  g_autoptr (CourseCourse) course = course_course_load (path, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (course_section_get_steps (course_fixture_get_section (course, 0))->len, >,
                    10000);
}

static void
test_too_many (CourseFixture *self, gconstpointer data)
{
  g_autofree char *fences = repeat ("# T\n", "```\na\n```\n", 25001 * 10 + 4, "");
  g_autofree char *images = repeat ("# T\n", "![a](b.png)\n\n", 201 * 13 + 4, "");
  g_autofree char *nodes = repeat ("# T\n\n", "a\n\n", 100001 * 3 + 5, "");

  assert_too_large (self, fences, "more than 25000 fences up to line 75");
  assert_too_large (self, images, "more than 200 images up to line 402");
  assert_too_large (self, nodes, "more than 100000 paragraphs and lists up to line 19");
}

/* Of very many headings only those of the higher level begin a section. */
static void
test_many_headings (CourseFixture *self, gconstpointer data)
{
  GString *builder = g_string_new ("# T\n\n");
  g_autofree char *text = NULL;
  g_autofree char *path = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (CourseCourse) course = NULL;

  for (guint i = 0; i < 500; i++)
    g_string_append_printf (builder, "%s Part %u\n\nText\n\n", i % 100 == 0 ? "#" : "##", i);
  text = g_string_free (builder, FALSE);
  path = course_fixture_write (self, "headings.md", text);
  course = course_course_load (path, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_list_model_get_n_items (course_course_get_sections (course)), ==, 5);
  g_assert_cmpuint (course_section_get_blocks (course_fixture_get_section (course, 0))->len, ==,
                    199);
  course_fixture_assert_message (course, 1, "more than 200 headings");
}

static void
test_deep (CourseFixture *self, gconstpointer data)
{
  g_autofree char *quotes = repeat ("# T\n\n", ">", 400 * KIB, " a\n");
  g_autofree char *items = repeat ("# T\n\n", "- ", 400 * KIB, " a\n");
  g_autofree char *numbers = repeat ("# T\n\n", "1) ", 400 * KIB, " a\n");
  GString *builder = g_string_new ("# T\n\n");
  g_autofree char *stairs = NULL;

  for (guint i = 0; i < 600; i++) {
    g_autofree char *indent = g_strnfill (2 * i, ' ');

    g_string_append_printf (builder, "%s- a\n", indent);
  }
  stairs = g_string_free (builder, FALSE);
  assert_survives (self, "quotes", quotes, strlen (quotes));
  assert_survives (self, "items", items, strlen (items));
  assert_survives (self, "numbers", numbers, strlen (numbers));
  assert_survives (self, "stairs", stairs, strlen (stairs));
}

static void
test_invalid_utf8 (CourseFixture *self, gconstpointer data)
{
  g_autofree char *text = repeat ("# T\n\n", "\xff\xc0\x80\xed\xa0\x80", 300 * KIB, "\n");
  g_autofree char *path = course_fixture_write (self, "bytes.md", "# T\n\n```bash\nls \xe9\n```\n");
  g_autoptr (GError) error = NULL;
  g_autoptr (CourseCourse) course = course_course_load (path, &error);
  CourseStep *step;

  assert_survives (self, "utf-8", text, strlen (text));
  g_assert_no_error (error);
  step = course_fixture_get_step (course_fixture_get_section (course, 0), 0);
  g_assert_true (g_utf8_validate (course_step_pick_form (step, NULL)->text, -1, NULL));
  course_fixture_assert_message (course, 4, "not UTF-8");
}

static void
test_yaml (CourseFixture *self, gconstpointer data)
{
  static const char *const head = "---\nid: a\ntitle: t\n---\n```bash {id=a}\nls\n```\n```check\n";
  /* each far from too large by itself */
  static const char *const start = "---\nid: a\ntitle: t\n---\n";
  static const char *const small =
    "```bash\nls\n```\n```check\na: &a [x, x, x, x, x, x, x, x, x]\n"
    "b: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a]\nc: &c [*b, *b, *b, *b, *b, *b, *b, *b, *b]\n"
    "d: [*c, *c, *c, *c, *c, *c, *c, *c, *c]\n```\n\n";
  GString *bomb = g_string_new (head);
  g_autofree char *laughs = NULL;
  g_autofree char *deep = repeat (head, "[", 300 * KIB, "\n```\n");
  g_autofree char *front = repeat ("---\na: ", "{a: ", 300 * KIB, "\n---\n# T\n");
  g_autofree char *many = repeat (head, "- resource: pods\n", 300 * KIB, "```\n");
  g_autofree char *bombs = repeat (start, small, 700 * KIB, "");
  g_autofree char *path = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (CourseCourse) course = NULL;
  g_autofree char *title = repeat ("---\nid: a\ntitle: ", "x", 300 * KIB, "\n---\n# T\n");

  g_string_append (bomb, "a: &a [x, x, x, x, x, x, x, x, x]\n");
  for (char name = 'b'; name <= 'i'; name++) {
    char before = name - 1;

    g_string_append_printf (bomb, "%c: &%c [*%c, *%c, *%c, *%c, *%c, *%c, *%c, *%c]\n", name, name,
                            before, before, before, before, before, before, before, before);
  }
  g_string_append (bomb, "```\n");
  laughs = g_string_free (bomb, FALSE);

  assert_survives (self, "bomb", laughs, strlen (laughs));
  assert_survives (self, "bombs", bombs, strlen (bombs));
  path = course_fixture_write (self, "bombs.md", bombs);
  course = course_course_load (path, &error);
  g_assert_no_error (error);
  course_fixture_assert_message (course, 11, "aliases make too large a document");
  assert_survives (self, "deep", deep, strlen (deep));
  assert_survives (self, "front", front, strlen (front));
  assert_survives (self, "many", many, strlen (many));
  assert_survives (self, "title", title, strlen (title));
}

static void
test_fence_content (CourseFixture *self, gconstpointer data)
{
  g_autofree char *many = repeat ("# T\n\n```bash {", "a=b ", 400 * KIB, "}\nls\n```\n");
  g_autofree char *open = repeat ("# T\n\n```bash {a=\"", "x\\\"", 400 * KIB, "\nls\n```\n");
  g_autofree char *documents = repeat ("# T\n\n```bash\n", "cat <<A <<B\n", 400 * KIB, "```\n");
  g_autofree char *output = repeat ("# T\n\n```bash\nls\n", "output of ", 400 * KIB, "\n```\n");
  g_autofree char *commands = repeat ("# T\n\n```\n", "kubectl get pods\n", 400 * KIB, "```\n");

  assert_survives (self, "attributes", many, strlen (many));
  assert_survives (self, "quotes", open, strlen (open));
  assert_survives (self, "here-documents", documents, strlen (documents));
  assert_survives (self, "output", output, strlen (output));
  assert_survives (self, "commands", commands, strlen (commands));
}

/* A reference that is used very often must not grow into gigabytes. */
static void
test_references (CourseFixture *self, gconstpointer data)
{
  g_autofree char *address = g_strnfill (1500, 'x');
  g_autofree char *head = g_strdup_printf ("[a]: https://%s\n\n# T\n\n", address);
  g_autofree char *text = repeat (head, "[a]\n", 400 * KIB, "\n");

  assert_survives (self, "references", text, strlen (text));
}

static void
test_random (CourseFixture *self, gconstpointer data)
{
  static const char letters[] = "`~*_[]()<>!#-+>|\\&{}=\"' \n\n\n\tabc123:.$\xff\xc3\xa9";

  for (guint round = 0; round < 200; round++) {
    char text[2000] = "# T\n";

    for (guint i = 4; i < sizeof text; i++)
      text[i] = letters[g_test_rand_int_range (0, sizeof letters - 1)];
    assert_survives (self, "random", text, sizeof text);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  COURSE_FIXTURE_TEST ("/course/limits/repeated", test_repeated);
  COURSE_FIXTURE_TEST ("/course/limits/large", test_large);
  COURSE_FIXTURE_TEST ("/course/limits/many-fences", test_many_fences);
  COURSE_FIXTURE_TEST ("/course/limits/without-end", test_without_end);
  COURSE_FIXTURE_TEST ("/course/limits/long-fence", test_long_fence);
  COURSE_FIXTURE_TEST ("/course/limits/adjacent-fences", test_adjacent_fences);
  COURSE_FIXTURE_TEST ("/course/limits/too-many", test_too_many);
  COURSE_FIXTURE_TEST ("/course/limits/many-headings", test_many_headings);
  COURSE_FIXTURE_TEST ("/course/limits/deep", test_deep);
  COURSE_FIXTURE_TEST ("/course/limits/invalid-utf8", test_invalid_utf8);
  COURSE_FIXTURE_TEST ("/course/limits/yaml", test_yaml);
  COURSE_FIXTURE_TEST ("/course/limits/fence-content", test_fence_content);
  COURSE_FIXTURE_TEST ("/course/limits/references", test_references);
  COURSE_FIXTURE_TEST ("/course/limits/random", test_random);

  return g_test_run ();
}
