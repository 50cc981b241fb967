/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "base-json.h"
#include "practice-http-call.h"
#include "practice-programs.h"
#include "test-wait.h"

/* All limits and delays of these tests are so much shorter than in life. */
#define HASTE 20

/* What lies between the pods: it finds each by its name, and does what a VirtualService would. */
#define TEST_TYPE_MESH (test_mesh_get_type ())
G_DECLARE_FINAL_TYPE (TestMesh, test_mesh, TEST, MESH, GObject)

struct _TestMesh {
  GObject parent_instance;

  PracticeImageCatalog *images;
  PracticeProgram *details;
  PracticeProgram *reviews;
  PracticeProgram *ratings;

  guint ratings_delay_ms;
  guint ratings_abort;
  guint reviews_timeout_ms;
  guint reviews_status;      /* instead of asking it */
  const char *reviews_reply; /* likewise */
  const char *reviews_moved; /* where it redirects /reviews/0 to */
  gboolean details_down;

  GPtrArray *requests; /* of PracticeHttpRequest, as they left */
};

static void mesh_iface_init (PracticeHttpHandlerInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (TestMesh,
                               test_mesh,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (PRACTICE_TYPE_HTTP_HANDLER, mesh_iface_init))

static void
arrived_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  PracticeHttpResponse *response = practice_http_call_finish (result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
    response = practice_http_response_new (504, "text/plain", "upstream request timeout");
  if (response != NULL)
    g_task_return_pointer (task, response, (GDestroyNotify)practice_http_response_unref);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static gboolean
delayed_cb (gpointer user_data)
{
  GTask *task = user_data;
  TestMesh *self = g_task_get_source_object (task);

  if (!g_task_return_error_if_cancelled (task))
    practice_http_call_async (PRACTICE_HTTP_HANDLER (self->ratings), g_task_get_task_data (task),
                              60000, g_task_get_cancellable (task), arrived_cb,
                              g_object_ref (task));
  return G_SOURCE_REMOVE;
}

static void
ask_ratings (TestMesh *self, GTask *task)
{
  if (self->ratings_abort != 0)
    g_task_return_pointer (
      task, practice_http_response_new (self->ratings_abort, "text/plain", "fault filter abort"),
      (GDestroyNotify)practice_http_response_unref);
  else
    g_timeout_add_full (G_PRIORITY_DEFAULT, self->ratings_delay_ms / HASTE, delayed_cb,
                        g_object_ref (task), g_object_unref);
}

static void
ask_reviews (TestMesh *self, PracticeHttpRequest *request, GTask *task)
{
  if (self->reviews_moved != NULL &&
      g_str_equal (practice_http_request_get_target (request), "/reviews/0")) {
    PracticeHttpResponse *response = practice_http_response_new (301, NULL, "");

    soup_message_headers_append (practice_http_response_get_headers (response), "Location",
                                 self->reviews_moved);
    g_task_return_pointer (task, response, (GDestroyNotify)practice_http_response_unref);
  } else if (self->reviews_status != 0)
    g_task_return_pointer (
      task, practice_http_response_new (self->reviews_status, "text/plain", self->reviews_reply),
      (GDestroyNotify)practice_http_response_unref);
  else
    practice_http_call_async (PRACTICE_HTTP_HANDLER (self->reviews), request,
                              self->reviews_timeout_ms != 0 ? self->reviews_timeout_ms / HASTE
                                                            : 60000,
                              g_task_get_cancellable (task), arrived_cb, g_object_ref (task));
}

static void
mesh_handle_async (PracticeHttpHandler *handler,
                   PracticeHttpRequest *request,
                   GCancellable *cancellable,
                   GAsyncReadyCallback callback,
                   gpointer user_data)
{
  TestMesh *self = TEST_MESH (handler);
  const char *host = practice_http_request_get_host (request);
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);

  g_ptr_array_add (self->requests, practice_http_request_ref (request));
  g_task_set_task_data (task, practice_http_request_ref (request),
                        (GDestroyNotify)practice_http_request_unref);
  if (g_str_equal (host, "details:9080") && self->details_down)
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED, "refused");
  else if (g_str_equal (host, "details:9080"))
    practice_http_call_async (PRACTICE_HTTP_HANDLER (self->details), request, 60000, cancellable,
                              arrived_cb, g_steal_pointer (&task));
  else if (g_str_equal (host, "reviews:9080"))
    ask_reviews (self, request, task);
  else if (g_str_equal (host, "ratings:9080"))
    ask_ratings (self, task);
  else if (g_str_equal (host, "mongodb:27017"))
    g_task_return_pointer (
      task,
      practice_http_response_new (200, "application/json", "{\"Reviewer1\":5,\"Reviewer2\":4}"),
      (GDestroyNotify)practice_http_response_unref);
  else
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_HOST_UNREACHABLE, "no %s", host);
}

static PracticeHttpResponse *
mesh_handle_finish (PracticeHttpHandler *handler, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
mesh_iface_init (PracticeHttpHandlerInterface *iface)
{
  iface->handle_async = mesh_handle_async;
  iface->handle_finish = mesh_handle_finish;
}

static void
test_mesh_dispose (GObject *object)
{
  TestMesh *self = TEST_MESH (object);

  g_clear_object (&self->details);
  g_clear_object (&self->reviews);
  g_clear_object (&self->ratings);
  g_clear_object (&self->images);
  g_clear_pointer (&self->requests, g_ptr_array_unref);

  G_OBJECT_CLASS (test_mesh_parent_class)->dispose (object);
}

static void
test_mesh_class_init (TestMeshClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = test_mesh_dispose;
}

static void
test_mesh_init (TestMesh *self)
{
  g_autoptr (GError) error = NULL;

  self->images = practice_image_catalog_new (&error);
  g_assert_no_error (error);
  self->requests = g_ptr_array_new_with_free_func ((GDestroyNotify)practice_http_request_unref);
}

static PracticeProgram *
start (TestMesh *mesh, const char *name, const char *tag)
{
  g_autofree char *text =
    g_strdup_printf ("{\"metadata\":{\"name\":\"%s-pod\",\"namespace\":\"default\",\"uid\":\"1\"},"
                     "\"spec\":{\"containers\":[{\"name\":\"it\","
                     "\"image\":\"docker.io/istio/examples-bookinfo-%s:%s\"}]},"
                     "\"status\":{\"podIP\":\"10.4.0.2\"}}",
                     name, name, tag);
  g_autoptr (JsonNode) pod = base_json_parse (text, -1, NULL);
  JsonNode *container =
    json_array_get_element (base_json_get_array (pod, "spec", "containers", NULL), 0);
  PracticeLaunch *launch =
    practice_launch_new (mesh->images, pod, container, NULL, PRACTICE_HTTP_HANDLER (mesh), NULL);
  PracticeProgram *program;
  int status;

  launch->haste = HASTE;
  program =
    practice_programs_new (practice_image_catalog_get_server (mesh->images, container), launch);
  g_assert_nonnull (program);
  g_assert_true (practice_program_start (program, &status));
  g_assert_cmpuint (practice_program_get_port (program), ==, 9080);

  return program;
}

typedef struct {
  TestMesh *mesh;
  PracticeProgram *page;
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  self->mesh = g_object_new (TEST_TYPE_MESH, NULL);
  self->mesh->details = start (self->mesh, "details-v1", "1.15.0");
  self->mesh->ratings = start (self->mesh, "ratings-v1", "1.15.0");
  self->mesh->reviews = start (self->mesh, data != NULL ? data : "reviews-v2", "1.15.0");
  self->page = start (self->mesh, "productpage-v1", "1.15.0");
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  /* what was given up on may still be on its way */
  test_wait_finalize (self->page, 30);
  g_object_run_dispose (G_OBJECT (self->mesh));
  test_wait_finalize (self->mesh, 30);
}

static PracticeHttpResponse *
send (PracticeProgram *program, PracticeHttpRequest *request)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  PracticeHttpResponse *response;

  practice_http_handler_handle_async (PRACTICE_HTTP_HANDLER (program), request, NULL,
                                      test_wait_keep_result, &result);
  test_wait_for_pointer (&result, 30, "the response");
  response = practice_http_handler_handle_finish (PRACTICE_HTTP_HANDLER (program), result, &error);
  g_assert_no_error (error);

  return response;
}

static PracticeHttpRequest *
new_request (const char *method, const char *target, const char *text)
{
  g_autoptr (PracticePeer) peer = practice_peer_new ("10.0.192.10", NULL, NULL);
  g_autoptr (GBytes) body = text != NULL ? g_bytes_new (text, strlen (text)) : NULL;

  return practice_http_request_new (peer, method, "bookinfo", target, body);
}

/* The status, and the body in @text. */
static guint
ask (
  PracticeProgram *program, const char *method, const char *target, const char *body, char **text)
{
  g_autoptr (PracticeHttpRequest) request = new_request (method, target, body);
  g_autoptr (PracticeHttpResponse) response = send (program, request);
  GBytes *bytes = practice_http_response_get_body (response);

  g_free (*text);
  *text = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));

  return practice_http_response_get_status (response);
}

static void
test_details (Fixture *self, gconstpointer data)
{
  g_autofree char *text = NULL;

  g_assert_cmpuint (ask (self->mesh->details, "GET", "/details/0", NULL, &text), ==, 200);
  g_assert_cmpstr (text, ==,
                   "{\"id\":0,\"author\":\"William Shakespeare\",\"year\":1595,\"type\":"
                   "\"paperback\",\"pages\":200,\"publisher\":\"PublisherA\",\"language\":"
                   "\"English\",\"ISBN-10\":\"1234567890\",\"ISBN-13\":\"123-1234567890\"}");
  g_assert_cmpuint (ask (self->mesh->details, "GET", "/details/x", NULL, &text), ==, 400);
  g_assert_cmpuint (ask (self->mesh->details, "GET", "/details", NULL, &text), ==, 400);
  g_assert_cmpuint (ask (self->mesh->details, "GET", "/health", NULL, &text), ==, 200);
  g_assert_cmpuint (ask (self->mesh->details, "GET", "/", NULL, &text), ==, 404);
}

static void
test_ratings (Fixture *self, gconstpointer data)
{
  PracticeProgram *ratings = self->mesh->ratings;
  g_autofree char *text = NULL;

  g_assert_cmpuint (ask (ratings, "GET", "/ratings/0", NULL, &text), ==, 200);
  g_assert_cmpstr (text, ==, "{\"id\":0,\"ratings\":{\"Reviewer1\":5,\"Reviewer2\":4}}");
  g_assert_cmpuint (ask (ratings, "POST", "/ratings/0", "{\"Reviewer1\":1}", &text), ==, 200);
  g_assert_cmpstr (text, ==, "{\"id\":0,\"ratings\":{\"Reviewer1\":1}}");
  g_assert_cmpuint (ask (ratings, "GET", "/ratings/0", NULL, &text), ==, 200);
  g_assert_cmpstr (text, ==, "{\"id\":0,\"ratings\":{\"Reviewer1\":1}}");
  g_assert_cmpuint (ask (ratings, "GET", "/ratings/1", NULL, &text), ==, 200);
  g_assert_cmpstr (text, ==, "{\"id\":1,\"ratings\":{\"Reviewer1\":5,\"Reviewer2\":4}}");
  g_assert_cmpuint (ask (ratings, "POST", "/ratings/0", "{", &text), ==, 400);
  g_assert_cmpstr (text, ==, "{\"error\":\"please provide valid ratings JSON\"}");
  g_assert_cmpuint (ask (ratings, "POST", "/ratings/0", NULL, &text), ==, 400);
  g_assert_cmpuint (ask (ratings, "GET", "/ratings/x", NULL, &text), ==, 400);
  g_assert_cmpuint (ask (ratings, "GET", "/health", NULL, &text), ==, 200);
  g_assert_cmpstr (text, ==, "{\"status\":\"Ratings is healthy\"}");
  g_assert_cmpuint (ask (ratings, "GET", "/ratings", NULL, &text), ==, 404);
}

static void
test_ratings_v2 (Fixture *self, gconstpointer data)
{
  g_autoptr (PracticeProgram) ratings = start (self->mesh, "ratings-v2", "1.15.0");
  PracticeLaunch *launch = practice_program_get_launch (ratings);
  g_autofree char *text = NULL;

  g_assert_cmpuint (ask (ratings, "GET", "/ratings/0", NULL, &text), ==, 500);
  g_assert_cmpstr (text, ==, "{\"error\":\"could not connect to ratings database\"}");
  g_assert_cmpuint (ask (ratings, "POST", "/ratings/0", "{}", &text), ==, 501);

  /* what stands there answers as the database would */
  g_hash_table_insert (launch->environment, g_strdup ("MONGO_DB_URL"),
                       g_strdup ("mongodb://mongodb:27017/test"));
  g_assert_cmpuint (ask (ratings, "GET", "/ratings/3", NULL, &text), ==, 200);
  g_assert_cmpstr (text, ==, "{\"id\":3,\"ratings\":{\"Reviewer1\":5,\"Reviewer2\":4}}");
  g_hash_table_insert (launch->environment, g_strdup ("DB_TYPE"), g_strdup ("mysql"));
  g_assert_cmpuint (ask (ratings, "GET", "/ratings/3", NULL, &text), ==, 500);
}

static void
test_reviews (Fixture *self, gconstpointer data)
{
  const char *version = data;
  const char *color = g_str_equal (version, "reviews-v3") ? "red" : "black";
  gboolean plain = g_str_equal (version, "reviews-v1");
  g_autoptr (PracticeHttpRequest) request = new_request ("GET", "/reviews/0", NULL);
  g_autoptr (PracticeHttpResponse) response = NULL;
  g_autoptr (JsonNode) content = NULL;
  JsonArray *reviews;
  JsonNode *review;
  GBytes *body;

  soup_message_headers_replace (practice_http_request_get_headers (request), "end-user", "jason");
  soup_message_headers_replace (practice_http_request_get_headers (request), "cookie", "a=b");
  response = send (self->mesh->reviews, request);
  body = practice_http_response_get_body (response);
  content = base_json_parse (g_bytes_get_data (body, NULL), g_bytes_get_size (body), NULL);
  g_assert_cmpstr (base_json_get_string (content, "id", NULL), ==, "0");
  g_assert_null (base_json_get (content, "podname", NULL));
  reviews = base_json_get_array (content, "reviews", NULL);
  g_assert_cmpuint (json_array_get_length (reviews), ==, 2);
  review = json_array_get_element (reviews, 0);
  g_assert_cmpstr (base_json_get_string (review, "reviewer", NULL), ==, "Reviewer1");
  if (plain) {
    g_assert_null (base_json_get (review, "rating", NULL));
    g_assert_cmpuint (self->mesh->requests->len, ==, 0);
  } else {
    PracticeHttpRequest *asked = g_ptr_array_index (self->mesh->requests, 0);
    SoupMessageHeaders *headers = practice_http_request_get_headers (asked);

    g_assert_cmpint (base_json_get_int (review, 0, "rating", "stars", NULL), ==, 5);
    g_assert_cmpstr (base_json_get_string (review, "rating", "color", NULL), ==, color);
    g_assert_cmpstr (practice_http_request_get_target (asked), ==, "/ratings/0");
    g_assert_cmpstr (soup_message_headers_get_one (headers, "end-user"), ==, "jason");
    g_assert_null (soup_message_headers_get_one (headers, "cookie"));
    g_assert_cmpstr (practice_http_request_get_peer (asked)->namespace_, ==, "default");
  }
}

static void
test_reviews_today (Fixture *self, gconstpointer data)
{
  g_autoptr (PracticeProgram) reviews = start (self->mesh, "reviews-v1", "1.20.3");
  g_autofree char *text = NULL;

  g_assert_cmpuint (ask (reviews, "GET", "/reviews/7", NULL, &text), ==, 200);
  g_assert_true (g_str_has_prefix (text, "{\"id\": \"7\",\"podname\": \"reviews-v1-pod\","
                                         "\"clustername\": \"null\",\"reviews\": ["));
  g_assert_cmpuint (ask (reviews, "GET", "/reviews/x", NULL, &text), ==, 404);
  g_assert_cmpuint (ask (reviews, "POST", "/reviews/0", NULL, &text), ==, 405);
  g_assert_cmpuint (ask (reviews, "GET", "/health", NULL, &text), ==, 200);
}

typedef enum {
  STARS,
  NO_STARS,
  REVIEWS_ERROR,
  RATINGS_ERROR,
} Outcome;

typedef struct {
  const char *name;
  guint ratings_delay_ms;
  guint ratings_abort;
  guint reviews_timeout_ms;
  guint reviews_status;
  struct {
    guint ms;
    Outcome outcome;
  } expected[3]; /* v1, v2, v3 */
} Case;

static const Case cases[] = {
  { "none", 0, 0, 0, 0, { { 0, NO_STARS }, { 0, STARS }, { 0, STARS } } },
  { "delay of 2 s", 2000, 0, 0, 0, { { 0, NO_STARS }, { 2000, STARS }, { 2000, STARS } } },
  { "delay of 2 s, timeout of 0.5 s",
    2000,
    0,
    500,
    0,
    { { 0, NO_STARS }, { 1000, REVIEWS_ERROR }, { 1000, REVIEWS_ERROR } } },
  { "delay of 7 s",
    7000,
    0,
    0,
    0,
    { { 0, NO_STARS }, { 6000, REVIEWS_ERROR }, { 2500, RATINGS_ERROR } } },
  { "delay of 2.8 s",
    2800,
    0,
    0,
    0,
    { { 0, NO_STARS }, { 2800, STARS }, { 2500, RATINGS_ERROR } } },
  { "delay of 4 s, timeout of 4 s",
    4000,
    0,
    4000,
    0,
    { { 0, NO_STARS }, { 6000, REVIEWS_ERROR }, { 2500, RATINGS_ERROR } } },
  { "abort", 0, 500, 0, 0, { { 0, NO_STARS }, { 0, RATINGS_ERROR }, { 0, RATINGS_ERROR } } },
  { "no such subset",
    0,
    0,
    0,
    503,
    { { 0, REVIEWS_ERROR }, { 0, REVIEWS_ERROR }, { 0, REVIEWS_ERROR } } },
};

static void
check_page (const char *html, Outcome outcome, const char *color)
{
  g_autofree char *font = g_strdup_printf ("<font color=\"%s\">", color);

  g_assert_nonnull (strstr (html, "<title>Simple Bookstore App</title>"));
  g_assert_nonnull (strstr (html, "Book Details"));
  g_assert_nonnull (strstr (html, "PublisherA"));
  g_assert_true ((strstr (html, font) != NULL) == (outcome == STARS));
  g_assert_true ((strstr (html, "glyphicon glyphicon-star") != NULL) == (outcome == STARS));
  g_assert_true ((strstr (html, "Ratings service is currently unavailable") != NULL) ==
                 (outcome == RATINGS_ERROR));
  g_assert_true ((strstr (html, "Error fetching product reviews!") != NULL) ==
                 (outcome == REVIEWS_ERROR));
  g_assert_true ((strstr (html, "Sorry, product reviews are currently unavailable for this "
                                "book.") != NULL) == (outcome == REVIEWS_ERROR));
}

/* How long the page takes and what it shows, for each version of reviews. */
static void
test_times (Fixture *self, gconstpointer data)
{
  guint version = ((const char *)data)[strlen ("reviews-v")] - '1';

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    guint expected = cases[i].expected[version].ms / HASTE;
    g_autofree char *html = NULL;
    gint64 begin;
    guint took;

    self->mesh->ratings_delay_ms = cases[i].ratings_delay_ms;
    self->mesh->ratings_abort = cases[i].ratings_abort;
    self->mesh->reviews_timeout_ms = cases[i].reviews_timeout_ms;
    self->mesh->reviews_status = cases[i].reviews_status;
    self->mesh->reviews_reply = "";
    begin = g_get_monotonic_time ();
    g_assert_cmpuint (ask (self->page, "GET", "/productpage", NULL, &html), ==, 200);
    took = (g_get_monotonic_time () - begin) / 1000;
    g_test_message ("%s: %u ms, expected %u", cases[i].name, took, expected);
    g_assert_cmpuint (took + 2, >=, expected);
    check_page (html, cases[i].expected[version].outcome, version == 2 ? "red" : "black");
  }
}

static guint
count_requests (Fixture *self, const char *host)
{
  guint count = 0;

  for (guint i = 0; i < self->mesh->requests->len; i++)
    count += g_str_equal (
      practice_http_request_get_host (g_ptr_array_index (self->mesh->requests, i)), host);

  return count;
}

static void
test_second_attempt (Fixture *self, gconstpointer data)
{
  g_autofree char *text = NULL;

  self->mesh->reviews_status = 404;
  self->mesh->reviews_reply = "";
  g_assert_cmpuint (ask (self->page, "GET", "/api/v1/products/0/reviews", NULL, &text), ==, 404);
  g_assert_cmpstr (
    text, ==, "{\"error\": \"Sorry, product reviews are currently unavailable for this book.\"}");
  g_assert_cmpuint (count_requests (self, "reviews:9080"), ==, 2);

  /* not JSON: no second attempt, and no page */
  self->mesh->reviews_status = 200;
  self->mesh->reviews_reply = "<html>";
  g_assert_cmpuint (ask (self->page, "GET", "/productpage", NULL, &text), ==, 500);
  g_assert_cmpuint (count_requests (self, "reviews:9080"), ==, 3);
}

/* As python-requests does: a redirect is followed, to another host, too, but not for ever. */
static void
test_redirect (Fixture *self, gconstpointer data)
{
  g_autofree char *text = NULL;

  self->mesh->reviews_moved = "/reviews/1?x=y";
  g_assert_cmpuint (ask (self->page, "GET", "/api/v1/products/0/reviews", NULL, &text), ==, 200);
  g_assert_nonnull (strstr (text, "\"id\": \"1\""));
  g_assert_cmpuint (count_requests (self, "reviews:9080"), ==, 2);

  self->mesh->reviews_moved = "http://ratings:9080/ratings/7";
  g_assert_cmpuint (ask (self->page, "GET", "/api/v1/products/0/reviews", NULL, &text), ==, 200);
  g_assert_cmpstr (text, ==, "{\"id\": 7, \"ratings\": {\"Reviewer1\": 5, \"Reviewer2\": 4}}");
  g_assert_cmpuint (count_requests (self, "reviews:9080"), ==, 3);

  /* Thirty times, twice. */
  self->mesh->reviews_moved = "/reviews/0";
  g_assert_cmpuint (ask (self->page, "GET", "/api/v1/products/0/reviews", NULL, &text), ==, 500);
  g_assert_cmpuint (count_requests (self, "reviews:9080"), ==, 3 + 62);

  self->mesh->reviews_moved = "https://reviews:9080/";
  g_assert_cmpuint (ask (self->page, "GET", "/api/v1/products/0/reviews", NULL, &text), ==, 500);
}

static void
test_details_down (Fixture *self, gconstpointer data)
{
  g_autofree char *text = NULL;

  self->mesh->details_down = TRUE;
  g_assert_cmpuint (ask (self->page, "GET", "/productpage", NULL, &text), ==, 200);
  g_assert_nonnull (strstr (text, "Error fetching product details!"));
  g_assert_nonnull (strstr (text, "Book Reviews"));
  g_assert_cmpuint (ask (self->page, "GET", "/api/v1/products/0", NULL, &text), ==, 500);
  g_assert_cmpuint (count_requests (self, "details:9080"), ==, 2);
}

static void
test_api (Fixture *self, gconstpointer data)
{
  g_autofree char *text = NULL;

  g_assert_cmpuint (ask (self->page, "GET", "/api/v1/products", NULL, &text), ==, 200);
  g_assert_true (g_str_has_prefix (text, "[{\"id\": 0, \"title\": \"The Comedy of Errors\", "));
  g_assert_cmpuint (ask (self->page, "GET", "/api/v1/products/0/ratings", NULL, &text), ==, 200);
  g_assert_cmpstr (text, ==, "{\"id\": 0, \"ratings\": {\"Reviewer1\": 5, \"Reviewer2\": 4}}");
  g_assert_cmpuint (ask (self->page, "GET", "/api/v1/products/0/prices", NULL, &text), ==, 404);
  g_assert_cmpuint (ask (self->page, "GET", "/health", NULL, &text), ==, 200);
  g_assert_cmpuint (ask (self->page, "GET", "/", NULL, &text), ==, 200);
  g_assert_nonnull (strstr (text, "http://reviews:9080"));
  g_assert_cmpuint (ask (self->page, "GET", "/static/bookinfo.css", NULL, &text), ==, 200);
  g_assert_cmpuint (ask (self->page, "GET", "/static/other.css", NULL, &text), ==, 404);
  g_assert_cmpuint (ask (self->page, "GET", "/login", NULL, &text), ==, 405);
  g_assert_cmpuint (ask (self->page, "DELETE", "/productpage", NULL, &text), ==, 405);
}

/* The user of a request that goes on to @host; NULL: none was told. */
static const char *
get_last_user (Fixture *self, const char *host)
{
  const char *user = NULL;

  for (guint i = 0; i < self->mesh->requests->len; i++) {
    PracticeHttpRequest *request = g_ptr_array_index (self->mesh->requests, i);

    if (g_str_equal (practice_http_request_get_host (request), host))
      user = soup_message_headers_get_one (practice_http_request_get_headers (request), "end-user");
  }

  return user;
}

static void
test_session (Fixture *self, gconstpointer data)
{
  g_autoptr (PracticeHttpRequest) login = new_request ("POST", "/login", "username=jason&passwd=");
  g_autoptr (PracticeHttpRequest) nowhere = new_request ("POST", "/login?username=x", NULL);
  g_autoptr (PracticeHttpRequest) logout = new_request ("GET", "/logout", NULL);
  g_autoptr (PracticeHttpRequest) page = new_request ("GET", "/productpage", NULL);
  SoupMessageHeaders *page_headers = practice_http_request_get_headers (page);
  g_autoptr (PracticeHttpResponse) logged_in = NULL;
  g_autoptr (PracticeHttpResponse) lost = NULL;
  g_autoptr (PracticeHttpResponse) logged_out = NULL;
  g_autoptr (PracticeHttpResponse) shown = NULL;
  g_autoptr (PracticeHttpResponse) forged = NULL;
  g_autofree char *cookie = NULL;
  SoupMessageHeaders *headers;
  const char *set;

  soup_message_headers_replace (practice_http_request_get_headers (login), "Referer",
                                "http://elb/productpage");
  logged_in = send (self->page, login);
  headers = practice_http_response_get_headers (logged_in);
  g_assert_cmpuint (practice_http_response_get_status (logged_in), ==, 302);
  g_assert_cmpstr (soup_message_headers_get_one (headers, "Location"), ==,
                   "http://elb/productpage");
  set = soup_message_headers_get_one (headers, "Set-Cookie");
  g_assert_true (g_str_has_prefix (set, "session="));
  g_assert_true (g_str_has_suffix (set, "; HttpOnly; Path=/"));
  cookie = g_strndup (set, strcspn (set, ";"));

  lost = send (self->page, nowhere);
  g_assert_cmpstr (
    soup_message_headers_get_one (practice_http_response_get_headers (lost), "Location"), ==,
    "None");

  /* a client's own claim counts for nothing */
  soup_message_headers_replace (page_headers, "end-user", "mallory");
  soup_message_headers_replace (page_headers, "Cookie", cookie);
  soup_message_headers_replace (page_headers, "x-request-id", "42");
  shown = send (self->page, page);
  g_assert_cmpstr (get_last_user (self, "details:9080"), ==, "jason");
  g_assert_cmpstr (get_last_user (self, "reviews:9080"), ==, "jason");
  g_assert_cmpstr (get_last_user (self, "ratings:9080"), ==, "jason");
  g_assert_nonnull (
    strstr (g_bytes_get_data (practice_http_response_get_body (shown), NULL), ">jason ("));

  cookie[strlen (cookie) - 1] ^= 1;
  soup_message_headers_replace (page_headers, "Cookie", cookie);
  forged = send (self->page, page);
  g_assert_cmpuint (practice_http_response_get_status (forged), ==, 200);
  g_assert_null (get_last_user (self, "details:9080"));

  logged_out = send (self->page, logout);
  g_assert_true (g_str_has_prefix (
    soup_message_headers_get_one (practice_http_response_get_headers (logged_out), "Set-Cookie"),
    "session=; "));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, version, function)                                                               \
  g_test_add ("/practice/bookinfo" path, Fixture, version, set_up, function, tear_down)
  ADD ("/details", NULL, test_details);
  ADD ("/ratings", NULL, test_ratings);
  ADD ("/ratings-v2", NULL, test_ratings_v2);
  ADD ("/reviews-v1", "reviews-v1", test_reviews);
  ADD ("/reviews-v2", "reviews-v2", test_reviews);
  ADD ("/reviews-v3", "reviews-v3", test_reviews);
  ADD ("/reviews-today", NULL, test_reviews_today);
  ADD ("/times-v1", "reviews-v1", test_times);
  ADD ("/times-v2", "reviews-v2", test_times);
  ADD ("/times-v3", "reviews-v3", test_times);
  ADD ("/second-attempt", NULL, test_second_attempt);
  ADD ("/redirect", NULL, test_redirect);
  ADD ("/details-down", NULL, test_details_down);
  ADD ("/api", NULL, test_api);
  ADD ("/session", NULL, test_session);
#undef ADD

  return g_test_run ();
}
