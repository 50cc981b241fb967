/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "kube-error-private.h"

#include <string.h>

#include "base-json.h"

static GError *
from_text (guint status, const char *body)
{
  return kube_error_new_from_response (status, body, strlen (body));
}

static void
test_status_codes (void)
{
  static const struct {
    guint status;
    const char *body;
    KubeError code;
  } cases[] = {
    { 400, "{\"kind\":\"Status\",\"code\":400,\"message\":\"bad\"}", KUBE_ERROR_INVALID },
    { 401, "{\"kind\":\"Status\",\"code\":401,\"message\":\"Unauthorized\"}",
      KUBE_ERROR_UNAUTHORIZED },
    { 403, "{\"kind\":\"Status\",\"code\":403,\"message\":\"no\"}", KUBE_ERROR_FORBIDDEN },
    { 404, "{\"kind\":\"Status\",\"code\":404,\"message\":\"no\"}", KUBE_ERROR_NOT_FOUND },
    { 409, "{\"kind\":\"Status\",\"code\":409,\"reason\":\"AlreadyExists\",\"message\":\"x\"}",
      KUBE_ERROR_ALREADY_EXISTS },
    { 409, "{\"kind\":\"Status\",\"code\":409,\"reason\":\"Conflict\",\"message\":\"x\"}",
      KUBE_ERROR_CONFLICT },
    { 410, "{\"kind\":\"Status\",\"code\":410,\"reason\":\"Expired\",\"message\":\"x\"}",
      KUBE_ERROR_GONE },
    { 415, "{\"kind\":\"Status\",\"code\":415,\"message\":\"x\"}", KUBE_ERROR_INVALID },
    { 422, "{\"kind\":\"Status\",\"code\":422,\"message\":\"x is invalid\"}", KUBE_ERROR_INVALID },
    { 429, "{\"kind\":\"Status\",\"code\":429,\"message\":\"slow\"}", KUBE_ERROR_BUSY },
    { 500, "{\"kind\":\"Status\",\"code\":500,\"message\":\"x\"}", KUBE_ERROR_SERVER },
    { 503, "nothing here", KUBE_ERROR_SERVER },
    { 404, "404 page not found\n", KUBE_ERROR_NOT_FOUND },
    { 302, "", KUBE_ERROR_FAILED },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) error = from_text (cases[i].status, cases[i].body);

    g_assert_error (error, KUBE_ERROR, (int)cases[i].code);
    g_assert_cmpstr (error->message, !=, "");
  }
}

static void
test_message (void)
{
  g_autoptr (GError) named = from_text (
    404, "{\"kind\":\"Status\",\"code\":404,\"message\":\"pods \\\"redis\\\" not found\"}");
  g_autoptr (GError) denied =
    from_text (401, "{\"kind\":\"Status\",\"code\":401,\"message\":\"Unauthorized\"}");
  g_autoptr (GError) escaped = from_text (
    403, "{\"kind\":\"Status\",\"code\":403,\"message\":\"a\\u001b[31mred\\u0007\\n\\n  b\"}");

  g_assert_cmpstr (named->message, ==, "pods \"redis\" not found");
  g_assert_nonnull (strstr (denied->message, "Sign in again"));
  g_assert_cmpstr (escaped->message, ==, "a [31mred b");
}

/* A failed "test" of a JSON Patch is a conflict, in the words of a real server too. */
static void
test_patch_conflict (void)
{
  g_autoptr (GError) real = from_text (
    422, "{\"kind\":\"Status\",\"status\":\"Failure\",\"message\":\"the server rejected our "
         "request due to an error in our request\",\"reason\":\"Invalid\",\"details\":{},"
         "\"code\":422}");
  g_autoptr (GError) spelled = from_text (
    422, "{\"kind\":\"Status\",\"message\":\"testing value /metadata/uid failed: test failed\","
         "\"reason\":\"Invalid\",\"details\":{\"causes\":[{\"reason\":\"x\"}]},\"code\":422}");
  g_autoptr (GError) invalid = from_text (
    422, "{\"kind\":\"Status\",\"message\":\"Service \\\"x\\\" is invalid: spec.ports: Required "
         "value\",\"reason\":\"Invalid\",\"details\":{\"causes\":[{\"field\":\"spec.ports\"}]},"
         "\"code\":422}");

  g_assert_error (real, KUBE_ERROR, KUBE_ERROR_CONFLICT);
  g_assert_error (spelled, KUBE_ERROR, KUBE_ERROR_CONFLICT);
  g_assert_error (invalid, KUBE_ERROR, KUBE_ERROR_INVALID);
}

static void
test_in_stream (void)
{
  g_autoptr (JsonNode) expired = base_json_parse (
    "{\"kind\":\"Status\",\"code\":410,\"message\":\"too old resource version: 1 (9)\"}", -1, NULL);
  g_autoptr (JsonNode) gone =
    base_json_parse ("{\"kind\":\"Status\",\"reason\":\"Gone\"}", -1, NULL);
  g_autoptr (JsonNode) larger = base_json_parse (
    "{\"kind\":\"Status\",\"code\":504,\"message\":\"Timeout: Too large resource version\","
    "\"details\":{\"causes\":[{\"reason\":\"ResourceVersionTooLarge\"}],\"retryAfterSeconds\":1}}",
    -1, NULL);
  g_autoptr (JsonNode) nothing = base_json_parse ("{}", -1, NULL);
  g_autoptr (GError) first = kube_error_new_from_status (expired);
  g_autoptr (GError) second = kube_error_new_from_status (gone);
  g_autoptr (GError) third = kube_error_new_from_status (larger);
  g_autoptr (GError) fourth = kube_error_new_from_status (nothing);

  g_assert_error (first, KUBE_ERROR, KUBE_ERROR_GONE);
  g_assert_error (second, KUBE_ERROR, KUBE_ERROR_GONE);
  g_assert_error (third, KUBE_ERROR, KUBE_ERROR_GONE);
  g_assert_error (fourth, KUBE_ERROR, KUBE_ERROR_FAILED);
}

/* What a proxy writes: not JSON, long, with markup, not even UTF-8. */
static void
test_foreign_bodies (void)
{
  g_autoptr (GString) page = g_string_new ("<html>\n<head><title>502 Bad Gateway</title></head>");
  g_autoptr (GError) html = NULL;
  g_autoptr (GError) binary = kube_error_new_from_response (500, "\xff\x00\xfe text", 8);
  g_autoptr (GError) empty = kube_error_new_from_response (503, NULL, 0);
  g_autoptr (GError) truncated = from_text (500, "{\"kind\":\"Status\",\"mess");

  for (guint i = 0; i < 1000; i++)
    g_string_append (page, "<p>nginx &amp; more</p>");
  html = from_text (502, page->str);

  g_assert_error (html, KUBE_ERROR, KUBE_ERROR_SERVER);
  g_assert_nonnull (strstr (html->message, "502 Bad Gateway"));
  g_assert_null (strchr (html->message, '<'));
  g_assert_cmpint (g_utf8_strlen (html->message, -1), <, 300);
  g_assert_true (g_utf8_validate (binary->message, -1, NULL));
  g_assert_nonnull (strstr (empty->message, "503"));
  g_assert_error (truncated, KUBE_ERROR, KUBE_ERROR_SERVER);
}

static void
test_retry_after (void)
{
  g_autoptr (GError) error =
    from_text (429, "{\"kind\":\"Status\",\"code\":429,\"details\":{\"retryAfterSeconds\":7}}");
  g_autoptr (GError) copy = g_error_copy (error);
  g_autoptr (GError) other = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_FAILED, "x");

  g_assert_cmpuint (kube_error_get_retry_after (error), ==, 7);
  g_assert_cmpuint (kube_error_get_retry_after (copy), ==, 7);
  g_assert_cmpuint (kube_error_get_retry_after (other), ==, 0);
}

static void
test_transport (void)
{
  g_autoptr (GError) refused =
    g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED, "Connection refused");
  g_autoptr (GError) cancelled =
    g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "cancelled");
  g_autoptr (GError) first = kube_error_new_from_transport (refused, "api.example");
  g_autoptr (GError) second = kube_error_new_from_transport (cancelled, "api.example");
  g_autoptr (GError) third =
    kube_error_new_from_certificate (G_TLS_CERTIFICATE_BAD_IDENTITY, "api.example");

  g_assert_error (first, KUBE_ERROR, KUBE_ERROR_UNREACHABLE);
  g_assert_cmpstr (first->message, ==, "api.example cannot be reached: nothing listens there.");
  g_assert_error (second, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_error (third, KUBE_ERROR, KUBE_ERROR_TLS);
  g_assert_nonnull (strstr (third->message, "another name"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/kube/error/status-codes", test_status_codes);
  g_test_add_func ("/kube/error/message", test_message);
  g_test_add_func ("/kube/error/patch-conflict", test_patch_conflict);
  g_test_add_func ("/kube/error/in-stream", test_in_stream);
  g_test_add_func ("/kube/error/foreign-bodies", test_foreign_bodies);
  g_test_add_func ("/kube/error/retry-after", test_retry_after);
  g_test_add_func ("/kube/error/transport", test_transport);
  return g_test_run ();
}
