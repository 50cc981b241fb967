/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base-json.h"
#include "mesh-sample.h"

#define REVIEW(rating) "{\"reviewer\":\"Reviewer1\",\"text\":\"A play\"" rating "}"

static const char *
read_version (const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) node = base_json_parse (text, -1, &error);

  g_assert_no_error (error);
  return mesh_sample_get_version (node);
}

static void
test_versions (void)
{
  g_assert_cmpstr (read_version ("{\"reviews\":[" REVIEW ("") "," REVIEW ("") "]}"), ==, "v1");
  g_assert_cmpstr (
    read_version ("{\"reviews\":[" REVIEW (",\"rating\":{\"stars\":5,\"color\":\"black\"}") "]}"),
    ==, "v2");
  g_assert_cmpstr (
    read_version ("{\"reviews\":[" REVIEW (",\"rating\":{\"stars\":0,\"color\":\"red\"}") "]}"), ==,
    "v3");
  /* One rating may be an error beside one that is not. */
  g_assert_cmpstr (
    read_version ("{\"reviews\":[" REVIEW (",\"rating\":{\"error\":\"gone\"}") "," REVIEW (
      ",\"rating\":{\"stars\":4,\"color\":\"red\"}") "]}"),
    ==, "v3");
}

static void
test_cannot_tell (void)
{
  g_assert_null (read_version ("{\"reviews\":[" REVIEW (",\"rating\":{\"error\":\"gone\"}") "]}"));
  g_assert_null (read_version ("{\"error\":\"Sorry\"}"));
  g_assert_null (read_version ("{\"reviews\":[]}"));
  g_assert_null (read_version ("{\"reviews\":7}"));
  g_assert_null (read_version ("[]"));
  g_assert_null (read_version ("{\"reviews\":[" REVIEW (",\"rating\":{\"color\":\"blue\"}") "]}"));
}

static GHashTable *
table (guint v1, guint v2, guint v3)
{
  GHashTable *result = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  if (v1 > 0)
    g_hash_table_insert (result, g_strdup ("v1"), GUINT_TO_POINTER (v1));
  if (v2 > 0)
    g_hash_table_insert (result, g_strdup ("v2"), GUINT_TO_POINTER (v2));
  if (v3 > 0)
    g_hash_table_insert (result, g_strdup ("v3"), GUINT_TO_POINTER (v3));
  return result;
}

static void
assert_fits (GHashTable *counts, GHashTable *split, gboolean fits)
{
  g_autoptr (GHashTable) owned_counts = counts;
  g_autoptr (GHashTable) owned_split = split;

  g_assert_cmpint (mesh_sample_fits (counts, split), ==, fits);
}

static void
test_fits (void)
{
  assert_fits (table (30, 0, 30), table (50, 0, 50), TRUE);
  assert_fits (table (22, 0, 38), table (50, 0, 50), TRUE);
  assert_fits (table (10, 0, 50), table (50, 0, 50), FALSE);
  assert_fits (table (54, 0, 6), table (90, 0, 10), TRUE);
  assert_fits (table (30, 0, 30), table (90, 0, 10), FALSE);
  assert_fits (table (20, 20, 20), table (1, 1, 1), TRUE);
  /* All or nothing leaves nothing to chance. */
  assert_fits (table (0, 0, 60), table (0, 0, 100), TRUE);
  assert_fits (table (1, 0, 59), table (0, 0, 100), FALSE);
  assert_fits (table (30, 1, 29), table (50, 0, 50), FALSE);
  assert_fits (table (0, 0, 0), table (50, 0, 50), FALSE);
  assert_fits (table (1, 0, 0), table (0, 0, 0), FALSE);
}

static void
test_words (void)
{
  g_autoptr (GHashTable) counts = table (7, 0, 13);
  g_autofree char *words = mesh_sample_dup_words (counts);

  g_assert_cmpstr (words, ==, "v1 7, v3 13 of 20 requests");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/mesh/sample/versions", test_versions);
  g_test_add_func ("/mesh/sample/cannot-tell", test_cannot_tell);
  g_test_add_func ("/mesh/sample/fits", test_fits);
  g_test_add_func ("/mesh/sample/words", test_words);

  return g_test_run ();
}
