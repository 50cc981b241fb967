/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "kube-list-splitter.h"

#include <string.h>

#include "base-json.h"
#include "kube-error.h"

static gboolean
keep_item (const char *text, gsize length, gpointer data, GError **error)
{
  g_ptr_array_add (data, g_strndup (text, length));
  return TRUE;
}

/* Feeds @text in pieces of @chunk bytes. */
static gboolean
split (const char *text, gsize chunk, GPtrArray *items, KubeListSplitter **splitter, GError **error)
{
  g_autoptr (KubeListSplitter) self = kube_list_splitter_new (keep_item, items);
  gsize length = strlen (text);

  for (gsize at = 0; at < length; at += chunk) {
    /* of its own memory, so that reading past its end shows */
    g_autofree char *piece = g_memdup2 (text + at, MIN (chunk, length - at));

    if (!kube_list_splitter_feed (self, piece, MIN (chunk, length - at), error))
      return FALSE;
  }
  if (!kube_list_splitter_finish (self, error))
    return FALSE;
  if (splitter != NULL)
    *splitter = g_steal_pointer (&self);
  return TRUE;
}

#define ITEM_A "{\"metadata\":{\"name\":\"a\"},\"x\":\"]}\\\"{[\\\\\"}"
#define ITEM_B "{\"metadata\" : {\"name\":\"\xc3\xa9\"}, \"y\":[[1],{\"items\":[{}]}]}"
#define LIST                                                                                       \
  " {\"kind\":\"PodList\",\"apiVersion\":\"v1\",\"metadata\":{\"resourceVersion\":\"12\","         \
  "\"continue\":\"abc\\u003d\",\"selfLink\":\"/x\"},\n\"other\":[1,{\"items\":[]}],\"n\": -1.5e3 " \
  ","                                                                                              \
  "\"t\":true,\"items\": [ " ITEM_A ",\n" ITEM_B " ] } \n"

static void
test_any_chunk (void)
{
  for (gsize chunk = 1; chunk <= strlen (LIST); chunk++) {
    g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (g_free);
    g_autoptr (KubeListSplitter) splitter = NULL;
    g_autoptr (GError) error = NULL;

    g_assert_true (split (LIST, chunk, items, &splitter, &error));
    g_assert_no_error (error);
    g_assert_cmpuint (items->len, ==, 2);
    g_assert_cmpstr (g_ptr_array_index (items, 0), ==, ITEM_A);
    g_assert_cmpstr (g_ptr_array_index (items, 1), ==, ITEM_B);
    g_assert_cmpstr (kube_list_splitter_get_resource_version (splitter), ==, "12");
    g_assert_cmpstr (kube_list_splitter_get_continue (splitter), ==, "abc=");
  }
}

/* Servers that write members in another order, or leave the items null. */
static void
test_forms (void)
{
  static const struct {
    const char *text;
    guint n_items;
    const char *version;
  } cases[] = {
    { "{\"items\":[],\"metadata\":{\"resourceVersion\":\"1\"}}", 0, "1" },
    { "{\"items\":[{}],\"kind\":\"List\",\"metadata\":{\"resourceVersion\":\"2\"}}", 1, "2" },
    { "{\"kind\":\"PodList\",\"items\":null,\"metadata\":{}}", 0, NULL },
    { "{\"kind\":\"PodList\",\"metadata\":{\"resourceVersion\":\"3\",\"continue\":\"\"}}", 0, "3" },
    { "{\"items\":[{},{},{}]}", 3, NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    for (gsize chunk = 1; chunk < 50; chunk += 7) {
      g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (g_free);
      g_autoptr (KubeListSplitter) splitter = NULL;
      g_autoptr (GError) error = NULL;

      g_assert_true (split (cases[i].text, chunk, items, &splitter, &error));
      g_assert_no_error (error);
      g_assert_cmpuint (items->len, ==, cases[i].n_items);
      g_assert_cmpstr (kube_list_splitter_get_resource_version (splitter), ==, cases[i].version);
      g_assert_null (kube_list_splitter_get_continue (splitter));
    }
  }
}

static void
test_not_a_list (void)
{
  static const char *const texts[] = {
    "",
    "null",
    "[]",
    "<html>",
    "{}",
    "{\"kind\":\"Status\"}",
    "{\"items\":{}}",
    "{\"items\":[1]}",
    "{\"items\":[[]]}",
    "{\"items\":[{},]}",
    "{\"items\":[{} {}]}",
    "{\"items\":[}",
    "{\"items\":[]]",
    "{\"items\":[],}",
    "{\"items\" []}",
    "{\"items\":,}",
    "{items:[]}",
    "{\"items\":[]} {}",
    "{\"items\":[]} x",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++) {
    for (gsize chunk = 1; chunk < 20; chunk += 6) {
      g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (g_free);
      g_autoptr (GError) error = NULL;

      g_assert_false (split (texts[i], chunk, items, NULL, &error));
      g_assert_error (error, KUBE_ERROR, KUBE_ERROR_PROTOCOL);
    }
  }
}

/* Whatever is missing at the end, the list is not whole. */
static void
test_cut_off (void)
{
  g_autofree char *text = g_strstrip (g_strdup (LIST));

  for (gsize length = 0; length < strlen (text); length++) {
    g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (g_free);
    g_autofree char *part = g_strndup (text, length);
    g_autoptr (GError) error = NULL;

    g_assert_false (split (part, 10, items, NULL, &error));
    g_assert_error (error, KUBE_ERROR, KUBE_ERROR_PROTOCOL);
  }
}

static gboolean
refuse_item (const char *text, gsize length, gpointer data, GError **error)
{
  g_set_error_literal (error, KUBE_ERROR, KUBE_ERROR_FAILED, "no more");
  return FALSE;
}

static void
test_stopped_by_function (void)
{
  g_autoptr (KubeListSplitter) splitter = kube_list_splitter_new (refuse_item, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_false (kube_list_splitter_feed (splitter, LIST, strlen (LIST), &error));
  g_assert_error (error, KUBE_ERROR, KUBE_ERROR_FAILED);
  g_clear_error (&error);
  g_assert_false (kube_list_splitter_feed (splitter, "x", 1, &error));
  g_assert_error (error, KUBE_ERROR, KUBE_ERROR_PROTOCOL);
}

/* A server that never ends an item, or a name, fills no memory. */
static void
test_limits (void)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (KubeListSplitter) item = kube_list_splitter_new (keep_item, items);
  g_autoptr (KubeListSplitter) name = kube_list_splitter_new (keep_item, items);
  g_autofree char *filler = g_strnfill (1024 * 1024, 'x');
  g_autoptr (GError) error = NULL;
  gsize fed = 0;

  g_assert_true (kube_list_splitter_feed (item, "{\"items\":[{\"a\":\"", 15, &error));
  while (kube_list_splitter_feed (item, filler, 1024 * 1024, &error))
    fed += 1024 * 1024;
  g_assert_error (error, KUBE_ERROR, KUBE_ERROR_PROTOCOL);
  g_assert_cmpuint (fed, <=, KUBE_LIST_SPLITTER_MAX_ITEM_BYTES);
  g_clear_error (&error);

  g_assert_true (kube_list_splitter_feed (name, "{\"", 2, &error));
  g_assert_false (kube_list_splitter_feed (name, filler, 1024 * 1024, &error));
  g_assert_error (error, KUBE_ERROR, KUBE_ERROR_PROTOCOL);
}

static void
test_large_item (void)
{
  g_autofree char *filler = g_strnfill (5 * 1024 * 1024, 'x');
  g_autofree char *text = g_strdup_printf ("{\"items\":[{\"a\":\"%s\"}]}", filler);
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GError) error = NULL;

  g_assert_true (split (text, 64 * 1024, items, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (strlen (g_ptr_array_index (items, 0)), ==, 5 * 1024 * 1024 + 8);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/kube/list-splitter/any-chunk", test_any_chunk);
  g_test_add_func ("/kube/list-splitter/forms", test_forms);
  g_test_add_func ("/kube/list-splitter/not-a-list", test_not_a_list);
  g_test_add_func ("/kube/list-splitter/cut-off", test_cut_off);
  g_test_add_func ("/kube/list-splitter/stopped-by-function", test_stopped_by_function);
  g_test_add_func ("/kube/list-splitter/limits", test_limits);
  g_test_add_func ("/kube/list-splitter/large-item", test_large_item);
  return g_test_run ();
}
