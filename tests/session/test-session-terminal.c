/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gstdio.h>
#include <string.h>

#include "course-template.h"
#include "lab-fixture.h"
#include "session-terminal.h"
#include "test-wait.h"

#define WAIT 20

static const char *const SECTIONS[] = {
  "---\nid: one\ntitle: One\nshell:\n- mkdir of-{{user}}\n- cd of-{{user}}\n---\n# One\n\n"
  "```bash {id=look}\npwd\n```\n",
  "---\nid: two\ntitle: Two\nshell:\n- true\n- cd {{student}} && true\n---\n# Two\n\n"
  "```bash {id=look}\npwd\n```\n",
  "---\nid: three\ntitle: Three\n---\n# Three\n\n"
  "```bash {id=by-name}\nnslookup\n```\n"
  "```bash {id=by-name when=\"address:redis=number\"}\ngetent\n```\n"
  "```bash {id=there when=\"address:mesh/gateway=name\"}\nnslookup\n```\n",
  NULL
};

static void
set_up (LabFixture *fixture, gconstpointer data)
{
  lab_fixture_set_up (fixture, SECTIONS);
}

static void
tear_down (LabFixture *fixture, gconstpointer data)
{
  lab_fixture_tear_down (fixture);
}

static SessionTerminal *
open_terminal (LabFixture *fixture, CourseSection *section, GError **error)
{
  SessionTerminal *terminal = session_terminal_new (fixture->lab, section);
  g_autoptr (GAsyncResult) result = NULL;

  session_terminal_open_async (terminal, NULL, test_wait_keep_result, &result);
  test_wait_for_pointer (&result, WAIT, "a terminal that is as the section wants it");
  session_terminal_open_finish (terminal, result, error);
  return terminal;
}

/* Where its shell is. */
static char *
dup_folder (SessionTerminal *terminal)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;
  g_autoptr (GError) error = NULL;
  int status;

  session_terminal_forget_text (terminal);
  session_pty_run_async (session_terminal_get_pty (terminal), "basename \"$PWD\"", NULL,
                         WAIT * 1000, NULL, test_wait_keep_result, &result);
  test_wait_for_pointer (&result, WAIT, "the shell to tell where it is");
  session_pty_run_finish (session_terminal_get_pty (terminal), result, &status, &error);
  g_assert_no_error (error);
  text = session_terminal_dup_text (terminal);
  lines = g_strsplit (text, "\n", 3);
  g_assert_cmpuint (g_strv_length (lines), >=, 2);
  return g_strdup (lines[1]);
}

static void
test_lines (LabFixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  SessionTerminal *terminal = NULL;
  g_autofree char *folder = NULL;

  g_assert_true (lab_fixture_connect (fixture, NULL));
  terminal = open_terminal (fixture, lab_fixture_get_section (fixture, 0), &error);
  g_assert_no_error (error);
  folder = dup_folder (terminal);
  g_assert_cmpstr (folder, ==, "of-fake");
  session_terminal_close (terminal);
  g_object_unref (terminal);

  /* what is not known stays, and who has written it is told */
  terminal = open_terminal (fixture, lab_fixture_get_section (fixture, 1), &error);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_FAILED);
  g_assert_nonnull (strstr (error->message, "“cd {{student}} && true”"));
  session_terminal_close (terminal);
  g_object_unref (terminal);
}

/* The lines of the course's own sections, of whatever Istio somebody has fetched. */
static void
assert_istio_folder (const char *const *folders, const char *istio, const char *expected)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "..", "data", "course", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (CourseCourse) course = course_course_load (path, &error);
  g_autofree char *home = g_dir_make_tmp ("konvoy-home-XXXXXX", &error);
  const CourseFacts facts = { .istio = istio };
  const char *const ids[] = { "bookinfo", "request-routing", "traffic-shifting", "timeouts",
                              "mesh" };

  g_assert_no_error (error);
  for (gsize i = 0; folders[i] != NULL; i++) {
    g_autofree char *folder = g_build_filename (home, folders[i], "samples", NULL);

    g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  }
  for (gsize i = 0; i < G_N_ELEMENTS (ids); i++) {
    CourseSection *section = course_course_find_section (course, ids[i]);
    g_autofree char *line = course_template_fill (course_section_get_shell (section)[0], &facts);
    g_autofree char *script = g_strdup_printf ("%s && basename \"$PWD\"", line);
    const char *const argv[] = { "bash", "-c", script, NULL };
    g_autoptr (GSubprocessLauncher) launcher =
      g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE);
    g_autoptr (GSubprocess) process = NULL;
    g_autofree char *output = NULL;
    g_autofree char *start = g_path_get_basename (home);
    /* which begins with fetching it, and is not stopped by that there is none yet */
    const char *wanted = i == 0 && expected == NULL ? start : expected;

    g_subprocess_launcher_setenv (launcher, "HOME", home, TRUE);
    g_subprocess_launcher_set_cwd (launcher, home);
    process = g_subprocess_launcher_spawnv (launcher, argv, &error);
    g_assert_no_error (error);
    g_subprocess_communicate_utf8 (process, NULL, NULL, &output, NULL, &error);
    g_assert_no_error (error);
    g_assert_cmpint (g_subprocess_get_successful (process), ==, wanted != NULL);
    g_assert_cmpstr (g_strstrip (output), ==, wanted != NULL ? wanted : "");
  }
  for (gsize i = 0; folders[i] != NULL; i++) {
    g_autofree char *folder = g_build_filename (home, folders[i], NULL);
    g_autofree char *samples = g_build_filename (folder, "samples", NULL);

    g_rmdir (samples);
    g_rmdir (folder);
  }
  g_rmdir (home);
}

static void
test_istio_folder (void)
{
  const char *const none[] = { NULL };
  const char *const one[] = { "istio-1.30.3", NULL };
  const char *const newer[] = { "istio-1.9.9", "istio-1.30.3", "istio-1.4.1", NULL };
  const char *const both[] = { "istio-1.4.0", "istio-1.30.3", NULL };

  assert_istio_folder (none, NULL, NULL);
  assert_istio_folder (one, NULL, "istio-1.30.3");
  assert_istio_folder (newer, NULL, "istio-1.30.3");
  assert_istio_folder (newer, "1.9.9", "istio-1.9.9");
  /* the training's cluster has 1.3.3, for which 1.4.0 is right */
  assert_istio_folder (both, "1.3.3", "istio-1.4.0");
  assert_istio_folder (both, "1.30.3", "istio-1.30.3");
}

static const char *
get_form (LabFixture *fixture, const char *id)
{
  CourseFacts facts = { NULL };
  SessionStep *step = lab_fixture_get_step (fixture, 2, id);

  session_lab_get_facts (fixture->lab, &facts);
  return course_step_pick_form (session_step_get_step (step), &facts)->text;
}

static gboolean
is_number (gpointer data)
{
  return g_str_equal (get_form (data, "by-name"), "getent");
}

static gboolean
is_name (gpointer data)
{
  return g_str_equal (get_form (data, "by-name"), "nslookup");
}

static void
put_service (LabFixture *fixture, const char *namespace_, const char *name, const char *address)
{
  g_autofree char *json = g_strdup_printf (
    "{\"kind\": \"Service\", \"metadata\": {\"name\": \"%s\", \"namespace\": \"%s\"}, \"spec\": "
    "{\"type\": \"LoadBalancer\"}, \"status\": {\"loadBalancer\": {\"ingress\": [%s]}}}",
    name, namespace_, address);

  fake_api_server_put (fixture->server, json);
}

static void
count_cb (SessionLab *lab, GParamSpec *pspec, guint *n)
{
  (*n)++;
}

/* The form goes by the address, and follows it. */
static void
test_forms (LabFixture *fixture, gconstpointer data)
{
  guint n = 0;

  put_service (fixture, "mesh", "redis", "{\"ip\": \"10.0.0.1\"}");
  g_assert_true (lab_fixture_connect (fixture, NULL));
  g_signal_connect (fixture->lab, "notify::addresses", G_CALLBACK (count_cb), &n);
  session_lab_set_open_section (fixture->lab, lab_fixture_get_section (fixture, 0));
  g_assert_cmpuint (fake_api_server_count_watches (fixture->server, "services"), ==, 0);
  session_lab_set_open_section (fixture->lab, lab_fixture_get_section (fixture, 2));
  g_assert_cmpstr (get_form (fixture, "by-name"), ==, "nslookup");
  put_service (fixture, "default", "redis", "{\"ip\": \"10.0.0.1\"}");
  test_wait_until (is_number, fixture, WAIT, "the form for a number");
  put_service (fixture, "default", "redis", "{\"hostname\": \"a.example\", \"ip\": \"10.0.0.1\"}");
  test_wait_until (is_name, fixture, WAIT, "the form for a name");
  g_assert_cmpuint (n, ==, 2);
  put_service (fixture, "default", "other", "{\"ip\": \"10.0.0.2\"}");
  put_service (fixture, "default", "redis", "{\"ip\": \"10.0.0.3\"}");
  test_wait_until (is_number, fixture, WAIT, "the form for a number again");
  g_assert_cmpuint (n, ==, 3);
  session_lab_set_open_section (fixture->lab, NULL);
  g_assert_cmpuint (n, ==, 4);
}

int
main (int argc, char **argv)
{
  kube_client_init_process ();
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/session/terminal/lines", LabFixture, NULL, set_up, test_lines, tear_down);
  g_test_add ("/session/terminal/forms", LabFixture, NULL, set_up, test_forms, tear_down);
  g_test_add_func ("/session/terminal/istio-folder", test_istio_folder);
  return g_test_run ();
}
