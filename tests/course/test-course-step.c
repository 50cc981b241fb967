/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "course-fixture.h"

static CourseCourse *
load (CourseFixture *self, const char *body)
{
  g_autofree char *text = g_strconcat (COURSE_FIXTURE_SECTION (""), body, NULL);

  return course_fixture_load_text (self, text);
}

static CourseStep *
get_step (CourseCourse *course, guint position)
{
  return course_fixture_get_step (course_fixture_get_section (course, 0), position);
}

static guint
count_steps (CourseCourse *course)
{
  return course_section_get_steps (course_fixture_get_section (course, 0))->len;
}

static const CourseForm *
get_form (CourseStep *step, guint position)
{
  return g_ptr_array_index (course_step_get_forms (step), position);
}

static void
test_languages (CourseFixture *self, gconstpointer data)
{
  g_autoptr (CourseCourse) course =
    load (self, "```bash {id=a}\nls\n```\n```sh {id=b}\nls\n```\n```Shell {id=c}\nls\n```\n"
                "```console {id=d}\nls\n```\n```yaml\na: b\n```\n```\nls\n```\n"
                "~~~bash {id=e}\nls\n~~~\n");
  CourseSection *section = course_fixture_get_section (course, 0);

  g_assert_cmpuint (count_steps (course), ==, 5);
  g_assert_cmpuint (course_section_get_blocks (section)->len, ==, 7);
  g_assert_cmpuint (course_step_get_number (get_step (course, 4)), ==, 5);
  g_assert_cmpstr (get_form (get_step (course, 2), 0)->language, ==, "shell");
  g_assert_true (course_section_find_step (section, "d") == get_step (course, 3));
  g_assert_null (course_section_find_step (section, "z"));
}

static void
test_exact_bytes (CourseFixture *self, gconstpointer data)
{
  g_autoptr (CourseCourse) course =
    load (self, "```bash {id=a}\n  cat <<EOF\n\n\ttab & <tag>  \nEOF\n\n```\n");

  g_assert_cmpstr (get_form (get_step (course, 0), 0)->text, ==,
                   "  cat <<EOF\n\n\ttab & <tag>  \nEOF\n");
  g_assert_cmpuint (course_step_get_line (get_step (course, 0)), ==, COURSE_FIXTURE_FIRST_LINE);
}

static void
test_line_ends (CourseFixture *self, gconstpointer data)
{
  g_autoptr (CourseCourse) course = course_fixture_load_text (
    self, "\357\273\277---\r\nid: one\r\ntitle: One\r\n---\r\n```bash {id=a}\r\nls\r\npwd\r\n"
          "```\r\n");

  g_assert_cmpstr (get_form (get_step (course, 0), 0)->text, ==, "ls\npwd");
}

static void
test_parts (CourseFixture *self, gconstpointer data)
{
  g_autoptr (CourseCourse) course =
    load (self, "```bash {id=a}\ntelnet\n```\n\nText.\n\n```output\nConnected\n```\n"
                "```input {after='Conn\"ected'}\nPING\nAGAIN\n```\n"
                "```input\nQUIT\n```\n```edit {file=~/lab/cluster.yaml}\na: b\n```\n"
                "```check\n- resource: pods\n  says: One\n- resource: pods\n  says: Two\n```\n");
  CourseStep *step = get_step (course, 0);
  GPtrArray *inputs = course_step_get_inputs (step);
  const CourseInput *first;

  g_assert_cmpstr (get_form (step, 0)->output, ==, "Connected");
  g_assert_cmpuint (inputs->len, ==, 3);
  first = g_ptr_array_index (inputs, 0);
  g_assert_cmpstr (first->text, ==, "PING");
  g_assert_cmpstr (first->after, ==, "Conn\"ected");
  g_assert_null (((const CourseInput *)g_ptr_array_index (inputs, 1))->after);
  g_assert_null (((const CourseInput *)g_ptr_array_index (inputs, 2))->after);
  g_assert_cmpstr (course_step_get_edit (step)->file, ==, "~/lab/cluster.yaml");
  g_assert_cmpstr (course_step_get_edit (step)->patch, ==, "a: b");
  g_assert_cmpuint (course_step_get_checks (step)->len, ==, 2);
}

/* A form of the step may have nothing to change. */
static void
test_edit_when (CourseFixture *self, gconstpointer data)
{
  g_autoptr (CourseCourse) course =
    load (self, "```bash {id=a}\nvi x\n```\n```edit {file=x when=place!=local}\na: b\n```\n"
                "```bash {id=b}\nvi x\n```\n```edit {file=x when=istio>=1.5}\na: b\n```\n");
  CourseStep *step = get_step (course, 0);
  const CourseFacts here = { .place = "local" };
  const CourseFacts there = { .place = "practice" };

  g_assert_null (course_step_pick_edit (step, &here));
  g_assert_nonnull (course_step_pick_edit (step, &there));
  g_assert_nonnull (course_step_pick_edit (step, NULL));
  g_assert_null (course_step_get_edit (get_step (course, 1)));
  course_fixture_assert_message (course, COURSE_FIXTURE_FIRST_LINE + 9, "speaks of the place only");
}

static void
test_norun (CourseFixture *self, gconstpointer data)
{
  g_autoptr (CourseCourse) course =
    load (self, "```bash {norun}\nrm -rf /\n```\n```output\nno\n```\n```bash {id=a}\nls\n```\n");
  GPtrArray *blocks = course_section_get_blocks (course_fixture_get_section (course, 0));
  const CourseBlock *block = g_ptr_array_index (blocks, 0);

  g_assert_cmpuint (count_steps (course), ==, 1);
  g_assert_cmpint (block->type, ==, COURSE_BLOCK_STEP);
  g_assert_false (course_step_get_runnable (block->step));
  g_assert_cmpuint (course_step_get_number (block->step), ==, 0);
  g_assert_cmpstr (get_form (block->step, 0)->output, ==, "no");
  g_assert_true (course_step_get_runnable (get_step (course, 0)));
  g_assert_cmpuint (course_step_get_number (get_step (course, 0)), ==, 1);
}

/* What a form requires is its author's to name. */
static void
test_requires (CourseFixture *self, gconstpointer data)
{
  g_autoptr (CourseCourse) course =
    load (self, "```bash {id=a requires=\"pods, addresses\" when=\"place=local\"}\nhere\n```\n"
                "```bash {id=a}\nelsewhere\n```\n");
  const CourseForm *form = get_form (get_step (course, 0), 0);
  const char *const none[] = { NULL };
  const char *const other[] = { "internet", NULL };
  const char *const both[] = { "addresses", "internet", "pods", NULL };
  g_autofree char *absent = course_form_dup_absent (form, both);

  g_assert_cmpstr (absent, ==, "pods, addresses");
  g_assert_null (course_form_dup_absent (form, NULL));
  g_assert_null (course_form_dup_absent (form, none));
  g_assert_null (course_form_dup_absent (form, other));
  g_assert_null (course_form_dup_absent (get_form (get_step (course, 0), 1), both));
}

static void
test_requires_wrong (CourseFixture *self, gconstpointer data)
{
  g_autoptr (CourseCourse) course =
    load (self, "```bash {id=a requires=\"pods Wrong!\"}\nhere\n```\n"
                "```output {requires=pods}\nout\n```\n");

  g_assert_null (get_form (get_step (course, 0), 0)->required);
  course_fixture_assert_message (course, COURSE_FIXTURE_FIRST_LINE, "“Wrong!” is no word");
  course_fixture_assert_message (course, COURSE_FIXTURE_FIRST_LINE + 3, "knows no “requires”");
}

static void
test_forms (CourseFixture *self, gconstpointer data)
{
  g_autoptr (CourseCourse) course =
    load (self, "```bash {id=a when=\"kubernetes<1.22\" why=\"It was so.\"}\nold\n```\n```bash "
                "{id=a}\nnew\n```\n"
                "```bash {id=a when=place=local}\nhere\n```\n```output\nout\n```\n");
  CourseStep *step = get_step (course, 0);
  CourseFacts facts = { 0 };

  g_assert_cmpstr (get_form (get_step (course, 0), 0)->why, ==, "It was so.");
  g_assert_null (get_form (get_step (course, 0), 1)->why);
  g_assert_cmpuint (count_steps (course), ==, 1);
  g_assert_cmpuint (course_step_get_forms (step)->len, ==, 3);
  g_assert_cmpstr (get_form (step, 0)->output, ==, "out");
  g_assert_cmpstr (course_step_pick_form (step, NULL)->text, ==, "old");
  g_assert_cmpstr (course_step_pick_form (step, &facts)->text, ==, "old");
  facts.kubernetes = "v1.15.2";
  g_assert_cmpstr (course_step_pick_form (step, &facts)->text, ==, "old");
  facts.kubernetes = "v1.27.3-gke.100";
  g_assert_cmpstr (course_step_pick_form (step, &facts)->text, ==, "new");
  facts.place = "local";
  g_assert_cmpstr (course_step_pick_form (step, &facts)->text, ==, "here");
}

/* An output is that of the forms before it which have none. */
static void
test_outputs (CourseFixture *self, gconstpointer data)
{
  g_autoptr (CourseCourse) course =
    load (self, "```bash {id=a when=\"kubernetes<1.22\"}\nold\n```\n```output\nold out\n```\n"
                "```bash {id=a when=api=apps/v1}\nnew\n```\n```bash {id=a}\nother\n```\n"
                "```output\nnew out\n```\n```output\ntoo much\n```\n"
                "```bash {id=a when=place=local}\nlast\n```\n"
                "```bash {id=b}\nls\n```\n");

  g_assert_cmpuint (count_steps (course), ==, 2);
  g_assert_cmpstr (get_form (get_step (course, 0), 0)->output, ==, "old out");
  g_assert_cmpstr (get_form (get_step (course, 0), 1)->output, ==, "new out");
  g_assert_cmpstr (get_form (get_step (course, 0), 2)->output, ==, "new out");
  g_assert_null (get_form (get_step (course, 0), 3)->output);
  g_assert_null (get_form (get_step (course, 1), 0)->output);
  course_fixture_assert_message (course, COURSE_FIXTURE_FIRST_LINE + 15, "has its output already");
}

/* A form that surely does not fit is shown only where there is no other. */
static void
test_no_form_fits (CourseFixture *self, gconstpointer data)
{
  g_autoptr (CourseCourse) course = load (self, "```bash {id=a when=\"istio<1.5\"}\nold\n```\n"
                                                "```bash {id=a when=\"istio<1.4\"}\nolder\n```\n");
  CourseFacts facts = { .istio = "1.9.0" };

  g_assert_cmpstr (course_step_pick_form (get_step (course, 0), &facts)->text, ==, "old");
}

static void
test_ids (CourseFixture *self, gconstpointer data)
{
  g_autoptr (CourseCourse) course =
    load (self, "```bash {id=a}\none\n```\n```bash {id=a}\ntwo\n```\n```bash {id=b}\nthree\n```\n"
                "```bash {id=a when=place=ssh}\nfour\n```\n```bash\nkubectl get pods\n```\n"
                "```bash\nkubectl get pods\n```\n```bash {id=Wrong}\nsix\n```\n");

  g_assert_cmpuint (count_steps (course), ==, 7);
  g_assert_cmpstr (course_step_get_id (get_step (course, 1)), ==, "a-1");
  g_assert_cmpstr (course_step_get_id (get_step (course, 3)), ==, "a-2");
  g_assert_cmpstr (course_step_get_id (get_step (course, 4)), ==, "kubectl-get-pods");
  g_assert_cmpstr (course_step_get_id (get_step (course, 5)), ==, "kubectl-get-pods-1");
  course_fixture_assert_message (course, COURSE_FIXTURE_FIRST_LINE + 3, "has the id “a”");
  course_fixture_assert_message (course, COURSE_FIXTURE_FIRST_LINE + 12, "should have an id");
  course_fixture_assert_message (course, COURSE_FIXTURE_FIRST_LINE + 18, "“Wrong” is not an id");
}

static void
test_mistakes (CourseFixture *self, gconstpointer data)
{
  g_autoptr (CourseCourse) course =
    load (self, "```check\n- resource: pods\n```\n```output\nx\n```\n```input\nx\n```\n"
                "```bash {id=a colour=blue}\nls\n```\n```edit\nx\n```\n```bash {id=b\nls\n```\n"
                "```bash {id=c}\n\n```\n```bash {id=d when=\"moon=full\"}\nls\n```\n"
                "```bash {id=e}\nls \x1b[2J\n```\n```bash {id=f}\nls \xe2\x80\xae\n```\n");

  course_fixture_assert_message (course, 5, "no step that runs before this check");
  course_fixture_assert_message (course, 8, "no step before this output");
  course_fixture_assert_message (course, 11, "no step that runs before this input");
  course_fixture_assert_message (course, 14, "knows no “colour”");
  course_fixture_assert_message (course, 17, "An edit needs the file");
  course_fixture_assert_message (course, 20, "has no “}”");
  course_fixture_assert_message (course, 23, "This fence is empty");
  course_fixture_assert_message (course, 26, "“moon=full” is not a condition");
  course_fixture_assert_message (course, 30, "U+001B");
  course_fixture_assert_message (course, 33, "U+202E");
}

static void
assert_message (CourseCourse *course, guint position, guint line, const char *part)
{
  const CourseMessage *message = g_ptr_array_index (course_course_get_messages (course), position);

  g_test_message ("%u: %s", message->line, message->text);
  g_assert_cmpuint (message->line, ==, line);
  g_assert_nonnull (strstr (message->text, part));
}

/* Whatever is typed or written has to be what is shown. */
static void
test_hidden (CourseFixture *self, gconstpointer data)
{
  g_autoptr (CourseCourse) course = course_fixture_load_text (
    self, "---\nid: one\ntitle: One\nshell:\n- \"cd a\\u200Bb\"\n---\n"
          "```bash {id=a}\ntelnet h\n```\n```input\nquit\nqu\u2066it\n```\n"
          "```edit {file=a.yaml}\na: 1\nb: x\u200by\n```\n```bash {id=b}\necho ⚠\ufe0f\n```\n");

  g_assert_cmpuint (course_course_get_messages (course)->len, ==, 3);
  course_fixture_assert_message (course, 4, "U+200B in this line, which cannot be seen");
  course_fixture_assert_message (course, 12, "U+2066 in this line, which shows the letters");
  assert_message (course, 2, 16, "U+200B in this line, which cannot be seen");
}

/* A course of ours is typed as it stands, a prompt with it. */
static void
test_prompt (CourseFixture *self, gconstpointer data)
{
  g_autoptr (CourseCourse) course = load (self, "```console {id=a}\n$ ls\n```\n");

  g_assert_cmpstr (get_form (get_step (course, 0), 0)->text, ==, "$ ls");
  assert_message (course, 0, 6, "with the prompt before it");
}

/* What is written nearly right would be lost without a word. */
static void
test_slips (CourseFixture *self, gconstpointer data)
{
  g_autoptr (CourseCourse) course =
    load (self, "```bash {id=a}\nls\nssh {{jumpsever}} {{ user }} {{end}} {{.Name}} {{user}}\n```\n"
                "```chekc\n- resource: pods\n```\n```ouput\nx\n```\n```yaml {id=b}\nx: 1\n```\n"
                "```{bash id=c}\nls\n```\n``` {id=d}\nls\n```\n```dash\nls\n```\n"
                "```yaml\nx: 1\n```\n");

  g_assert_cmpuint (course_course_get_messages (course)->len, ==, 7);
  assert_message (course, 0, 7, "“{{jumpsever}}” is typed as it stands; “{{jumpserver}}” may");
  assert_message (course, 1, 7, "“{{ user }}” is typed as it stands; “{{user}}” may be meant");
  assert_message (course, 2, 9, "“chekc” is only shown; “check” may be meant");
  assert_message (course, 3, 12, "“ouput” is only shown; “output” may be meant");
  assert_message (course, 4, 15, "A fence of “yaml” knows no “id”");
  assert_message (course, 5, 18, "stands before its braces: bash {…}");
  assert_message (course, 6, 21, "A fence without a language knows no “id”");
  g_assert_cmpuint (count_steps (course), ==, 2);
  g_assert_cmpstr (course_step_get_id (get_step (course, 1)), ==, "c");
}

static void
test_edit_mistakes (CourseFixture *self, gconstpointer data)
{
  g_autoptr (CourseCourse) course =
    load (self, "```bash {id=a}\nls\n```\n```edit {file=a.yaml}\n- op: rplace\n  path: /a\n"
                "- {op: add, path: a, value: 1}\n- {op: replace, path: /a}\n"
                "- {op: remove, path: /a}\n- {path: /a}\n- {op: copy, path: /a, value: 1}\n```\n"
                "```bash {id=b}\nls\n```\n```edit {file=a.yaml}\njust words\n```\n"
                "```bash {id=c}\nls\n```\n```edit {file=a.yaml}\na: [1\n```\n"
                "```bash {id=d}\nls\n```\n```edit {file=a.yaml}\na: {b: 1}\n```\n");

  g_assert_cmpuint (course_course_get_messages (course)->len, ==, 7);
  assert_message (course, 0, 9, "There is no change “rplace”");
  assert_message (course, 1, 11, "begins with a slash");
  assert_message (course, 2, 12, "“replace” needs a “value”");
  assert_message (course, 3, 14, "a mapping with “op”");
  assert_message (course, 4, 15, "“copy” needs a “from”");
  assert_message (course, 5, 21, "a list of changes, or a mapping");
  assert_message (course, 6, 28, "not YAML");
}

/* The fence that was never closed must not swallow what follows. */
static void
test_unclosed (CourseFixture *self, gconstpointer data)
{
  g_autoptr (CourseCourse) course =
    load (self, "```bash {id=a}\nls\n\nText.\n\n```bash {id=b}\nls\n```\n\n> ```bash {id=c}\n"
                "> ls\n> ```\n\n- ```bash {id=d}\n  ls\n  ```\n\n```yaml\nend\n");

  g_assert_cmpuint (count_steps (course), ==, 4);
  g_assert_cmpstr (get_form (get_step (course, 0), 0)->text, ==, "ls");
  g_assert_cmpstr (get_form (get_step (course, 3), 0)->text, ==, "ls");
  g_assert_cmpuint (course_step_get_line (get_step (course, 1)), ==, 10);
  course_fixture_assert_message (course, 5, "not closed before another opens on line 10");
  course_fixture_assert_message (course, 22, "never closed");
  g_assert_cmpuint (course_course_get_messages (course)->len, ==, 2);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  COURSE_FIXTURE_TEST ("/course/step/languages", test_languages);
  COURSE_FIXTURE_TEST ("/course/step/exact-bytes", test_exact_bytes);
  COURSE_FIXTURE_TEST ("/course/step/line-ends", test_line_ends);
  COURSE_FIXTURE_TEST ("/course/step/parts", test_parts);
  COURSE_FIXTURE_TEST ("/course/step/edit-when", test_edit_when);
  COURSE_FIXTURE_TEST ("/course/step/hidden", test_hidden);
  COURSE_FIXTURE_TEST ("/course/step/prompt", test_prompt);
  COURSE_FIXTURE_TEST ("/course/step/slips", test_slips);
  COURSE_FIXTURE_TEST ("/course/step/edit-mistakes", test_edit_mistakes);
  COURSE_FIXTURE_TEST ("/course/step/norun", test_norun);
  COURSE_FIXTURE_TEST ("/course/step/forms", test_forms);
  COURSE_FIXTURE_TEST ("/course/step/outputs", test_outputs);
  COURSE_FIXTURE_TEST ("/course/step/requires", test_requires);
  COURSE_FIXTURE_TEST ("/course/step/requires-wrong", test_requires_wrong);
  COURSE_FIXTURE_TEST ("/course/step/no-form-fits", test_no_form_fits);
  COURSE_FIXTURE_TEST ("/course/step/ids", test_ids);
  COURSE_FIXTURE_TEST ("/course/step/mistakes", test_mistakes);
  COURSE_FIXTURE_TEST ("/course/step/unclosed", test_unclosed);

  return g_test_run ();
}
