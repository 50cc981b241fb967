/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-reviews-program.h"

#include <string.h>

#include "base-json.h"
#include "practice-bookinfo-headers.h"

#define JSON "application/json"
#define NO_STARS G_MININT64

/* How long it waits for ratings: the versions with black stars, and the others. */
#define PATIENT_MS 10000
#define IMPATIENT_MS 2500

/**
 * PracticeReviewsProgram:
 *
 * Bookinfo's reviews (https://istio.io/latest/docs/examples/bookinfo/). Its versions are one
 * program: ENABLE_RATINGS and STAR_COLOR tell them apart.
 */
struct _PracticeReviewsProgram {
  PracticeProgram parent_instance;

  gboolean has_ratings;
  const char *color;
  char *ratings; /* name and port of the service that it asks */
};

G_DEFINE_FINAL_TYPE (PracticeReviewsProgram, practice_reviews_program, PRACTICE_TYPE_PROGRAM)

static const struct {
  const char *name;
  const char *text;
} reviewers[] = {
  { "Reviewer1",
    "An extremely entertaining play by Shakespeare. The slapstick humour is refreshing!" },
  { "Reviewer2", "Absolutely fun and entertaining. The play lacks thematic depth when compared to "
                 "other plays by Shakespeare." },
};

static gboolean
practice_reviews_program_start (PracticeProgram *program, int *status)
{
  PracticeReviewsProgram *self = PRACTICE_REVIEWS_PROGRAM (program);
  PracticeLaunch *launch = practice_program_get_launch (program);
  const char *domain = practice_launch_get (launch, "SERVICES_DOMAIN", NULL);

  self->has_ratings =
    g_ascii_strcasecmp (practice_launch_get (launch, "ENABLE_RATINGS", ""), "true") == 0;
  self->color = practice_launch_get (launch, "STAR_COLOR", "black");
  self->ratings =
    g_strdup_printf ("%s%s%s:%s", practice_launch_get (launch, "RATINGS_HOSTNAME", "ratings"),
                     domain != NULL ? "." : "", domain != NULL ? domain : "",
                     practice_launch_get (launch, "RATINGS_SERVICE_PORT", "9080"));
  practice_launch_print (launch,
                         "[AUDIT   ] CWWKF0011I: The server defaultServer is ready to run a "
                         "smarter planet.");

  return TRUE;
}

static void
append_review (PracticeReviewsProgram *self, GString *text, guint reviewer, JsonNode *ratings)
{
  gint64 stars = base_json_get_int (ratings, NO_STARS, "ratings", reviewers[reviewer].name, NULL);

  g_string_append_printf (text, "{  \"reviewer\": \"%s\",  \"text\": \"%s\"",
                          reviewers[reviewer].name, reviewers[reviewer].text);
  if (self->has_ratings && stars != NO_STARS)
    g_string_append_printf (text,
                            ", \"rating\": {\"stars\": %" G_GINT64_FORMAT ", \"color\": \"%s\"}",
                            stars, self->color);
  else if (self->has_ratings)
    g_string_append (text,
                     ", \"rating\": {\"error\": \"Ratings service is currently unavailable\"}");
  g_string_append_c (text, '}');
}

/* (nullable) @ratings: what the ratings service said. */
static void
return_reviews (GTask *task, JsonNode *ratings)
{
  PracticeReviewsProgram *self = g_task_get_source_object (task);
  PracticeLaunch *launch = practice_program_get_launch (PRACTICE_PROGRAM (self));
  g_autofree char *path = practice_http_request_dup_path (practice_program_get_request (task));
  g_autoptr (GString) text = g_string_new (NULL);

  g_string_append_printf (text, "{\"id\": \"%s\",", path + strlen ("/reviews/"));
  if (practice_launch_is_tagged_since (launch, 1, 17))
    g_string_append_printf (text, "\"podname\": \"%s\",\"clustername\": \"%s\",",
                            practice_launch_get (launch, "HOSTNAME", "null"),
                            practice_launch_get (launch, "CLUSTER_NAME", "null"));
  g_string_append (text, "\"reviews\": [");
  append_review (self, text, 0, ratings);
  g_string_append_c (text, ',');
  append_review (self, text, 1, ratings);
  g_string_append (text, "]}");

  g_task_return_pointer (task, practice_http_response_new (200, JSON, text->str),
                         (GDestroyNotify)practice_http_response_unref);
}

static void
rated_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  PracticeProgram *program = PRACTICE_PROGRAM (source);
  PracticeReviewsProgram *self = PRACTICE_REVIEWS_PROGRAM (program);
  PracticeLaunch *launch = practice_program_get_launch (program);
  g_autoptr (GError) error = NULL;
  g_autoptr (PracticeHttpResponse) response =
    practice_program_call_finish (program, result, &error);
  g_autoptr (JsonNode) ratings = NULL;

  if (response == NULL) {
    practice_launch_print (launch,
                           "Error: unable to contact http://%s/ratings got exception "
                           "javax.ws.rs.ProcessingException: %s",
                           self->ratings, error->message);
  } else if (practice_http_response_get_status (response) != 200) {
    practice_launch_print (launch, "Error: unable to contact http://%s/ratings got status of %u",
                           self->ratings, practice_http_response_get_status (response));
  } else {
    GBytes *body = practice_http_response_get_body (response);

    ratings = base_json_parse (g_bytes_get_data (body, NULL), g_bytes_get_size (body), NULL);
  }
  return_reviews (task, ratings);
}

static void
ask_ratings (PracticeReviewsProgram *self, PracticeHttpRequest *request, GTask *task)
{
  PracticeProgram *program = PRACTICE_PROGRAM (self);
  g_autofree char *path = practice_http_request_dup_path (request);
  g_autofree char *target = g_strconcat ("/ratings/", path + strlen ("/reviews/"), NULL);
  g_autoptr (PracticeHttpRequest) call =
    practice_program_new_request (program, self->ratings, target);
  SoupMessageHeaders *headers = practice_http_request_get_headers (call);
  const char *user = practice_http_request_get_header (request, "end-user");

  practice_bookinfo_headers_forward (practice_program_get_launch (program), request, call);
  soup_message_headers_replace (headers, "Accept", JSON);
  if (user != NULL)
    soup_message_headers_replace (headers, "end-user", user);

  practice_program_call_async (program, call,
                               g_str_equal (self->color, "black") ? PATIENT_MS : IMPATIENT_MS,
                               g_task_get_cancellable (task), rated_cb, g_object_ref (task));
}

static void
return_response (GTask *task, guint status, const char *type, const char *body)
{
  g_task_return_pointer (task, practice_http_response_new (status, type, body),
                         (GDestroyNotify)practice_http_response_unref);
}

static gboolean
is_reviews (const char *path)
{
  const char *number = path + strlen ("/reviews/");

  return g_str_has_prefix (path, "/reviews/") && *number != '\0' &&
         strspn (number, "0123456789") == strlen (number);
}

static void
practice_reviews_program_respond_later (PracticeProgram *program,
                                        PracticeHttpRequest *request,
                                        GTask *task)
{
  PracticeReviewsProgram *self = PRACTICE_REVIEWS_PROGRAM (program);
  g_autofree char *path = practice_http_request_dup_path (request);

  if (g_str_equal (path, "/health"))
    return_response (task, 200, JSON, "{\"status\": \"Reviews is healthy\"}");
  else if (!is_reviews (path))
    return_response (task, 404, NULL, "");
  else if (!g_str_equal (practice_http_request_get_method (request), "GET"))
    return_response (task, 405, NULL, "");
  else if (self->has_ratings)
    ask_ratings (self, request, task);
  else
    return_reviews (task, NULL);
}

static void
practice_reviews_program_finalize (GObject *object)
{
  PracticeReviewsProgram *self = PRACTICE_REVIEWS_PROGRAM (object);

  g_free (self->ratings);

  G_OBJECT_CLASS (practice_reviews_program_parent_class)->finalize (object);
}

static void
practice_reviews_program_class_init (PracticeReviewsProgramClass *klass)
{
  PracticeProgramClass *program_class = PRACTICE_PROGRAM_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = practice_reviews_program_finalize;

  program_class->start = practice_reviews_program_start;
  program_class->respond_later = practice_reviews_program_respond_later;
}

static void
practice_reviews_program_init (PracticeReviewsProgram *self)
{
}
