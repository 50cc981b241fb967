/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gstdio.h>
#include <string.h>

#include "practice-dashboard-page.h"
#include "practice-download-site.h"
#include "practice-object.h"
#include "practice-ops-page.h"
#include "practice-ops-portal.h"
#include "test-wait.h"

/* The handlers of the add-ons' pages, asked without a network. */
typedef struct {
  char *folder;
  char *path;
  PracticeStore *store;
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  self->folder = g_dir_make_tmp ("konvoy-page-XXXXXX", &error);
  g_assert_no_error (error);
  self->path = g_build_filename (self->folder, "cluster.db", NULL);
  self->store = practice_store_new (self->path, &error);
  g_assert_no_error (error);
  practice_store_create (self->store, "/secrets", practice_ops_portal_new_secret (), &error);
  g_assert_no_error (error);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  g_assert_finalize_object (self->store);
  g_unlink (self->path);
  g_rmdir (self->folder);
  g_free (self->path);
  g_free (self->folder);
}

static void
handled_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  *(PracticeHttpResponse **)user_data =
    practice_http_handler_handle_finish (PRACTICE_HTTP_HANDLER (source), result, &error);
  g_assert_no_error (error);
}

static gboolean
has_answer (gpointer data)
{
  return *(PracticeHttpResponse **)data != NULL;
}

/* @body and @cookie (nullable) */
static PracticeHttpResponse *
ask (gpointer handler, const char *method, const char *target, const char *body, const char *cookie)
{
  g_autoptr (PracticePeer) peer = practice_peer_new ("10.210.0.2", NULL, NULL);
  g_autoptr (GBytes) bytes = body ? g_bytes_new (body, strlen (body)) : NULL;
  g_autoptr (PracticeHttpRequest) request =
    practice_http_request_new (peer, method, "portal", target, bytes);
  PracticeHttpResponse *response = NULL;

  if (cookie)
    soup_message_headers_append (practice_http_request_get_headers (request), "Cookie", cookie);
  practice_http_handler_handle_async (PRACTICE_HTTP_HANDLER (handler), request, NULL, handled_cb,
                                      &response);
  test_wait_until (has_answer, &response, 30, "an answer");

  return response;
}

static void
assert_says (PracticeHttpResponse *response, guint status, const char *text)
{
  GBytes *body = practice_http_response_get_body (response);

  g_assert_cmpuint (practice_http_response_get_status (response), ==, status);
  g_assert_nonnull (g_strstr_len (g_bytes_get_data (body, NULL), g_bytes_get_size (body), text));
}

/* Whoever has the credentials gets in; nobody else does, nor with an invented cookie. */
static void
test_login (Fixture *self, gconstpointer data)
{
  g_autoptr (PracticeOpsPage) page = practice_ops_page_new (self->store);
  g_autofree char *username = practice_ops_portal_dup_username (self->store);
  g_autofree char *password = practice_ops_portal_dup_password (self->store);
  g_autofree char *form = g_strdup_printf ("username=%s&password=%s", username, password);
  g_autofree char *wrong = g_strdup_printf ("username=%s&password=%sx", username, password);
  g_autofree char *cookie = NULL;
  g_autoptr (PracticeHttpResponse) welcome = ask (page, "GET", "/ops/landing", NULL, NULL);
  g_autoptr (PracticeHttpResponse) ask_name = ask (page, "GET", "/ops/portal/login", NULL, NULL);
  g_autoptr (PracticeHttpResponse) refused = ask (page, "POST", "/ops/portal/login", wrong, NULL);
  g_autoptr (PracticeHttpResponse) empty = ask (page, "POST", "/ops/portal/login", NULL, NULL);
  g_autoptr (PracticeHttpResponse) in = ask (page, "POST", "/ops/portal/login", form, NULL);
  g_autoptr (PracticeHttpResponse) guessed =
    ask (page, "GET", "/ops/portal", NULL, "ops_portal_session=guess");
  g_autoptr (PracticeHttpResponse) cards = NULL;
  const char *set_cookie =
    soup_message_headers_get_one (practice_http_response_get_headers (in), "Set-Cookie");

  g_assert_cmpuint (strlen (password), ==, 64);
  assert_says (welcome, 200, "Generate a kubectl token");
  assert_says (ask_name, 200, "name=\"password\"");
  assert_says (refused, 401, "wrong");
  assert_says (empty, 401, "wrong");
  assert_says (guessed, 200, "Log in");
  g_assert_cmpuint (practice_http_response_get_status (in), ==, 302);
  g_assert_nonnull (set_cookie);
  cookie = g_strndup (set_cookie, strcspn (set_cookie, ";"));
  cards = ask (page, "GET", "/ops/portal/", NULL, cookie);
  assert_says (cards, 200, "Kiali");
  assert_says (cards, 200, "Not part of the practice cluster.");
}

static void
test_unknown (Fixture *self, gconstpointer data)
{
  g_autoptr (PracticeOpsPage) page = practice_ops_page_new (self->store);
  g_autoptr (PracticeHttpResponse) response = ask (page, "GET", "/ops/portal/<script>", NULL, NULL);

  g_assert_cmpuint (practice_http_response_get_status (response), ==, 404);
}

/* What a student names is text, never HTML. */
static void
test_dashboard (Fixture *self, gconstpointer data)
{
  g_autoptr (PracticeDashboardPage) page = practice_dashboard_page_new (self->store);
  g_autoptr (GError) error = NULL;
  g_autoptr (PracticeHttpResponse) response = NULL;

  practice_store_create (self->store, "/services",
                         practice_object_new ("v1", "Service", "default", "a<b>"), &error);
  g_assert_no_error (error);
  response = ask (page, "GET", "/ops/portal/kubernetes-dashboard/", NULL, NULL);
  assert_says (response, 200, "<td>a&lt;b&gt;</td>");
}

/* The archive as tar itself reads it. */
static void
test_download (Fixture *self, gconstpointer data)
{
  g_autoptr (PracticeDownloadSite) site = practice_download_site_new ();
  g_autoptr (PracticeHttpResponse) script = ask (site, "GET", "/downloadIstio", NULL, NULL);
  g_autoptr (PracticeHttpResponse) archive =
    ask (site, "GET", "/istio/istio/releases/download/1.4.0/istio-1.4.0-linux.tar.gz", NULL, NULL);
  g_autoptr (PracticeHttpResponse) other =
    ask (site, "GET", "/istio/istio/releases/download/1.5.0/istio-1.5.0-linux.tar.gz", NULL, NULL);
  g_autoptr (PracticeHttpResponse) written = ask (site, "POST", "/downloadIstio", "x", NULL);
  g_autofree char *tar_path = g_find_program_in_path ("tar");
  g_autoptr (GSubprocess) tar = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) list = NULL;

  assert_says (script, 200, "ISTIO_VERSION");
  g_assert_cmpuint (practice_http_response_get_status (other), ==, 404);
  g_assert_cmpuint (practice_http_response_get_status (written), ==, 405);
  if (!tar_path) {
    g_test_skip ("there is no tar");
    return;
  }
  tar = g_subprocess_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error,
                          tar_path, "tvzf", "-", NULL);
  g_assert_no_error (error);
  g_subprocess_communicate (tar, practice_http_response_get_body (archive), NULL, &list, NULL,
                            &error);
  g_assert_no_error (error);
  g_assert_cmpint (g_subprocess_get_exit_status (tar), ==, 0);
  g_assert_nonnull (g_strstr_len (g_bytes_get_data (list, NULL), g_bytes_get_size (list),
                                  " istio-1.4.0/samples/bookinfo/platform/kube/bookinfo.yaml\n"));
  g_assert_true (g_str_has_prefix (g_bytes_get_data (list, NULL), "drwxr-xr-x "));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, func)                                                                            \
  g_test_add ("/practice-ops-page/" path, Fixture, NULL, set_up, func, tear_down)
  ADD ("login", test_login);
  ADD ("unknown", test_unknown);
  ADD ("dashboard", test_dashboard);
  ADD ("download", test_download);
#undef ADD

  return g_test_run ();
}
