/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "course-fixture.h"
#include "course-importer.h"

static void
test_split (void)
{
  static const struct {
    const char *code;
    const char *commands;
    const char *output;
  } cases[] = {
    { "kubectl get pods", "kubectl get pods", NULL },
    { "\nls\n\npwd\n", "ls\n\npwd", NULL },
    { "kubectl get pods\nNAME   READY\na      1/1", "kubectl get pods",
      "NAME   READY\na      1/1" },
    { "kubectl get a -o yaml\napiVersion: v1\nls", "kubectl get a -o yaml", "apiVersion: v1\nls" },
    { "cat <<EOF\nNAME   AGE\na: b\nEOF\nls", "cat <<EOF\nNAME   AGE\na: b\nEOF\nls", NULL },
    { "cat <<-'X'\n\ta: b\n\tX\nNAME  AGE", "cat <<-'X'\n\ta: b\n\tX", "NAME  AGE" },
    { "echo 'one\na: b' \\\na: b\nkey: value", "echo 'one\na: b' \\\na: b", "key: value" },
    { "a |\nb: c\nls # don't\n---\nx", "a |\nb: c\nls # don't", "---\nx" },
    { "until a\ndo\n  sleep 1\ndone", "until a\ndo\n  sleep 1\ndone", NULL },
    { "$ ls\none\ntwo\n$ cat <<E\nx\nE\nthree", "ls\ncat <<E\nx\nE", "one\ntwo\nthree" },
    { "\n$ cat <<E\n> a: b\n> > quoted\n> E\nmade", "cat <<E\na: b\n> quoted\nE", "made" },
    { "$ cat <<E\n> quoted\nE\nmade", "cat <<E\n> quoted\nE", "made" },
    { "$ cat <<E\n> quoted\nmore\nE\n", "cat <<E\n> quoted\nmore\nE", NULL },
    { "$ cat <<E\n> a\n>\n> E\n$ ls\n> no prompt", "cat <<E\na\n\nE\nls", "> no prompt" },
    { "$ ls \\\n> -l\nx\n$ echo 'a\n> b'\na\nb", "ls \\\n-l\necho 'a\nb'", "x\na\nb" },
    { "ann@box:~/lab$ ls\nx\n[ann@box lab]$ pwd\nroot@box:/# id", "ls\npwd\nid", "x" },
    { "kubectl apply -f a\npod/a created", "kubectl apply -f a", "pod/a created" },
    { "grep -o x\n\n<title>Shop</title>", "grep -o x", "<title>Shop</title>" },
    { "grep <<< a: b\nls", "grep <<< a: b\nls", NULL },
    { "", "", NULL },
  };
  g_autoptr (CourseImporter) importer = course_importer_new ();

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *output = NULL;
    g_autofree char *commands = course_importer_split (importer, cases[i].code, &output);

    g_assert_cmpstr (commands, ==, cases[i].commands);
    g_assert_cmpstr (output, ==, cases[i].output);
  }
}

static void
test_announcement (void)
{
  g_autoptr (CourseImporter) importer = course_importer_new ();

  g_assert_true (course_importer_announces_output (importer, "The output should be similar to:"));
  g_assert_true (course_importer_announces_output (importer, "You should see output like below:"));
  g_assert_true (course_importer_announces_output (importer, "Output looks like this"));
  g_assert_false (course_importer_announces_output (importer, "Run this command:"));
  g_assert_false (course_importer_announces_output (importer, "You should see the stars."));
}

/* A line that is too long to look for a prompt in is a command as it stands. */
static void
test_long_line (void)
{
  g_autoptr (CourseImporter) importer = course_importer_new ();
  g_autofree char *rest = g_strnfill (5000, 'x');
  g_autofree char *code = g_strconcat ("$ echo ", rest, NULL);

  g_assert_true (course_importer_is_session (importer, "$ echo x"));
  g_assert_false (course_importer_is_session (importer, code));
}

/* What other labs call a session is one, and so is a fence that shows a prompt. */
static void
test_sessions (CourseFixture *self, gconstpointer data)
{
  static const char *const infos[] = { "console", "shell-session", "sh-session", "ShellSession",
                                       "" };
  g_autoptr (GString) text = g_string_new ("# Lab\n\n");
  g_autoptr (CourseCourse) course = NULL;
  CourseSection *section;

  for (guint i = 0; i < G_N_ELEMENTS (infos); i++)
    g_string_append_printf (text, "```%s\n$ konjure pods\nNAME\nx\n```\n\n", infos[i]);
  course = course_fixture_load_text (self, text->str);
  g_assert_cmpuint (course_course_get_messages (course)->len, ==, 0);
  section = course_fixture_get_section (course, 0);
  g_assert_cmpuint (course_section_get_steps (section)->len, ==, G_N_ELEMENTS (infos));
  for (guint i = 0; i < G_N_ELEMENTS (infos); i++) {
    const CourseForm *form = course_step_pick_form (course_fixture_get_step (section, i), NULL);

    g_assert_cmpstr (form->text, ==, "konjure pods");
    g_assert_cmpstr (form->output, ==, "NAME\nx");
  }
}

/* The way to another machine and into an editor is shown as commands are, and not run by the way.
 */
static void
test_dialogues (CourseFixture *self, gconstpointer data)
{
  g_autoptr (CourseCourse) course = course_fixture_load_text (
    self, "# Lab\n\n```\nssh -i key centos@host\n```\n\n```\nchmod 400 key\n```\n\n"
          "```\nsudo vi key\n```\n\n```\nviolets are blue\n```\n\n```bash\nssh host date\n```\n");
  CourseSection *section = course_fixture_get_section (course, 0);
  GPtrArray *blocks = course_section_get_blocks (section);

  g_assert_cmpuint (blocks->len, ==, 5);
  g_assert_cmpuint (course_section_get_steps (section)->len, ==, 2);
  for (guint i = 0; i < blocks->len; i++) {
    const CourseBlock *block = g_ptr_array_index (blocks, i);

    g_assert_cmpint (block->type, ==, i == 3 ? COURSE_BLOCK_CODE : COURSE_BLOCK_STEP);
    if (block->step != NULL)
      g_assert_cmpint (course_step_get_runnable (block->step), ==, i == 1 || i == 4);
  }
}

static CourseStep *
find_step (CourseCourse *course, const char *section, const char *step)
{
  CourseSection *found = course_course_find_section (course, section);

  g_assert_nonnull (found);
  g_assert_nonnull (course_section_find_step (found, step));
  return course_section_find_step (found, step);
}

static const char *
get_text (CourseStep *step)
{
  return course_step_pick_form (step, NULL)->text;
}

static const char *
get_output (CourseStep *step)
{
  return course_step_pick_form (step, NULL)->output;
}

static CourseCourse *
load_plain_lab (void)
{
  g_autofree char *path =
    g_test_build_filename (G_TEST_DIST, "course", "data", "plain-lab.md", NULL);
  g_autoptr (GError) error = NULL;
  CourseCourse *course = course_course_load (path, &error);

  g_assert_no_error (error);
  return course;
}

/* A lab as they are found: fences that nobody closed, output among the commands, and more. */
static void
test_plain_lab (void)
{
  g_autoptr (CourseCourse) course = load_plain_lab ();
  CourseSection *seeds = course_course_find_section (course, "1-sow-the-seeds");
  CourseSection *water = course_course_find_section (course, "2-water-the-plants");
  CourseStep *step;

  g_assert_cmpstr (course_course_get_title (course), ==, "Gardening with containers");
  g_assert_cmpuint (g_list_model_get_n_items (course_course_get_sections (course)), ==, 3);
  g_assert_cmpuint (course_section_get_steps (seeds)->len, ==, 5);
  g_assert_cmpuint (course_section_get_steps (water)->len, ==, 3);

  step = find_step (course, "1-sow-the-seeds", "cd-garden");
  g_assert_cmpstr (get_text (step), ==, "cd ~/garden");
  step = find_step (course, "1-sow-the-seeds", "kubectl-get-beds");
  g_assert_true (g_str_has_prefix (get_output (step), "NAME    STATUS"));
  step = find_step (course, "1-sow-the-seeds", "kubectl-get-seed-carrot");
  g_assert_cmpstr (get_text (step), ==, "kubectl get seed carrot");
  g_assert_true (g_str_has_prefix (get_output (step), "NAME     HEIGHT"));

  step = course_fixture_get_step (water, 1);
  g_assert_cmpstr (get_text (step), ==, "kubectl get can -o yaml");
  g_assert_true (g_str_has_prefix (get_output (step), "apiVersion: garden/v1"));
  step = course_fixture_get_step (water, 2);
  g_assert_cmpstr (get_output (step), ==, "<b>two plants</b>");
}

static void
test_plain_lab_messages (void)
{
  g_autoptr (CourseCourse) course = load_plain_lab ();

  course_fixture_assert_message (course, 8, "No section has the id “9-harvest”");
  course_fixture_assert_message (course, 32, "There is no image");
  course_fixture_assert_message (course, 47, "not closed before another opens on line 51");
  course_fixture_assert_message (course, 67, "not closed before another opens on line 73");
  course_fixture_assert_message (course, 67, "sentences, not code");
  course_fixture_assert_message (course, 79, "share a fence");
  course_fixture_assert_message (course, 107, "An image is written");
}

/* The heading that a forgotten fence swallowed is one again, prose is no code, and a sentence
 * whose output has moved into its step is gone. */
static void
test_plain_lab_blocks (void)
{
  g_autoptr (CourseCourse) course = load_plain_lab ();
  CourseSection *seeds = course_course_find_section (course, "1-sow-the-seeds");
  CourseSection *water = course_course_find_section (course, "2-water-the-plants");
  GPtrArray *blocks = course_section_get_blocks (water);
  const CourseBlock *quote = g_ptr_array_index (blocks, 0);
  const CourseBlock *heading = g_ptr_array_index (blocks, 1);

  g_assert_cmpint (quote->type, ==, COURSE_BLOCK_QUOTE);
  g_assert_true (g_str_has_prefix (quote->text, "Carrots like"));
  g_assert_cmpint (heading->type, ==, COURSE_BLOCK_HEADING);
  g_assert_cmpstr (heading->text, ==, "Fill the can");

  blocks = course_section_get_blocks (seeds);
  for (guint i = 0; i < blocks->len; i++) {
    const CourseBlock *block = g_ptr_array_index (blocks, i);

    g_assert_true (block->text == NULL || strstr (block->text, "should be similar") == NULL);
  }
}

static void
test_headings (CourseFixture *self, gconstpointer data)
{
  g_autoptr (CourseCourse) course =
    course_fixture_load_text (self, "Before all.\n\n## Same\n\nA\n\n## Same\n\nB\n\n### Under\n");

  g_assert_cmpuint (g_list_model_get_n_items (course_course_get_sections (course)), ==, 3);
  g_assert_cmpstr (course_course_get_title (course), ==, "lab.md");
  g_assert_cmpstr (course_section_get_title (course_fixture_get_section (course, 0)), ==,
                   "Introduction");
  g_assert_cmpstr (course_section_get_id (course_fixture_get_section (course, 1)), ==, "same");
  g_assert_cmpstr (course_section_get_id (course_fixture_get_section (course, 2)), ==, "same-1");
}

/* Our own fences work in a lab that is otherwise plain. */
static void
test_mixed (CourseFixture *self, gconstpointer data)
{
  g_autoptr (CourseCourse) course = course_fixture_load_text (
    self, "## Lab\n\n```bash {id=mine}\nls\nNAME  AGE\n```\n\n```check\n- resource: pods\n"
          "  says: Pods\n```\n\n```bash {norun}\nrm -r /\n```\n");
  CourseSection *section = course_fixture_get_section (course, 0);
  CourseStep *step = course_fixture_get_step (section, 0);

  g_assert_cmpuint (course_section_get_steps (section)->len, ==, 1);
  g_assert_cmpstr (course_step_get_id (step), ==, "mine");
  g_assert_cmpstr (get_text (step), ==, "ls\nNAME  AGE");
  g_assert_cmpuint (course_step_get_checks (step)->len, ==, 1);
}

static void
test_finalize (void)
{
  CourseImporter *importer = course_importer_new ();

  g_assert_finalize_object (importer);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  COURSE_FIXTURE_TEST ("/course/importer/sessions", test_sessions);
  COURSE_FIXTURE_TEST ("/course/importer/dialogues", test_dialogues);
  g_test_add_func ("/course/importer/split", test_split);
  g_test_add_func ("/course/importer/announcement", test_announcement);
  g_test_add_func ("/course/importer/long-line", test_long_line);
  g_test_add_func ("/course/importer/plain-lab", test_plain_lab);
  g_test_add_func ("/course/importer/plain-lab/messages", test_plain_lab_messages);
  g_test_add_func ("/course/importer/plain-lab/blocks", test_plain_lab_blocks);
  COURSE_FIXTURE_TEST ("/course/importer/headings", test_headings);
  COURSE_FIXTURE_TEST ("/course/importer/mixed", test_mixed);
  g_test_add_func ("/course/importer/finalize", test_finalize);

  return g_test_run ();
}
