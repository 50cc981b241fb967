/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-book-call.h"

#include "base-json.h"
#include "practice-bookinfo-headers.h"

/* How Bookinfo's productpage asks the services behind it: it waits three seconds each time, and
 * asks for reviews a second time where the first gave no success, whatever the reason
 * (https://istio.io/latest/docs/tasks/traffic-management/fault-injection/). */

#define LIMIT_MS 3000

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
  char *url;                    /* for the log */
  PracticeHttpRequest *request; /* sent each time */
  guint attempts;               /* left */
} Call;

static void
call_free (gpointer data)
{
  Call *self = data;

  g_free (self->url);
  practice_http_request_unref (self->request);
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

static JsonNode *
new_sorry (const char *text)
{
  g_autoptr (JsonObject) object = json_object_new ();
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);

  json_object_set_string_member (object, "error", text);
  json_node_set_object (node, object);

  return node;
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
  PracticeBookAnswer *answer;

  if (response != NULL)
    practice_launch_print (
      launch, "DEBUG:urllib3.connectionpool:%s \"GET %s HTTP/1.1\" %u %" G_GSIZE_FORMAT, call->url,
      practice_http_request_get_target (call->request), status,
      g_bytes_get_size (practice_http_response_get_body (response)));
  if (g_task_return_error_if_cancelled (task))
    return;
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
  PracticeProgram *program = g_task_get_source_object (task);
  Call *call = g_task_get_task_data (task);

  call->attempts--;
  practice_launch_print (practice_program_get_launch (program),
                         "DEBUG:urllib3.connectionpool:Starting new HTTP connection (1): %s",
                         practice_http_request_get_host (call->request));
  practice_program_call_async (program, call->request, LIMIT_MS, g_task_get_cancellable (task),
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
  Call *call = g_new (Call, 1);
  SoupMessageHeaders *headers;

  g_task_set_source_tag (task, practice_book_call_async);
  g_task_set_task_data (task, call, call_free);
  call->part = part;
  call->url = g_strconcat ("http://", host, NULL);
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
