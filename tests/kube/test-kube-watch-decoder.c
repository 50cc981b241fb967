/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "kube-watch-decoder.h"

#include <string.h>

#include "base-json.h"
#include "kube-change.h"
#include "kube-error.h"
#include "kube-object-private.h"

#define LINES                                                                                      \
  "{\"type\":\"ADDED\",\"object\":{\"kind\":\"Pod\",\"apiVersion\":\"v1\",\"metadata\":{"          \
  "\"name\":\"a\",\"resourceVersion\":\"5\"}}}\n"                                                  \
  "{\"object\":{\"metadata\":{\"name\":\"\xc3\xa9\",\"resourceVersion\":\"6\"}},"                  \
  "\"type\":\"MODIFIED\"}\r\n"                                                                     \
  "\n"                                                                                             \
  "{\"type\":\"DELETED\",\"object\":{\"metadata\":{\"name\":\"c\",\"resourceVersion\":\"7\"}}}\n"  \
  "{\"type\":\"BOOKMARK\",\"object\":{\"metadata\":{\"resourceVersion\":\"9\"}}}\n"                \
  "{\"type\":\"NEWS\",\"object\":{}}\n"

static KubeWatchDecoder *
new_decoder (void)
{
  g_autoptr (KubeTreeCache) cache = kube_tree_cache_new (1000);

  return kube_watch_decoder_new (kube_kind_lookup ("pods"), "v1", cache);
}

static gboolean
decode (
  KubeWatchDecoder *decoder, const char *text, gsize chunk, GPtrArray *changes, GError **error)
{
  for (gsize at = 0; at < strlen (text); at += chunk) {
    gsize length = MIN (chunk, strlen (text) - at);
    /* of its own memory, so that reading past its end shows */
    g_autofree char *piece = g_memdup2 (text + at, length);

    if (kube_watch_decoder_feed (decoder, piece, length) > 0 &&
        !kube_watch_decoder_decode (decoder, changes, error))
      return FALSE;
  }
  return TRUE;
}

static void
test_any_chunk (void)
{
  for (gsize chunk = 1; chunk <= strlen (LINES); chunk++) {
    g_autoptr (KubeWatchDecoder) decoder = new_decoder ();
    g_autoptr (GPtrArray) changes = kube_change_new_array ();
    g_autoptr (GError) error = NULL;

    g_assert_true (decode (decoder, LINES, chunk, changes, &error));
    g_assert_no_error (error);
    g_assert_cmpuint (changes->len, ==, 3);
    g_assert_cmpuint (kube_watch_decoder_get_n_events (decoder), ==, 5);
    g_assert_cmpstr (kube_watch_decoder_get_resource_version (decoder), ==, "9");
    for (guint i = 0; i < 3; i++) {
      static const char *const names[] = { "a", "\xc3\xa9", "c" };
      const KubeChange *change = g_ptr_array_index (changes, i);

      g_assert_cmpstr (kube_object_get_name (change->object), ==, names[i]);
      g_assert_cmpint (change->deleted, ==, i == 2);
    }
  }
}

/* Without its end a line is nothing, even if it looks whole. */
static void
test_unfinished_line (void)
{
  g_autoptr (KubeWatchDecoder) decoder = new_decoder ();
  g_autoptr (GPtrArray) changes = kube_change_new_array ();
  static const char line[] =
    "{\"type\":\"ADDED\",\"object\":{\"metadata\":{\"name\":\"a\",\"resourceVersion\":\"5\"}}}";

  g_assert_cmpuint (kube_watch_decoder_feed (decoder, line, strlen (line)), ==, 0);
  g_assert_true (kube_watch_decoder_decode (decoder, changes, NULL));
  g_assert_cmpuint (changes->len, ==, 0);
  g_assert_null (kube_watch_decoder_get_resource_version (decoder));

  g_assert_cmpuint (kube_watch_decoder_feed (decoder, "\n", 1), ==, strlen (line) + 1);
  g_assert_true (kube_watch_decoder_decode (decoder, changes, NULL));
  g_assert_cmpuint (changes->len, ==, 1);
}

/* What came before an error counts. */
static void
test_error (void)
{
  g_autoptr (KubeWatchDecoder) decoder = new_decoder ();
  g_autoptr (GPtrArray) changes = kube_change_new_array ();
  g_autoptr (GError) error = NULL;
  static const char text[] =
    "{\"type\":\"ADDED\",\"object\":{\"metadata\":{\"name\":\"a\",\"resourceVersion\":\"5\"}}}\n"
    "{\"type\":\"ERROR\",\"object\":{\"kind\":\"Status\",\"code\":410,\"reason\":\"Expired\","
    "\"message\":\"too old resource version\"}}\n";

  g_assert_false (decode (decoder, text, strlen (text), changes, &error));
  g_assert_error (error, KUBE_ERROR, KUBE_ERROR_GONE);
  g_assert_cmpstr (error->message, ==, "too old resource version");
  g_assert_cmpuint (changes->len, ==, 1);
  g_assert_cmpuint (kube_watch_decoder_get_n_events (decoder), ==, 1);
}

static void
test_bad_lines (void)
{
  static const char *const lines[] = {
    "<html>\n",
    "{}\n",
    "null\n",
    "{\"type\":\"ADDED\"}\n",
    "{\"object\":{}}\n",
    "{\"type\":\"ADDED\",\"object\":null}\n",
    "{\"type\":\"ADDED\",\"object\":{}}\n",
    "{\"type\":\"ADDED\",\"object\":{\"metadata\":{\"name\":\"a\"}}\n",
    "{\"type\":\"ADDED\",\"object\":{\"metadata\":{\"name\":\"a\"}}} {}\n",
    "{\"type\":\"ADDED\",\"object\":{\"metadata\":{\"name\":\"\xff\"}}}\n",
    "{\"type\":\"ERROR\",\"object\":[}\n",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (lines); i++) {
    g_autoptr (KubeWatchDecoder) decoder = new_decoder ();
    g_autoptr (GPtrArray) changes = kube_change_new_array ();
    g_autoptr (GError) error = NULL;

    g_assert_false (decode (decoder, lines[i], 1000, changes, &error));
    g_assert_error (error, KUBE_ERROR, KUBE_ERROR_PROTOCOL);
    g_assert_null (kube_watch_decoder_get_resource_version (decoder));
  }
}

/* A line that never ends fills no memory. */
static void
test_too_long (void)
{
  g_autoptr (KubeWatchDecoder) decoder = new_decoder ();
  g_autoptr (GPtrArray) changes = kube_change_new_array ();
  g_autofree char *filler = g_strnfill (1024 * 1024, 'x');
  g_autoptr (GError) error = NULL;
  gsize fed = 0;

  while (kube_watch_decoder_feed (decoder, filler, 1024 * 1024) == 0)
    fed += 1024 * 1024;
  g_assert_cmpuint (fed, <=, KUBE_WATCH_DECODER_MAX_LINE_BYTES);
  g_assert_false (kube_watch_decoder_decode (decoder, changes, &error));
  g_assert_error (error, KUBE_ERROR, KUBE_ERROR_PROTOCOL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/kube/watch-decoder/any-chunk", test_any_chunk);
  g_test_add_func ("/kube/watch-decoder/unfinished-line", test_unfinished_line);
  g_test_add_func ("/kube/watch-decoder/error", test_error);
  g_test_add_func ("/kube/watch-decoder/bad-lines", test_bad_lines);
  g_test_add_func ("/kube/watch-decoder/too-long", test_too_long);
  return g_test_run ();
}
