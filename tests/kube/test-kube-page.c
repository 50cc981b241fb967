/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "kube-page.h"

#include <string.h>

#include "kube-change.h"
#include "kube-error.h"
#include "kube-object-private.h"
#include "slow-stream.h"
#include "test-wait.h"

/* A list of @n_items pods of some size each, and @rest instead of its end. */
static GBytes *
new_list (guint n_items, gsize size, const char *rest)
{
  GString *text = g_string_new ("{\"kind\":\"PodList\",\"metadata\":{\"resourceVersion\":\"7\","
                                "\"continue\":\"more\"},\"items\":[");
  g_autofree char *filler = g_strnfill (size, 'x');

  for (guint i = 0; i < n_items; i++)
    g_string_append_printf (text, "%s{\"metadata\":{\"name\":\"pod-%05u\"},\"x\":\"%s\"}",
                            i > 0 ? "," : "", i, filler);
  g_string_append (text, rest);
  return g_string_free_to_bytes (text);
}

static KubePage *
read_page (GBytes *list, guint seed, guint max_items, const GError *failure, GError **error)
{
  g_autoptr (GInputStream) stream = slow_stream_new (list, seed, failure);
  g_autoptr (KubeTreeCache) cache = kube_tree_cache_new (1000);
  const KubeCollection collection = { .kind = kube_kind_lookup ("pods"),
                                      .version = "v1",
                                      .cache = cache };
  g_autoptr (GAsyncResult) result = NULL;
  KubePage *page;

  kube_page_read_async (stream, &collection, max_items, NULL, test_wait_keep_result, &result);
  test_wait_for_pointer (&result, 30, "a page");
  page = kube_page_read_finish (stream, result, error);
  g_assert_true (g_input_stream_is_closed (stream) || g_input_stream_has_pending (stream));
  return page;
}

/* Reading and parsing overlap in whatever way. */
static void
test_overlap (void)
{
  g_autoptr (GBytes) list = new_list (2000, 1000, "]}");

  for (guint seed = 0; seed < 20; seed++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (KubePage) page = read_page (list, seed, 5000, NULL, &error);

    g_assert_no_error (error);
    g_assert_cmpuint (page->changes->len, ==, 2000);
    g_assert_cmpstr (page->resource_version, ==, "7");
    g_assert_cmpstr (page->continue_token, ==, "more");
    for (guint i = 0; i < page->changes->len; i++) {
      const KubeChange *change = g_ptr_array_index (page->changes, i);
      g_autofree char *name = g_strdup_printf ("pod-%05u", i);

      g_assert_cmpstr (kube_object_get_name (change->object), ==, name);
      g_assert_false (change->deleted);
    }
  }
}

static void
test_small (void)
{
  g_autoptr (GBytes) list = new_list (3, 10, "]}");
  g_autoptr (GBytes) empty = new_list (0, 0, "]}");
  g_autoptr (KubePage) three = read_page (list, 1, 10, NULL, NULL);
  g_autoptr (KubePage) none = read_page (empty, 1, 10, NULL, NULL);

  g_assert_cmpuint (three->changes->len, ==, 3);
  g_assert_cmpuint (none->changes->len, ==, 0);
}

static void
test_bad (void)
{
  static const char *const rests[] = {
    "", "]", ",{\"metadata\":{}}]}", ",{\"metadata\":{\"name\":\"a\"},\"x\":[}]}]}", ",7]}", "]} x",
  };
  static const guint sizes[] = { 1, 2000 };

  for (gsize i = 0; i < G_N_ELEMENTS (rests); i++) {
    for (gsize j = 0; j < G_N_ELEMENTS (sizes); j++) {
      g_autoptr (GBytes) list = new_list (200, sizes[j], rests[i]);
      g_autoptr (GError) error = NULL;

      g_assert_null (read_page (list, (guint)i, 1000, NULL, &error));
      g_assert_error (error, KUBE_ERROR, KUBE_ERROR_PROTOCOL);
    }
  }
}

static void
test_too_many (void)
{
  g_autoptr (GBytes) list = new_list (200, 1000, "]}");
  g_autoptr (GError) error = NULL;

  g_assert_null (read_page (list, 1, 199, NULL, &error));
  g_assert_error (error, KUBE_ERROR, KUBE_ERROR_PROTOCOL);
}

static void
test_failure (void)
{
  g_autoptr (GBytes) list = new_list (200, 1000, "");
  g_autoptr (GError) reset =
    g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED, "reset");
  g_autoptr (GError) error = NULL;

  g_assert_null (read_page (list, 1, 1000, reset, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/kube/page/overlap", test_overlap);
  g_test_add_func ("/kube/page/small", test_small);
  g_test_add_func ("/kube/page/bad", test_bad);
  g_test_add_func ("/kube/page/too-many", test_too_many);
  g_test_add_func ("/kube/page/failure", test_failure);
  return g_test_run ();
}
