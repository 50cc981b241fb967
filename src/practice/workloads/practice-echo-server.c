/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-echo-server.h"

#include <string.h>

/**
 * PracticeEchoServer:
 *
 * The echoserver of Kubernetes's tutorials: tells of each request what arrived.
 */
struct _PracticeEchoServer {
  PracticeProgram parent_instance;
};

G_DEFINE_FINAL_TYPE (PracticeEchoServer, practice_echo_server, PRACTICE_TYPE_PROGRAM)

static int
compare_lines (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *)a, *(const char *const *)b);
}

static void
append_headers (GString *text, SoupMessageHeaders *headers)
{
  g_autoptr (GPtrArray) lines = g_ptr_array_new_with_free_func (g_free);
  SoupMessageHeadersIter iter;
  const char *name;
  const char *value;

  soup_message_headers_iter_init (&iter, headers);
  while (soup_message_headers_iter_next (&iter, &name, &value)) {
    g_autofree char *lower = g_ascii_strdown (name, -1);

    g_ptr_array_add (lines, g_strdup_printf ("\t%s=%s\n", lower, value));
  }
  g_ptr_array_sort (lines, compare_lines);
  for (guint i = 0; i < lines->len; i++)
    g_string_append (text, g_ptr_array_index (lines, i));
}

static PracticeHttpResponse *
practice_echo_server_respond (PracticeProgram *program, PracticeHttpRequest *request)
{
  PracticeLaunch *launch = practice_program_get_launch (program);
  g_autofree char *path = practice_http_request_dup_path (request);
  const char *query = strchr (practice_http_request_get_target (request), '?');
  GBytes *body = practice_http_request_get_body (request);
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GBytes) bytes = NULL;

  g_string_append_printf (text,
                          "\n\nHostname: %s\n\nPod Information:\n\t-no pod information "
                          "available-\n\n",
                          practice_launch_get (launch, "HOSTNAME", ""));
  g_string_append_printf (text,
                          "Request Information:\n\tclient_address=%s\n\tmethod=%s\n"
                          "\treal path=%s\n\tquery=%s\n\trequest_version=1.1\n"
                          "\trequest_scheme=http\n\trequest_uri=http://%s%s\n\n",
                          practice_http_request_get_peer (request)->address,
                          practice_http_request_get_method (request), path,
                          query != NULL ? query + 1 : "", practice_http_request_get_host (request),
                          practice_http_request_get_target (request));
  g_string_append (text, "Request Headers:\n");
  append_headers (text, practice_http_request_get_headers (request));
  g_string_append (text, "\nRequest Body:\n\t");
  if (body != NULL)
    g_string_append_len (text, g_bytes_get_data (body, NULL), g_bytes_get_size (body));
  else
    g_string_append (text, "-no body in request-");
  g_string_append (text, "\n\n");
  bytes = g_bytes_new (text->str, text->len);

  return practice_http_response_new_bytes (200, "text/plain", bytes);
}

static void
practice_echo_server_class_init (PracticeEchoServerClass *klass)
{
  PRACTICE_PROGRAM_CLASS (klass)->respond = practice_echo_server_respond;
}

static void
practice_echo_server_init (PracticeEchoServer *self)
{
}
