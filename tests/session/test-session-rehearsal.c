/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gstdio.h>
#include <string.h>

#include "lab-fixture.h"
#include "session-rehearsal.h"
#include "test-wait.h"

#define WAIT 60

/* `make NAME` asks the test for a pod of that name. */
static const char *const SECTIONS[] = {
  "---\nid: first\ntitle: First\nshell:\n- mkdir -p work\n- cd work\n---\n# First\n\n"
  "```bash {id=here}\n[ \"$(basename \"$PWD\")\" = work ]\n```\n\n"
  "```bash {id=pod}\ntouch ~/make-redis\n```\n"
  "```check\n- resource: pod/redis\n  says: There is a pod redis\n  within: 20s\n"
  "- resource: pod/redis\n  path: $.status.phase\n  equals: Running\n  says: It runs\n"
  "  within: 20s\n```\n\n"
  "```bash {id=ask}\nread -p 'Name? ' name; echo \"Hello $name\"; [ \"$name\" = Ada ]\n```\n"
  "```input {after=\"Name?\"}\nAda\n```\n\n"
  "```bash {norun}\nexit 1\n```\n\n"
  "```bash {id=form when=\"kubernetes<1.10\"}\nfalse\n```\n"
  "```bash {id=form when=\"kubernetes>=1.10\"}\ntrue\n```\n\n"
  "```bash {id=file}\nvi ~/settings.yaml\n```\n"
  "```edit {file=~/settings.yaml}\nenabled: true\n```\n\n"
  "```bash {id=see}\ngrep 'enabled: true' ~/settings.yaml\n```\n\n"
  "```bash {id=both}\ncp ~/settings.yaml ~/before.yaml\n```\n"
  "```edit {file=~/settings.yaml}\nenabled: maybe\n```\n\n"
  "```bash {id=order}\ngrep true ~/before.yaml && grep maybe ~/settings.yaml\n```\n",
  "---\nid: second\ntitle: Second\n---\n# Second\n\n"
  "```bash {id=fails}\necho 'Authorization: Bearer abcdefghijklmnop0123456789'; false\n```\n\n"
  "```bash {id=never}\ntrue\n```\n"
  "```check\n- resource: pod/unicorn\n  says: There is a unicorn\n  within: 1s\n```\n\n"
  "```bash {id=gone requires=\"pods addresses\"}\nexit\n```\n\n"
  "```bash {id=after}\n[ \"$(basename \"$PWD\")\" != work ]\n```\n",
  NULL
};

typedef struct {
  LabFixture lab;
  GString *lines;
  guint maker;
  char *pictures;        /* (nullable) */
  const char *absent[3]; /* NULL at the end */
  SessionCamera *camera; /* (nullable) */
} Fixture;

static gboolean
make_cb (gpointer user_data)
{
  Fixture *fixture = user_data;
  g_autofree char *path =
    g_build_filename (fake_place_get_home (fixture->lab.place), "make-redis", NULL);

  if (g_file_test (path, G_FILE_TEST_EXISTS)) {
    g_remove (path);
    lab_fixture_put_pod (&fixture->lab, "redis", "Running");
  }
  return G_SOURCE_CONTINUE;
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = NULL;
  g_autoptr (GError) error = NULL;

  lab_fixture_set_up (&fixture->lab, SECTIONS);
  path = g_build_filename (fake_place_get_home (fixture->lab.place), "settings.yaml", NULL);
  g_file_set_contents (path, "enabled: false\n", -1, &error);
  g_assert_no_error (error);
  fixture->lines = g_string_new (NULL);
  fixture->maker = g_timeout_add (20, make_cb, fixture);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_source_remove (fixture->maker);
  g_string_free (fixture->lines, TRUE);
  lab_fixture_tear_down (&fixture->lab);
}

static void
line_cb (SessionRehearsal *rehearsal, const char *line, Fixture *fixture)
{
  g_test_message ("%s", line);
  g_string_append_printf (fixture->lines, "%s\n", line);
}

static gboolean
rehearse (Fixture *fixture, const char *section, char **junit, GError **error)
{
  SessionRehearsal *rehearsal = session_rehearsal_new (fixture->lab.lab, section);
  g_autoptr (GAsyncResult) result = NULL;
  gboolean passed;

  g_signal_connect (rehearsal, "line", G_CALLBACK (line_cb), fixture);
  session_rehearsal_set_absent (rehearsal, fixture->absent);
  session_rehearsal_set_pictures (rehearsal, fixture->pictures, fixture->camera);
  session_rehearsal_run_async (rehearsal, NULL, test_wait_keep_result, &result);
  test_wait_for_pointer (&result, WAIT, "the rehearsal");
  passed = session_rehearsal_run_finish (rehearsal, result, error);
  if (junit != NULL)
    *junit = session_rehearsal_dup_junit (rehearsal);
  g_clear_object (&result);
  g_assert_finalize_object (rehearsal);
  return passed;
}

static void
test_passes (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *junit = NULL;

  g_assert_true (rehearse (fixture, "first", &junit, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (fixture->lines->str, ==,
                   "ok first/here\nok first/pod\nok first/ask\nok first/form\nok first/file\n"
                   "ok first/see\nok first/both\nok first/order\n");
  g_assert_nonnull (strstr (junit, "tests=\"8\" failures=\"0\" errors=\"0\""));
  /* where the time went; a first look that comes late finds the pod there */
  g_assert_true (g_regex_match_simple ("name=\"pod\" time=\"[0-9.]+\">\n *<system-out>"
                                       "waited for: It runs\n"
                                       "  pod: (before|[0-9]+\\.[0-9]{3} s, of it [0-9.]+ s)\n"
                                       "  node: (before|[0-9]+\\.[0-9]{3} s, of it 0\\.000 s)\n"
                                       "  running: (before|[0-9]+\\.[0-9]{3} s, of it 0\\.000 s)\n",
                                       junit, 0, 0));
}

/* The report says where the picture is, and the picture what failed. */
static void
assert_picture (Fixture *fixture, const char *junit, const char *name, const char *text)
{
  g_autofree char *path = g_build_filename (fixture->pictures, name, NULL);
  g_autofree char *line = g_strdup_printf ("[[ATTACHMENT|%s]]", path);
  g_autofree char *svg = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_nonnull (strstr (junit, line));
  g_file_get_contents (path, &svg, NULL, &error);
  g_assert_no_error (error);
  g_assert_nonnull (strstr (svg, text));
  g_assert_nonnull (strstr (svg, "</svg>"));
  g_assert_null (strstr (svg, "abcdefghijklmnop"));
  g_assert_null (strstr (junit, "abcdefghijklmnop"));
}

static guint
count (const char *text, const char *part)
{
  g_auto (GStrv) pieces = g_strsplit (text, part, -1);

  return g_strv_length (pieces) - 1;
}

/* A step that fails stops nothing, and each has its own reason. */
static void
test_failures (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *junit = NULL;
  g_autofree char *pictures =
    g_build_filename (fake_place_get_home (fixture->lab.place), "pictures", NULL);

  fixture->pictures = pictures;
  g_assert_false (rehearse (fixture, NULL, &junit, &error));
  g_assert_no_error (error);
  g_assert_nonnull (strstr (fixture->lines->str, "ok first/order\nFAIL second/fails: "));
  g_assert_nonnull (strstr (fixture->lines->str, "the command ended with status 1\n"));
  g_assert_nonnull (strstr (
    fixture->lines->str,
    "FAIL second/never: not so: There is a unicorn (there is no pod default/unicorn yet)\n"));
  g_assert_nonnull (strstr (fixture->lines->str, "FAIL second/gone: "));
  g_assert_nonnull (strstr (fixture->lines->str, "\nok second/after\n"));
  g_assert_nonnull (strstr (junit, "tests=\"12\" failures=\"3\""));
  /* as it was typed, once, however the shell's editor has drawn it */
  g_assert_cmpuint (count (junit, "; false"), ==, 1);
  assert_picture (fixture, junit, "second.fails.svg", "the command ended with status 1");
  assert_picture (
    fixture, junit, "second.never.svg",
    "\342\234\227 not so: There is a unicorn \342\200\224 there is no pod default/unicorn yet");
  g_assert_null (strstr (junit, "first.see.svg"));
}

/* Writes what it was told instead of a picture. */
#define FAKE_TYPE_CAMERA (fake_camera_get_type ())
G_DECLARE_FINAL_TYPE (FakeCamera, fake_camera, FAKE, CAMERA, GObject)

struct _FakeCamera {
  GObject parent_instance;

  gboolean is_blind;
};

static void fake_camera_init_interface (SessionCameraInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (FakeCamera,
                               fake_camera,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (SESSION_TYPE_CAMERA,
                                                      fake_camera_init_interface))

static void
fake_camera_take_async (SessionCamera *camera,
                        SessionStep *step,
                        const char *reason,
                        const char *screen,
                        const char *path,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (camera, cancellable, callback, user_data);
  g_autofree char *text = g_strdup_printf ("%s\n%s\n</svg>\n", reason, screen);
  GError *error = NULL;

  if (FAKE_CAMERA (camera)->is_blind)
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, "It is dark");
  else if (!g_file_set_contents (path, text, -1, &error))
    g_task_return_error (task, error);
  else
    g_task_return_boolean (task, TRUE);
}

static gboolean
fake_camera_take_finish (SessionCamera *camera, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
fake_camera_init_interface (SessionCameraInterface *iface)
{
  iface->take_async = fake_camera_take_async;
  iface->take_finish = fake_camera_take_finish;
}

static void
fake_camera_class_init (FakeCameraClass *klass)
{
}

static void
fake_camera_init (FakeCamera *self)
{
}

/* A camera gets what the terminal shows, without secrets; what it cannot take is drawn. */
static void
test_camera (Fixture *fixture, gconstpointer is_blind)
{
  g_autoptr (FakeCamera) camera = g_object_new (FAKE_TYPE_CAMERA, NULL);
  g_autoptr (GError) error = NULL;
  g_autofree char *junit = NULL;
  g_autofree char *pictures =
    g_build_filename (fake_place_get_home (fixture->lab.place), "pictures", NULL);

  camera->is_blind = is_blind != NULL;
  fixture->pictures = pictures;
  fixture->camera = SESSION_CAMERA (camera);
  g_assert_false (rehearse (fixture, "second", &junit, &error));
  g_assert_no_error (error);
  g_assert_nonnull (strstr (fixture->lines->str, "\nok second/after\n"));
  assert_picture (fixture, junit, is_blind ? "second.fails.svg" : "second.fails.png",
                  "the command ended with status 1");
  assert_picture (fixture, junit, is_blind ? "second.fails.svg" : "second.fails.png",
                  "Authorization: Bearer \342\200\242\342\200\242\342\200\242");
  g_assert_null (strstr (junit, is_blind ? ".png" : ".svg"));
}

/* What the place has not got is left out, told, and no failure. */
static void
test_absent (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *junit = NULL;

  fixture->absent[0] = "addresses";
  g_assert_false (rehearse (fixture, "second", &junit, &error));
  g_assert_no_error (error);
  g_assert_nonnull (
    strstr (fixture->lines->str, "\nskip second/gone: requires addresses\nok second/after\n"));
  g_assert_nonnull (strstr (junit, "tests=\"4\" failures=\"2\" errors=\"0\" skipped=\"1\""));
  g_assert_nonnull (strstr (junit, "<skipped message=\"requires addresses\"/>"));
}

static void
test_absent_unknown (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fixture->absent[0] = "addresses";
  fixture->absent[1] = "adresses";
  g_assert_false (rehearse (fixture, "second", NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_assert_nonnull (strstr (error->message, "“adresses”"));
  g_assert_cmpstr (fixture->lines->str, ==, "");
}

static void
test_no_section (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (rehearse (fixture, "third", NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_assert_cmpstr (fixture->lines->str, ==, "");
}

static void
test_no_place (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) failure = g_error_new_literal (JUMP_ERROR, JUMP_ERROR_DENIED, "No key fits.");
  g_autoptr (GError) error = NULL;

  fake_place_set_failure (fixture->lab.place, failure);
  g_assert_false (rehearse (fixture, NULL, NULL, &error));
  g_assert_error (error, JUMP_ERROR, JUMP_ERROR_DENIED);
}

static void
cancel_cb (SessionRehearsal *rehearsal, const char *line, GCancellable *cancellable)
{
  g_cancellable_cancel (cancellable);
}

static void
test_cancel (Fixture *fixture, gconstpointer data)
{
  SessionRehearsal *rehearsal = session_rehearsal_new (fixture->lab.lab, NULL);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  g_signal_connect (rehearsal, "line", G_CALLBACK (line_cb), fixture);
  g_signal_connect (rehearsal, "line", G_CALLBACK (cancel_cb), cancellable);
  session_rehearsal_run_async (rehearsal, cancellable, test_wait_keep_result, &result);
  test_wait_for_pointer (&result, WAIT, "the rehearsal");
  g_assert_false (session_rehearsal_run_finish (rehearsal, result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpstr (fixture->lines->str, ==, "ok first/here\n");
  g_clear_object (&result);
  g_assert_finalize_object (rehearsal);
}

/* The place goes away in the middle: what is left fails at once, with the place's sentence. */
static void
lose_cb (SessionRehearsal *rehearsal, const char *line, Fixture *fixture)
{
  if (g_str_equal (line, "ok first/pod"))
    fake_place_lose (fixture->lab.place);
}

static void
test_place_lost (Fixture *fixture, gconstpointer data)
{
  SessionRehearsal *rehearsal = session_rehearsal_new (fixture->lab.lab, "first");
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  g_signal_connect (rehearsal, "line", G_CALLBACK (line_cb), fixture);
  g_signal_connect (rehearsal, "line", G_CALLBACK (lose_cb), fixture);
  session_rehearsal_run_async (rehearsal, NULL, test_wait_keep_result, &result);
  test_wait_for_pointer (&result, WAIT, "the rehearsal");
  g_assert_false (session_rehearsal_run_finish (rehearsal, result, &error));
  g_assert_no_error (error);
  g_assert_nonnull (
    strstr (fixture->lines->str, "FAIL first/see: The connection to example was lost.\n"));
  g_clear_object (&result);
  g_assert_finalize_object (rehearsal);
}

int
main (int argc, char **argv)
{
  static const struct {
    const char *path;
    void (*test) (Fixture *fixture, gconstpointer data);
  } tests[] = {
    { "/session/rehearsal/passes", test_passes },
    { "/session/rehearsal/failures", test_failures },
    { "/session/rehearsal/absent", test_absent },
    { "/session/rehearsal/absent-unknown", test_absent_unknown },
    { "/session/rehearsal/no-section", test_no_section },
    { "/session/rehearsal/no-place", test_no_place },
    { "/session/rehearsal/cancel", test_cancel },
    { "/session/rehearsal/place-lost", test_place_lost },
  };

  kube_client_init_process ();
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/session/rehearsal/camera", Fixture, NULL, set_up, test_camera, tear_down);
  g_test_add ("/session/rehearsal/no-camera-light", Fixture, "", set_up, test_camera, tear_down);
  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, NULL, set_up, tests[i].test, tear_down);
  return g_test_run ();
}
