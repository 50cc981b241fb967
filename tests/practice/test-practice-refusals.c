/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "test-cluster-objects.h"

#define CREATED "created"

/* Does what a POST does that only asks. Returns (transfer full) the sentence that comes back. */
static char *
try_to_create (TestObjects *fixture, const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) object = json_from_string (text, &error);
  g_autoptr (JsonNode) stored = NULL;
  g_autoptr (GPtrArray) warnings = g_ptr_array_new_with_free_func (g_free);
  PracticeWrite write = { PRACTICE_PART_WHOLE, .dry_run = TRUE };
  PracticeResource *resource;

  g_assert_no_error (error);
  resource = test_objects_find_resource (fixture, object, &write.version);
  if (!practice_decoder_check (fixture->registry, resource, write.version, object,
                               PRACTICE_STRICT_IGNORE, warnings, &error))
    return g_strdup (error->message);
  stored = practice_objects_create (fixture->objects, resource, "default",
                                    g_steal_pointer (&object), &write, &error);
  return g_strdup (stored != NULL ? CREATED : error->message);
}

/* Each object of the file, and the sentence of a real server that follows it. */
static void
test_file (TestObjects *fixture, gconstpointer data)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "practice", "refusals", data, NULL);
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) lines = NULL;
  guint count = 0;

  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);
  lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++) {
    g_autofree char *sentence = NULL;

    if (*lines[i] != '{')
      continue;
    g_assert_nonnull (lines[i + 1]);
    sentence = try_to_create (fixture, lines[i]);
    if (!g_str_equal (sentence, lines[i + 1])) {
      g_test_message ("%s", lines[i]);
      g_test_message ("here:          %s", sentence);
      g_test_message ("a real server: %s", lines[i + 1]);
      g_test_fail ();
    }
    count++;
  }
  g_assert_cmpuint (count, >, 0);
}

int
main (int argc, char *argv[])
{
  static const char *const files[] = {
    "deployment.txt",     "horizontal-scaler.txt", "ingress-class.txt", "ingress.txt",
    "network-policy.txt", "pod-placement.txt",     "pod.txt",           "priority-class.txt",
    "service.txt",        "webhook.txt",
  };

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (files); i++) {
    g_autofree char *kind = g_strndup (files[i], strlen (files[i]) - strlen (".txt"));
    g_autofree char *name = g_strconcat ("/practice/refusals/", kind, NULL);

    g_test_add (name, TestObjects, files[i], test_objects_set_up, test_file,
                test_objects_tear_down);
  }
  return g_test_run ();
}
