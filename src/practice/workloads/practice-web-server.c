/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-web-server.h"

#define HTML "text/html"

/**
 * PracticeWebServer:
 *
 * nginx, or httpd where the variable HTTPD_VERSION is set as its image does: a page that says that
 * it works, and nothing else.
 */
struct _PracticeWebServer {
  PracticeProgram parent_instance;

  const char *name;
};

G_DEFINE_FINAL_TYPE (PracticeWebServer, practice_web_server, PRACTICE_TYPE_PROGRAM)

static gboolean
practice_web_server_start (PracticeProgram *program, int *status)
{
  PracticeWebServer *self = PRACTICE_WEB_SERVER (program);
  PracticeLaunch *launch = practice_program_get_launch (program);

  self->name = practice_launch_get (launch, "HTTPD_VERSION", NULL) != NULL ? "httpd" : "nginx";

  return TRUE;
}

static PracticeHttpResponse *
new_page (guint status, const char *title, const char *text)
{
  g_autofree char *body =
    g_strdup_printf ("<!DOCTYPE html>\n<html>\n<head><title>%s</title></head>\n"
                     "<body>\n<h1>%s</h1>\n<p>%s</p>\n</body>\n</html>\n",
                     title, title, text);

  return practice_http_response_new (status, HTML, body);
}

static PracticeHttpResponse *
respond_page (PracticeWebServer *self, const char *method, const char *path)
{
  g_autofree char *title = NULL;

  if (!g_str_equal (method, "GET") && !g_str_equal (method, "HEAD"))
    return new_page (405, "405 Not Allowed", self->name);
  if (!g_str_equal (path, "/") && !g_str_equal (path, "/index.html"))
    return new_page (404, "404 Not Found", self->name);
  title = g_strdup_printf ("%s works", self->name);

  return new_page (200, title, "This is the page of a web server that has no pages yet.");
}

static PracticeHttpResponse *
practice_web_server_respond (PracticeProgram *program, PracticeHttpRequest *request)
{
  PracticeWebServer *self = PRACTICE_WEB_SERVER (program);
  g_autofree char *path = practice_http_request_dup_path (request);
  PracticeHttpResponse *response =
    respond_page (self, practice_http_request_get_method (request), path);

  soup_message_headers_replace (practice_http_response_get_headers (response), "Server",
                                self->name[0] == 'n' ? "nginx" : "Apache");

  return response;
}

static const char *
get_header (PracticeHttpRequest *request, const char *name)
{
  const char *value = practice_http_request_get_header (request, name);

  return value != NULL ? value : "-";
}

static void
practice_web_server_log (PracticeProgram *program,
                         PracticeHttpRequest *request,
                         PracticeHttpResponse *response,
                         double milliseconds)
{
  PracticeWebServer *self = PRACTICE_WEB_SERVER (program);
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autofree char *time = g_date_time_format (now, "%d/%b/%Y:%H:%M:%S %z");
  g_autofree char *common = g_strdup_printf (
    "%s - - [%s] \"%s %s HTTP/1.1\" %u %" G_GSIZE_FORMAT,
    practice_http_request_get_peer (request)->address, time,
    practice_http_request_get_method (request), practice_http_request_get_target (request),
    practice_http_response_get_status (response),
    g_bytes_get_size (practice_http_response_get_body (response)));
  PracticeLaunch *launch = practice_program_get_launch (program);

  if (self->name[0] == 'n')
    practice_launch_print (launch, "%s \"%s\" \"%s\" \"%s\"", common,
                           get_header (request, "Referer"), get_header (request, "User-Agent"),
                           get_header (request, "X-Forwarded-For"));
  else
    practice_launch_print (launch, "%s", common);
}

static void
practice_web_server_class_init (PracticeWebServerClass *klass)
{
  PracticeProgramClass *program_class = PRACTICE_PROGRAM_CLASS (klass);

  program_class->start = practice_web_server_start;
  program_class->respond = practice_web_server_respond;
  program_class->log = practice_web_server_log;
}

static void
practice_web_server_init (PracticeWebServer *self)
{
}
