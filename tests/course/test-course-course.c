/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <sys/stat.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "course-fixture.h"

#define MANIFEST                                                                                   \
  "id: garden\n"                                                                                   \
  "title: Garden\n"                                                                                \
  "defaults:\n"                                                                                    \
  "  namespace: beds\n"                                                                            \
  "  within: 3m\n"                                                                                 \
  "sections:\n"                                                                                    \
  "- 01-seeds.md\n"                                                                                \
  "- group: Later\n"                                                                               \
  "  sections:\n"                                                                                  \
  "  - 02-water.md\n"

#define SEEDS                                                                                      \
  "---\nid: seeds\ntitle: Seeds\nminutes: 5\npanel: pods\nobjectives:\n- Sow\n- Wait\n"            \
  "shell: cd garden\n---\n# Seeds\n\nThen comes [water](02-water.md), or [seeds](#seeds).\n\n"     \
  "```bash {id=sow}\nls\n```\n\n```check\n- resource: pods\n  at-least: 1\n  says: Pods\n```\n"

#define WATER "---\nid: water\ntitle: Water\nneeds: [seeds]\n---\n```bash {id=pour}\nls\n```\n"

static CourseCourse *
load_folder (CourseFixture *self, const char *manifest, const char *seeds, const char *water)
{
  g_autofree char *first = course_fixture_write (self, "course.yaml", manifest);
  g_autofree char *second = course_fixture_write (self, "01-seeds.md", seeds);
  g_autofree char *third = water != NULL ? course_fixture_write (self, "02-water.md", water) : NULL;
  g_autoptr (GError) error = NULL;
  CourseCourse *course = course_course_load (self->folder, &error);

  g_assert_no_error (error);
  return course;
}

static void
test_folder (CourseFixture *self, gconstpointer data)
{
  g_autoptr (CourseCourse) course = load_folder (self, MANIFEST, SEEDS, WATER);
  CourseSection *seeds = course_course_find_section (course, "seeds");
  CourseSection *water = course_course_find_section (course, "water");

  g_assert_cmpuint (course_course_get_messages (course)->len, ==, 0);
  g_assert_cmpstr (course_course_get_id (course), ==, "garden");
  g_assert_cmpstr (course_course_get_title (course), ==, "Garden");
  g_assert_cmpstr (course_course_get_namespace (course), ==, "beds");
  g_assert_cmpstr (course_course_get_path (course), ==, self->folder);
  g_assert_cmpuint (g_list_model_get_n_items (course_course_get_sections (course)), ==, 2);
  g_assert_true (course_fixture_get_section (course, 0) == seeds);
  g_assert_null (course_course_find_section (course, "no-such"));

  g_assert_cmpstr (course_section_get_title (seeds), ==, "Seeds");
  g_assert_cmpstr (course_section_get_panel (seeds), ==, "pods");
  g_assert_cmpuint (course_section_get_minutes (seeds), ==, 5);
  g_assert_cmpuint (g_strv_length ((char **)course_section_get_objectives (seeds)), ==, 2);
  g_assert_cmpstr (course_section_get_shell (seeds)[0], ==, "cd garden");
  g_assert_null (course_section_get_group (seeds));
  g_assert_cmpstr (course_section_get_group (water), ==, "Later");
  g_assert_cmpstr (course_section_get_needs (water)[0], ==, "seeds");
}

static void
test_section_content (CourseFixture *self, gconstpointer data)
{
  g_autoptr (CourseCourse) course = load_folder (self, MANIFEST, SEEDS, WATER);
  CourseSection *seeds = course_course_find_section (course, "seeds");
  CourseStep *step = course_section_find_step (seeds, "sow");
  const CourseBlock *paragraph = g_ptr_array_index (course_section_get_blocks (seeds), 0);
  CourseCheck *check = g_ptr_array_index (course_step_get_checks (step), 0);

  /* The first heading is the title once more. */
  g_assert_cmpint (paragraph->type, ==, COURSE_BLOCK_PARAGRAPH);
  g_assert_cmpstr (paragraph->markup, ==,
                   "Then comes <a href=\"#water\">water</a>, or <a href=\"#seeds\">seeds</a>.");
  g_assert_cmpuint (course_check_get_within (check), ==, 180);
  g_assert_cmpuint (course_check_get_line (check), ==, 20);
}

static void
test_manifest_path (CourseFixture *self, gconstpointer data)
{
  g_autoptr (CourseCourse) course = load_folder (self, MANIFEST, SEEDS, WATER);
  g_autofree char *path = g_build_filename (self->folder, "course.yaml", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (CourseCourse) again = course_course_load (path, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (course_course_get_id (again), ==, course_course_get_id (course));
}

static void
test_missing_section (CourseFixture *self, gconstpointer data)
{
  g_autoptr (CourseCourse) course = load_folder (self, MANIFEST, SEEDS, NULL);

  g_assert_cmpuint (g_list_model_get_n_items (course_course_get_sections (course)), ==, 1);
  course_fixture_assert_message (course, 10, "There is no file “02-water.md”");
  course_fixture_assert_message (course, 13, "No section has the file “02-water.md”");
}

static void
test_mistakes (CourseFixture *self, gconstpointer data)
{
  g_autoptr (CourseCourse) course =
    load_folder (self, MANIFEST "- ../outside.md\n- [deep]\ncolour: blue\n", SEEDS,
                 "---\nid: seeds\ntitle: Again\n---\nText\n");

  course_fixture_assert_message (course, 11, "“../outside.md” is not the name");
  course_fixture_assert_message (course, 6, "A section is the name of a file");
  course_fixture_assert_message (course, 13, "“colour” is not known here");
  course_fixture_assert_message (course, 1, "Another section has the id “seeds”");
  g_assert_cmpuint (g_list_model_get_n_items (course_course_get_sections (course)), ==, 1);
}

static void
test_front_matter_mistakes (CourseFixture *self, gconstpointer data)
{
  g_autoptr (CourseCourse) course = load_folder (
    self, MANIFEST, SEEDS,
    "---\nid: Not An Id\nminutes: long\npanel: garden\nobjective: x\nneeds: nobody\n---\nText\n");

  g_assert_nonnull (course_course_find_section (course, "water")); /* by the name of its file */
  course_fixture_assert_message (course, 2, "A section needs an “id”");
  course_fixture_assert_message (course, 2, "A section needs a “title”");
  course_fixture_assert_message (course, 3, "“minutes” is a number");
  course_fixture_assert_message (course, 4, "There is no panel “garden”");
  course_fixture_assert_message (course, 5, "“objective” is not known here");
  course_fixture_assert_message (course, 6, "No section has the id “nobody”");
}

static void
test_no_front_matter (CourseFixture *self, gconstpointer data)
{
  g_autoptr (CourseCourse) course = load_folder (self, MANIFEST, SEEDS, "# Water\n\nText\n");
  CourseSection *water = course_course_find_section (course, "water");

  g_assert_nonnull (water);
  g_assert_cmpuint (course_section_get_blocks (water)->len, ==, 1);
  course_fixture_assert_message (course, 1, "A section needs an “id”");
}

static void
test_symlink_out (CourseFixture *self, gconstpointer data)
{
  g_autofree char *link = g_build_filename (self->folder, "02-water.md", NULL);
  g_autoptr (CourseCourse) course = NULL;

  g_assert_cmpint (symlink ("/etc/passwd", link), ==, 0);
  course = load_folder (self, MANIFEST, SEEDS, NULL);
  course_fixture_assert_message (course, 10, "There is no file “02-water.md”");
}

static void
test_one_section_file (CourseFixture *self, gconstpointer data)
{
  g_autoptr (CourseCourse) course =
    course_fixture_load_text (self, COURSE_FIXTURE_SECTION ("```bash {id=a}\nls\n```\n"));
  g_autoptr (CourseCourse) again =
    course_fixture_load_text (self, COURSE_FIXTURE_SECTION ("```bash {id=a}\nls\n```\n"));

  g_assert_cmpuint (g_list_model_get_n_items (course_course_get_sections (course)), ==, 1);
  g_assert_cmpstr (course_course_get_title (course), ==, "One");
  g_assert_true (g_str_has_prefix (course_course_get_id (course), "lab-"));
  g_assert_cmpstr (course_course_get_id (course), ==, course_course_get_id (again));
}

static void
assert_refused (const char *path, int code, const char *part)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CourseCourse) course = course_course_load (path, &error);

  g_assert_null (course);
  g_assert_error (error, COURSE_ERROR, code);
  g_assert_nonnull (strstr (error->message, path));
  g_assert_nonnull (strstr (error->message, part));
}

static void
test_no_course (CourseFixture *self, gconstpointer data)
{
  g_autofree char *nothing = g_build_filename (self->folder, "nothing.md", NULL);
  g_autofree char *nobody = g_build_filename (self->folder, "folder", NULL);
  g_autofree char *empty = course_fixture_write (self, "empty.md", "");
  g_autofree char *title = course_fixture_write (self, "title.md", "# Title\n");
  g_autofree char *words = course_fixture_write (self, "words.md", "Just a sentence.\n");
  g_autofree char *binary = g_build_filename (self->folder, "binary.md", NULL);

  g_assert_true (g_file_set_contents (binary, "\177ELF\0\0\0", 7, NULL));
  assert_refused (nothing, COURSE_ERROR_READ, "No such file");
  assert_refused (empty, COURSE_ERROR_NOT_A_COURSE, "neither a heading");
  assert_refused (words, COURSE_ERROR_NOT_A_COURSE, "neither a heading");
  assert_refused (title, COURSE_ERROR_NOT_A_COURSE, "nothing to read");
  assert_refused (binary, COURSE_ERROR_NOT_A_COURSE, "not a text file");
  g_assert_cmpint (g_mkdir (nobody, 0700), ==, 0);
  assert_refused (nobody, COURSE_ERROR_NOT_A_COURSE, "no Markdown file in it, such as README.md");
  assert_refused ("/dev/zero", COURSE_ERROR_NOT_A_COURSE, "not an ordinary file");
}

static void
assert_section (CourseCourse *course, guint position, const char *id, const char *title)
{
  CourseSection *section = course_fixture_get_section (course, position);

  g_assert_cmpstr (course_section_get_id (section), ==, id);
  g_assert_cmpstr (course_section_get_title (section), ==, title);
}

/* A folder as most labs are: no course.yaml, a file to each part. */
static void
test_plain_folder (CourseFixture *self, gconstpointer data)
{
  static const char *const files[][2] = {
    { "10-clean-up.md", "No heading.\n\n```bash\nkubectl delete pod web\n```\n" },
    { "2-expose.md", "Text first.\n\n## Expose it\n\nBack to [the start](README.md).\n" },
    { "README.md", "# A small lab\n\nRead [the next](2-expose.md).\n\n## Setup\n\nText.\n" },
    { "1-run.md", "---\nlayout: page\ntitle: Run a pod\n---\n# Run\n\n"
                  "```bash\n$ kubectl get pods\nNAME   READY\nweb    1/1\n```\n" },
    { "03-expose.md", "---\nid: own\ntitle: Own\n---\n```bash {id=own}\nls\n```\n" },
    { "11-clean-up.markdown", "# More\n\nText.\n" },
    { ".hidden.md", "# Hidden\n" },
    { "notes.txt", "# Notes\n" },
    { "binary.md", "\177ELF" },
  };
  g_autoptr (GError) error = NULL;
  g_autoptr (CourseCourse) course = NULL;
  g_autofree char *folder = g_build_filename (self->folder, "sub.md", NULL);
  CourseStep *step;

  g_assert_cmpint (g_mkdir (folder, 0700), ==, 0);
  for (gsize i = 0; i < G_N_ELEMENTS (files); i++)
    g_free (course_fixture_write (self, files[i][0], files[i][1]));
  course = course_course_load (self->folder, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (course_course_get_title (course), ==, "A small lab");
  assert_section (course, 0, "readme", "A small lab");
  assert_section (course, 1, "run", "Run a pod");
  assert_section (course, 2, "expose", "Expose it");
  assert_section (course, 3, "own", "Own");
  assert_section (course, 4, "clean-up", "10-clean-up");
  assert_section (course, 5, "clean-up-1", "More");
  assert_section (course, 6, "binary", "binary");
  g_assert_cmpuint (g_list_model_get_n_items (course_course_get_sections (course)), ==, 7);

  step = course_fixture_get_step (course_fixture_get_section (course, 1), 0);
  g_assert_cmpstr (((const CourseForm *)g_ptr_array_index (course_step_get_forms (step), 0))->text,
                   ==, "kubectl get pods");
  step = course_fixture_get_step (course_fixture_get_section (course, 4), 0);
  g_assert_cmpstr (course_step_get_id (step), ==, "kubectl-delete-pod-web");
}

static void
test_plain_folder_mistakes (CourseFixture *self, gconstpointer data)
{
  g_autoptr (CourseCourse) course = NULL;
  g_autofree char *binary = g_build_filename (self->folder, "b.md", NULL);
  g_autofree char *name = g_path_get_basename (self->folder);

  g_assert_true (g_file_set_contents (binary, "\177ELF\0\0\0", 7, NULL));
  for (guint i = 0; i < 105; i++) {
    g_autofree char *file = g_strdup_printf ("c%u.md", i);

    g_free (course_fixture_write (self, file, "# One\n\nText.\n"));
  }
  course = course_course_load (self->folder, NULL);
  g_assert_nonnull (course);
  g_assert_cmpstr (course_course_get_title (course), ==, name);
  g_assert_cmpuint (g_list_model_get_n_items (course_course_get_sections (course)), ==, 99);
  g_assert_true (course_fixture_find_message (course, "not a text file")->is_error);
  g_assert_nonnull (course_fixture_find_message (course, "more than 100 Markdown files"));
}

/* What is named by its number alone keeps it: others that come before it change nothing. */
static void
test_numbered_files (CourseFixture *self, gconstpointer data)
{
  g_autofree char *second = course_fixture_write (self, "02.md", "# Two\n\nText.\n");
  g_autofree char *third = course_fixture_write (self, "03.md", "# Three\n\nText.\n");
  g_autoptr (CourseCourse) course = course_course_load (self->folder, NULL);

  g_assert_nonnull (course);
  assert_section (course, 0, "02", "Two");
  assert_section (course, 1, "03", "Three");
}

/* A link does not lead out of the folder where it is all that is there, either. */
static void
test_lone_link (CourseFixture *self, gconstpointer data)
{
  g_autofree char *link = g_build_filename (self->folder, "README.md", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (symlink ("/etc/passwd", link), ==, 0);
  g_assert_null (course_course_load (self->folder, &error));
  g_assert_error (error, COURSE_ERROR, COURSE_ERROR_NOT_A_COURSE);
}

/* One file alone is the lab, whose headings are the sections; so is a lone text file. */
static void
test_folder_of_one (CourseFixture *self, gconstpointer data)
{
  g_autofree char *path =
    course_fixture_write (self, "lab.txt", "# Lab\n\n## One\n\nText.\n\n## Two\n\nText.\n");
  g_autofree char *own = NULL;
  g_autoptr (CourseCourse) course = course_course_load (self->folder, NULL);
  g_autoptr (CourseCourse) other = NULL;

  g_assert_nonnull (course);
  g_assert_cmpstr (course_course_get_title (course), ==, "Lab");
  assert_section (course, 1, "two", "Two");
  g_assert_cmpstr (course_course_get_path (course), ==, self->folder);

  own = course_fixture_write (self, "first.md", COURSE_FIXTURE_SECTION ("Text.\n"));
  other = course_course_load (self->folder, NULL);
  g_assert_nonnull (other);
  g_assert_cmpstr (course_course_get_title (other), ==, "One");
  assert_section (other, 0, "one", "One");
}

/* What is missing is said, and not what would follow from that. */
static void
test_cause_first (CourseFixture *self, gconstpointer data)
{
  g_autofree char *section = course_fixture_write (
    self, "00-first.md", "---\nid: first\ntitle: F\nneeds: [web]\n---\n```bash\nls\n```\n");
  g_autofree char *manifest = course_fixture_write (
    self, "course.yaml", "id: c\ntitle: C\nsections:\n- 00-first.md\n- 01-web.md\n");
  g_autoptr (CourseCourse) missing = course_course_load (self->folder, NULL);
  g_autoptr (CourseCourse) there = NULL;
  g_autofree char *other = NULL;
  const CourseMessage *message;

  g_assert_nonnull (missing);
  message = g_ptr_array_index (course_course_get_messages (missing), 0);
  g_assert_true (message->is_error);
  g_assert_nonnull (strstr (message->text, "no file “01-web.md”"));
  g_assert_cmpstr (course_course_get_relative (missing, message->file), ==, "course.yaml");
  g_assert_cmpstr (course_course_get_relative (missing, "/elsewhere/a.md"), ==, "a.md");
  g_assert_null (course_fixture_find_message (missing, "No section has the id"));

  other = course_fixture_write (self, "01-web.md", "---\nid: site\ntitle: S\n---\nText.\n");
  there = course_course_load (self->folder, NULL);
  course_fixture_assert_message (there, 4, "No section has the id “web”");
}

static void
test_front_matter_lists (CourseFixture *self, gconstpointer data)
{
  g_autofree char *section =
    course_fixture_write (self, "a.md",
                          "---\nid: first\ntitle: F\nneeds: y\nobjectives: One\nshell: [cd, 7]\n"
                          "---\n```bash {id=a}\nls\n```\n```check\n- resource: pods\n  says: P\n"
                          "  within: 5\n```\n");
  g_autofree char *manifest = course_fixture_write (
    self, "course.yaml", "id: c\ntitle: C\ndefaults: {within: 90}\nsections: [a.md]\n");
  g_autoptr (CourseCourse) course = course_course_load (self->folder, NULL);

  g_assert_nonnull (course);
  g_assert_cmpuint (course_course_get_messages (course)->len, ==, 4);
  course_fixture_assert_message (course, 3, "“within” has no unit, and counts as seconds");
  course_fixture_assert_message (course, 4, "“needs” is a list of texts");
  course_fixture_assert_message (course, 6, "“shell” is a list of texts");
  g_assert_cmpuint (
    ((const CourseMessage *)g_ptr_array_index (course_course_get_messages (course), 3))->line, ==,
    12);
}

static void
test_broken_manifest (CourseFixture *self, gconstpointer data)
{
  g_autofree char *path = course_fixture_write (self, "course.yaml", "- just\n- a list\n");

  assert_refused (self->folder, COURSE_ERROR_NOT_A_COURSE, "not a YAML mapping");
  g_assert_cmpint (g_unlink (path), ==, 0);
  g_assert_cmpint (mkfifo (path, 0600), ==, 0);
  assert_refused (self->folder, COURSE_ERROR_NOT_A_COURSE, "not an ordinary file");
}

static void
test_lint (CourseFixture *self, gconstpointer data)
{
  g_autofree char *good =
    course_fixture_write (self, "good.md", COURSE_FIXTURE_SECTION ("```bash {id=a}\nls\n```\n"));
  g_autofree char *doubtful =
    course_fixture_write (self, "doubt.md", COURSE_FIXTURE_SECTION ("```bash\nls\n```\n"));
  g_autofree char *bad =
    course_fixture_write (self, "bad.md", COURSE_FIXTURE_SECTION ("Text\n```check\n- a\n```\n"));
  g_autoptr (GPtrArray) none = NULL;
  g_autoptr (GPtrArray) warnings = NULL;
  g_autoptr (GPtrArray) errors = NULL;
  const CourseMessage *message;

  g_assert_true (course_lint (good, &none));
  g_assert_cmpuint (none->len, ==, 0);

  g_assert_true (course_lint (doubtful, &warnings));
  g_assert_cmpuint (warnings->len, ==, 1);

  g_assert_false (course_lint (bad, &errors));
  message = g_ptr_array_index (errors, errors->len - 1);
  g_assert_cmpstr (message->file, ==, bad);
  g_assert_cmpuint (message->line, ==, COURSE_FIXTURE_FIRST_LINE + 1);
  g_assert_true (message->is_error);
}

static void
test_lint_no_course (CourseFixture *self, gconstpointer data)
{
  g_autoptr (GPtrArray) messages = NULL;
  const CourseMessage *message;

  g_assert_false (course_lint (self->folder, &messages));
  g_assert_cmpuint (messages->len, ==, 1);
  message = g_ptr_array_index (messages, 0);
  g_assert_cmpstr (message->file, ==, self->folder);
  g_assert_true (message->is_error);
}

static void
test_finalize (CourseFixture *self, gconstpointer data)
{
  CourseCourse *course = load_folder (self, MANIFEST, SEEDS, WATER);
  CourseSection *section = g_object_ref (course_fixture_get_section (course, 0));
  CourseStep *step = g_object_ref (course_fixture_get_step (section, 0));

  g_assert_finalize_object (course);
  g_assert_finalize_object (section);
  g_assert_finalize_object (step);
}

static CourseCourse *
load_training (void)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "..", "data", "course", NULL);
  g_autoptr (GError) error = NULL;
  CourseCourse *course = course_course_load (path, &error);

  g_assert_no_error (error);
  return course;
}

/* The course that comes with the program. */
static void
test_training (void)
{
  static const char *const ids[] = {
    "health-check", "load-balancer",   "ingress",          "network-policies", "istio",
    "bookinfo",     "request-routing", "traffic-shifting", "timeouts",         "mesh",
  };
  g_autoptr (CourseCourse) course = load_training ();
  GPtrArray *messages = course_course_get_messages (course);

  for (guint i = 0; i < messages->len; i++) {
    const CourseMessage *message = g_ptr_array_index (messages, i);

    g_error ("%s:%u: %s", message->file, message->line, message->text);
  }
  g_assert_cmpuint (g_list_model_get_n_items (course_course_get_sections (course)), ==,
                    G_N_ELEMENTS (ids));
  for (guint i = 0; i < G_N_ELEMENTS (ids); i++) {
    CourseSection *section = course_fixture_get_section (course, i);

    g_assert_cmpstr (course_section_get_id (section), ==, ids[i]);
    g_assert_cmpuint (course_section_get_minutes (section), >, 0);
    g_assert_nonnull (course_section_get_panel (section));
    g_assert_nonnull (course_section_get_objectives (section)[0]);
    g_assert_cmpint (course_section_get_group (section) != NULL, ==, i >= 6);
  }
}

/* Nearly every step can tell that it is done, as far as the cluster shows it; those that change
 * nothing there cannot. */
static void
test_training_steps (void)
{
  g_autoptr (CourseCourse) course = load_training ();
  guint n_sections = g_list_model_get_n_items (course_course_get_sections (course));
  guint n_steps = 0, n_checked = 0;

  for (guint i = 0; i < n_sections; i++) {
    GPtrArray *steps = course_section_get_steps (course_fixture_get_section (course, i));

    g_assert_cmpuint (steps->len, >=, 4);
    n_steps += steps->len;
    for (guint j = 0; j < steps->len; j++)
      n_checked += course_step_get_checks (g_ptr_array_index (steps, j))->len > 0;
  }
  g_assert_cmpuint (n_steps, >=, 45);
  g_assert_cmpuint (n_checked, >=, 40);
  g_assert_cmpstr (
    course_section_get_panel (course_course_find_section (course, "traffic-shifting")), ==,
    "traffic");
}

/* A step that undoes another one's work is there, and comes later. */
static void
test_until (CourseFixture *self, gconstpointer data)
{
#define CHECK(until) "```check\n- resource: pod/a\n  says: A\n  until: " until "\n```\n"
  static const char *const right =
    "---\nid: seeds\ntitle: Seeds\n---\n# Seeds\n\n"
    "```bash {id=sow}\nls\n```\n\n" CHECK ("reap") "\n```bash {id=reap}\nls\n```\n\n" CHECK (
      "water/pour");
  static const char *const wrong =
    "---\nid: seeds\ntitle: Seeds\n---\n# Seeds\n\n"
    "```bash {id=sow}\nls\n```\n\n" CHECK ("sow") "\n```bash {id=reap}\nls\n```\n\n" CHECK (
      "water/none") "\n```bash {id=rest}\nls\n```\n\n" CHECK ("fire/pour");
#undef CHECK
  g_autoptr (CourseCourse) good = load_folder (self, MANIFEST, right, WATER);
  g_autoptr (CourseCourse) bad = load_folder (self, MANIFEST, wrong, WATER);
  g_autoptr (CourseCourse) alone = course_fixture_load_text (self, right);
  g_autoptr (CourseCourse) bad_alone = course_fixture_load_text (self, wrong);
  CourseSection *seeds = course_course_find_section (good, "seeds");
  CourseStep *reap = course_section_find_step (seeds, "reap");
  g_autofree char *step = NULL;
  g_autofree char *section =
    course_check_dup_until (g_ptr_array_index (course_step_get_checks (reap), 0), "seeds", &step);

  g_assert_cmpstr (section, ==, "water");
  g_assert_cmpstr (step, ==, "pour");
  g_assert_cmpuint (course_course_get_messages (good)->len, ==, 0);
  g_assert_cmpuint (course_course_get_messages (bad)->len, ==, 3);
  course_fixture_assert_message (bad, 12, "“until” names a later step");
  g_assert_cmpuint (course_course_get_messages (alone)->len, ==, 0);
  g_assert_cmpuint (course_course_get_messages (bad_alone)->len, ==, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  COURSE_FIXTURE_TEST ("/course/course/folder", test_folder);
  COURSE_FIXTURE_TEST ("/course/course/section-content", test_section_content);
  COURSE_FIXTURE_TEST ("/course/course/manifest-path", test_manifest_path);
  COURSE_FIXTURE_TEST ("/course/course/missing-section", test_missing_section);
  COURSE_FIXTURE_TEST ("/course/course/mistakes", test_mistakes);
  COURSE_FIXTURE_TEST ("/course/course/front-matter-mistakes", test_front_matter_mistakes);
  COURSE_FIXTURE_TEST ("/course/course/no-front-matter", test_no_front_matter);
  COURSE_FIXTURE_TEST ("/course/course/symlink-out", test_symlink_out);
  COURSE_FIXTURE_TEST ("/course/course/one-section-file", test_one_section_file);
  COURSE_FIXTURE_TEST ("/course/course/no-course", test_no_course);
  COURSE_FIXTURE_TEST ("/course/course/plain-folder", test_plain_folder);
  COURSE_FIXTURE_TEST ("/course/course/plain-folder-mistakes", test_plain_folder_mistakes);
  COURSE_FIXTURE_TEST ("/course/course/numbered-files", test_numbered_files);
  COURSE_FIXTURE_TEST ("/course/course/lone-link", test_lone_link);
  COURSE_FIXTURE_TEST ("/course/course/folder-of-one", test_folder_of_one);
  COURSE_FIXTURE_TEST ("/course/course/cause-first", test_cause_first);
  COURSE_FIXTURE_TEST ("/course/course/front-matter-lists", test_front_matter_lists);
  COURSE_FIXTURE_TEST ("/course/course/broken-manifest", test_broken_manifest);
  COURSE_FIXTURE_TEST ("/course/course/lint", test_lint);
  COURSE_FIXTURE_TEST ("/course/course/lint-no-course", test_lint_no_course);
  COURSE_FIXTURE_TEST ("/course/course/until", test_until);
  COURSE_FIXTURE_TEST ("/course/course/finalize", test_finalize);
  g_test_add_func ("/course/course/training", test_training);
  g_test_add_func ("/course/course/training/steps", test_training_steps);

  return g_test_run ();
}
