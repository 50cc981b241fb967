/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-httpbin.h"

#include <string.h>

#include "base-json.h"

#define JSON "application/json"
#define MAX_DELAY_SECONDS 10

/**
 * PracticeHttpbin:
 *
 * httpbin's /get, /post and the like, /headers, /ip, /user-agent, /status/N and /delay/N
 * (https://httpbin.org/).
 */
struct _PracticeHttpbin {
  PracticeProgram parent_instance;
};

G_DEFINE_FINAL_TYPE (PracticeHttpbin, practice_httpbin, PRACTICE_TYPE_PROGRAM)

static PracticeHttpResponse *
new_json (JsonObject *object)
{
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  g_autofree char *text = NULL;
  g_autofree char *body = NULL;

  json_node_set_object (node, object);
  text = base_json_write (node, TRUE);
  body = g_strconcat (text, "\n", NULL);

  return practice_http_response_new (200, JSON, body);
}

static JsonObject *
new_headers (PracticeHttpRequest *request)
{
  JsonObject *object = json_object_new ();
  SoupMessageHeadersIter iter;
  const char *name;
  const char *value;

  soup_message_headers_iter_init (&iter, practice_http_request_get_headers (request));
  while (soup_message_headers_iter_next (&iter, &name, &value))
    json_object_set_string_member (object, name, value);

  return object;
}

static JsonObject *
new_arguments (PracticeHttpRequest *request)
{
  const char *query = strchr (practice_http_request_get_target (request), '?');
  g_autoptr (GHashTable) pairs = soup_form_decode (query != NULL ? query + 1 : "");
  JsonObject *object = json_object_new ();
  GHashTableIter iter;
  gpointer name;
  gpointer value;

  g_hash_table_iter_init (&iter, pairs);
  while (g_hash_table_iter_next (&iter, &name, &value))
    json_object_set_string_member (object, name, value);

  return object;
}

static PracticeHttpResponse *
respond_all (PracticeHttpRequest *request)
{
  g_autoptr (JsonObject) object = json_object_new ();
  GBytes *body = practice_http_request_get_body (request);
  g_autofree char *url = g_strdup_printf ("http://%s%s", practice_http_request_get_host (request),
                                          practice_http_request_get_target (request));

  json_object_set_object_member (object, "args", new_arguments (request));
  if (!g_str_equal (practice_http_request_get_method (request), "GET")) {
    g_autofree char *data =
      body != NULL ? g_utf8_make_valid (g_bytes_get_data (body, NULL), g_bytes_get_size (body))
                   : g_strdup ("");

    json_object_set_string_member (object, "data", data);
  }
  json_object_set_object_member (object, "headers", new_headers (request));
  json_object_set_string_member (object, "origin",
                                 practice_http_request_get_peer (request)->address);
  json_object_set_string_member (object, "url", url);

  return new_json (object);
}

static PracticeHttpResponse *
respond_one (const char *name, const char *value)
{
  g_autoptr (JsonObject) object = json_object_new ();

  if (value != NULL)
    json_object_set_string_member (object, name, value);
  else
    json_object_set_null_member (object, name);

  return new_json (object);
}

static PracticeHttpResponse *
respond_status (const char *text)
{
  guint64 status;

  if (!g_ascii_string_to_unsigned (text, 10, 100, 599, &status, NULL))
    return practice_http_response_new (400, "text/html", "Invalid status code");

  return practice_http_response_new (status, "text/html; charset=utf-8",
                                     status == 418 ? "I'm a teapot\n" : "");
}

static PracticeHttpResponse *
respond (PracticeHttpRequest *request)
{
  static const char *const all[] = { "/get", "/post", "/put", "/patch", "/delete", "/anything" };
  SoupMessageHeaders *headers = practice_http_request_get_headers (request);
  g_autofree char *path = practice_http_request_dup_path (request);

  for (guint i = 0; i < G_N_ELEMENTS (all); i++)
    if (g_str_equal (path, all[i]) || g_str_has_prefix (path, "/delay/"))
      return respond_all (request);
  if (g_str_has_prefix (path, "/status/"))
    return respond_status (path + strlen ("/status/"));
  if (g_str_equal (path, "/headers")) {
    g_autoptr (JsonObject) object = json_object_new ();

    json_object_set_object_member (object, "headers", new_headers (request));
    return new_json (object);
  }
  if (g_str_equal (path, "/ip"))
    return respond_one ("origin", practice_http_request_get_peer (request)->address);
  if (g_str_equal (path, "/user-agent"))
    return respond_one ("user-agent", soup_message_headers_get_one (headers, "User-Agent"));
  if (g_str_equal (path, "/"))
    return practice_http_response_new (
      200, "text/html; charset=utf-8",
      "<!DOCTYPE html>\n<title>httpbin</title>\n<h1>httpbin</h1>\n<ul>\n<li>/get\n<li>/headers\n"
      "<li>/ip\n<li>/user-agent\n<li>/status/418\n<li>/delay/2\n</ul>\n");

  return practice_http_response_new (404, "text/html", "<h1>Not Found</h1>\n");
}

static gboolean
delay_cb (gpointer user_data)
{
  GTask *task = user_data;

  if (!g_task_return_error_if_cancelled (task))
    g_task_return_pointer (task, respond (practice_program_get_request (task)),
                           (GDestroyNotify)practice_http_response_unref);

  return G_SOURCE_REMOVE;
}

static void
practice_httpbin_respond_later (PracticeProgram *program, PracticeHttpRequest *request, GTask *task)
{
  g_autofree char *path = practice_http_request_dup_path (request);
  double seconds = 0;
  g_autoptr (GSource) delay = NULL;

  if (g_str_has_prefix (path, "/delay/"))
    seconds = CLAMP (g_ascii_strtod (path + strlen ("/delay/"), NULL), 0, MAX_DELAY_SECONDS);
  if (seconds <= 0) {
    g_task_return_pointer (task, respond (request), (GDestroyNotify)practice_http_response_unref);
    return;
  }

  delay = g_timeout_source_new (seconds * 1000 / practice_program_get_launch (program)->haste);
  g_source_set_callback (delay, delay_cb, g_object_ref (task), g_object_unref);
  g_source_attach (delay, g_main_context_get_thread_default ());
}

static void
practice_httpbin_class_init (PracticeHttpbinClass *klass)
{
  PRACTICE_PROGRAM_CLASS (klass)->respond_later = practice_httpbin_respond_later;
}

static void
practice_httpbin_init (PracticeHttpbin *self)
{
}
