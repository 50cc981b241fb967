/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-ratings-program.h"

#include <string.h>

#include "base-json.h"

#define JSON "application/json"
#define MAX_BOOKS 1000
#define LATE_MS 7000
#define DATABASE_MS 10000

/**
 * PracticeRatingsProgram:
 *
 * Bookinfo's ratings (https://istio.io/latest/docs/examples/bookinfo/). What is posted is kept in
 * memory, for its pod alone. The version v2 asks a database; the others misbehave on purpose.
 */
struct _PracticeRatingsProgram {
  PracticeProgram parent_instance;

  const char *version;
  GHashTable *posted; /* number of a book, as text, to its JSON */
  gint64 started;     /* monotonic */
};

G_DEFINE_FINAL_TYPE (PracticeRatingsProgram, practice_ratings_program, PRACTICE_TYPE_PROGRAM)

static gboolean
practice_ratings_program_start (PracticeProgram *program, int *status)
{
  PracticeRatingsProgram *self = PRACTICE_RATINGS_PROGRAM (program);
  PracticeLaunch *launch = practice_program_get_launch (program);

  self->version = practice_launch_get (launch, "SERVICE_VERSION", "v1");
  self->started = g_get_monotonic_time ();
  practice_launch_print (launch, "Server listening on: http://0.0.0.0:%u",
                         practice_program_get_port (program));

  return TRUE;
}

/* As JavaScript's parseInt() of what is behind the last "/"; FALSE: not a number. */
static gboolean
parse_book (const char *path, gint64 *book)
{
  const char *text = g_strrstr (path, "/") + 1;
  char *end;

  *book = g_ascii_strtoll (text, &end, 10);

  return end != text;
}

static PracticeHttpResponse *
new_error (guint status, const char *text)
{
  g_autofree char *body = g_strdup_printf ("{\"error\":\"%s\"}", text);

  return practice_http_response_new (status, JSON, body);
}

static PracticeHttpResponse *
respond_ratings (PracticeRatingsProgram *self, gint64 book)
{
  g_autofree char *key = g_strdup_printf ("%" G_GINT64_FORMAT, book);
  const char *posted = g_hash_table_lookup (self->posted, key);
  g_autofree char *body = NULL;

  body = g_strdup_printf ("{\"id\":%s,\"ratings\":%s}", key,
                          posted != NULL ? posted : "{\"Reviewer1\":5,\"Reviewer2\":4}");

  return practice_http_response_new (200, JSON, body);
}

static PracticeHttpResponse *
post_ratings (PracticeRatingsProgram *self, PracticeHttpRequest *request, gint64 book)
{
  GBytes *body = practice_http_request_get_body (request);
  g_autoptr (JsonNode) ratings = NULL;

  if (body != NULL)
    ratings = base_json_parse (g_bytes_get_data (body, NULL), g_bytes_get_size (body), NULL);
  if (ratings == NULL)
    return new_error (400, "please provide valid ratings JSON");
  if (g_str_equal (self->version, "v2"))
    return new_error (501, "Post not implemented for database backed ratings");
  if (g_hash_table_size (self->posted) >= MAX_BOOKS)
    g_hash_table_remove_all (self->posted);
  g_hash_table_insert (self->posted, g_strdup_printf ("%" G_GINT64_FORMAT, book),
                       base_json_write (ratings, FALSE));

  return respond_ratings (self, book);
}

/* Whether a version that is down now and then is so: the first half of each time. */
static gboolean
is_down (PracticeRatingsProgram *self, guint seconds)
{
  gint64 age = (g_get_monotonic_time () - self->started) / G_USEC_PER_SEC;

  return (age / seconds) % 2 == 1;
}

static PracticeHttpResponse *
get_ratings (PracticeRatingsProgram *self, gint64 book)
{
  if (g_str_equal (self->version, "v-faulty") && g_random_boolean ())
    return new_error (503, "Service unavailable");
  if (g_str_equal (self->version, "v-unavailable") && is_down (self, 60))
    return new_error (503, "Service unavailable");
  if (g_str_equal (self->version, "v-unhealthy") && is_down (self, 15 * 60))
    return new_error (500, "Ratings is not healthy");

  return respond_ratings (self, book);
}

static PracticeHttpResponse *
respond (PracticeRatingsProgram *self, PracticeHttpRequest *request)
{
  const char *method = practice_http_request_get_method (request);
  g_autofree char *path = practice_http_request_dup_path (request);
  gint64 book;

  if (g_str_has_prefix (path, "/ratings/")) {
    if (!parse_book (path, &book))
      return new_error (400, "please provide numeric product ID");
    if (g_str_equal (method, "GET"))
      return get_ratings (self, book);
    if (g_str_equal (method, "POST"))
      return post_ratings (self, request, book);
  }
  if (g_str_equal (path, "/health") && g_str_equal (method, "GET")) {
    if (g_str_equal (self->version, "v-unhealthy") && is_down (self, 15 * 60))
      return practice_http_response_new (500, JSON, "{\"status\":\"Ratings is not healthy\"}");
    return practice_http_response_new (200, JSON, "{\"status\":\"Ratings is healthy\"}");
  }

  return practice_http_response_new (404, NULL, "");
}

static gboolean
late_cb (gpointer user_data)
{
  GTask *task = user_data;

  if (!g_task_return_error_if_cancelled (task))
    g_task_return_pointer (
      task, respond (g_task_get_source_object (task), practice_program_get_request (task)),
      (GDestroyNotify)practice_http_response_unref);

  return G_SOURCE_REMOVE;
}

static void
found_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autofree char *path = practice_http_request_dup_path (practice_program_get_request (task));
  g_autoptr (PracticeHttpResponse) found =
    practice_program_call_finish (PRACTICE_PROGRAM (source), result, NULL);
  PracticeHttpResponse *response;
  gint64 book;

  if (found != NULL && practice_http_response_get_status (found) == 200 &&
      parse_book (path, &book)) {
    GBytes *body = practice_http_response_get_body (found);
    g_autofree char *text =
      g_strdup_printf ("{\"id\":%" G_GINT64_FORMAT ",\"ratings\":%.*s}", book,
                       (int)g_bytes_get_size (body), (const char *)g_bytes_get_data (body, NULL));

    response = practice_http_response_new (200, JSON, text);
  } else {
    response = new_error (500, "could not connect to ratings database");
  }
  g_task_return_pointer (task, response, (GDestroyNotify)practice_http_response_unref);
}

/* (nullable): name and port of the database, by the variables of its kind. */
static char *
dup_database (PracticeLaunch *launch)
{
  const char *url = practice_launch_get (launch, "MONGO_DB_URL", "");
  const char *scheme_end = strstr (url, "://");
  const char *host = scheme_end != NULL ? scheme_end + strlen ("://") : url;

  if (g_str_equal (practice_launch_get (launch, "DB_TYPE", ""), "mysql"))
    return g_strdup_printf ("%s:%s", practice_launch_get (launch, "MYSQL_DB_HOST", "mysqldb"),
                            practice_launch_get (launch, "MYSQL_DB_PORT", "3306"));

  return g_strndup (host, strcspn (host, "/?"));
}

static void
ask_database (PracticeProgram *program, GTask *task)
{
  g_autofree char *database = dup_database (practice_program_get_launch (program));
  g_autoptr (PracticeHttpRequest) question = practice_program_new_request (program, database, "/");

  practice_program_call_async (program, question, DATABASE_MS, g_task_get_cancellable (task),
                               found_cb, g_object_ref (task));
}

static gboolean
is_for_database (PracticeRatingsProgram *self, PracticeHttpRequest *request)
{
  g_autofree char *path = practice_http_request_dup_path (request);
  gint64 book;

  return g_str_equal (self->version, "v2") && g_str_has_prefix (path, "/ratings/") &&
         parse_book (path, &book) &&
         g_str_equal (practice_http_request_get_method (request), "GET");
}

static void
practice_ratings_program_respond_later (PracticeProgram *program,
                                        PracticeHttpRequest *request,
                                        GTask *task)
{
  PracticeRatingsProgram *self = PRACTICE_RATINGS_PROGRAM (program);
  PracticeLaunch *launch = practice_program_get_launch (program);
  gboolean late = g_str_equal (self->version, "v-delayed") && g_random_boolean ();
  g_autoptr (GSource) source = NULL;

  practice_launch_print (launch, "%s %s", practice_http_request_get_method (request),
                         practice_http_request_get_target (request));
  if (is_for_database (self, request)) {
    ask_database (program, task);
    return;
  }
  if (!late) {
    g_task_return_pointer (task, respond (self, request),
                           (GDestroyNotify)practice_http_response_unref);
    return;
  }

  source = g_timeout_source_new (LATE_MS / launch->haste);
  g_source_set_callback (source, late_cb, g_object_ref (task), g_object_unref);
  g_source_attach (source, g_main_context_get_thread_default ());
}

static void
practice_ratings_program_finalize (GObject *object)
{
  PracticeRatingsProgram *self = PRACTICE_RATINGS_PROGRAM (object);

  g_hash_table_unref (self->posted);

  G_OBJECT_CLASS (practice_ratings_program_parent_class)->finalize (object);
}

static void
practice_ratings_program_class_init (PracticeRatingsProgramClass *klass)
{
  PracticeProgramClass *program_class = PRACTICE_PROGRAM_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = practice_ratings_program_finalize;

  program_class->start = practice_ratings_program_start;
  program_class->respond_later = practice_ratings_program_respond_later;
}

static void
practice_ratings_program_init (PracticeRatingsProgram *self)
{
  self->posted = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
}
