/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "fake-place.h"
#include "session-edit.h"
#include "test-wait.h"

#define WAIT 10

static const char *const CLUSTER = "kind: ClusterProvisioner\n"
                                   "spec:\n"
                                   "  provider: aws\n"
                                   "---\n"
                                   "kind: ClusterConfiguration\n"
                                   "spec:\n"
                                   "  addons:\n"
                                   "  - enabled: false\n"
                                   "    name: istio\n"
                                   "  - enabled: true\n"
                                   "    name: traefik\n";

static const char *const PATCH = "- op: test\n"
                                 "  path: /spec/addons/0/name\n"
                                 "  value: istio\n"
                                 "- op: replace\n"
                                 "  path: /spec/addons/0/enabled\n"
                                 "  value: true\n";

static char *
apply (const char *text, const char *patch, const char *file)
{
  g_autoptr (GError) error = NULL;
  char *result = session_edit_apply (text, patch, file, &error);

  g_assert_no_error (error);
  return result;
}

/* The second of two documents is the one that the patch fits. */
static void
test_json_patch (void)
{
  g_autofree char *once = apply (CLUSTER, PATCH, "cluster.yaml");
  g_autofree char *twice = apply (once, PATCH, "cluster.yaml");

  g_assert_nonnull (strstr (once, "provider: aws"));
  g_assert_nonnull (strstr (once, "---\n"));
  g_assert_nonnull (strstr (once, "enabled: true\n"));
  g_assert_null (strstr (once, "enabled: false"));
  g_assert_cmpstr (once, ==, twice);
}

static void
test_merge_patch (void)
{
  g_autofree char *first = apply (CLUSTER, "spec: {provider: azure}", "cluster.yaml");
  g_autofree char *named =
    apply (CLUSTER, "{\"kind\": \"ClusterConfiguration\", \"spec\": {\"addons\": null}}", "x.yaml");
  g_autofree char *json = apply ("{\"a\": 1}", "b: 2", "settings.json");

  g_assert_nonnull (strstr (first, "provider: azure"));
  g_assert_nonnull (strstr (first, "istio"));
  g_assert_nonnull (strstr (named, "provider: aws"));
  g_assert_null (strstr (named, "istio"));
  g_assert_true (g_str_has_prefix (json, "{"));
  g_assert_nonnull (strstr (json, "\"b\""));
}

static void
test_bad_input (void)
{
  static const struct {
    const char *text;
    const char *patch;
  } cases[] = {
    { "kind: A\n", "- {op: test, path: /kind, value: B}\n" },
    { "kind: A\n", "- {op: nonsense}\n" },
    { "kind: A\n", "kind: B\n" },
    { "kind: A\n", ": : :\n\t" },
    { "a: [", "b: 1" },
    { "", "b: 1" },
    { "a: 1", "b: x\u200by" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) error = NULL;

    g_assert_null (session_edit_apply (cases[i].text, cases[i].patch, "file.yaml", &error));
    g_assert_nonnull (error);
    g_assert_cmpstr (error->message, !=, "");
  }
}

static gboolean
make (FakePlace *place, const char *file, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  session_edit_make_async (JUMP_PLACE (place), file, PATCH, NULL, test_wait_keep_result, &result);
  test_wait_for_pointer (&result, WAIT, "the edit");
  return session_edit_make_finish (result, error);
}

static void
connect_place (FakePlace *place)
{
  g_autoptr (GAsyncResult) result = NULL;

  jump_place_connect_async (JUMP_PLACE (place), NULL, test_wait_keep_result, &result);
  test_wait_for_pointer (&result, WAIT, "the place");
}

static void
test_at_place (void)
{
  g_autoptr (FakePlace) place = fake_place_new ();
  g_autofree char *path = g_build_filename (fake_place_get_home (place), "it's a file.yaml", NULL);
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;

  connect_place (place);
  g_assert_false (make (place, "~/it's a file.yaml", &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_FAILED);
  g_assert_cmpstr (error->message, ==,
                   "There is no file ~/it's a file.yaml there yet. Run the step that makes it, "
                   "then make the change.");
  g_clear_error (&error);

  g_file_set_contents (path, CLUSTER, -1, &error);
  g_assert_no_error (error);
  g_chmod (path, 0640);
  make (place, "~/it's a file.yaml", &error);
  g_assert_no_error (error);
  make (place, "it's a file.yaml", &error);
  g_assert_no_error (error);
  make (place, path, &error);
  g_assert_no_error (error);
  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);
  g_assert_null (strstr (text, "enabled: false"));
}

static void
assert_fails (FakePlace *place, const char *file, const char *part)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (make (place, file, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_FAILED);
  g_test_message ("%s", error->message);
  g_assert_nonnull (strstr (error->message, part));
}

/* The superuser may read and write whatever it is. */
static void
test_not_allowed (void)
{
  g_autoptr (FakePlace) place = fake_place_new ();
  g_autofree char *path = g_build_filename (fake_place_get_home (place), "a.yaml", NULL);

  connect_place (place);
  assert_fails (place, fake_place_get_home (place), "is no ordinary file");
  g_assert_true (g_file_set_contents (path, CLUSTER, -1, NULL));
  if (geteuid () == 0)
    return;
  g_chmod (path, 0400);
  assert_fails (place, "~/a.yaml", "~/a.yaml cannot be changed: you may only read it");
  g_chmod (path, 0000);
  assert_fails (place, "~/a.yaml", "~/a.yaml cannot be changed: you may not read it");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/session/edit/json-patch", test_json_patch);
  g_test_add_func ("/session/edit/merge-patch", test_merge_patch);
  g_test_add_func ("/session/edit/bad-input", test_bad_input);
  g_test_add_func ("/session/edit/at-place", test_at_place);
  g_test_add_func ("/session/edit/not-allowed", test_not_allowed);
  return g_test_run ();
}
