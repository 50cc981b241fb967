/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "kube-object-private.h"

#include <string.h>

#include "base-json.h"

#define REDIS                                                                                      \
  "{\"metadata\":{\"name\":\"redis\",\"namespace\":\"default\",\"uid\":\"u1\","                    \
  "\"resourceVersion\":\"7\",\"creationTimestamp\":\"2019-08-28T10:03:25Z\","                      \
  "\"labels\":{\"name\":\"wrong\"}},\"spec\":{\"metadata\":{\"name\":\"wrong\"}}}"

static KubeObject *
new_object (const char *text)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));

  return kube_object_new (bytes);
}

static void
test_fields (void)
{
  g_autoptr (KubeObject) object = new_object (REDIS);

  g_assert_cmpstr (kube_object_get_name (object), ==, "redis");
  g_assert_cmpstr (kube_object_get_namespace (object), ==, "default");
  g_assert_cmpstr (kube_object_get_uid (object), ==, "u1");
  g_assert_cmpstr (kube_object_get_resource_version (object), ==, "7");
  g_assert_cmpint (kube_object_get_created_at (object), ==, 1566986605);
  g_assert_cmpuint (g_bytes_get_size (kube_object_get_bytes (object)), ==, strlen (REDIS));
}

static void
test_sparse (void)
{
  g_autoptr (KubeObject) object = new_object (
    " {\"metadata\" : {\"name\":\"a\", \"namespace\":\"\", \"creationTimestamp\":null}} \n");

  g_assert_null (kube_object_get_namespace (object));
  g_assert_cmpstr (kube_object_get_uid (object), ==, "");
  g_assert_cmpstr (kube_object_get_resource_version (object), ==, "");
  g_assert_cmpint (kube_object_get_created_at (object), ==, 0);
}

static void
test_not_an_object (void)
{
  static const char *const texts[] = {
    "",
    "null",
    "[]",
    "{}",
    "{\"metadata\":null}",
    "{\"metadata\":[]}",
    "{\"metadata\":{}}",
    "{\"metadata\":{\"name\":7}}",
    "{\"metadata\":{\"name\":\"a\"}",
    "{\"metadata\":{\"name\":\"a\"}} x",
    "{\"metadata\":{\"name\":\"\xff\"}}",
    "{\"metadata\":{\"name\":\"a\"},\"spec\":[}",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_test_message ("text %" G_GSIZE_FORMAT, i);
    g_assert_null (new_object (texts[i]));
  }
}

/* Items of a list come without kind and apiVersion. */
static void
test_kind_is_put_in (void)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static (REDIS, strlen (REDIS));
  g_autoptr (KubeObject) object =
    kube_object_new_of_kind (bytes, kube_kind_lookup ("deployments"), "v1", NULL);
  g_autoptr (JsonNode) tree = kube_object_ref_json (object);
  g_autofree char *text = base_json_write (tree, FALSE);

  g_assert_cmpstr (base_json_get_string (tree, "kind", NULL), ==, "Deployment");
  g_assert_cmpstr (base_json_get_string (tree, "apiVersion", NULL), ==, "apps/v1");
  g_assert_true (g_str_has_prefix (text, "{\"apiVersion\":\"apps/v1\",\"kind\":\"Deployment\""));
}

static void
test_kind_is_kept (void)
{
  static const char text[] =
    "{\"kind\":\"Pod\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"a\"}}";
  g_autoptr (GBytes) bytes = g_bytes_new_static (text, strlen (text));
  g_autoptr (KubeObject) object =
    kube_object_new_of_kind (bytes, kube_kind_lookup ("nodes"), "v1", NULL);
  g_autoptr (JsonNode) tree = kube_object_ref_json (object);
  g_autofree char *written = base_json_write (tree, FALSE);

  g_assert_cmpstr (written, ==, text);
}

static void
count (GObject *object, gpointer data)
{
  (*(guint *)data)++;
}

static void
test_take (void)
{
  g_autoptr (KubeObject) object = new_object (REDIS);
  g_autoptr (KubeObject) same = new_object (REDIS);
  g_autoptr (KubeObject) newer =
    new_object ("{\"metadata\":{\"name\":\"redis\",\"namespace\":\"default\",\"uid\":\"u1\","
                "\"resourceVersion\":\"8\"},\"spec\":{\"a\":1}}");
  g_autoptr (JsonNode) before = kube_object_ref_json (object);
  g_autoptr (JsonNode) after = NULL;
  guint n_changed = 0;

  g_signal_connect (object, "changed", G_CALLBACK (count), &n_changed);
  g_assert_false (kube_object_take (object, same));
  g_assert_true (kube_object_take (object, newer));
  kube_object_emit_changed (object);

  after = kube_object_ref_json (object);
  g_assert_cmpuint (n_changed, ==, 1);
  g_assert_cmpstr (kube_object_get_resource_version (object), ==, "8");
  g_assert_true (before != after);
  g_assert_cmpint (base_json_get_int (after, 0, "spec", "a", NULL), ==, 1);
}

static void
test_order (void)
{
  g_autoptr (KubeObject) a = new_object ("{\"metadata\":{\"name\":\"b\",\"namespace\":\"a\"}}");
  g_autoptr (KubeObject) b = new_object ("{\"metadata\":{\"name\":\"a\",\"namespace\":\"b\"}}");
  g_autoptr (KubeObject) none = new_object ("{\"metadata\":{\"name\":\"z\"}}");

  g_assert_cmpint (kube_object_compare (a, b), <, 0);
  g_assert_cmpint (kube_object_compare (b, a), >, 0);
  g_assert_cmpint (kube_object_compare (none, a), <, 0);
  g_assert_cmpint (kube_object_compare_key (a, "a", "b"), ==, 0);
}

/* Trees are kept up to a limit; the ones used last stay. */
static void
test_tree_cache (void)
{
  g_autoptr (KubeTreeCache) cache = kube_tree_cache_new (2 * strlen (REDIS));
  g_autoptr (GBytes) bytes = g_bytes_new_static (REDIS, strlen (REDIS));
  KubeObject *objects[3];
  JsonNode *trees[3];

  for (gsize i = 0; i < 3; i++) {
    objects[i] = kube_object_new_of_kind (bytes, kube_kind_lookup ("pods"), "v1", cache);
    trees[i] = kube_object_ref_json (objects[i]);
    if (i == 1)
      json_node_unref (kube_object_ref_json (objects[0]));
  }
  for (gsize i = 0; i < 3; i++) {
    g_autoptr (JsonNode) again = kube_object_ref_json (objects[i]);

    if (i == 0)
      g_assert_true (again == trees[0]);
    if (i == 1)
      g_assert_true (again != trees[1]);
  }
  for (gsize i = 0; i < 3; i++) {
    json_node_unref (trees[i]);
    g_assert_finalize_object (objects[i]);
  }
}

static void
test_too_large_for_cache (void)
{
  g_autoptr (KubeTreeCache) cache = kube_tree_cache_new (1);
  g_autoptr (GBytes) bytes = g_bytes_new_static (REDIS, strlen (REDIS));
  g_autoptr (KubeObject) object =
    kube_object_new_of_kind (bytes, kube_kind_lookup ("pods"), "v1", cache);
  g_autoptr (JsonNode) first = kube_object_ref_json (object);
  g_autoptr (JsonNode) second = kube_object_ref_json (object);

  g_assert_true (first != second);
  g_assert_true (base_json_equal (first, second));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/kube/object/fields", test_fields);
  g_test_add_func ("/kube/object/sparse", test_sparse);
  g_test_add_func ("/kube/object/not-an-object", test_not_an_object);
  g_test_add_func ("/kube/object/kind-is-put-in", test_kind_is_put_in);
  g_test_add_func ("/kube/object/kind-is-kept", test_kind_is_kept);
  g_test_add_func ("/kube/object/take", test_take);
  g_test_add_func ("/kube/object/order", test_order);
  g_test_add_func ("/kube/object/tree-cache", test_tree_cache);
  g_test_add_func ("/kube/object/too-large-for-cache", test_too_large_for_cache);
  return g_test_run ();
}
