/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-product-page.h"

#include <string.h>

#include "base-json.h"
#include "practice-product-view.h"
#include "practice-python-json.h"
#include "practice-resources.h"
#include "practice-user-session.h"

#define HTML "text/html; charset=utf-8"
#define JSON "application/json"
#define STYLE "/io/github/konvoylab/practice/bookinfo.css"
#define PRODUCTS "/api/v1/products"

/**
 * PracticeProductPage:
 *
 * Bookinfo's productpage (https://istio.io/latest/docs/examples/bookinfo/): asks details, then
 * reviews, and puts a page together of what it got; the page is there whatever failed.
 */
struct _PracticeProductPage {
  PracticeProgram parent_instance;
};

G_DEFINE_FINAL_TYPE (PracticeProductPage, practice_product_page, PRACTICE_TYPE_PROGRAM)

/* A page that is being put together. */
typedef struct {
  GTask *task;                 /* (owned) */
  char *user;                  /* (owned) (nullable) */
  PracticeBookAnswer *details; /* (owned) (nullable): comes first */
} Page;

static void
page_free (Page *self)
{
  g_clear_object (&self->task);
  g_clear_pointer (&self->details, practice_book_answer_free);
  g_free (self->user);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Page, page_free)

static gboolean
practice_product_page_start (PracticeProgram *program, int *status)
{
  PracticeLaunch *launch = practice_program_get_launch (program);

  practice_launch_print (launch, "INFO:root:start at port %u", launch->port);
  practice_launch_print (
    launch, "INFO:werkzeug: * Running on http://[::]:%u/ (Press CTRL+C to quit)", launch->port);

  return TRUE;
}

static void
return_response (GTask *task, guint status, const char *type, const char *body)
{
  g_task_return_pointer (task, practice_http_response_new (status, type, body),
                         (GDestroyNotify)practice_http_response_unref);
}

static void
return_json (GTask *task, guint status, JsonNode *content)
{
  g_autofree char *text = practice_python_json_dup (content);

  return_response (task, status, JSON, text);
}

static void
return_error (GTask *task, guint status)
{
  const char *phrase = soup_status_get_phrase (status);
  g_autofree char *body = g_strdup_printf ("<!DOCTYPE HTML>\n<title>%u %s</title>\n<h1>%s</h1>\n",
                                           status, phrase, phrase);

  return_response (task, status, "text/html", body);
}

static PracticeBookAnswer *
finish_call (GTask *task, GAsyncResult *result)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PracticeBookAnswer) answer = practice_book_call_finish (result, &error);

  if (answer == NULL) {
    g_task_return_error (task, g_steal_pointer (&error));
    return NULL;
  }
  /* A success that is no JSON is what the real page falls over, without trying again. */
  if (answer->content == NULL) {
    return_error (task, 500);
    return NULL;
  }

  return g_steal_pointer (&answer);
}

static void
page_reviews_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Page) page = user_data;
  g_autoptr (PracticeBookAnswer) reviews = finish_call (page->task, result);
  g_autofree char *html = NULL;

  if (reviews == NULL)
    return;
  html = practice_product_view_dup_page (page->user, page->details, reviews);
  return_response (page->task, 200, HTML, html);
}

static void
page_details_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Page) page = user_data;
  GTask *task = page->task;
  const char *user = page->user;

  page->details = finish_call (task, result);
  if (page->details != NULL)
    practice_book_call_async (
      PRACTICE_PROGRAM (source), PRACTICE_BOOK_REVIEWS, "0", practice_program_get_request (task),
      user, g_task_get_cancellable (task), page_reviews_cb, g_steal_pointer (&page));
}

static void
respond_page (PracticeProgram *program, PracticeHttpRequest *request, GTask *task)
{
  Page *page = g_new0 (Page, 1);

  page->task = g_object_ref (task);
  page->user = practice_user_session_dup_user (request);
  practice_book_call_async (program, PRACTICE_BOOK_DETAILS, "0", request, page->user,
                            g_task_get_cancellable (task), page_details_cb, page);
}

static void
part_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (PracticeBookAnswer) answer = finish_call (task, result);

  if (answer != NULL)
    return_json (task, answer->status, answer->content);
}

/* "/0" is what details says, "/0/reviews" and "/0/ratings" are as they say. */
static void
respond_product (PracticeProgram *program,
                 PracticeHttpRequest *request,
                 const char *path,
                 GTask *task)
{
  g_auto (GStrv) pieces = g_strsplit (path + strlen (PRODUCTS "/"), "/", 3);
  g_autofree char *user = practice_user_session_dup_user (request);
  guint n_pieces = g_strv_length (pieces);
  PracticeBookPart part = PRACTICE_BOOK_DETAILS;

  if (n_pieces == 2 && g_str_equal (pieces[1], "reviews")) {
    part = PRACTICE_BOOK_REVIEWS;
  } else if (n_pieces == 2 && g_str_equal (pieces[1], "ratings")) {
    part = PRACTICE_BOOK_RATINGS;
  } else if (n_pieces != 1 || *pieces[0] == '\0') {
    return_error (task, 404);
    return;
  }
  practice_book_call_async (program, part, pieces[0], request, user, g_task_get_cancellable (task),
                            part_cb, g_object_ref (task));
}

/* Back to where the visitor came from; the real one has nowhere to send those who do not say. */
static void
return_redirect (GTask *task, PracticeHttpRequest *request, const char *user)
{
  const char *referer = practice_http_request_get_header (request, "Referer");
  g_autofree char *cookie = practice_user_session_dup_cookie (user);
  g_autoptr (PracticeHttpResponse) response = practice_http_response_new (
    302, HTML, "<!DOCTYPE HTML>\n<title>Redirecting...</title>\n<h1>Redirecting...</h1>\n");
  SoupMessageHeaders *headers = practice_http_response_get_headers (response);

  soup_message_headers_replace (headers, "Location", referer != NULL ? referer : "None");
  soup_message_headers_replace (headers, "Set-Cookie", cookie);
  g_task_return_pointer (task, g_steal_pointer (&response),
                         (GDestroyNotify)practice_http_response_unref);
}

/* The name is in the form or in the query; there is no password to check. */
static void
respond_login (PracticeHttpRequest *request, GTask *task)
{
  const char *query = strchr (practice_http_request_get_target (request), '?');
  GBytes *body = practice_http_request_get_body (request);
  g_autofree char *text =
    body != NULL ? g_strndup (g_bytes_get_data (body, NULL), g_bytes_get_size (body)) : NULL;
  g_autoptr (GHashTable) asked = soup_form_decode (query != NULL ? query + 1 : "");
  g_autoptr (GHashTable) form = soup_form_decode (text != NULL ? text : "");
  const char *user = g_hash_table_lookup (asked, "username");

  if (user == NULL)
    user = g_hash_table_lookup (form, "username");
  return_redirect (task, request, user != NULL ? user : "");
}

static void
respond_style (GTask *task)
{
  g_autoptr (GBytes) style =
    g_resource_lookup_data (practice_get_resource (), STYLE, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);

  g_task_return_pointer (task,
                         practice_http_response_new_bytes (200, "text/css; charset=utf-8", style),
                         (GDestroyNotify)practice_http_response_unref);
}

static void
respond_index (PracticeProgram *program, GTask *task)
{
  PracticeLaunch *launch = practice_program_get_launch (program);
  g_autofree char *details = practice_book_part_dup_host (PRACTICE_BOOK_DETAILS, launch);
  g_autofree char *reviews = practice_book_part_dup_host (PRACTICE_BOOK_REVIEWS, launch);
  g_autofree char *ratings = practice_book_part_dup_host (PRACTICE_BOOK_RATINGS, launch);
  g_autofree char *html = practice_product_view_dup_index (details, reviews, ratings);

  return_response (task, 200, HTML, html);
}

static void
respond_get (PracticeProgram *program, PracticeHttpRequest *request, const char *path, GTask *task)
{
  g_autoptr (JsonNode) products = NULL;

  if (g_str_equal (path, "/") || g_str_equal (path, "/index.html")) {
    respond_index (program, task);
  } else if (g_str_equal (path, "/productpage")) {
    respond_page (program, request, task);
  } else if (g_str_equal (path, "/health")) {
    return_response (task, 200, HTML, "Product page is healthy");
  } else if (g_str_equal (path, "/logout")) {
    return_redirect (task, request, NULL);
  } else if (g_str_equal (path, "/static/bookinfo.css")) {
    respond_style (task);
  } else if (g_str_equal (path, PRODUCTS)) {
    products = practice_product_view_new_products ();
    return_json (task, 200, products);
  } else if (g_str_has_prefix (path, PRODUCTS "/")) {
    respond_product (program, request, path, task);
  } else {
    return_error (task, g_str_equal (path, "/login") ? 405 : 404);
  }
}

static void
practice_product_page_respond_later (PracticeProgram *program,
                                     PracticeHttpRequest *request,
                                     GTask *task)
{
  const char *method = practice_http_request_get_method (request);
  g_autofree char *path = practice_http_request_dup_path (request);

  if (g_str_equal (method, "GET") || g_str_equal (method, "HEAD"))
    respond_get (program, request, path, task);
  else if (g_str_equal (method, "POST") && g_str_equal (path, "/login"))
    respond_login (request, task);
  else
    return_error (task, 405);
}

static void
practice_product_page_log (PracticeProgram *program,
                           PracticeHttpRequest *request,
                           PracticeHttpResponse *response,
                           double milliseconds)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autofree char *time = g_date_time_format (now, "%d/%b/%Y %H:%M:%S");

  practice_launch_print (practice_program_get_launch (program),
                         "INFO:werkzeug:::ffff:%s - - [%s] \"%s %s HTTP/1.1\" %u -",
                         practice_http_request_get_peer (request)->address, time,
                         practice_http_request_get_method (request),
                         practice_http_request_get_target (request),
                         practice_http_response_get_status (response));
}

static void
practice_product_page_class_init (PracticeProductPageClass *klass)
{
  PracticeProgramClass *program_class = PRACTICE_PROGRAM_CLASS (klass);

  program_class->start = practice_product_page_start;
  program_class->respond_later = practice_product_page_respond_later;
  program_class->log = practice_product_page_log;
}

static void
practice_product_page_init (PracticeProductPage *self)
{
}
