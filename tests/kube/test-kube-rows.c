/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "kube-rows.h"

#include <string.h>

typedef struct {
  KubeRows *rows;
  GPtrArray *changes;
  GPtrArray *updated;
  GPtrArray *shadow; /* what the splices make of an empty array */
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->rows = kube_rows_new ();
  fixture->changes = kube_change_new_array ();
  fixture->updated = g_ptr_array_new_with_free_func (g_object_unref);
  fixture->shadow = g_ptr_array_new_with_free_func (g_object_unref);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  kube_rows_free (fixture->rows);
  g_ptr_array_unref (fixture->changes);
  g_ptr_array_unref (fixture->updated);
  g_ptr_array_unref (fixture->shadow);
}

/* @key: "namespace/name" or "name" */
static void
add (Fixture *fixture, const char *key, const char *uid, guint version, gboolean deleted)
{
  g_auto (GStrv) parts = g_strsplit (key, "/", 2);
  g_autofree char *namespace_ =
    parts[1] != NULL ? g_strdup_printf (",\"namespace\":\"%s\"", parts[0]) : g_strdup ("");
  g_autofree char *json =
    g_strdup_printf ("{\"metadata\":{\"name\":\"%s\",\"uid\":\"%s\",\"resourceVersion\":\"%u\"%s}}",
                     parts[1] != NULL ? parts[1] : parts[0], uid, version, namespace_);
  g_autoptr (GBytes) bytes = g_bytes_new (json, strlen (json));

  g_ptr_array_add (fixture->changes, kube_change_new (kube_object_new (bytes), deleted));
}

static KubeSplice
apply (Fixture *fixture, gboolean complete)
{
  KubeSplice splice;

  kube_change_settle (fixture->changes);
  g_ptr_array_set_size (fixture->updated, 0);
  splice = kube_rows_apply (fixture->rows, fixture->changes, complete, fixture->updated);
  g_ptr_array_set_size (fixture->changes, 0);

  if (splice.removed > 0)
    g_ptr_array_remove_range (fixture->shadow, splice.position, splice.removed);
  for (guint i = splice.position; i < splice.position + splice.added; i++)
    g_ptr_array_insert (fixture->shadow, (int)i, g_object_ref (kube_rows_get (fixture->rows, i)));
  g_assert_cmpuint (fixture->shadow->len, ==, kube_rows_get_n_rows (fixture->rows));
  for (guint i = 0; i < fixture->shadow->len; i++)
    g_assert_true (g_ptr_array_index (fixture->shadow, i) == kube_rows_get (fixture->rows, i));
  return splice;
}

static void
assert_rows (Fixture *fixture, const char *expected)
{
  g_autoptr (GString) names = g_string_new (NULL);

  for (guint i = 0; i < kube_rows_get_n_rows (fixture->rows); i++) {
    KubeObject *object = kube_rows_get (fixture->rows, i);
    const char *namespace_ = kube_object_get_namespace (object);

    g_string_append_printf (names, "%s%s%s%s", i > 0 ? " " : "", namespace_ ? namespace_ : "",
                            namespace_ ? "/" : "", kube_object_get_name (object));
  }
  g_assert_cmpstr (names->str, ==, expected);
}

static void
assert_splice (KubeSplice splice, guint position, guint removed, guint added)
{
  g_assert_cmpuint (splice.position, ==, position);
  g_assert_cmpuint (splice.removed, ==, removed);
  g_assert_cmpuint (splice.added, ==, added);
}

static void
test_order (Fixture *fixture, gconstpointer data)
{
  add (fixture, "b/a", "1", 1, FALSE);
  add (fixture, "a/z", "2", 1, FALSE);
  add (fixture, "a-b/a", "3", 1, FALSE);
  add (fixture, "node", "4", 1, FALSE);
  assert_splice (apply (fixture, TRUE), 0, 0, 4);
  assert_rows (fixture, "node a/z a-b/a b/a");
  g_assert_cmpstr (kube_object_get_uid (kube_rows_find (fixture->rows, "a", "z")), ==, "2");
  g_assert_nonnull (kube_rows_find (fixture->rows, NULL, "node"));
  g_assert_null (kube_rows_find (fixture->rows, "a", "a"));
  g_assert_null (kube_rows_find (fixture->rows, "z", "z"));
  g_assert_null (kube_rows_get (fixture->rows, 4));
}

static void
test_changes (Fixture *fixture, gconstpointer data)
{
  KubeObject *c;

  add (fixture, "a", "1", 1, FALSE);
  add (fixture, "c", "3", 1, FALSE);
  add (fixture, "e", "5", 1, FALSE);
  apply (fixture, TRUE);
  c = kube_rows_find (fixture->rows, NULL, "c");

  /* in place */
  add (fixture, "c", "3", 2, FALSE);
  assert_splice (apply (fixture, FALSE), 0, 0, 0);
  g_assert_cmpuint (fixture->updated->len, ==, 1);
  g_assert_true (g_ptr_array_index (fixture->updated, 0) == c);
  g_assert_cmpstr (kube_object_get_resource_version (c), ==, "2");

  /* nothing new */
  add (fixture, "c", "3", 2, FALSE);
  apply (fixture, FALSE);
  g_assert_cmpuint (fixture->updated->len, ==, 0);

  /* one comes, one goes, one stays between them and changes */
  add (fixture, "b", "2", 3, FALSE);
  add (fixture, "c", "3", 4, FALSE);
  add (fixture, "e", "5", 5, TRUE);
  assert_splice (apply (fixture, FALSE), 1, 2, 2);
  assert_rows (fixture, "a b c");
  g_assert_true (kube_rows_find (fixture->rows, NULL, "c") == c);
  g_assert_cmpuint (fixture->updated->len, ==, 1);

  /* what is not there cannot go */
  add (fixture, "zz", "9", 6, TRUE);
  assert_splice (apply (fixture, FALSE), 0, 0, 0);

  /* another object of the same name */
  add (fixture, "a", "1", 7, TRUE);
  add (fixture, "a", "11", 8, FALSE);
  assert_splice (apply (fixture, FALSE), 0, 1, 1);
  assert_rows (fixture, "a b c");

  /* come and gone within one batch */
  add (fixture, "d", "4", 9, FALSE);
  add (fixture, "d", "4", 10, TRUE);
  assert_splice (apply (fixture, FALSE), 0, 0, 0);
}

static void
test_complete (Fixture *fixture, gconstpointer data)
{
  KubeObject *b;

  for (guint i = 0; i < 5; i++) {
    char name[] = { (char)('a' + i), '\0' };

    add (fixture, name, name, 1, FALSE);
  }
  apply (fixture, TRUE);
  b = kube_rows_find (fixture->rows, NULL, "b");

  /* the same again */
  for (guint i = 0; i < 5; i++) {
    char name[] = { (char)('a' + i), '\0' };

    add (fixture, name, name, i == 1 ? 2 : 1, FALSE);
  }
  assert_splice (apply (fixture, TRUE), 0, 0, 0);
  g_assert_cmpuint (fixture->updated->len, ==, 1);

  add (fixture, "b", "b", 2, FALSE);
  add (fixture, "d", "d", 1, FALSE);
  add (fixture, "f", "f", 1, FALSE);
  assert_splice (apply (fixture, TRUE), 0, 5, 3);
  assert_rows (fixture, "b d f");
  g_assert_true (kube_rows_find (fixture->rows, NULL, "b") == b);

  assert_splice (apply (fixture, TRUE), 0, 3, 0);
  assert_rows (fixture, "");
}

static void
test_random (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (3);
  g_autoptr (GHashTable) expected = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint round = 1; round <= 500; round++) {
    gboolean complete = g_rand_int_range (random, 0, 10) == 0;
    guint n_changes = (guint)g_rand_int_range (random, 0, 40);

    if (complete)
      g_hash_table_remove_all (expected);
    for (guint i = 0; i < n_changes; i++) {
      g_autofree char *key = g_strdup_printf ("%c/%02d", 'a' + g_rand_int_range (random, 0, 3),
                                              g_rand_int_range (random, 0, 30));
      gboolean deleted = !complete && g_rand_boolean (random);

      add (fixture, key, g_rand_boolean (random) ? "x" : "y", round * 100 + i, deleted);
      if (deleted)
        g_hash_table_remove (expected, key);
      else
        g_hash_table_add (expected, g_steal_pointer (&key));
    }
    apply (fixture, complete);

    g_assert_cmpuint (kube_rows_get_n_rows (fixture->rows), ==, g_hash_table_size (expected));
    for (guint i = 0; i < kube_rows_get_n_rows (fixture->rows); i++) {
      KubeObject *object = kube_rows_get (fixture->rows, i);
      g_autofree char *key = g_strdup_printf ("%s/%s", kube_object_get_namespace (object),
                                              kube_object_get_name (object));

      g_assert_true (g_hash_table_contains (expected, key));
      g_assert_true (kube_rows_find (fixture->rows, kube_object_get_namespace (object),
                                     kube_object_get_name (object)) == object);
    }
  }
}

#define TEST(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  TEST ("/kube/rows/order", test_order);
  TEST ("/kube/rows/changes", test_changes);
  TEST ("/kube/rows/complete", test_complete);
  TEST ("/kube/rows/random", test_random);
  return g_test_run ();
}
