/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-book-call.h"

#include "base-json.h"
#include "practice-bookinfo-headers.h"

/* How Bookinfo's productpage asks the services behind it: it waits three seconds each time, and
 * asks for reviews a second time where the first gave no success, whatever the reason
 * (https://istio.io/latest/docs/tasks/traffic-management/fault-injection/). */

#define LIMIT_MS 3000

/* What python-requests has as its limit, after which it gives up. */
#define MAX_REDIRECTS 30

static const struct {
  const char *name;
  const char *host_variable;
  guint attempts;
  const char *sorry;
} parts[] = {
  [PRACTICE_BOOK_DETAILS] = { "details", "DETAILS_HOSTNAME", 1,
                              "Sorry, product details are currently unavailable for this book." },
  [PRACTICE_BOOK_REVIEWS] = { "reviews", "REVIEWS_HOSTNAME", 2,
                              "Sorry, product reviews are currently unavailable for this book." },
  [PRACTICE_BOOK_RATINGS] = { "ratings", "RATINGS_HOSTNAME", 1,
                              "Sorry, product ratings are currently unavailable for this book." },
};

typedef struct {
  PracticeBookPart part;
  PracticeHttpRequest *request; /* sent each time */
  PracticeHttpRequest *current; /* (nullable): that, or where it was redirected to */
  guint attempts;               /* left */
  guint n_redirects;            /* of this attempt */
} Call;

static void
call_free (gpointer data)
{
  Call *self = data;

  practice_http_request_unref (self->request);
  g_clear_pointer (&self->current, practice_http_request_unref);
  g_free (self);
}

/**
 * practice_book_answer_free:
 * @self: (transfer full): an answer
 */
void
practice_book_answer_free (PracticeBookAnswer *self)
{
  g_clear_pointer (&self->content, json_node_unref);
  g_free (self);
}

static void attempt (GTask *task);
static void send_current (GTask *task);

static JsonNode *
new_sorry (const char *text)
{
  g_autoptr (JsonObject) object = json_object_new ();
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);

  json_object_set_string_member (object, "error", text);
  json_node_set_object (node, object);

  return node;
}

/* (transfer full) (nullable): where @location leads from where @from was sent; NULL: nowhere that
 * speaks plain HTTP. */
static PracticeHttpRequest *
new_redirected (PracticeHttpRequest *from, const char *location)
{
  g_autofree char *base = g_strconcat ("http://", practice_http_request_get_host (from),
                                       practice_http_request_get_target (from), NULL);
  g_autofree char *whole = g_uri_resolve_relative (base, location, G_URI_FLAGS_ENCODED, NULL);
  g_autoptr (GUri) uri = whole != NULL ? g_uri_parse (whole, G_URI_FLAGS_ENCODED, NULL) : NULL;
  g_autofree char *host = NULL;
  g_autofree char *target = NULL;
  PracticeHttpRequest *request;

  if (uri == NULL || g_strcmp0 (g_uri_get_scheme (uri), "http") != 0 ||
      g_uri_get_host (uri) == NULL || *g_uri_get_host (uri) == '\0')
    return NULL;
  host = g_uri_get_port (uri) > 0
           ? g_strdup_printf ("%s:%d", g_uri_get_host (uri), g_uri_get_port (uri))
           : g_strdup (g_uri_get_host (uri));
  target = g_strconcat (*g_uri_get_path (uri) != '\0' ? g_uri_get_path (uri) : "/",
                        g_uri_get_query (uri) != NULL ? "?" : NULL, g_uri_get_query (uri), NULL);
  request = practice_http_request_copy (from);
  soup_message_headers_replace (practice_http_request_get_headers (request), "Host", host);
  practice_http_request_set_target (request, target);
  return request;
}

/* (nullable): where an answer redirects to. */
static const char *
get_location (PracticeHttpResponse *response)
{
  static const guint codes[] = { 301, 302, 303, 307, 308 };

  for (guint i = 0; i < G_N_ELEMENTS (codes); i++)
    if (practice_http_response_get_status (response) == codes[i])
      return soup_message_headers_get_one (practice_http_response_get_headers (response),
                                           "Location");
  return NULL;
}

/* Does what requests.get() does with a redirect; FALSE: it raises an exception. */
static gboolean
follow (GTask *task, const char *location)
{
  Call *call = g_task_get_task_data (task);
  g_autoptr (PracticeHttpRequest) next = NULL;

  if (call->n_redirects >= MAX_REDIRECTS)
    return FALSE;
  next = new_redirected (call->current, location);
  if (next == NULL)
    return FALSE;
  call->n_redirects++;
  practice_http_request_unref (call->current);
  call->current = g_steal_pointer (&next);
  send_current (task);
  return TRUE;
}

static void
called_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Call *call = g_task_get_task_data (task);
  PracticeLaunch *launch = practice_program_get_launch (PRACTICE_PROGRAM (source));
  g_autoptr (PracticeHttpResponse) response =
    practice_program_call_finish (PRACTICE_PROGRAM (source), result, NULL);
  guint status = response != NULL ? practice_http_response_get_status (response) : 0;
  const char *location;
  PracticeBookAnswer *answer;

  if (response != NULL)
    practice_launch_print (
      launch, "DEBUG:urllib3.connectionpool:http://%s \"GET %s HTTP/1.1\" %u %" G_GSIZE_FORMAT,
      practice_http_request_get_host (call->current),
      practice_http_request_get_target (call->current), status,
      g_bytes_get_size (practice_http_response_get_body (response)));
  if (g_task_return_error_if_cancelled (task))
    return;
  location = response != NULL ? get_location (response) : NULL;
  if (location != NULL && follow (task, location))
    return;
  if (location != NULL)
    status = 0;
  if (status != 200 && call->attempts > 0) {
    attempt (task);
    return;
  }

  answer = g_new0 (PracticeBookAnswer, 1);
  answer->status = status != 0 ? status : 500;
  if (status == 200) {
    GBytes *body = practice_http_response_get_body (response);

    answer->content =
      base_json_parse (g_bytes_get_data (body, NULL), g_bytes_get_size (body), NULL);
  } else {
    answer->content = new_sorry (parts[call->part].sorry);
  }
  g_task_return_pointer (task, answer, (GDestroyNotify)practice_book_answer_free);
}

static void
attempt (GTask *task)
{
  Call *call = g_task_get_task_data (task);

  call->attempts--;
  call->n_redirects = 0;
  g_clear_pointer (&call->current, practice_http_request_unref);
  call->current = practice_http_request_ref (call->request);
  send_current (task);
}

static void
send_current (GTask *task)
{
  PracticeProgram *program = g_task_get_source_object (task);
  Call *call = g_task_get_task_data (task);

  practice_launch_print (practice_program_get_launch (program),
                         "DEBUG:urllib3.connectionpool:Starting new HTTP connection (1): %s",
                         practice_http_request_get_host (call->current));
  practice_program_call_async (program, call->current, LIMIT_MS, g_task_get_cancellable (task),
                               called_cb, g_object_ref (task));
}

/**
 * practice_book_part_dup_host:
 * @part: a service
 * @launch: of productpage
 *
 * Returns: (transfer full): name and port of the service, by the variables that move it elsewhere
 */
char *
practice_book_part_dup_host (PracticeBookPart part, PracticeLaunch *launch)
{
  const char *domain = practice_launch_get (launch, "SERVICES_DOMAIN", NULL);

  return g_strdup_printf ("%s%s%s:9080",
                          practice_launch_get (launch, parts[part].host_variable, parts[part].name),
                          domain != NULL ? "." : "", domain != NULL ? domain : "");
}

/**
 * practice_book_call_async:
 * @program: productpage
 * @part: whom to ask
 * @book: the number of the book
 * @request: the request that is being answered
 * @user: (nullable): who has signed in
 * @cancellable: (nullable): a cancellable
 * @callback: called with the answer
 * @user_data: data of @callback
 *
 * Asks a service for its part of the page.
 */
void
practice_book_call_async (PracticeProgram *program,
                          PracticeBookPart part,
                          const char *book,
                          PracticeHttpRequest *request,
                          const char *user,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  PracticeLaunch *launch = practice_program_get_launch (program);
  g_autofree char *host = practice_book_part_dup_host (part, launch);
  g_autofree char *target = g_strdup_printf ("/%s/%s", parts[part].name, book);
  g_autoptr (GTask) task = g_task_new (program, cancellable, callback, user_data);
  Call *call = g_new0 (Call, 1);
  SoupMessageHeaders *headers;

  g_task_set_source_tag (task, practice_book_call_async);
  g_task_set_task_data (task, call, call_free);
  call->part = part;
  call->attempts = parts[part].attempts;
  call->request = practice_program_new_request (program, host, target);
  headers = practice_http_request_get_headers (call->request);
  soup_message_headers_replace (headers, "User-Agent", "python-requests/2.21.0");
  soup_message_headers_replace (headers, "Accept", "*/*");
  practice_bookinfo_headers_forward (launch, request, call->request);
  if (user != NULL)
    soup_message_headers_replace (headers, "end-user", user);

  attempt (task);
}

/**
 * practice_book_call_finish:
 * @result: the result
 * @error: return location
 *
 * Returns: (transfer full) (nullable): the answer, of a failure too; %NULL only where the call was
 *   cancelled
 */
PracticeBookAnswer *
practice_book_call_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
